"""Ledgers: the clean tables of a book as arrays, by account and moment.

A book keeps its rows in order, their ids and names being numbers already (`features.cleaning.enumerations`); any run of
accounts is read without a look at the others. Of a few whole accounts, as a request or a part of a cluster holds them,
a ledger is made in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

import duckdb
import numpy as np

from features.engine import single
from features.memory import Memory
from features.past.chunks import chunks, needed
from features.past.ordered import table_of
from features.past.responses import NOT_THEIRS
from features.timeline.expression import Array
from features.timeline.histories import NO_ROWS, Ledger, Table
from features.timeline.rows import Ints
from features.vocabulary.items import item_code_sql

_INTERACTIONS = """
    select
        cast(r.account as bigint) - $1 as account,
        occurred_us,
        known_us,
        kind_code,
        sign_of_life,
        coalesce(cast(enum_code(rep_id) as integer), -1) as rep,
        coalesce(cast(enum_code(channel) as integer), -1) as channel,
        coalesce(matter_id, -1) as matter,
        coalesce(value, 'nan') as value,
        coalesce(minutes, 'nan') as minutes,
        coalesce(sentiment, 'nan') as sentiment,
        coalesce(items, 'nan') as items
    from interactions as r where r.account >= $1 and r.account < $2"""

_SURVEYS = f"""
    select
        cast(r.account as bigint) - $1 as account,
        occurred_us,
        known_us,
        {item_code_sql("item")} as item,
        score,
        answer,
        coalesce(response_id, cast(enum_code(source) as bigint) + 1, 0) as thread,
        response_id is not null as has_id,
        coalesce(source, '') not in {NOT_THEIRS} as theirs,
        weight
    from surveys as r where r.account >= $1 and r.account < $2"""

CONTRACTS = """
    select
        cast(r.account as bigint) - $1 as account,
        occurred_us,
        known_us,
        coalesce(contract_id, -1) as contract,
        cast(starts_us as double) as starts_us,
        coalesce(cast(ends_us as double), 'nan') as ends_us,
        coalesce(value, 'nan') as value,
        coalesce(cast(enum_code(plan) as double), 'nan') as plan,
        coalesce(seats, 'nan') as seats,
        coalesce(cast(auto_renews as double), 'nan') as renews
    from contracts as r where r.account >= $1 and r.account < $2"""
"""The contracts of the accounts from a number on and before another, which counts from 0."""

_SCHEDULED = """
    select
        cast(r.account as bigint) - $1 as account,
        occurred_us,
        known_us,
        coalesce(scheduled_id, -1) as event,
        cast(scheduled_us as double) as scheduled_us,
        cancelled
    from scheduled as r where r.account >= $1 and r.account < $2"""

_ROWS = {
    "interactions": _INTERACTIONS,
    "surveys": _SURVEYS,
    "contracts": CONTRACTS,
    "scheduled": _SCHEDULED,
}

_ACCOUNT_COLUMNS = """
    select
        coalesce(cast(opened_us as double), 'nan') as opened_us,
        coalesce(profile_filled, 'nan') as profile_filled,
        case when lower(tier) = 'key' then 1e0 when tier is not null then 0e0 else 'nan' end as is_key,
        case when style is null then -1 else cast(hash(style) >> 1 as bigint) end as style,
        case when market is null then -1 else cast(hash(market) >> 1 as bigint) end as market
    from numbered_accounts as n left join accounts using (account_id)
    where n.number >= $1 and n.number < $2 order by n.number"""

_REP_COLUMNS = """
    select
        coalesce(cast(hired_us as double), 'nan') as hired_us,
        coalesce(cast(left_us as double), 'nan') as left_us,
        case when style is null then -1 else cast(hash(style) >> 1 as bigint) end as style
    from names_of_interactions_rep_id as n left join reps as r on r.rep_id = n.name order by enum_code(n.code)"""

_MARKET_COLUMNS = """
    select
        cast(hash(market) >> 1 as bigint) as market,
        occurred_us,
        known_us,
        kind = 'competitor_entered' as competitor_entered
    from markets order by all"""


ROWS_KEPT = 5_000_000
"""Of a book with no more interactions than this the ledgers stay in memory, with what was made of them."""


class Ledgers:
    """The ledgers of a book, by runs of accounts.

    Args:
        connection: holds the clean tables under the contract's names.
        memory: what may be held; without a limit the ledgers of a small book stay in memory.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, memory: Memory | None = None
    ) -> None:
        self._connection = connection
        self._memory = memory
        self._kept: dict[tuple[int, frozenset[str]], Ledger] = {}

    @cached_property
    def _reps(self) -> dict[str, Array]:
        return self._columns(_REP_COLUMNS)

    @cached_property
    def _markets(self) -> dict[str, Array]:
        return self._columns(_MARKET_COLUMNS)

    def read(
        self, tables: Collection[str], pairs: Ints, features: int
    ) -> Iterator[tuple[int, Ledger]]:
        """The ledgers of all accounts, with the rows of some tables, and each one's first number.

        Args:
            tables: whose rows.
            pairs: of each account, how many as-of dates will be measured.
            features: how many features will be measured.

        Raises:
            BookError: the memory limit is too small for the rows and dates of one account.
        """
        wanted = frozenset(tables).intersection(_ROWS)
        for first, count in self._chunks(wanted, pairs, features):
            yield first, self._ledger(first, count, wanted)

    def _chunks(
        self, wanted: Collection[str], pairs: Ints, features: int
    ) -> Iterator[tuple[int, int]]:
        if self._memory is None:
            return chunks(np.zeros_like(pairs), 0)
        sizes = needed(self._rows_of_each(wanted, len(pairs)), pairs, features)
        self._memory.require(int(sizes.max(initial=0)))
        return chunks(sizes, self._memory.of_arrays)

    def _rows_of_each(self, wanted: Collection[str], accounts: int) -> Ints:
        """How many rows of some tables each account has."""
        rows = np.zeros(accounts, dtype=np.int64)
        for table in wanted:
            query = f"select account, count(*) as rows from {table} group by account"
            counted = self._columns(query)
            rows[counted["account"]] += counted["rows"]
        return rows

    def _ledger(self, first: int, count: int, wanted: frozenset[str]) -> Ledger:
        """A ledger, kept or read; a reader holds the only reference to one that is not kept."""
        if not self._keep:
            return self._read(first, count, wanted)
        if (first, wanted) not in self._kept:
            self._kept[first, wanted] = self._read(first, count, wanted)
        return self._kept[first, wanted]

    @cached_property
    def _keep(self) -> bool:
        rows = "select count(*) from interactions"
        return self._memory is None and single(self._connection, rows) <= ROWS_KEPT

    def of_account(self, account_id: str) -> Ledger | None:
        """The ledger of one account; None where there is no such account."""
        query = "select number from numbered_accounts where account_id = $1"
        found = self._connection.execute(query, [account_id]).fetchall()
        if not found:
            return None
        return self._read(found[0][0], 1, frozenset(_ROWS))

    def _read(self, first: int, count: int, wanted: frozenset[str]) -> Ledger:
        """The ledger of so many accounts from a number on."""
        return Ledger(
            accounts=self._columns(_ACCOUNT_COLUMNS, first, first + count),
            interactions=self._rows("interactions", first, count, wanted),
            surveys=self._rows("surveys", first, count, wanted),
            contracts=self._rows("contracts", first, count, wanted),
            scheduled=self._rows("scheduled", first, count, wanted),
            reps=self._reps,
            markets=self._markets,
        )

    def _rows(
        self, table: str, first: int, count: int, wanted: Collection[str]
    ) -> Table:
        if table not in wanted:
            return NO_ROWS
        columns = self._columns(_ROWS[table], first, first + count)
        account, occurred_us, known_us = (
            columns.pop(name) for name in ("account", "occurred_us", "known_us")
        )
        return table_of(account, occurred_us, known_us, columns)

    def _columns(self, query: str, *numbers: int) -> dict[str, Array]:
        found = self._connection.sql(query, params=list(numbers)).to_arrow_table()
        return {name: found[name].to_numpy() for name in found.column_names}
