"""How good a night's risks are expected to be before anybody can know: from the risks alone.

Confidence-based performance estimation, NannyML's method: where risks are calibrated, an account of risk p is a leaver
with the chance p and a stayer with 1 - p, so each figure has an expectation. It sees a night whose accounts are harder
to tell apart, and is blind to risks that are wrong: for that there is what is realised.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from features.timeline.rows import Floats

TOP = 0.1


@dataclass(frozen=True)
class Estimated:
    """Figures to expect of calibrated risks.

    Attributes:
        auc: the chance that a leaver has the higher risk of the two.
        log_loss: the mean loss.
        lift_top_decile: how many times the base rate is found in the tenth of the highest risk.
    """

    auc: float
    log_loss: float
    lift_top_decile: float

    def facts(self) -> dict[str, float]:
        """As JSON can hold it."""
        return asdict(self)


def estimated(risk: Floats) -> Estimated | None:
    """The figures to expect of risks, shape (rows,); None where fewer than two are known, or all are sure.

    Example:
        >>> estimated(np.array([0.5, 0.5])).auc, round(estimated(np.array([0.1, 0.9])).auc, 4)
        (0.5, 0.9878)
    """
    known = np.sort(risk[~np.isnan(risk)])
    sure = (known <= 0.0) | (known >= 1.0)
    if len(known) < 2 or sure.all():
        return None
    return Estimated(
        round(_auc(known), 4), round(_log_loss(known), 4), round(_lift(known), 2)
    )


def _auc(risk: Floats) -> float:
    """Pairs of a leaver and another account that stays, by their chances; ties count half."""
    stays = 1.0 - risk
    below = np.concatenate([[0.0], np.cumsum(stays)])
    first = np.searchsorted(risk, risk, side="left")
    end = np.searchsorted(risk, risk, side="right")
    tied = below[end] - below[first] - stays
    won = risk @ (below[first] + 0.5 * tied)
    pairs = risk.sum() * stays.sum() - risk @ stays
    return float(won / pairs)


def _log_loss(risk: Floats) -> float:
    inside = np.clip(risk, 1e-6, 1.0 - 1e-6)
    losses = -(inside * np.log(inside) + (1.0 - inside) * np.log(1.0 - inside))
    return float(losses.mean())


def _lift(risk: Floats) -> float:
    places = max(int(np.ceil(TOP * len(risk))), 1)
    return float(risk[-places:].mean() / risk.mean())
