"""Rows put into records and taken out of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from features.edits.records import Records
from features.vocabulary.kinds import ALL_KINDS, FLAGS, code


def with_interactions(
    records: Records, rows: Iterable[Mapping[str, object]]
) -> Records:
    """The same with further interactions, each known as it happens.

    Args:
        records: of some accounts.
        rows: of each ``account_id``, ``occurred_us`` and ``kind``, and what else a clean interaction has; the
            ``matter_id`` of a new matter is a whole number that none has, see `new_matter`.
    """
    further = pd.DataFrame(list(rows))
    if further.empty:
        return records
    kinds = further["kind"]
    further["known_us"] = further["occurred_us"]
    further["kind_code"] = kinds.map(code)
    for flag in FLAGS:
        further[flag] = [bool(getattr(ALL_KINDS.get(k), flag, False)) for k in kinds]
    return with_rows(records, "interactions", further)


def with_rows(records: Records, table: str, further: pd.DataFrame) -> Records:
    """The same with further clean rows of a table; columns that they lack are missing."""
    present = records.tables[table]
    texts = present.select_dtypes("category").columns
    rows = present.astype(dict.fromkeys(texts, object))
    for column in rows.columns.difference(further.columns):
        further = further.assign(**{column: pd.Series(None, dtype=rows[column].dtype)})
    both = pd.concat([rows, further[rows.columns]], ignore_index=True)
    return records.with_table(table, both)


def without(records: Records, table: str, taken: pd.Series) -> Records:
    """The same without some rows of a table, by a flag for each."""
    if not taken.any():
        return records
    rows = records.tables[table]
    return records.with_table(table, rows[~taken].reset_index(drop=True))


def of_accounts(
    records: Records, table: str, account_ids: Collection[str]
) -> pd.Series:
    """Which rows of a table are those of some accounts."""
    return records.tables[table]["account_id"].isin(list(account_ids))


def new_matter(records: Records) -> int:
    """A number that no matter has; those that follow it are free as well."""
    highest = records.tables["interactions"]["matter_id"].max()
    return 1 if pd.isna(highest) else int(highest) + 1
