"""Memory: how what a process may hold is shared between DuckDB and the arrays of features.

Beside both a process holds its code, some 150 MiB for features and 300 MiB for all commands, and the table that it
gives. DuckDB has half of the limit, the rows and pairs that are measured together a quarter; the last quarter is for
what is there once, such as the list of all pairs, and for what was freed and not yet given back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from features.errors import BookError

LEAST = 256 * 2**20
"""The smallest limit, in bytes: of its half DuckDB opened 5 million rows, and of 64 MiB it did not."""

_MEND = "raise --memory-limit"


@dataclass(frozen=True)
class Memory:
    """What a process may hold.

    Attributes:
        limit: in bytes.
    """

    limit: int

    @property
    def of_queries(self) -> int:
        """DuckDB's share, in bytes; beyond it queries spill to disk."""
        return self.limit // 2

    @property
    def of_arrays(self) -> int:
        """The share of what is measured together, in bytes."""
        return self.limit // 4

    def require(self, arrays: int) -> None:
        """Raises `BookError` where the arrays of the least that can be measured, in bytes, are beyond their share."""
        if arrays > self.of_arrays:
            raise BookError(
                found=f"a memory limit of {_told(self.limit)}",
                expected=f"at least {_told(4 * arrays)}, for the account with the most rows and its dates",
                mend=_MEND,
            )


def memory_of(limit: str) -> Memory:
    """The memory of a limit such as ``"2GiB"``.

    Raises:
        BookError: it is none, or too small to work with.
    """
    with duckdb.connect(":memory:") as connection:
        try:
            parsed = connection.execute("select parse_formatted_bytes($1)", [limit])
        except duckdb.Error:
            raise BookError(
                found="another memory limit",
                expected="a number with a unit, such as 2GiB",
                mend="correct it",
            ) from None
        ((size,),) = parsed.fetchall()
    if size < LEAST:
        raise BookError(
            found=f"a memory limit of {_told(size)}",
            expected=f"at least {_told(LEAST)}",
            mend=_MEND,
        )
    return Memory(int(size))


@contextmanager
def enough_memory(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Tells what is wrong where DuckDB's share is too small, though it spills to disk."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        ((share,),) = connection.execute(
            "select parse_formatted_bytes(current_setting('memory_limit'))"
        ).fetchall()
        raise BookError(
            found=f"more rows than a memory limit of {_told(2 * share)} can work with",
            expected=f"more, such as {_told(4 * share)}",
            mend=_MEND,
        ) from None


def _told(size: int) -> str:
    """A size in whole MiB, rounded up."""
    return f"{-(-size // 2**20)}MiB"
