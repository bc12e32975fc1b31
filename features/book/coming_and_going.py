"""What in the dates of a book's accounts does not fit, or is told by nothing but behaviour; it is kept, and counted."""

from __future__ import annotations

from dataclasses import dataclass

from features.book.book import Book
from features.calendar.presence import OPENING_DAY, seen_again_sql
from features.cleaning.repeats import ONE_OF_AN_ID

NAMED = 10
"""How many accounts are named; all are counted."""


@dataclass(frozen=True)
class Oddity:
    """Something about some accounts that a user should know.

    Attributes:
        name: in code.
        rows: how many rows it is about.
        accounts: how many accounts.
        first: the ids of the first ``NAMED`` of them.
        says: what it is, and what is done about it.
    """

    name: str
    rows: int
    accounts: int
    first: tuple[str, ...]
    says: str

    @property
    def sentence(self) -> str:
        """All of it, in words."""
        more = self.accounts - len(self.first)
        named = ", ".join(self.first) + (f" and {more:,} more" if more else "")
        return f"{self.rows:,} {self.says} (accounts: {self.accounts:,}; {named})"


_BEFORE_OPENING = {
    "departures": "departures are dated before the day their account opened: they belong to a time before it, hide "
    "nobody and are not counted as lost",
    "interactions": "interactions are dated before the day their account opened: features see them, and the account "
    "counts from its opening on",
    "surveys": "surveys are dated before the day their account opened: features see them, and the account counts from "
    "its opening on",
}


def oddities(book: Book) -> list[Oddity]:
    """What does not fit in a book, those things alone that there are."""
    queries = {
        f"{table}_before_opening": (
            f"""select r.account_id from {table} as r join accounts as a on a.account_id = r.account_id
                where r.occurred_us < {OPENING_DAY}""",
            says,
        )
        for table, says in _BEFORE_OPENING.items()
    }
    queries["seen_again"] = (
        seen_again_sql(book.grace_days),
        f"accounts departed, and gave a sign of life more than {book.grace_days} days later without a return on "
        "record: they count as back since then; another grace is return_grace_days in book.toml",
    )
    queries["lapsed"] = (
        "select account_id from departures where lapsed",
        f"terms of contracts ended, and no other was known to follow {book.renewal_grace_days} days later: each is a "
        "departure at its end; another grace is renewal_grace_days in book.toml",
    )
    queries["ids_with_other_facts"] = (
        _rows_of_one_id(book),
        "rows give an account other facts than an earlier row of the same id: the row that opened first is kept",
    )
    found = []
    for name, (query, says) in queries.items():
        ((rows, accounts),) = book.ask_files(
            f"select count(*), count(distinct account_id) from ({query}) as odd"
        )
        if rows:
            first = book.ask_files(
                f"select distinct account_id from ({query}) as odd order by account_id limit {NAMED}"
            )
            found.append(
                Oddity(
                    name,
                    int(rows),
                    int(accounts),
                    tuple(str(account) for (account,) in first),
                    says,
                )
            )
    return found


def _rows_of_one_id(book: Book) -> str:
    """Query: the ids of the rows of accounts that were set aside though they say something else."""
    aside = book.quarantine
    rows = aside.loc[
        (aside["table"] == "accounts") & (aside["expected"] == ONE_OF_AN_ID), "row"
    ]
    numbers = ", ".join(str(int(row)) for row in rows) or "null"
    return f"select account_id from typed_accounts where row in ({numbers})"
