"""What is added up of each account in a quarter: the sums that the report's figures are made of.

An account is a customer at an instant when it was opened before and has not left before, or has come back. A sum is
missing where the book has no such record by the quarter's end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.book.book import Book
from features.calendar.presence import customers_sql
from features.engine import MICROS_PER_DAY
from features.past.declaration import Feature
from features.past.matters import MATTER
from features.past.measure import Measure, count, kind, total
from features.past.money import PURCHASE, net_spending
from features.past.responses import RESPONSE, THEIRS
from features.past.row_sources import INTERACTION
from features.snapshot.frame import snapshot_of_pairs
from features.timeline.expression import Expression, of
from pages.report.calendar_quarters import REACH_DAYS, Quarter
from pages.report.record_statements import (
    RECORDS,
    departures_known_sql,
    first_records_sql,
)
from pages.report.revenue_sums import (
    OF_CONTRACTS,
    revenue_measures,
    with_revenue,
)

YEAR_DAYS = 365

_LEFT = ["departures", "unreasoned", "told_apart", "overt"]


def recorded_since(book: Book, until: int) -> dict[str, int]:
    """When each kind of record first appears, in microseconds since 1970; one that the book does not have is absent."""
    query = first_records_sql(until, book.grace_days)
    (found,) = book.connection.execute(query).fetchall()
    firsts = zip(RECORDS, found, strict=True)
    return {name: int(first) for name, first in firsts if first is not None}


_NEEDS = {
    "purchases": "purchase",
    "spent": "amount",
    "visits": "visit",
    "referrers": "referral",
    "replies": "reply",
    "surveys_answered": "survey",
    "open": "settling",
    "won": "any",
    "lost": "departure",
    "kept": "departure",
    "returned": "reported",
    **dict.fromkeys(OF_CONTRACTS, "contract"),
}
"""What must be on record by a quarter's end for a sum to be known."""


def _measures(quarter: Quarter) -> dict[str, Measure]:
    """What is added up of each account in a quarter."""
    within = _between(of.occurred_us, quarter.start, quarter.end)
    year = _between(
        of.occurred_us, quarter.start - YEAR_DAYS * MICROS_PER_DAY, quarter.start
    )
    opened = _between(of.opened_us, quarter.start, quarter.end)
    answered = opened & of.hours_to_answer.known()
    settled = opened & of.settled
    timed = within & kind("hold") & of.minutes.known()
    return {
        "purchases": count(INTERACTION, within & PURCHASE),
        "spent": net_spending(INTERACTION, within),
        "spent_before": net_spending(INTERACTION, year),
        "visits": count(INTERACTION, within & kind("visit")),
        "referrals": count(INTERACTION, within & kind("referral")),
        "surveys_sent": count(INTERACTION, within & kind("survey_sent")),
        "surveys_answered": count(RESPONSE, within & THEIRS),
        "outreaches": count(INTERACTION, within & kind("outreach")),
        "replies": count(INTERACTION, within & kind("reply")),
        "matters": count(MATTER, opened),
        "first_answers": count(MATTER, answered),
        "hours_waited": total(MATTER, of.hours_to_answer, answered),
        "settled": count(MATTER, settled),
        "days_waited": total(MATTER, of.days_to_settle, settled),
        "first_contact": count(MATTER, settled & of.first_contact),
        "open": count(MATTER, opened & ~of.settled),
        "holds": count(INTERACTION, timed),
        "hold_minutes": total(INTERACTION, of.minutes, timed),
    }


def _between(moment: Expression, start: int, end: int) -> Expression:
    """Condition: a moment is not before a start and before an end."""
    return (moment >= start) & (moment < end)


def sums_of_quarters(
    book: Book, until: int, quarters: Sequence[Quarter], recorded: Mapping[str, int]
) -> pd.DataFrame:
    """What is added up, a row per account and quarter in which it was a customer."""
    grace = book.renewal_grace_days
    measures = [
        _measures(quarter) | revenue_measures(quarter, until, grace)
        for quarter in quarters
    ]
    features = {
        f"quarter_{place}_{name}": Feature(
            name, "", "", (), "report", (), "either", measure
        )
        for place, quarter in enumerate(quarters)
        for name, measure in measures[place].items()
    }
    accounts = book.connection.execute(
        "select account_id from accounts order by account_id"
    ).df()
    measured = snapshot_of_pairs(
        book, accounts.assign(as_of_us=until), features
    ).set_index("account_id")
    customers = _customers(
        book, until, sorted({moment for q in quarters for moment in (q.start, q.end)})
    )
    departed = departures_known(book, until)
    first_left = _first_left(book, until)
    frames = []
    for place, quarter in enumerate(quarters):
        prefix = f"quarter_{place}_"
        its = measured[[name for name in features if name.startswith(prefix)]]
        its = its.set_axis(list(measures[place]), axis=1).assign(quarter=str(quarter))
        at_start, at_end = (
            its.index.isin(customers[moment]) for moment in (quarter.start, quarter.end)
        )
        its = its.assign(
            returned=(
                at_end & ~at_start & (first_left.reindex(its.index) < quarter.start)
            ).astype(float)
        )
        frames.append(
            _with_customers(
                its, at_start, at_end, of_quarter(departed, quarter), quarter, recorded
            )
        )
    return pd.concat(frames).reset_index()


def _with_customers(
    its: pd.DataFrame,
    at_start: npt.NDArray[np.bool_],
    at_end: npt.NDArray[np.bool_],
    departed: pd.DataFrame,
    quarter: Quarter,
    recorded: Mapping[str, int],
) -> pd.DataFrame:
    """The sums of a quarter with those about who came and went; what is not on record by then is missing."""
    left = (
        departed.groupby("account_id")[_LEFT]
        .sum()
        .reindex(its.index, fill_value=0)
        .astype(float)
    )
    its = its.join(left).assign(
        at_start=at_start.astype(float),
        at_end=at_end.astype(float),
        won=(at_end & ~at_start).astype(float),
        lost=(at_start & ~at_end).astype(float),
        kept=(at_start & at_end).astype(float),
        referrers=(its["referrals"] > 0).astype(float),
        silent=left["told_apart"] - left["overt"],
    )
    its = with_revenue(its)
    its["spent_before"] = its["spent_before"] * its["at_start"]
    its["spent_before_by_lost"] = its["spent_before"] * its["lost"]
    unknown = [
        name
        for name, record in _NEEDS.items()
        if recorded.get(record, quarter.end) >= quarter.end
    ]
    year = quarter.start - (YEAR_DAYS - REACH_DAYS) * MICROS_PER_DAY
    unknown += ["spent_before"] if recorded.get("amount", year) >= year else []
    unknown += (
        ["spent_before_by_lost"] if {"lost", "spent_before"} & set(unknown) else []
    )
    its[unknown] = np.nan
    served = at_start | at_end | (its["departures"] > 0).to_numpy()
    return its[served].assign(
        served=1.0, spending_known=its["spent"].notna().astype(float)
    )


def _customers(book: Book, until: int, moments: Sequence[int]) -> dict[int, set[str]]:
    """Who was a customer just before each moment, by what is known at another."""
    just_before = "(select unnest($1::bigint[]) - 1 as as_of_us)"
    query = customers_sql(book.has("departures"), book.grace_days, just_before, until)
    found = book.connection.execute(query, [list(moments)]).df()
    return {
        moment: set(found.loc[found["as_of_us"] == moment - 1, "account_id"])
        for moment in moments
    }


def _first_left(book: Book, until: int) -> pd.Series:
    """When each account that ever left did so first, before its present opening or after it."""
    query = f"select account_id, min(occurred_us) as left_us from departures where known_us <= {until} group by all"
    return (
        book.connection.execute(query)
        .df()
        .set_index("account_id")["left_us"]
        .astype(float)
    )


def departures_known(book: Book, until: int) -> pd.DataFrame:
    """The times that accounts left, as known at a moment, and what is summed up of them.

    Which departures count is in `features.calendar.presence.left_sql`.

    Returns:
        ``account_id``, ``occurred_us``, ``late_us``, ``reason``, and 0 or 1 as ``departures``, ``unreasoned``,
        ``told_apart`` and ``overt``.
    """
    query = departures_known_sql(until, book.grace_days)
    return book.connection.execute(query).df()


def of_quarter(departures: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """The departures that fall in a quarter."""
    when = departures["occurred_us"]
    return departures[(when >= quarter.start) & (when < quarter.end)]
