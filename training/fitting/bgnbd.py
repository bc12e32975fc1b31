"""Fits BG/NBD, see `models.fitted.bgnbd`, by the highest likelihood."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from models.fitted.bgnbd import BgNbd, Returns

Array = npt.NDArray[np.float64]


_WIDEST = 10.0
"""The logarithms of the parameters are looked for up to so far from 0."""


def fit_bgnbd(seen: Returns, weight: Array | None = None) -> BgNbd:
    """The model of the highest likelihood.

    Args:
        seen: how accounts have come back.
        weight: for how many accounts each stands; 1 where left out.
    """

    def loss(logarithms: Array) -> float:
        return -float(
            np.average(log_likelihood(BgNbd(*np.exp(logarithms)), seen), weights=weight)
        )

    found = minimize(
        loss, np.zeros(4), method="L-BFGS-B", bounds=[(-_WIDEST, _WIDEST)] * 4
    )
    return BgNbd(*map(float, np.exp(found.x)))


def log_likelihood(model: BgNbd, seen: Returns) -> Array:
    """Of how each account came back (equation 6 of the paper), shape (rows,)."""
    alive = -(model.r + seen.repeats) * np.log(model.alpha + seen.age)
    stopped = np.logaddexp(alive, alive + model.stopped_log_odds(seen))
    either = np.where(seen.repeats > 0, stopped, alive)
    shape = model.r + seen.repeats
    returning = gammaln(shape) - gammaln(model.r) + model.r * np.log(model.alpha)
    going_on = betaln(model.a, model.b + seen.repeats) - betaln(model.a, model.b)
    return np.asarray(returning + going_on + either)
