"""Records: the clean rows of some whole accounts, which can be edited and measured anew.

They are measured by the engine and the features of any snapshot: unedited they give the rows of
`features.snapshot.frame.snapshot`, which a test holds them to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.book.book import Book
from features.past.few_accounts import ledger_of
from features.snapshot.cohort import choose_pairs
from features.snapshot.known_facts import known_facts
from features.snapshot.measuring import measure
from features.themes.dictionary import Dictionary

OF_ACCOUNTS = ("interactions", "surveys", "contracts", "scheduled")
"""The tables whose rows are each of one account."""


@dataclass(frozen=True)
class Records:
    """What is on record of some accounts.

    Attributes:
        tables: clean rows, see `features.cleaning.normalised`: ``accounts`` in order of their ids, those of
            `OF_ACCOUNTS`, and all of ``reps`` and ``markets``.
        facts: of each account, in order, the values of its facts that change.
        fixed: the names of the facts that never change, which are columns of ``accounts``.
        dictionary: of the features.
    """

    tables: Mapping[str, pd.DataFrame]
    facts: pd.DataFrame
    fixed: tuple[str, ...]
    dictionary: Dictionary

    @property
    def account_ids(self) -> list[str]:
        """The accounts, in order."""
        return list(self.tables["accounts"]["account_id"])

    def with_table(self, table: str, rows: pd.DataFrame) -> Records:
        """The same with other rows of a table."""
        return replace(self, tables={**self.tables, table: rows})

    def snapshot(self, as_of: int) -> pd.DataFrame:
        """What is known of the accounts at a date, as `features.snapshot.frame.snapshot` gives it.

        Args:
            as_of: in microseconds since 1970; facts that change are those known when the records were read.
        """
        accounts = self.tables["accounts"]
        dates = np.full(len(accounts), as_of)
        ledger = ledger_of(self.tables)
        features = self.dictionary.features
        measured = measure(ledger, np.arange(len(accounts)), dates, features)
        columns = {"account_id": accounts["account_id"], "as_of_us": dates, **measured}
        told = [pd.DataFrame(columns), accounts[list(self.fixed)], self.facts]
        return pd.concat(told, axis=1)


def records_of(book: Book, account_ids: Collection[str], as_of: int) -> Records:
    """The records of some accounts of a book.

    Args:
        book: an opened book.
        account_ids: which accounts; those that the book does not have are passed over.
        as_of: as of when facts that change are read, in microseconds since 1970.
    """
    pairs = pd.DataFrame({"account_id": sorted(set(account_ids)), "as_of_us": as_of})
    choose_pairs(book, pairs)
    tables = {table: book.connection.sql(_rows(table)).df() for table in OF_ACCOUNTS}
    tables["accounts"] = book.connection.sql(_ACCOUNTS).df()
    for table in ("reps", "markets"):
        tables[table] = book.connection.sql(f"select * from {table}").df()
    known = known_facts(book.connection, book.changing_facts, _CHOSEN)
    return Records(tables, known, tuple(book.account_facts), book.dictionary)


_ACCOUNTS = """
    select *
    from accounts
    where account_id in (select account_id from chosen)
    order by account_id"""

_CHOSEN = """(
    select account_id, as_of_us, row_number() over (order by account_id) as place
    from chosen)"""


def _rows(table: str) -> str:
    """The rows of the chosen accounts; their numbers let all other row groups be skipped."""
    return f"""
        select r.* exclude (account)
        from {table} as r
        where r.account in (
            select n.number
            from numbered_accounts as n
            join chosen as c on c.account_id = n.account_id)"""
