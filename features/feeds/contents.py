"""Contents: what the rows of each kind and survey item hold: which fields are filled, which amounts and scores.

One definition for training, which keeps what is usual, and for the night, which sets the last days beside it.
"""

from __future__ import annotations

import pandas as pd

from features.engine import MICROS_PER_DAY
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

_NUMBER = """min({field}) as lowest, max({field}) as highest,
        count(case when {field} > 0 then 1 end) as positive,
        coalesce(sum(case when {field} > 0 then ln({field}) end), 0e0) as logs,
        coalesce(sum(case when {field} > 0 then ln({field}) * ln({field}) end), 0e0) as squares"""
_TEXT = "null as lowest, null as highest, 0 as positive, 0e0 as logs, 0e0 as squares"
_CONTENTS = """
    select '{table}' as "table", {split}::varchar as name, '{field}' as field, {bucket} as bucket,
        count(*) as rows, count({field}) as filled, {numbers}
    from {table}
    where known_us <= {as_of} and occurred_us <= {as_of} and known_us > {as_of} - {reach}
        and {split} is not null
    group by 1, 2, 3, 4"""


def contents(book: Asked, as_of: int) -> pd.DataFrame:
    """What rows of the half year before an as-of date hold, in microseconds since 1970.

    Returns:
        A row for each table, kind or item (``name``), field and ``bucket``: 0 for rows that became known in the
        first of `WINDOWS`, 1 for those of the second that are not of the first, and so on; with the columns of `SUMS`
        and `EXTREMES`.
    """
    parts = [
        _contents_sql(table, split, field, type_, as_of)
        for (table, split), fields in FIELDS.items()
        if book.has(table)
        for field, type_ in fields.items()
    ]
    columns = [*KEYS, "bucket", "rows", "filled", *EXTREMES, "positive", *SUMS[3:]]
    found = pd.DataFrame(book.ask(" union all ".join(parts)), columns=columns)
    return found.astype(dict.fromkeys(EXTREMES, "float64"))


def summed(found: pd.DataFrame) -> pd.DataFrame:
    """The buckets together: a row for each of `KEYS`."""
    grouped = found.groupby(KEYS, sort=True)
    together = pd.concat(
        [grouped[SUMS].sum(), grouped["lowest"].min(), grouped["highest"].max()],
        axis=1,
    )
    return together.reset_index()


def _contents_sql(table: str, split: str, field: str, type_: str, as_of: int) -> str:
    day = MICROS_PER_DAY
    cases = " ".join(
        f"when known_us > {as_of} - {window * day} then {place}"
        for place, window in enumerate(WINDOWS)
    )
    return _CONTENTS.format(
        table=table,
        split=split,
        field=field,
        bucket=f"case {cases} else {len(WINDOWS)} end",
        numbers=_NUMBER.format(field=field) if type_ == "number" else _TEXT,
        as_of=as_of,
        reach=REACH_DAYS * day,
    )
