"""Who is not scored at an as-of date, and why: who is no customer then, see `features.calendar.presence`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from features.calendar.merges import gone_sql
from features.calendar.presence import customers_sql

NOT_OPENED, LEFT, UNHEARD = "not opened yet", "left", "never heard from"
MERGED = "merged into another"
NAMED = 1000
"""How many of the accounts that were never heard from are named; all are counted."""


class Asked(Protocol):
    """A `features.book.book.Book`, or one on Spark."""

    @property
    def grace_days(self) -> int:
        """As of a book."""

    def has(self, table: str) -> bool:
        """As of a book."""

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """As of a book."""


@dataclass(frozen=True)
class Unscored:
    """The accounts that are not scored.

    Attributes:
        counts: how many accounts by reason, which is one of ``NOT_OPENED``, ``LEFT``, ``MERGED`` and
            ``UNHEARD``.
        unheard: the ids of the first ``NAMED`` that were never heard from: without departures nothing tells whether
            these ever were customers.
    """

    counts: Mapping[str, int]
    unheard: tuple[str, ...]

    @property
    def sentence(self) -> str | None:
        """How many and why; None where all accounts are scored."""
        if not self.counts:
            return None
        told = ", ".join(
            f"{accounts:,} {reason}" for reason, accounts in self.counts.items()
        )
        return f"Not scored: {told}"

    def facts(self) -> dict[str, Any]:
        """All of it, for machines."""
        return {
            "accounts": dict(self.counts),
            "never_heard_from": list(self.unheard),
            "sentence": self.sentence,
        }


def find_unscored(book: Asked, as_of: int) -> Unscored:
    """Looks up who is not scored at an as-of date, in microseconds since 1970."""
    gone = LEFT if book.has("departures") else UNHEARD
    moment = f"(select cast({as_of} as bigint) as as_of_us)"
    customers = customers_sql(book.has("departures"), book.grace_days, moment)
    missing = f"""(
        select
            a.account_id,
            case
                when a.account_id in ({gone_sql(str(as_of))}) then '{MERGED}'
                when a.opened_us > {as_of} then '{NOT_OPENED}'
                else '{gone}'
            end as reason
        from accounts as a left join ({customers}) as c on c.account_id = a.account_id
        where c.account_id is null) as missing"""
    counts = dict(
        book.ask(
            f"select reason, count(*) from {missing} group by reason order by reason"
        )
    )
    first = f"select account_id from {missing} where reason = '{UNHEARD}' order by account_id limit {NAMED}"
    return Unscored(
        counts, tuple(name for (name,) in book.ask(first)) if UNHEARD in counts else ()
    )
