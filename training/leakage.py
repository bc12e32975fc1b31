"""The leakage certificate: a proof, on the user's own book, that a snapshot does not depend on the future.

Everything that became known after the as-of date is dropped from one version of the book and scrambled in another. The
snapshots of both must be identical to that of the book as it is, bit for bit. The versions are views on the book's own
tables, under its memory limit: only the scrambled later rows are rows of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

import pandas as pd

from features import engine
from features.book.book import Book
from features.past.declaration import Feature
from features.snapshot.frame import KEYS, snapshot
from features.vocabulary.kinds import FLAGS

DATED = (
    "interactions",
    "surveys",
    "departures",
    "contracts",
    "scheduled",
    "markets",
    "facts",
    "merged",
)

_TOLD = (*DATED, "signed")
"""With what is told by contracts."""

# Each column takes the value of another row that is known later, so that nothing of a row stays together.
_SCRAMBLED = {
    "interactions": (
        *("account", "account_id", "kind_code", *FLAGS, "rep_id", "channel"),
        *("matter_id", "value", "sentiment", "items"),
    ),
    "surveys": (
        *("account", "account_id", "item", "score", "answer", "weight"),
        "response_id",
    ),
    "departures": ("account_id", "reason"),
    "contracts": (
        *("account", "account_id", "contract_id", "starts_us", "ends_us"),
        *("value", "plan", "seats", "auto_renews"),
    ),
    "scheduled": (
        *("account", "account_id", "scheduled_id", "scheduled_us", "cancelled"),
    ),
    "signed": ("account_id", "undoes_us"),
    "markets": ("market", "kind"),
    "facts": ("account_id", "name", "value"),
    "merged": ("from_id", "into_id"),
}
_KNOWN_AT_ONCE = ("facts", "merged")
"""What has no date but that at which it became known."""


@dataclass(frozen=True)
class Certificate:
    """Whether a snapshot is free of the future.

    Attributes:
        as_of: the as-of date, in microseconds since 1970.
        accounts: rows compared.
        features: columns compared.
        later_rows: rows of the book that became known after the as-of date; with none the certificate proves nothing.
        leaking: columns that changed with the future.
    """

    as_of: int
    accounts: int
    features: int
    later_rows: int
    leaking: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether there was a future to depend on, and nothing did."""
        return self.later_rows > 0 and not self.leaking


def certify(
    book: Book, as_of: int, features: Mapping[str, Feature] | None = None
) -> Certificate:
    """Drops and scrambles everything known after a moment, and compares the snapshots of that moment."""
    original, leaking = snapshot(book, [as_of], features), set()
    for scramble in (False, True):
        with _other_future(book, as_of, scramble) as other:
            leaking.update(_differing(original, snapshot(other, [as_of], features)))
    later = sum(
        engine.single(
            book.connection, f"select count(*) from {table} where known_us > {as_of}"
        )
        for table in DATED
    )
    return Certificate(
        as_of,
        len(original),
        len(original.columns) - len(KEYS),
        later,
        tuple(sorted(leaking)),
    )


def _differing(one: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    if not one[list(KEYS)].equals(other[list(KEYS)]):
        return ["the cohort"]
    return [column for column in one.columns if not one[column].equals(other[column])]


@contextmanager
def _other_future(book: Book, as_of: int, scramble: bool) -> Iterator[Book]:
    """The book with its later rows dropped or scrambled: on its database, views of the same names hide its tables."""
    with closing(book.connection.cursor()) as connection:
        for table in _TOLD:
            kept = f"select * from memory.main.{table} where known_us <= {as_of}"
            if scramble:
                connection.execute(
                    f"create temp table later_{table} as {_mixed(table, as_of)}"
                )
                kept += f" union all by name select * from later_{table}"
            connection.execute(f"create temp view {table} as {kept}")
        connection.execute(f"create temp view reps as {_REPS_BY.format(as_of=as_of)}")
        yield replace(book, connection=connection)


# A rep's leaving is dated by its own column.
_REPS_BY = """select * replace (case when left_us <= {as_of} then left_us end as left_us)
    from memory.main.reps where hired_us is null or hired_us <= {as_of}"""


def _mixed(table: str, as_of: int) -> str:
    columns = _SCRAMBLED[table]
    shuffled = ", ".join(
        f"lead({column}, {place}, {column}) over (order by hash(later)) as {column}"
        for place, column in enumerate(columns, start=1)
    )
    if table not in _KNOWN_AT_ONCE:
        shuffled += ", occurred_us - cast(hash(later) % 1000000007 as bigint) * 1000000 as occurred_us"
    later = f"select * from memory.main.{table} where known_us > {as_of}"
    return f"select * replace ({shuffled}) from ({later}) as later"
