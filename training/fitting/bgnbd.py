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

    def model_of(logarithms: Array) -> BgNbd:
        return BgNbd(*map(float, np.exp(logarithms)))

    def loss(logarithms: Array) -> float:
        likelihoods = log_likelihood(model_of(logarithms), seen)
        return -float(np.average(likelihoods, weights=weight))

    start = np.zeros(4)
    bounds = [(-_WIDEST, _WIDEST)] * len(start)
    found = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
    return model_of(found.x)


def log_likelihood(model: BgNbd, seen: Returns) -> Array:
    """Of how each account came back (equation 6 of the paper), shape (rows,)."""
    shape = model.r + seen.repeats
    alive = -shape * np.log(model.alpha + seen.age)
    stopped = alive + model.stopped_log_odds(seen)
    either = np.logaddexp(alive, stopped)
    ended = np.where(seen.repeats > 0, either, alive)
    likelihood = gammaln(shape) - gammaln(model.r)
    likelihood += model.r * np.log(model.alpha)
    likelihood += betaln(model.a, model.b + seen.repeats)
    likelihood -= betaln(model.a, model.b)
    return np.asarray(likelihood + ended)
