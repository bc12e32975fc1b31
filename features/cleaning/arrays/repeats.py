"""Repeats: which rows of a request are the same, and which of them stays (`features.cleaning.repeats`).

A request is never a whole table twice over: that rule is for the files of a book.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import islice

import numpy as np

from features.cleaning.repeats import IDS
from features.engine import MICROS_PER_DAY
from features.timeline.expression import Array, Columns
from features.timeline.rows import Ints

Words = tuple[Hashable, ...]
"""What a row says, column by column, None where it says nothing."""


def kept_once(table: str, rows: Columns, ids: Array | None) -> Columns:
    """Clean rows without those that are the same as another one.

    Args:
        table: a name of the contract.
        rows: as history reads them, in the order of their columns.
        ids: the optional id of each row; None where the table has none.
    """
    places = np.arange(len(next(iter(rows.values()))))
    with_id = places[:0] if ids is None else places[ids != None]  # noqa: E711
    without_id = np.setdiff1d(places, with_id)
    if table in IDS:
        of_a_moment = rows["occurred_us"][without_id] % MICROS_PER_DAY != 0
        without_id = without_id[of_a_moment]
    lost = _said_before(rows, without_id)
    if ids is not None:
        lost += _not_the_latest(rows, with_id, ids[with_id].tolist())
    if not lost:
        return rows
    kept = np.setdiff1d(places, lost)
    return {name: values[kept] for name, values in rows.items()}


def _said_before(rows: Columns, places: Ints) -> list[int]:
    """Rows that say the same as one before them; most differ in their first two columns."""
    first_two = islice(rows.values(), 2)
    if not _any_twice(
        zip(*(column[places].tolist() for column in first_two), strict=True),
        len(places),
    ):
        return []
    seen: set[Words] = set()
    lost = []
    for place, words in zip(places.tolist(), _words(rows, places), strict=True):
        if words in seen:
            lost.append(place)
        seen.add(words)
    return lost


def _not_the_latest(rows: Columns, places: Ints, ids: Sequence[str]) -> list[int]:
    """Of rows with one id all but the latest known; of those known at once the first in order of all columns."""
    if not _any_twice(ids, len(ids)):
        return []
    early = [-us for us in rows["known_us"][places].tolist()]
    first: dict[str, tuple[int, Words, int]] = {}
    said = zip(ids, early, _words(rows, places), places.tolist(), strict=True)
    for id_, order, words, place in said:
        row = order, _nulls_last(words), place
        first[id_] = min(first.get(id_, row), row)
    kept = {place for *_, place in first.values()}
    return [place for place in places.tolist() if place not in kept]


def _any_twice(keys: Iterator[Hashable] | Sequence[Hashable], count: int) -> bool:
    return len(set(keys)) < count


def _words(rows: Columns, places: Ints) -> Iterator[Words]:
    columns = [
        [None if value != value else value for value in values[places].tolist()]
        for values in rows.values()
    ]
    return zip(*columns, strict=True)


def _nulls_last(words: Words) -> Words:
    return tuple((word is None, word) for word in words)
