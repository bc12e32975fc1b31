"""Dated rows as a table of a ledger, in the order in which they are measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from features.past.responses import completed_us
from features.timeline.expression import Array, Columns
from features.timeline.histories import Table
from features.timeline.rows import Ints


def table_of(
    account: Ints, occurred_us: Ints, known_us: Ints, columns: Columns
) -> Table:
    """Dated rows in order of account and moment, then of the item; a score is whole when its response is."""
    keys = (
        (account, occurred_us, columns["item"])
        if "item" in columns
        else (account, occurred_us)
    )
    if not _in_order(keys):
        order = np.lexsort(keys[::-1])
        account, occurred_us = account[order], occurred_us[order]
        known_us = known_us[order]
        columns = {name: values[order] for name, values in columns.items()}
    whole_us = known_us
    if "thread" in columns:
        thread, has_id = columns["thread"], columns["has_id"]
        completed = completed_us(account, occurred_us, thread, has_id)
        whole_us = np.maximum(known_us, completed)
    return Table(account, occurred_us, known_us, whole_us, columns)


def _in_order(keys: Sequence[Array]) -> bool:
    """Whether rows are in order of their first key, those that are equal of the next."""
    equal = np.ones(max(len(keys[0]) - 1, 0), dtype=bool)
    for key in keys:
        if (equal & (key[1:] < key[:-1])).any():
            return False
        equal &= key[1:] == key[:-1]
    return True
