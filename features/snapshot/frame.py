"""The snapshot: what was known of each account of a cohort at its as-of date, one row each, one column a feature.

Some thousand accounts are measured at a time, with all their as-of dates together, which bounds the memory. What
measures them, `features.snapshot.measuring`, is the same for training, the night, the endpoint and Spark.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from features import engine
from features.book.book import Book
from features.past.declaration import Feature
from features.snapshot.cohort import choose_cohort, choose_pairs
from features.snapshot.known_facts import known_facts
from features.snapshot.measuring import measure
from features.themes.lineage import read_by
from features.timeline.expression import Columns
from features.timeline.rows import Floats, Ints

KEYS = ("account_id", "as_of_us")


def snapshot(
    book: Book, as_ofs: Iterable[int], features: Mapping[str, Feature] | None = None
) -> pd.DataFrame:
    """What was known of every account of the cohort at each as-of date.

    Args:
        book: an opened book.
        as_ofs: as-of dates in microseconds since 1970: whole numbers, of Python or of numpy.
        features: which features; all of its dictionary where left out.

    Returns:
        A row per account and as-of date, sorted by as-of date and account: ``account_id``, ``as_of_us``, the features
        as doubles (missing where not known), and the book's facts under their own names.
    """
    choose_cohort(book, as_ofs)
    return _measure(book, book.dictionary.features if features is None else features)


def snapshot_of_pairs(
    book: Book, pairs: pd.DataFrame, features: Mapping[str, Feature] | None = None
) -> pd.DataFrame:
    """As `snapshot`, of the given pairs of ``account_id`` and ``as_of_us``, whether or not they are in the cohort."""
    choose_pairs(book, pairs)
    return _measure(book, book.dictionary.features if features is None else features)


def vector_hashes(frame: Columns | pd.DataFrame, names: Sequence[str]) -> list[str]:
    """A short hash of each row's features: equal for equal vectors, wherever they were computed.

    Example:
        >>> once, again = (pd.DataFrame({"a": [1.0, np.nan]}) for _ in range(2))
        >>> vector_hashes(once, ["a"]) == vector_hashes(again, ["a"])
        True
    """
    # -0.0 and 0.0 are the same value, and so are all kinds of NaN.
    columns = [np.asarray(frame[name], dtype=np.float64) for name in names]
    matrix = np.column_stack(columns) + 0.0
    matrix[np.isnan(matrix)] = np.nan
    return [hashlib.sha256(row.tobytes()).hexdigest()[:16] for row in matrix]


_CHOSEN = """(
    select c.account_id, c.as_of_us, row_number() over (order by c.as_of_us, n.number) as place
    from chosen as c
    join numbered_accounts as n on n.account_id = c.account_id)"""
"""The cohort in the order of a snapshot's rows."""

_PAIRS = """
    select n.number, c.as_of_us
    from chosen as c
    join numbered_accounts as n on n.account_id = c.account_id
    order by c.as_of_us, n.number"""

_ACCOUNTS = """
    select {named}
    from numbered_accounts as n
    left join accounts using (account_id)
    order by n.number"""


def _measure(book: Book, features: Mapping[str, Feature]) -> pd.DataFrame:
    tables: set[str] = set()
    for name in features:
        tables |= read_by(name, features)
    pairs = book.connection.execute(_PAIRS).fetchnumpy()
    number = np.asarray(pairs["number"], dtype=np.int64)
    as_of = np.asarray(pairs["as_of_us"], dtype=np.int64)
    matrix = np.empty((len(features), len(number)))
    accounts = engine.single(book.connection, "select count(*) from numbered_accounts")
    dates = np.bincount(number, minlength=accounts)
    for first, ledger in book.ledgers.read(tables, dates, len(features)):
        end = first + ledger.size
        row = np.flatnonzero((number >= first) & (number < end))
        measured = measure(ledger, number[row] - first, as_of[row], features)
        for place, values in enumerate(measured.values()):
            matrix[place, row] = values
    return _framed(book, number, as_of, matrix, list(features))


def _framed(
    book: Book, number: Ints, as_of: Ints, matrix: Floats, names: Sequence[str]
) -> pd.DataFrame:
    """The measured features as a frame, with the accounts' ids and facts."""
    named = ", ".join(["account_id", *(f'"{fact}"' for fact in book.account_facts)])
    found = book.connection.sql(_ACCOUNTS.format(named=named)).to_arrow_table()
    accounts: pd.DataFrame = found.to_pandas().take(number).reset_index(drop=True)
    ids = accounts.pop("account_id")
    keys = pd.DataFrame({"account_id": ids, "as_of_us": as_of})
    measured = pd.DataFrame(matrix.T, columns=list(names), copy=False)
    known = known_facts(book.connection, book.changing_facts, _CHOSEN)
    return pd.concat([keys, measured, accounts, known], axis=1)
