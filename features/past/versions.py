"""Versions: rows of which a later known one changes what an earlier one of the same id said.

They come in order of when they became known, so whoever looks from a date sees the last one known by then.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from features.timeline.expression import Array
from features.timeline.rows import Ints, Rows, first_of_group, spread, starts
from features.timeline.things import ThingRows


def in_order_of_id(rows: Rows, name: str, further: Sequence[str]) -> Rows:
    """Rows by history and id, each id's by when they became known.

    Args:
        rows: whose ``when`` is the moment at which each became known.
        name: the column of the id, -1 where there is none.
        further: columns by which rows known at one moment are ordered, so that no engine's order tells.
    """
    keys = [rows.columns[column] for column in reversed(further)]
    order = np.lexsort((*keys, rows.when, rows.columns[name], rows.history))
    columns = {column: rows.columns[column][order] for column in (name, *further)}
    return Rows(rows.history[order], rows.when[order], columns, rows.histories)


def earlier_of_id(rows: Rows, name: str) -> tuple[Ints, Ints]:
    """Each row of `in_order_of_id` with each earlier one of its id: two places; rows without an id have none."""
    called = rows.columns[name]
    place = np.arange(len(called))
    first = first_of_group(starts(rows.history, called))
    earlier = np.where(called < 0, 0, place - first)
    return spread(first, earlier)


def chained(count: int, later: Ints, earlier: Ints) -> Ints:
    """The first row of each row's chain, given which row changes which earlier one; the last such one counts.

    Example:
        >>> chained(4, np.array([2, 3]), np.array([0, 2]))
        array([0, 1, 0, 0])
    """
    root = np.arange(count)
    root[later] = earlier
    while (further := root[root]).tolist() != root.tolist():
        root = further
    return root


def things_of(rows: Rows, root: Ints, names: Sequence[str]) -> ThingRows:
    """Rows whose chains are things, each with its versions in order.

    Args:
        rows: in order of history.
        root: the first row of each row's chain.
        names: the columns to keep.
    """
    order = np.argsort(root, kind="stable")
    new = starts(root[order])
    columns: dict[str, Array] = {name: rows.columns[name][order] for name in names}
    thing = np.cumsum(new) - 1
    things = Rows(thing, rows.when[order], columns, int(new.sum()))
    owner = rows.history[order][new]
    return ThingRows(things, owner, np.arange(len(owner)))
