"""Rows as mappings, of any account, as a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from features.cleaning.arrays.flaws import Flaw
from features.cleaning.arrays.own_words import spoken
from features.cleaning.arrays.request import ASKED, OF_ACCOUNTS, Request
from features.cleaning.arrays.typed import Typed, columns_of, typed
from features.cleaning.arrays.values import missing
from features.cleaning.problems import KNOWN_ACCOUNT
from features.cleaning.values import EXPECTED
from features.timeline.rows import Flags
from features.vocabulary.own import NONE, OwnWords

Rows = Sequence[Mapping[str, object]]

STRANGER = -1
"""Stands for the place of an account that is not there."""


def request_of_rows(
    tables: Mapping[str, Rows], facts: Mapping[str, str], words: OwnWords = NONE
) -> Request:
    """Rows as a request; those of no account have a flaw.

    Args:
        tables: rows by table, each a mapping from column to value; a table that is not there has none.
        facts: of accounts, each ``"number"`` or ``"text"``.
        words: kinds and items of one's own.
    """
    found = {}
    for table in ASKED:
        found[table] = _typed(table, tables.get(table, ()), facts, words)
    ids = found["accounts"].columns["account_id"].tolist()
    place = {id_: number for number, id_ in enumerate(ids)}
    account = {}
    for table in OF_ACCOUNTS:
        named = [row.get("account_id") for row in tables.get(table, ())]
        of = np.array([place.get(id_, STRANGER) for id_ in named], dtype=np.int64)
        flaws = _of_strangers(named, of == STRANGER)
        found[table] = replace(found[table], flaws=(*flaws, *found[table].flaws))
        account[table] = of
    return Request(found, account)


def _typed(table: str, rows: Rows, facts: Mapping[str, str], words: OwnWords) -> Typed:
    of_table = facts if table == "accounts" else {}
    names = [column.name for column in columns_of(table, of_table)]
    values = {name: [row.get(name) for row in rows] for name in names}
    return typed(table, spoken(table, values, words), len(rows), of_table)


def _of_strangers(named: list[object], stranger: Flags) -> list[Flaw]:
    nameless = np.array([missing(name) for name in named], dtype=bool)
    flaws = [
        Flaw("account_id", EXPECTED["text"], np.flatnonzero(nameless)),
        Flaw("account_id", KNOWN_ACCOUNT, np.flatnonzero(stranger & ~nameless)),
    ]
    return [flaw for flaw in flaws if len(flaw.rows)]
