"""The report: numbers for the whole book and its segments, quarter by quarter (S5, S8, S9, S22, S23, S31).

Everything is as it is known at the as-of date; quadrants and zones are as they were known at the quarter's end. A
quarter is [start, end). An account is a customer at an instant when it was opened before and has not left before, or
has come back. What cannot be known is missing, never zero: a share of nothing, a kind of record that the book did not
have yet, the spending of a year of which less is on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from features.book.book import Book
from features.engine import MICROS_PER_DAY, day_of, instant
from features.errors import BookError
from features.quadrants import KNOWN, of_code
from features.snapshot.frame import snapshot_of_pairs
from features.themes.dictionary import with_parts
from pages.report.counts import (
    YEAR_DAYS,
    departures_known,
    of_quarter,
    recorded_since,
    sums_of_quarters,
)
from pages.report.quarters import REACH_DAYS, Quarter, covered_quarters
from pages.report.ratios import FIGURES, Figure

SEGMENTS = 12
"""How many values of a fact are shown, those with most accounts; the others are pooled."""
DEFAULT_FACT = "market"

SEED_MIX: Mapping[str, float] = {
    "died": 0.01,
    "moved": 0.03,
    "friend": 0.05,
    "better_product": 0.09,
    "dissatisfaction": 0.14,
    "indifference": 0.68,
}
"""The six reasons of leaving, with the shares that the seed claims: a prior to compare with, not a fact (S31)."""

REPORTED = 0.99
"""The share of departures after whose reporting delay no more are expected."""

ALL, OTHER, UNKNOWN, DEPARTED = "all", "other", "unknown", "departed"
QUADRANTS = (*(str(quadrant) for quadrant in KNOWN), UNKNOWN)
"""Where a customer may be at a quarter's end; the states of the migration matrix are these and *departed*."""
ZONES = ("recovery", "expectations", "surprises", UNKNOWN)
"""The zones by their codes (S23)."""

_GROUP = ["quarter", "fact", "segment"]
_COLUMNS = [*_GROUP, "figure", "detail", "moved_to", "value", "unit", "n", "of"]


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
    """

    as_of: date
    quarters: tuple[Quarter, ...]
    fact: str | None
    figures: pd.DataFrame
    notes: tuple[str, ...]

    def of_book(self, figure: str) -> pd.DataFrame:
        """The rows of a figure for the whole book, by quarter."""
        return self.figures[
            (self.figures["figure"] == figure) & (self.figures["fact"] == "")
        ]

    def latest(self) -> pd.DataFrame:
        """The rows of the last quarter for the whole book."""
        return self.figures[
            (self.figures["quarter"] == str(self.quarters[-1]))
            & (self.figures["fact"] == "")
        ]

    def headline(self) -> str:
        """The last quarter in a sentence."""
        value = self.latest().drop_duplicates("figure").set_index("figure")["value"]
        customers, title = f"{value['accounts']:,.0f}", self.quarters[-1].title
        if pd.isna(value["accounts_lost"]):
            return f"{title} began with {customers} accounts; how many of them left is not known."
        lost = (
            f"In {title} you lost {value['accounts_lost']:,.0f} of {customers} accounts"
        )
        rate = "" if pd.isna(value["churn"]) else f" ({value['churn']:.1%})"
        if pd.isna(value["churn_by_revenue"]):
            return f"{lost}{rate}."
        return f"{lost}{rate}, who made {value['churn_by_revenue']:.1%} of revenue."


def make_report(
    book: Book, as_of: date | None = None, fact: str | None = None
) -> Report:
    """Works out the numbers of a book.

    Args:
        book: an opened book.
        as_of: the date to look from, its first instant; the day after the end of the data where left out.
        fact: the fact of the accounts whose values are the segments; the market, where the book has it, if left out.

    Raises:
        BookError: the book has no such fact.
        EvidenceError: it covers no full quarter.
    """
    fact = _chosen_fact(book, fact)
    as_of = as_of or day_of(book.end)
    until = instant(as_of)
    quarters = covered_quarters(book, until)
    recorded = recorded_since(book, until)
    sums = sums_of_quarters(book, until, quarters, recorded)
    segments = _segments(book, sums, fact)
    parts = [*_ratios(sums, segments), *_reasons(book, until, quarters, segments)]
    states = _states(book, sums, quarters)
    parts += _tallies(states, segments, "quadrant", QUADRANTS) + _moves(
        states, segments
    )
    if {
        "zoned",
        "survey",
    } & recorded.keys():  # without any of these everybody is in the same zone
        parts += _tallies(states, segments, "zone", ZONES)
    figures = pd.concat(parts, ignore_index=True)[_COLUMNS]
    return Report(
        as_of,
        quarters,
        fact,
        figures,
        tuple(_notes(book, quarters, until, recorded, fact)),
    )


def _chosen_fact(book: Book, fact: str | None) -> str | None:
    if fact is None:
        return DEFAULT_FACT if DEFAULT_FACT in book.facts else None
    if fact not in book.facts:
        raise BookError(
            where="table accounts",
            found=f"no fact {fact}",
            expected=f"one of {', '.join(book.facts)}"
            if book.facts
            else "a column beside account_id and opened_at",
            mend="name another with --segment, or leave it out; columns that book.toml ignores, shows as labels or "
            "declares the holdout by are no facts",
        )
    return fact


def _segments(book: Book, sums: pd.DataFrame, fact: str | None) -> pd.DataFrame:
    """The groups that each account is of, a row each: the whole book, and its value of the fact."""
    everything = pd.DataFrame(
        {"account_id": sums["account_id"].unique(), "fact": "", "segment": ALL}
    )
    if fact is None:
        return everything
    query = f'select account_id, cast("{fact}" as varchar) as segment from accounts order by account_id'
    valued = book.connection.execute(query).df().fillna({"segment": UNKNOWN})
    valued = valued[valued["account_id"].isin(everything["account_id"])].assign(
        fact=fact
    )
    largest = (
        valued["segment"]
        .value_counts()
        .sort_index()
        .sort_values(ascending=False, kind="stable")
        .index[:SEGMENTS]
    )
    valued["segment"] = valued["segment"].where(valued["segment"].isin(largest), OTHER)
    return pd.concat([everything, valued[everything.columns]], ignore_index=True)


def _ratios(sums: pd.DataFrame, segments: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The figures of `pages.report.ratios`, by quarter and group."""
    added = (
        sums.merge(segments, on="account_id")
        .drop(columns="account_id")
        .groupby(_GROUP)
        .sum(min_count=1)
    )
    for figure in FIGURES:
        yield _rows(
            added.index,
            figure.name,
            _value(added, figure),
            figure.unit,
            added[figure.n],
            figure.of,
        )


def _value(added: pd.DataFrame, figure: Figure) -> pd.Series:
    """The figure; missing where it cannot be told: of nothing, or a share that is below nothing or of more than all."""
    if figure.whole is None:
        return added[figure.part]
    value = added[figure.part] / added[figure.whole].where(added[figure.whole] > 0)
    return value.where(value.between(0, 1)) if figure.unit == "share" else value


def _rows(
    index: pd.Index,
    figure: str,
    value: pd.Series,
    unit: str,
    n: pd.Series,
    of: str,
    detail: str = "",
    to: str = "",
) -> pd.DataFrame:
    rows = index.to_frame(index=False).assign(
        figure=figure, detail=detail, moved_to=to, unit=unit, of=of
    )
    return rows.assign(
        value=value.to_numpy(dtype=np.float64), n=n.to_numpy(dtype=np.float64)
    )


def _reasons(
    book: Book, until: int, quarters: Sequence[Quarter], segments: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    """Shares of the reasons, of the departures that have one (S31)."""
    departed = departures_known(book, until).dropna(subset="reason")
    departed = pd.concat(
        [
            of_quarter(departed, quarter).assign(quarter=str(quarter))
            for quarter in quarters
        ]
    )
    departed["reason"] = departed["reason"].where(
        departed["reason"].isin(list(SEED_MIX)), OTHER
    )
    counted = _counted(
        departed.merge(segments, on="account_id"), "reason", [*SEED_MIX, OTHER]
    )
    n = counted.sum(axis=1)
    for reason in counted:
        yield _rows(
            counted.index,
            "reason",
            counted[reason] / n,
            "share",
            n,
            "departures with a reason",
            str(reason),
        )


def _counted(frame: pd.DataFrame, column: str, values: Iterable[str]) -> pd.DataFrame:
    """How many rows of each group have each value, a column for each."""
    counted = frame.groupby([*_GROUP, column]).size().unstack(fill_value=0)
    return counted.reindex(columns=list(values), fill_value=0)


def _states(
    book: Book, sums: pd.DataFrame, quarters: Sequence[Quarter]
) -> pd.DataFrame:
    """Where each customer was at a quarter's start and end, as it was known then: quadrant, zone, departed."""
    instants = {
        str(quarter): (quarter.start - 1, quarter.end - 1) for quarter in quarters
    }
    states = sums[["account_id", "quarter", "at_start", "at_end", "lost"]].copy()
    states[["start_us", "end_us"]] = [
        instants[quarter] for quarter in states["quarter"]
    ]
    pairs = pd.concat(
        [
            states.loc[
                states[f"at_{side}"] == 1, ["account_id", f"{side}_us"]
            ].set_axis(["account_id", "as_of_us"], axis=1)
            for side in ("start", "end")
        ]
    ).drop_duplicates()
    named = ["quadrant", "zone"]
    seen = snapshot_of_pairs(book, pairs, with_parts(named))[
        ["account_id", "as_of_us", *named]
    ]
    seen["quadrant"] = [str(of_code(code)) for code in seen["quadrant"]]
    seen["zone"] = [
        UNKNOWN if code != code else ZONES[int(code)] for code in seen["zone"]
    ]
    for side in ("start", "end"):
        its = seen.rename(
            columns={"as_of_us": f"{side}_us"}
            | {name: f"{name}_{side}" for name in named}
        )
        states = states.merge(its, on=["account_id", f"{side}_us"], how="left")
    return states


def _tallies(
    states: pd.DataFrame, segments: pd.DataFrame, of: str, values: Sequence[str]
) -> list[pd.DataFrame]:
    """Shares of the customers at each quarter's end in each quadrant or zone."""
    here = states[states["at_end"] == 1].merge(segments, on="account_id")
    if (here[f"{of}_end"] == UNKNOWN).all():
        return []
    counted = _counted(here, f"{of}_end", values)
    n = counted.sum(axis=1)
    said = "customers at the quarter's end"
    return [
        _rows(counted.index, of, counted[value] / n, "share", n, said, value)
        for value in values
    ]


def _moves(states: pd.DataFrame, segments: pd.DataFrame) -> list[pd.DataFrame]:
    """The migration matrix: who stood where at the end, of the customers in each quadrant at the start (S5)."""
    there = states[states["at_start"] == 1].merge(segments, on="account_id")
    there["to"] = there["quadrant_end"].where(there["at_end"] == 1, DEPARTED)
    if set(there["quadrant_start"]) | set(there["to"]) <= {UNKNOWN, DEPARTED}:
        return []
    known = there.groupby("quarter")["lost"].transform(lambda lost: lost.notna().all())
    rows = []
    for begun in QUADRANTS:
        its = there[there["quadrant_start"] == begun]
        counted = _counted(its, "to", [*QUADRANTS, DEPARTED]).astype(float)
        counted.loc[counted.index.isin(_groups(there[~known])), DEPARTED] = np.nan
        n, of = counted.sum(axis=1), "customers in the quadrant at the quarter's start"
        for to in counted:
            rows.append(
                _rows(
                    counted.index,
                    "moves",
                    counted[to],
                    "accounts",
                    n,
                    of,
                    begun,
                    str(to),
                )
            )
            rows.append(
                _rows(
                    counted.index,
                    "move_share",
                    counted[to] / n,
                    "share",
                    n,
                    of,
                    begun,
                    str(to),
                )
            )
    return rows


def _groups(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[_GROUP].drop_duplicates())


def _notes(
    book: Book,
    quarters: Sequence[Quarter],
    until: int,
    recorded: Mapping[str, int],
    fact: str | None,
) -> Iterator[str]:
    """What is left out, and why."""
    running = quarters[-1].next
    if running.start < until:
        yield f"{running.title} is left out: it is not over, or the book does not reach its end."
    if "departure" not in recorded and "reported" in recorded:
        yield (
            "Every departure is dated before the day its account opened, which is another time of that account: churn, "
            "retention and the reasons of leaving are not known."
        )
    elif "departure" not in recorded:
        yield "The book has no departures: churn, retention and the reasons of leaving are not known."
        if book.has("departures"):
            yield "Some became known only after this date."
        else:
            yield "An account counts from its first sign of life on, and never as lost."
    late = departures_known(book, until)["late_us"].quantile(REPORTED)
    if quarters[-1].end + late > until:
        said = (
            f"one in a hundred is known {late / MICROS_PER_DAY:.0f} days late or more"
        )
        yield f"Departures of {quarters[-1].title} may still become known: {said}."
    if "survey" not in recorded:
        yield "The book has no surveys: there are no quadrants and no migration."
    if "amount" not in recorded:
        yield "No purchase has an amount: spending and churn by revenue are not known."
    year = quarters[0].start - (YEAR_DAYS - REACH_DAYS) * MICROS_PER_DAY
    if "departure" in recorded and recorded.get("amount", 0) >= year:
        yield "Churn by revenue is known from the quarter that has a year of purchases before it."
    if fact is None:
        yield "There are no segments: the book has no market, and no other fact was chosen."
