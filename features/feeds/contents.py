"""Contents: what the rows of each kind and survey item hold: which fields are filled, which amounts and scores.

One definition for training, which keeps what is usual, and for the night, which sets the last days beside it.
"""

from __future__ import annotations

import pandas as pd

from features.engine import MICROS_PER_DAY, listed
from features.feeds.streams import REACH_DAYS, WINDOWS, Asked

FIELDS = {
    ("interactions", "kind"): {
        **dict.fromkeys(("value", "minutes", "sentiment", "items"), "number"),
        **dict.fromkeys(("rep_id", "channel", "matter_id"), "text"),
    },
    ("surveys", "item"): {"answer": "number", "rep_id": "text", "source": "text"},
}
"""Of each table that is looked at, with the column that tells its rows apart, the fields and what they are."""

SPLIT_OF = dict(FIELDS.keys())
"""Of each table the column that tells its rows apart."""
KEYS = ["table", "name", "field"]
SUMS = ["rows", "filled", "positive", "logs", "squares"]
"""Rows, those with a value, those with one above zero, and of these the sums of its logarithm and its square."""
EXTREMES = ["lowest", "highest"]

_NUMBER = """count({field}) as {field}_filled,
            min({field}) as {field}_lowest,
            max({field}) as {field}_highest,
            count(case when {field} > 0 then 1 end) as {field}_positive,
            coalesce(sum(case when {field} > 0 then ln({field}) end), 0e0) as {field}_logs,
            coalesce(sum(case when {field} > 0 then ln({field}) * ln({field}) end), 0e0) as {field}_squares"""
_TEXT = """count({field}) as {field}_filled,
            cast(null as double) as {field}_lowest,
            cast(null as double) as {field}_highest,
            0 as {field}_positive,
            0e0 as {field}_logs,
            0e0 as {field}_squares"""
_COLUMNS = ("filled", *EXTREMES, *SUMS[2:])
_CONTENTS = """
    with grouped as materialized (
        select
            {split}::varchar as name,
            {bucket} as bucket,
            count(*) as rows,
            {sums}
        from {table}
        where known_us <= {as_of} and occurred_us <= {as_of} and known_us > {as_of} - {reach}
            and {split} is not null
        group by 1, 2
    )
    {fields}"""
_FIELD = """select '{table}' as "table", name, '{field}' as field, bucket, rows, {columns} from grouped"""


def contents(book: Asked, as_of: int) -> pd.DataFrame:
    """What rows of the half year before an as-of date hold, in microseconds since 1970.

    Returns:
        A row for each table, kind or item (``name``), field and ``bucket``: 0 for rows that became known in the
        first of `WINDOWS`, 1 for those of the second that are not of the first, and so on; with the columns of `SUMS`
        and ``EXTREMES``.
    """
    rows = []
    for table, split in SPLIT_OF.items():
        if book.has(table):
            rows += book.ask(_contents_sql(table, split, as_of))
    columns = [*KEYS, "bucket", "rows", *_COLUMNS]
    found = pd.DataFrame(rows, columns=columns)
    return found.astype(dict.fromkeys(EXTREMES, "float64"))


def summed(found: pd.DataFrame) -> pd.DataFrame:
    """The buckets together: a row for each of ``KEYS``."""
    grouped = found.groupby(KEYS, sort=True)
    together = pd.concat(
        [grouped[SUMS].sum(), grouped["lowest"].min(), grouped["highest"].max()],
        axis=1,
    )
    return together.reset_index()


def _contents_sql(table: str, split: str, as_of: int) -> str:
    """SQL that goes through a table once, and gives a row for each name, field and bucket."""
    types = FIELDS[table, split]
    sums = [
        (_NUMBER if type_ == "number" else _TEXT).format(field=field)
        for field, type_ in types.items()
    ]
    return _CONTENTS.format(
        table=table,
        split=split,
        bucket=_bucket(as_of),
        sums=listed(sums, 12),
        as_of=as_of,
        reach=REACH_DAYS * MICROS_PER_DAY,
        fields=" union all ".join(_field_sql(table, field) for field in types),
    )


def _bucket(as_of: int) -> str:
    """SQL of the first of the windows in which a row became known."""
    cases = " ".join(
        f"when known_us > {as_of} - {window * MICROS_PER_DAY} then {place}"
        for place, window in enumerate(WINDOWS)
    )
    return f"case {cases} else {len(WINDOWS)} end"


def _field_sql(table: str, field: str) -> str:
    columns = ", ".join(f"{field}_{name} as {name}" for name in _COLUMNS)
    return _FIELD.format(table=table, field=field, columns=columns)
