"""Why: the rows that made a feature's value, for people who doubt a figure.

Of a measure the rows are those of its source that were counted, added up, or are the one that is told; of a formula,
and of what a training fits, the features that it is made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pandas as pd

from features.book.book import Book
from features.engine import day_of
from features.errors import BookError
from features.past.declaration import Entry, Feature, Fitted, Formula
from features.past.measure import Measure
from features.snapshot.measuring import measure
from features.themes.dictionary import with_parts
from features.timeline.expression import Array
from features.timeline.histories import Past, pasts
from features.timeline.rows import Ints
from features.timeline.things import Things
from features.vocabulary.items import ITEM_SLOTS, ITEMS, OTHER_ITEM, item_code
from features.vocabulary.kinds import ALL_KINDS, OTHER
from features.vocabulary.own import OwnWords

_KINDS = {kind.code: kind.name for kind in ALL_KINDS.values()} | {OTHER: "other"}
_ALL_ITEMS = [*ITEMS, *chain.from_iterable(ITEM_SLOTS.values())]
_ITEMS = {item_code(item): item for item in _ALL_ITEMS} | {OTHER_ITEM: "other"}
_NUMBERED = (
    "account",
    "occurred_us",
    "known_us",
    "rep",
    "channel",
    "matter",
    "thread",
    "has_id",
)
"""Columns of a ledger that say nothing to people."""


@dataclass(frozen=True)
class Why:
    """What made the value of a feature.

    Attributes:
        feature: which; also a column that a training adds.
        value: of the account at the date; None where it is not known, and of what a training adds.
        how: the measure or the formula, as it reads.
        rows: what a measure was taken of, in order of time; ``when`` is a date where the rows have one.
        parts: what it is made of otherwise, each with its value.
    """

    feature: Entry
    value: float | None
    how: str
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    parts: Mapping[str, float | None] = field(default_factory=dict)


def explain(
    book: Book, account_id: str, as_of: int, names: tuple[str, ...] | None = None
) -> list[Why]:
    """What made the values of some features of an account at a date, whether or not it is in the cohort.

    Args:
        book: an opened book.
        account_id: whose.
        as_of: in microseconds since 1970.
        names: of the features, and of what a training adds to them; all features where left out.

    Raises:
        BookError: the book has no such account, or there is no such feature.
    """
    dictionary = book.dictionary
    names = tuple(dictionary.features) if names is None else names
    for name in names:
        if name not in dictionary.entries:
            raise BookError(
                found=f"no feature {name}",
                expected="one of docs/features.md",
                mend="correct the name",
            )
    features = with_parts(names, dictionary)
    ledger = book.ledgers.of_account(account_id)
    if ledger is None:
        raise BookError(
            where="table accounts",
            found="no such account",
            expected="the id of an account",
            mend="correct the id",
        )
    only, date = np.zeros(1, dtype=np.int64), np.array([as_of])
    values = {
        name: _known(column[0])
        for name, column in measure(ledger, only, date, features).items()
    }
    windows = [
        f.how.asked.window
        for f in features.values()
        if isinstance(f.how, Measure) and f.how.asked.window
    ]
    ((_, past),) = pasts(ledger, only, date, sorted(set(windows)))
    entries = [dictionary.entries[name] for name in names]
    return [_why(entry, values, past, book.words) for entry in entries]


def _why(
    entry: Entry, values: Mapping[str, float | None], past: Past, words: OwnWords
) -> Why:
    if isinstance(entry, Fitted):
        parts = {name: values[name] for name in entry.reads}
        return Why(entry, None, "fitted by a training on all accounts", parts=parts)
    assert isinstance(entry, Feature)
    found, how = values[entry.name], entry.how
    if isinstance(how, Formula):
        parts = {
            name: value
            for name, value in values.items()
            if name in how.expression.reads
        }
        return Why(entry, found, str(how.expression), parts=parts)
    return Why(entry, found, _told(how), rows=_rows(how, past, words))


def _told(how: Measure) -> str:
    """The measure as it reads: what, of which source, where, in which window."""
    value = "" if how.asked.value is None else f" of {how.asked.value}"
    part = "" if how.asked.part is None else f" that are {how.asked.part}"
    window = "" if how.asked.window is None else f", last {how.asked.window} days"
    return (
        f"{how.how}{value} on {how.source.name}{part} where {how.asked.where}{window}"
    )


def _rows(how: Measure, past: Past, words: OwnWords) -> pd.DataFrame:
    relation = past.of(how.source)
    place = relation.places_of(how.asked, 0)
    if isinstance(relation, Things):
        return _readable(relation.columns, place, words)
    if len(place) and how.how in ("latest", "days_since_last"):
        place = place[-1:]
    if len(place) and how.how == "days_since_first":
        place = place[:1]
    when = pd.Series(
        [day_of(int(moment)) for moment in relation.rows.when[place]],
        name="when",
        dtype=object,
    )
    columns = relation.rows.root_columns(place)
    readable = _readable(columns, np.arange(len(place)), words)
    return pd.concat([when, readable], axis=1)


def _readable(
    columns: Mapping[str, Array], place: Ints, words: OwnWords
) -> pd.DataFrame:
    """Columns as people read them: kinds and items by name, numbers that stand for something else left out."""
    named = {
        name: values[place] for name, values in columns.items() if name not in _NUMBERED
    }
    frame = pd.DataFrame(
        {name: values for name, values in named.items() if not name.endswith("_us")}
    )
    for column, names in (("kind_code", _KINDS), ("item", _ITEMS)):
        if column in frame:
            told = frame.pop(column).map(names).map(words.named)
            frame.insert(0, column.removesuffix("_code"), told)
    return frame


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
