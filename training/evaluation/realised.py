"""What became of a night that was published: who has left since, beside what was expected of its risks.

Only nights whose horizon is over, with the time that labels need, are told of; what happened is what is known now.
Accounts that were called and stayed because of it count as stayers, so a list that works lowers what is realised.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.score.horizon import risk_column
from models.score.leavers import expected_leavers
from models.score.order import places_in_order
from models.score.promise import Expected
from training.metrics import Array, defection_figures
from training.past.labels import left_by
from training.past.observed import Observed


@dataclass(frozen=True)
class Realised:
    """What became of a night at one horizon.

    Attributes:
        horizon: in days.
        accounts: of which it is known whether they left.
        left: how many of them did.
        expected: how many should have, with the range of nine times of ten.
        auc, calibration_error, calibration_floor, lift_top_decile: as in `training.metrics.defection_figures`.
        lift_of_list: how many times the base rate was found on the list; None where nobody left or there is no list.
    """

    horizon: int
    accounts: int
    left: int
    expected: Expected
    auc: float | None
    calibration_error: float
    calibration_floor: float
    lift_top_decile: float | None
    lift_of_list: float | None

    @property
    def as_expected(self) -> bool:
        """Whether as many left as was to be expected nine times of ten."""
        return self.expected.low <= self.left <= self.expected.high

    def facts(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {**asdict(self), "as_expected": self.as_expected}


def realised(
    observed: Observed,
    scores: pd.DataFrame,
    as_of: int,
    horizons: Collection[int],
    listed: int,
    shift: float,
) -> list[Realised]:
    """What became of a night at each horizon that is over; accounts that the book does not have any more are left out.

    Args:
        observed: the book until now.
        scores: of the night.
        as_of: its date, in microseconds since 1970.
        horizons: in days, those whose risks the scores have.
        listed: how many accounts were on its list.
        shift: how far risks are wrong together, see `models.score.promise`.
    """
    ids = {account for (account,) in observed.book.ask(_ACCOUNTS)}
    known = scores[scores["account_id"].isin(ids)].reset_index(drop=True)
    cohort = known[["account_id"]].assign(as_of_us=as_of)
    left = left_by(observed, cohort, list(horizons))
    on_list = np.zeros(len(known), dtype=bool)
    on_list[places_in_order(known)[:listed]] = True
    told = []
    for horizon in horizons:
        risk = known[risk_column(horizon)].to_numpy(dtype=np.float64)
        seen = left[horizon].notna().to_numpy() & ~np.isnan(risk)
        if seen.any():
            outcome = left.loc[seen, horizon].to_numpy(dtype=np.float64)
            told.append(_told(horizon, outcome, risk[seen], on_list[seen], shift))
    return told


_ACCOUNTS = "select account_id from accounts"


def _told(
    horizon: int, left: Array, risk: Array, on_list: Array, shift: float
) -> Realised:
    figures = defection_figures(left, risk)
    base, found = left.mean(), left[on_list]
    return Realised(
        horizon,
        len(left),
        int(left.sum()),
        expected_leavers(risk, shift),
        _rounded(figures["auc"]),
        round(float(figures["calibration_error"] or 0.0), 4),
        round(float(figures["calibration_floor"] or 0.0), 4),
        _rounded(figures["lift_top_decile"]),
        float(round(found.mean() / base, 2)) if base and len(found) else None,
    )


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)
