"""The surprise ledger: of every account that left, whether a worklist had named it, and how long before.

It answers "green until they leave": who was on no list, by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from features.engine import MICROS_PER_DAY, day_of

DAYS_AHEAD = (30, 60, 90, 180)
"""How long before they left leavers are looked for on the lists, in days."""

_DEPARTURE = ["left_us", "account_id"]


@dataclass(frozen=True)
class Ledger:
    """What past worklists knew of those who left.

    Attributes:
        capacity: how many accounts a team works at each as-of date.
        departures: a row for each, by the day: ``account_id``, ``left_on``, ``listed`` (whether it was on a list before
            it left), ``first_listed`` (as-of date, None where it never was), ``days_ahead`` (from then until it left),
            ``best_rank`` and ``reason`` (the strongest at the date first listed, or else at that of the best rank).
        sightings: a row for each list before each departure: ``account_id``, ``left_us``, ``days_ahead``, ``listed``
            and ``by_chance``, the chance that a list of equal length drawn blindly would have had it.
    """

    capacity: int
    departures: pd.DataFrame
    sightings: pd.DataFrame

    @property
    def misses(self) -> pd.DataFrame:
        """The departures that no list had named."""
        return self.departures[~self.departures["listed"]].reset_index(drop=True)

    def recall(self, days_ahead: Sequence[int] = DAYS_AHEAD) -> pd.DataFrame:
        """The share of leavers who were on a list at least so many days before they left.

        Returns:
            A row for each number of days: ``days_ahead``, ``leavers`` (who were customers at a list's date at least so
            many days before they left), ``listed``, ``recall`` (missing without leavers) and ``by_chance``, the recall
            of lists of equal length drawn blindly at each date.
        """
        rows = []
        for days in days_ahead:
            then = self.sightings[self.sightings["days_ahead"] >= days]
            seen = then.assign(missed=1.0 - then["by_chance"]).groupby(_DEPARTURE)
            listed, missed = seen["listed"].any(), seen["missed"].prod()
            rows.append(
                [
                    days,
                    len(listed),
                    int(listed.sum()),
                    listed.mean(),
                    1.0 - missed.mean(),
                ]
            )
        return pd.DataFrame(
            rows, columns=["days_ahead", "leavers", "listed", "recall", "by_chance"]
        )


def keep_ledger(lists: pd.DataFrame, capacity: int) -> Ledger:
    """The ledger of past worklists.

    A departure belongs to it where the account was a customer at the date of a list before it left: who came and went
    between two lists could be on none.

    Args:
        lists: ``account_id``, ``as_of_us``, ``rank``, ``left_us`` and ``reason``, see
            `training.lists.backtest.backtest`.
        capacity: how many accounts a team works at each as-of date.
    """
    sizes = lists.groupby("as_of_us")["account_id"].transform("size")
    judged = lists.assign(
        listed=lists["rank"] <= capacity, by_chance=(capacity / sizes).clip(upper=1.0)
    )
    judged["days_ahead"] = (judged["left_us"] - judged["as_of_us"]) // MICROS_PER_DAY
    seen = judged[judged["left_us"].notna()].sort_values([*_DEPARTURE, "as_of_us"])
    columns = ["account_id", "left_us", "days_ahead", "listed", "by_chance"]
    return Ledger(capacity, _departures(seen), seen[columns].reset_index(drop=True))


def _departures(seen: pd.DataFrame) -> pd.DataFrame:
    """A row for each departure, of the sightings in order of time."""
    best = (
        seen.sort_values("rank", kind="stable")
        .drop_duplicates(_DEPARTURE)
        .set_index(_DEPARTURE)
        .sort_index()
    )
    first = (
        seen[seen["listed"]]
        .drop_duplicates(_DEPARTURE)
        .set_index(_DEPARTURE)
        .reindex(best.index)
    )
    listed = first["rank"].notna()
    told = pd.DataFrame(
        {
            "left_on": [
                day_of(int(moment)) for moment in best.index.get_level_values("left_us")
            ],
            "listed": listed,
            "first_listed": [
                None if pd.isna(moment) else day_of(int(moment))
                for moment in first["as_of_us"]
            ],
            "days_ahead": first["days_ahead"].astype("Int64"),
            "best_rank": best["rank"].astype("Int64"),
            "reason": first["reason"].where(listed, best["reason"]),
        },
        index=best.index,
    )
    return told.reset_index().drop(columns="left_us")
