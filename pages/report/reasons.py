"""Why they left: the shares of the reasons on record (S31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from features.book.book import Book
from features.vocabulary.vocabularies import INVOLUNTARY
from pages.report.calendar_quarters import Quarter
from pages.report.long_form import shares, tally
from pages.report.quarterly_sums import departures_known, of_quarter
from pages.report.segments import OTHER

SEED_MIX: Mapping[str, float] = {
    "died": 0.01,
    "moved": 0.03,
    "friend": 0.05,
    "better_product": 0.09,
    "dissatisfaction": 0.14,
    "indifference": 0.68,
}
"""The six reasons of leaving, with the shares that the seed claims: a prior to compare with, not a fact (S31)."""


def reason_shares(
    book: Book, until: int, quarters: Sequence[Quarter], groups: pd.DataFrame
) -> list[pd.DataFrame]:
    """Shares of the reasons, of the departures that have one, in long form.

    Args:
        book: an opened book.
        until: what was known by then, in microseconds since 1970.
        quarters: those of the report.
        groups: as of `pages.report.segments.groups_of`.
    """
    known = departures_known(book, until).dropna(subset="reason")
    departed = pd.concat(
        of_quarter(known, quarter).assign(quarter=str(quarter)) for quarter in quarters
    )
    named = [*SEED_MIX]
    if (departed["reason"] == INVOLUNTARY).any():
        named.append(INVOLUNTARY)
    departed["reason"] = departed["reason"].where(departed["reason"].isin(named), OTHER)
    grouped = departed.merge(groups, on="account_id")
    counted = tally(grouped, "reason", [*named, OTHER])
    return shares(counted, "reason", "departures with a reason")
