"""Where the SQL runs: DuckDB inside this process, or Spark (docs/adr/0021); always in UTC.

The spellings that differ between the two are a `Dialect`; those of times are in `features.utc`. What another engine
needs beside it is walked through in ``CONTRIBUTING.md``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from features.memory import Memory
from features.utc import MICROS_PER_DAY as MICROS_PER_DAY
from features.utc import day_of as day_of
from features.utc import duckdb_utc, spark_utc
from features.utc import instant as instant

Row = tuple[Any, ...]
Query = Callable[[str], Iterable[Row]]
"""Runs a query and gives its rows."""


def listed(expressions: Iterable[str], indent: int) -> str:
    r"""The expressions of a select, each from a line of its own on.

    Example:
        >>> print(f"select\n    {listed(['a', 'b'], 4)}")
        select
            a,
            b
    """
    return indented(",\n".join(expressions), indent)


def indented(sql: str, indent: int) -> str:
    """A statement that stands within another, its lines after the first indented by so many blanks."""
    return sql.replace("\n", "\n" + " " * indent)


@dataclass(frozen=True)
class Dialect:
    """How an engine spells what SQL engines spell differently.

    Attributes:
        text: the type of a text.
        row: the number of a row of a table as it is read.
        quote: the mark around a name.
        known: whether the row's ``account_id`` is that of an account.
        merged: whether it is an id that was merged into an account, see `features.calendar.merges`.
        finite: whether a double is neither infinite nor NaN.
        hash: a whole number that differs where any of some expressions does.
        sha256: of a text, in hexadecimal digits.
        dated: whether a timestamp is a moment in time.
        micros: whole microseconds since 1970 of a UTC timestamp: exact, and quick to compare.
        utc: a UTC timestamp from an expression and its type; null where it is none. What has no zone is UTC.
        number: a double from an expression and its type; null where it is none.
        literal: a text as a value in a query.
        trimmed: a text without white space around it, which is what Python's ``strip`` takes for it.
    """

    text: str
    row: str
    quote: str
    known: str
    merged: str
    finite: str
    dated: str
    micros: str
    sha256: str
    hash: Callable[[Sequence[str]], str]
    utc: Callable[[str, str], str]
    number: Callable[[str, str], str]
    literal: Callable[[str], str]
    trimmed: Callable[[str], str]

    def quoted(self, name: str) -> str:
        """A name in quotes."""
        return f"{self.quote}{name.replace(self.quote, 2 * self.quote)}{self.quote}"


def _duckdb_number(expression: str, type_: str) -> str:
    return f"try_cast({expression} as double)"


def _spark_number(expression: str, type_: str) -> str:
    """A time is no number, and neither is a number of Java's, such as 12d."""
    if type_.startswith(("timestamp", "date")):
        return "cast(null as double)"
    number = f"try_cast({expression} as double)"
    return (
        f"case when not {expression} rlike '[dDfF] *$' then {number} end"
        if type_ == "string"
        else number
    )


def _duckdb_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _spark_literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_WHITE = r"[\s\v\x1c-\x1f\x85\pZ]"
_AROUND = f"^{_WHITE}+|{_WHITE}+$"


def _duckdb_trimmed(text: str) -> str:
    return f"regexp_replace({text}, {_duckdb_literal(_AROUND)}, '', 'g')"


def _spark_trimmed(text: str) -> str:
    return f"regexp_replace({text}, {_spark_literal(_AROUND)}, '')"


DUCKDB = Dialect(
    text="varchar",
    row="row_number() over ()",
    quote='"',
    known="account_id in (select account_id from accounts)",
    merged="account_id in (select from_id from merged)",
    number=_duckdb_number,
    finite="isfinite({})",
    dated="isfinite({})",
    micros="epoch_us({})",
    sha256="sha256({})",
    hash=lambda expressions: f"hash({', '.join(expressions)})",
    utc=duckdb_utc,
    literal=_duckdb_literal,
    trimmed=_duckdb_trimmed,
)

# Numbers without a gap would take all rows through one process; and they would change when rows are computed again.
SPARK = Dialect(
    text="string",
    row="monotonically_increasing_id() + 1",
    quote="`",
    # To Spark, what may be missing is "in" nothing by comparing it with every account.
    known="exists (select 1 from (select account_id as id from accounts) where id = account_id)",
    merged="exists (select 1 from (select from_id as id from merged) where id = account_id)",
    number=_spark_number,
    finite="(abs({}) < double('infinity'))",
    dated="true",
    micros="unix_micros({})",
    sha256="sha2({}, 256)",
    hash=lambda expressions: f"xxhash64({', '.join(expressions)})",
    utc=spark_utc,
    literal=_spark_literal,
    trimmed=_spark_trimmed,
)
"""Needs a session whose time zone is UTC."""


def connect(
    threads: int | None = None, memory: Memory | None = None
) -> duckdb.DuckDBPyConnection:
    """A new in-memory database in UTC.

    Args:
        threads: how many threads a query may use; all cores where None.
        memory: of which queries have their share; beyond it they spill to disk.
    """
    connection = duckdb.connect(":memory:")
    connection.execute("set TimeZone = 'UTC'")
    # Nothing is fetched from the internet.
    for reaching_out in ("autoinstall_known_extensions", "autoload_known_extensions"):
        connection.execute(f"set {reaching_out} = false")
    # Standard output is the command's; to set it anyway would need a widget in a notebook.
    if single(connection, "select current_setting('enable_progress_bar')"):
        connection.execute("set enable_progress_bar = false")
    connection.execute(
        "set temp_directory = ?",
        [str(Path(tempfile.gettempdir()) / f"pinch-{uuid4().hex}")],
    )
    if threads is not None:
        connection.execute(f"set threads = {int(threads)}")
    if memory is not None:
        connection.execute("set memory_limit = ?", [f"{memory.of_queries}B"])
    return connection


def single(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    """The one value that a query gives; read to the end, since an unread result blocks the connection."""
    ((value,),) = connection.execute(query).fetchall()
    return value


def runner(
    connection: duckdb.DuckDBPyConnection,
) -> Callable[[str], list[tuple[Any, ...]]]:
    """What runs a query and gives its rows, read to the end."""
    return lambda query: connection.execute(query).fetchall()
