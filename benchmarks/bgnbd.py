"""The BG/NBD model of buying until one stops, by its published likelihood; libraries that had it are archived.

Fader, Hardie, Lee (2005): "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model. Marketing
Science 24(2). An account buys at a rate of its own, gamma distributed over accounts, and after each purchase it stops
with a chance of its own, beta distributed. It needs no labels, only what each account has bought by a moment.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, expit, gammaln

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BgNbd:
    """A fitted model; purchases are per week.

    Attributes:
        r, alpha: shape and rate of the gamma distribution of the rates of buying.
        a, b: of the beta distribution of the chances to stop.
    """

    r: float
    alpha: float
    a: float
    b: float

    def log_likelihood(self, buyers: pd.DataFrame) -> Array:
        """Of what each account did (equation 6 of the paper), shape (rows,).

        Args:
            buyers: ``repeats``, purchases after the first; ``last``, the last of them, and ``age``, the end of what is
                known, both in weeks after the first purchase.
        """
        repeats, _, age = _columns(buyers)
        alive = -(self.r + repeats) * np.log(self.alpha + age)
        either = np.where(repeats > 0, np.logaddexp(alive, alive + self._stopped(buyers)), alive)
        buying = gammaln(self.r + repeats) - gammaln(self.r) + self.r * np.log(self.alpha)
        return np.asarray(buying + betaln(self.a, self.b + repeats) - betaln(self.a, self.b) + either)

    def alive(self, buyers: pd.DataFrame) -> Array:
        """The chance that an account has not stopped; 1 after a single purchase, after which nobody stops here."""
        return np.where(buyers["repeats"].to_numpy() > 0, expit(-self._stopped(buyers)), 1.0)

    def silent(self, buyers: pd.DataFrame, weeks: float) -> Array:
        """The chance of no purchase in the next weeks: of having stopped, or of being alive and not buying."""
        repeats, _, age = _columns(buyers)
        pause = ((self.alpha + age) / (self.alpha + age + weeks)) ** (self.r + repeats)
        return np.asarray(1.0 - self.alive(buyers) * (1.0 - pause))

    def _stopped(self, buyers: pd.DataFrame) -> Array:
        """The log-odds of having stopped, of accounts that bought again."""
        repeats, last, age = _columns(buyers)
        pause = np.log(self.alpha + age) - np.log(self.alpha + last)
        return np.asarray(np.log(self.a) - np.log(self.b + np.maximum(repeats, 1) - 1) + (self.r + repeats) * pause)


def fit_bgnbd(buyers: pd.DataFrame) -> BgNbd:
    """The model of the highest likelihood; ``buyers`` as in `BgNbd.log_likelihood`."""

    def loss(logarithms: Array) -> float:
        return float(-BgNbd(*np.exp(logarithms)).log_likelihood(buyers).mean())

    start = np.log(astuple(BgNbd(1.0, 1.0, 1.0, 1.0)))
    found = minimize(loss, start, method="L-BFGS-B", bounds=[(-10.0, 10.0)] * 4)
    return BgNbd(*map(float, np.exp(found.x)))


def _columns(buyers: pd.DataFrame) -> tuple[Array, Array, Array]:
    repeats, last, age = (buyers[name].to_numpy(dtype=np.float64) for name in ("repeats", "last", "age"))
    return repeats, last, age
