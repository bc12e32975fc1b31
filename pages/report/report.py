"""The report: numbers for the whole book and its segments, quarter by quarter (S5, S8, S9, S22, S23, S31).

Everything is as it is known at the as-of date; quadrants and zones are as they were known at the quarter's end. A
quarter is [start, end). An account is a customer at an instant when it was opened before and has not left before, or
has come back. What cannot be known is missing, never zero: a share of nothing, a kind of record that the book did not
have yet, the spending of a year of which less is on record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from features.book.book import Book
from features.engine import day_of, instant
from pages.report.calendar_quarters import Quarter, covered_quarters
from pages.report.figure import Figure
from pages.report.long_form import COLUMNS, GROUP, rows
from pages.report.notes import notes
from pages.report.quarterly_figures import FIGURES
from pages.report.quarterly_sums import recorded_since, sums_of_quarters
from pages.report.reasons import reason_shares
from pages.report.segments import chosen_fact, groups_of
from pages.report.standing import QUADRANTS, ZONES, moves, standing, standing_shares
from training.lists.contact_effect import ContactEffect, contact_effect
from training.past.observed import observe

_NOBODY_WITHHELD = (
    "What contact saves cannot be known: no published night withheld accounts at random, "
    "see holdout_share in book.toml"
)


@dataclass(frozen=True)
class Report:
    """The numbers of a book.

    Attributes:
        as_of: the date it looks from.
        quarters: the full quarters covered, from the oldest.
        fact: the fact whose values are the segments; None without segments.
        figures: a row each, in long form: ``quarter``, ``fact`` and ``segment`` (empty and *all* for the whole book),
            ``figure``, ``detail`` and ``moved_to`` (such as a quadrant and the one moved to), ``value`` (missing where
            not known), ``unit``, ``n`` and ``of``, what n counts.
        notes: what is left out, and why, in sentences.
        contact: what contact from lists saves; None where no night withheld anybody.
    """

    as_of: date
    quarters: tuple[Quarter, ...]
    fact: str | None
    figures: pd.DataFrame
    notes: tuple[str, ...]
    contact: ContactEffect | None = None

    @property
    def contact_sentence(self) -> str:
        """What contact saves, or why that cannot be known."""
        return _NOBODY_WITHHELD if self.contact is None else self.contact.sentence

    def of_book(self, figure: str) -> pd.DataFrame:
        """The rows of a figure for the whole book, by quarter."""
        return self._whole[self._whole["figure"] == figure]

    def latest(self) -> pd.DataFrame:
        """The rows of the last quarter for the whole book."""
        last = str(self.quarters[-1])
        return self._whole[self._whole["quarter"] == last]

    @cached_property
    def _whole(self) -> pd.DataFrame:
        return self.figures[self.figures["fact"] == ""]

    def headline(self) -> str:
        """The last quarter in a sentence."""
        title = self.quarters[-1].title
        latest = self.latest().drop_duplicates("figure")
        value = latest.set_index("figure")["value"]
        lost, accounts = value["accounts_lost"], f"{value['accounts']:,.0f} accounts"
        churn, by_revenue = value["churn"], value["churn_by_revenue"]
        if pd.isna(lost):
            return f"{title} began with {accounts}; how many of them left is not known."
        rate = "" if pd.isna(churn) else f" ({churn:.1%})"
        revenue = f", who made {by_revenue:.1%} of revenue"
        if pd.isna(by_revenue):
            revenue = ""
        return f"In {title} you lost {lost:,.0f} of {accounts}{rate}{revenue}."


def make_report(
    book: Book,
    as_of: date | None = None,
    fact: str | None = None,
    arms: pd.DataFrame | None = None,
) -> Report:
    """Works out the numbers of a book.

    Args:
        book: an opened book.
        as_of: the date to look from, its first instant; the day after the end of the data where left out.
        fact: the fact of the accounts whose values are the segments; the market, where the book has it, if left out.
        arms: who was listed and who withheld, as of `serving.publishing.standing.first_standing`.

    Raises:
        BookError: the book has no such fact.
        EvidenceError: it covers no full quarter.
    """
    fact = chosen_fact(book, fact)
    as_of = as_of or day_of(book.end)
    until = instant(as_of)
    quarters = covered_quarters(book, until)
    recorded = recorded_since(book, until)
    sums = sums_of_quarters(book, until, quarters, recorded)
    groups = groups_of(book, sums["account_id"].unique(), fact)
    states = standing(book, sums, quarters)
    parts = [*_ratios(sums, groups), *reason_shares(book, until, quarters, groups)]
    parts += standing_shares(states, groups, "quadrant", QUADRANTS)
    parts += moves(states, groups)
    # Without any of these everybody is in the same zone.
    if {"zoned", "survey"} & recorded.keys():
        parts += standing_shares(states, groups, "zone", ZONES)
    figures = pd.concat(parts, ignore_index=True)[COLUMNS]
    told = tuple(notes(book, quarters, until, recorded, fact))
    contact = _contact(book, until, arms)
    return Report(as_of, quarters, fact, figures, told, contact)


def _contact(book: Book, until: int, arms: pd.DataFrame | None) -> ContactEffect | None:
    """What contact saved, of the accounts that stood on lists by a moment."""
    if arms is None or arms.empty:
        return None
    until = min(until, book.end)
    by_then = arms[arms["as_of_us"] <= until].reset_index(drop=True)
    return contact_effect(observe(book, until), by_then)


def _ratios(sums: pd.DataFrame, groups: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The figures of `pages.report.quarterly_figures`, by quarter and group."""
    grouped = sums.merge(groups, on="account_id")
    summands = grouped.drop(columns="account_id")
    added = summands.groupby(GROUP).sum(min_count=1)
    for figure in FIGURES:
        value, n = _value(added, figure), added[figure.n]
        yield rows(value, n, figure=figure.name, unit=figure.unit, of=figure.of)


def _value(added: pd.DataFrame, figure: Figure) -> pd.Series:
    """The figure; missing where it cannot be told: of nothing, or a share that is below nothing or of more than all."""
    part = added[figure.part]
    if figure.whole is None:
        return part
    whole = added[figure.whole]
    value = part / whole.where(whole > 0)
    if figure.unit != "share":
        return value
    return value.where(value.between(0, 1))
