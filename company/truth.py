"""The truth of a branch: what was going on in every account, and why those left that left."""

from __future__ import annotations

import numpy as np
import pandas as pd

from company.arrays import Ints, stack
from company.branch import Branch
from company.calendar import Calendar
from company.hazards import TRIGGERS
from company.index import QUADRANTS, quadrants
from company.knobs import CAUSES, REASONS
from company.oracle import account_names
from company.week import Week

MOODS = ("staying", *REASONS)


def departures(branch: Branch, calendar: Calendar, lived: list[Week]) -> pd.DataFrame:
    """Every departure with its true reason and what was at work when the account turned away."""
    weeks = stack(lived)
    week, account = np.nonzero(weeks.leaves)
    return pd.DataFrame(
        {
            "account_id": account_names(branch, account),
            "occurred_at": _times(
                calendar.instants(week, weeks.leave_day[week, account])
            ),
            "reason": np.array(CAUSES)[weeks.cause[week, account]],
            "overt": weeks.voiced[week, account],
            "trigger": np.array(TRIGGERS)[weeks.trigger[week, account]],
        }
    )


def states(
    branch: Branch, calendar: Calendar, lived: list[Week], every_weeks: int
) -> pd.DataFrame:
    """The hidden state of every account that was here, at the end of every so many weeks."""
    numbers = np.arange(every_weeks - 1, len(lived), every_weeks)
    if not len(numbers):
        return pd.DataFrame()
    weeks = stack([lived[number] for number in numbers])
    row, account = np.nonzero(weeks.present & ~weeks.leaves)
    told = {
        name: getattr(weeks, name)[row, account]
        for name in ("product", "people", "warmth", "patience", "pulse")
    }
    onset = {
        f"hazard_{reason}": weeks.onset[row, account, number]
        for number, reason in enumerate(REASONS)
    }
    return pd.DataFrame(
        {
            "account_id": account_names(branch, account),
            "moment": _times(calendar.instants(numbers[row] + 1, np.zeros(len(row)))),
            **told,
            "mood": np.array(MOODS)[weeks.intent[row, account]],
            "quadrant": np.array(QUADRANTS)[quadrants(told["product"], told["people"])],
            "observed_quadrant": np.array([*QUADRANTS, "unknown"])[
                quadrants(
                    weeks.product_settled[row, account],
                    weeks.people_settled[row, account],
                )
            ],
            **onset,
            "hazard_leaving": weeks.leave_chance[row, account],
        }
    )


def _times(instants: Ints) -> pd.Series[pd.Timestamp]:
    return pd.Series(instants.astype("datetime64[us]"))
