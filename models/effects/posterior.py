"""What an event does: the model's edit, and the evidence of past events, each by how much of it there is.

An event adds to the hazard of an account

    excess * weight * sqrt(hazard * usual),  weight = 1 - share + share * dependence / usual dependence

where ``excess`` is how much it adds to the hazard of those it usually meets, in parts of it, and ``share`` how far this
follows dependence (S3, S4). The root stands half between an effect that adds the same to every account and one that
multiplies: who is about to leave anyway has little left to lose.

Both unknowns are told by Bayes' rule on a grid: the logarithm of 1 + excess is about that of the model's edit, give or
take `PRIOR_SPREAD`, the share is more likely large; the leavers after past events are Poisson, thinned by as much as
events differ more than chance lets them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.effects.evidence import BETWEEN, MATCHED, Evidence, Floats

PRIOR_SPREAD = 0.7
"""Of the logarithm of 1 + excess around the model's edit: as likely as not by a factor of 1.6 either way."""
DRAWS, SEED = 400, 18
_RATIOS = np.linspace(np.log(0.2), np.log(12.0), 160)
_SHARES = np.linspace(0.0, 1.0, 11)


@dataclass(frozen=True)
class Struck:
    """The accounts that an event meets.

    Attributes:
        hazard: of leaving without it.
        dependence: on what is struck.
        usual: the hazard of a usual account.
        usual_dependence: of those that such events usually meet.
    """

    hazard: Floats
    dependence: Floats
    usual: float
    usual_dependence: float

    def unit(self, share: float) -> Floats:
        """What an excess of 1 adds to each hazard, where so much of it follows dependence."""
        told = self.dependence / self.usual_dependence if self.usual_dependence else 1.0
        weight = 1.0 - share + share * told
        return np.asarray(weight * np.sqrt(self.hazard * self.usual))


def met(evidence: Evidence) -> Struck:
    """The accounts that past events met."""
    root = np.sqrt(evidence.hazard)
    weight = float(root.sum())
    usual = float((root * evidence.dependence).sum()) / weight if weight else 0.0
    mean = (float(evidence.hazard.sum()) / weight) ** 2 if weight else 0.0
    return Struck(evidence.hazard, evidence.dependence, mean, usual)


@dataclass(frozen=True)
class Posterior:
    """What is known of a kind of event.

    Attributes:
        chances: of each pair of ratios and shares, shape (ratios, shares); they sum to 1.
    """

    chances: Floats

    @property
    def excess(self) -> float:
        """What is expected to be added to the hazard of those that such events usually meet, in parts of it."""
        return float((self.chances.sum(axis=1) * np.expm1(_RATIOS)).sum())

    @property
    def follows(self) -> float:
        """How far it is expected to follow dependence, 0 to 1."""
        return float((self.chances.sum(axis=0) * _SHARES).sum())

    def drawn(self, event: int = 0) -> tuple[Floats, Floats]:
        """Excesses and shares, drawn; of another event the ratio differs, while what all have in common is the same.

        Args:
            event: its place among those that happen together.
        """
        common = np.random.default_rng(SEED)
        places = common.choice(self.chances.size, DRAWS, p=self.chances.ravel())
        ratio, share = np.unravel_index(places, self.chances.shape)
        own = np.random.default_rng([SEED, 1 + event]).standard_normal(DRAWS)
        apart = BETWEEN * own - BETWEEN**2 / 2
        return np.expm1(_RATIOS[ratio] + apart), _SHARES[share]


def posterior(expected: float, evidence: Evidence) -> Posterior:
    """What is known of a kind of event.

    Args:
        expected: the excess of the model's edit.
        evidence: of past events.

    Example:
        >>> from models.effects.evidence import NOTHING_SEEN
        >>> known = posterior(0.0, NOTHING_SEEN)
        >>> round(float(np.exp((known.chances.sum(axis=1) * _RATIOS).sum())), 1), round(known.follows, 1)
        (1.0, 0.7)
    """
    away = (_RATIOS - np.log1p(np.clip(expected, -0.8, 10.0))) / PRIOR_SPREAD
    prior = -0.5 * away[:, None] ** 2 + np.log(np.maximum(_SHARES, 1e-9))[None, :]
    chances = np.exp(prior + _log_likelihood(evidence) - prior.max())
    return Posterior(chances / chances.sum())


def _log_likelihood(evidence: Evidence) -> Floats:
    """Of the leavers after past events, by ratio and share."""
    struck, found = met(evidence), evidence.left
    likelihood = np.zeros((len(_RATIOS), len(_SHARES)))
    for place, share in enumerate(_SHARES):
        unit = struck.unit(float(share))
        likely = evidence.hazard + np.expm1(_RATIOS)[:, None] * unit
        likely = np.maximum(likely, 0.02 * evidence.hazard)
        likelihood[:, place] = (found * np.log(likely) - likely).sum(axis=1)
    likelihood -= likelihood.max() if len(found) else 0.0
    return likelihood / (evidence.spread**2 * (1.0 + 1.0 / MATCHED))
