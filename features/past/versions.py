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


def rank_of_id(rows: Rows, name: str) -> Ints:
    """How many rows of its id stand before each row of `in_order_of_id`; 0 for those without an id."""
    called = rows.columns[name]
    first = first_of_group(starts(rows.history, called))
    return np.where(called < 0, 0, np.arange(len(called)) - first)


def earlier_rows(rank: Ints) -> tuple[Ints, Ints]:
    """Each row with each earlier one of its id, as two places, by the rank of each row.

    Example:
        >>> [places.tolist() for places in earlier_rows(np.array([0, 1, 2, 0]))]
        [[1, 2, 2], [0, 0, 1]]
    """
    return spread(np.arange(len(rank)) - rank, rank)


def changed_by(rank: Ints, later: Ints, earlier: Ints) -> Ints:
    """Of each row the earlier one that it changes, itself where it changes none.

    It is the last one that it may change and that no row between the two has changed.

    Args:
        rank: of each row within its id.
        later: places of rows that may change another one, as `earlier_rows` orders them.
        earlier: which one that is.

    Example:
        >>> changed_by(np.array([0, 1, 2]), np.array([1, 2]), np.array([0, 0])).tolist()
        [0, 0, 2]
    """
    changed, unchanged = np.arange(len(rank)), np.ones(len(rank), dtype=bool)
    order = np.argsort(rank[later], kind="stable")
    turns = np.flatnonzero(np.diff(rank[later][order])) + 1
    for turn in np.split(order, turns):
        kept = turn[unchanged[earlier[turn]]]
        changed[later[kept]] = earlier[kept]  # of several the last
        unchanged[changed[later[kept]]] = False
    return changed


def roots(changed: Ints) -> Ints:
    """The first row of each row's chain of changes.

    Example:
        >>> roots(np.array([0, 1, 0, 2])).tolist()
        [0, 1, 0, 0]
    """
    root, further = changed, changed[changed]
    while not np.array_equal(root, further):
        root, further = further, further[further]
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
