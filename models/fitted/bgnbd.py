"""BG/NBD: the chance that an account will be quiet, by its active days alone (Fader, Hardie, Lee 2005).

Fader, Hardie, Lee: "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model. Marketing Science
24(2). An account is active at a rate of its own, gamma distributed over accounts, and after each return it stops with a
chance of its own, beta distributed. It needs no labels, only how each account has come back by a moment. Prediction
needs numpy alone. Of the libraries, lifetimes and btyd are not kept any more, and pymc-marketing samples with PyMC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.themes.dictionary import QUIET
from features.timeline.expression import Columns
from models.fitted.calibration import sigmoid

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Returns:
    """How accounts have come back; all of shape (rows,), all times in one unit.

    Attributes:
        repeats: active days after the first; x of the paper.
        last: from the first active day to the last; t_x of the paper.
        age: from the first active day to the end of what is known; T of the paper.
    """

    repeats: Array
    last: Array
    age: Array


def returns_of(frame: Columns | pd.DataFrame) -> Returns:
    """How the accounts of a snapshot have come back, in days; missing where one was never active."""
    active, span, silent = (
        np.asarray(frame[name], dtype=np.float64) for name in QUIET.reads
    )
    repeats = np.where(active > 0, active - 1.0, np.nan)
    return Returns(repeats, last=span, age=span + silent)


@dataclass(frozen=True)
class BgNbd:
    """A fitted model; its times are in the unit of what it was fitted on.

    Attributes:
        r, alpha: shape and rate of the gamma distribution of the rates of coming back.
        a, b: of the beta distribution of the chances to stop.
    """

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, seen: Returns) -> Array:
        """The chance that an account has not stopped; 1 before its first return, until which nobody stops here."""
        came_back = seen.repeats > 0
        alive = sigmoid(-self.stopped_log_odds(seen))
        return np.where(came_back, alive, 1.0)

    def quiet(self, seen: Returns, ahead: float) -> Array:
        """The chance of no active day within a time ahead: of having stopped, or of being alive and pausing.

        Of those alive the rate is gamma distributed with r + x and alpha + T, so they pause with a chance of
        ((alpha + T) / (alpha + T + ahead))^(r + x).
        """
        rate = self.alpha + seen.age
        shape = self.r + seen.repeats
        pause = (rate / (rate + ahead)) ** shape
        active = self.alive(seen) * (1.0 - pause)
        return np.asarray(1.0 - active)

    def numbers(self) -> dict[str, float]:
        """All it consists of."""
        return asdict(self)

    def stopped_log_odds(self, seen: Returns) -> Array:
        """The log-odds of having stopped, of accounts that came back."""
        since_last = np.log(self.alpha + seen.age) - np.log(self.alpha + seen.last)
        repeats = np.maximum(seen.repeats, 1.0)
        stop = np.log(self.a) - np.log(self.b + repeats - 1.0)
        shape = self.r + seen.repeats
        return np.asarray(stop + shape * since_last)


def of_numbers(numbers: Mapping[str, float]) -> BgNbd:
    """The model that `BgNbd.numbers` describes."""
    return BgNbd(**numbers)
