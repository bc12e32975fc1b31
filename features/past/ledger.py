"""Ledgers: the clean tables of a book as arrays, by account and moment.

A book keeps its rows in order, their ids and names being numbers already (`features.cleaning.enumerations`); any run of
accounts is read without a look at the others. Of a few whole accounts, as a request or a part of a cluster holds them,
a ledger is made in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

import duckdb
import numpy as np
import pandas as pd

from features.engine import single
from features.memory import Memory
from features.past.chunks import chunks, needed
from features.past.responses import NOT_THEIRS, completed_us
from features.timeline.expression import Array, Columns
from features.timeline.histories import Ledger, Table
from features.timeline.rows import Floats, Ints
from features.vocabulary.items import item_code, item_code_sql
from features.vocabulary.kinds import FLAGS

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

_ROWS = {"interactions": _INTERACTIONS, "surveys": _SURVEYS}

_ACCOUNT_COLUMNS = """
    select
        cast(opened_us as double) as opened_us,
        coalesce(profile_filled, 'nan') as profile_filled,
        case when lower(tier) = 'key' then 1e0 when tier is not null then 0e0 else 'nan' end as is_key,
        case when style is null then -1 else cast(hash(style) >> 1 as bigint) end as style,
        case when market is null then -1 else cast(hash(market) >> 1 as bigint) end as market
    from accounts join numbered_accounts as n using (account_id)
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

_NO_ROWS = np.zeros(0, dtype=np.int64)


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
            reps=self._reps,
            markets=self._markets,
        )

    def _rows(
        self, table: str, first: int, count: int, wanted: Collection[str]
    ) -> Table:
        if table not in wanted:
            return Table(_NO_ROWS, _NO_ROWS, _NO_ROWS, _NO_ROWS, {})
        columns = self._columns(_ROWS[table], first, first + count)
        account, occurred_us, known_us = (
            columns.pop(name) for name in ("account", "occurred_us", "known_us")
        )
        return _table(account, occurred_us, known_us, columns)

    def _columns(self, query: str, *numbers: int) -> dict[str, Array]:
        found = self._connection.sql(query, params=list(numbers)).to_arrow_table()
        return {name: found[name].to_numpy() for name in found.column_names}


def ledger_of(tables: Mapping[str, pd.DataFrame]) -> Ledger:
    """The ledger of a few whole accounts.

    Args:
        tables: ``accounts`` (in order of their ids), ``interactions``, ``surveys``, ``reps`` and ``markets``: clean
            rows in the form of `features.cleaning.rows`, in any order.
    """
    accounts, reps, markets = tables["accounts"], tables["reps"], tables["markets"]
    interactions, surveys = tables["interactions"], tables["surveys"]
    rep_served, rep_known = _numbers(interactions["rep_id"], reps["rep_id"])
    account_style, rep_style = _numbers(accounts["style"], reps["style"])
    account_market, event_market = _numbers(accounts["market"], markets["market"])
    tier = accounts["tier"]
    return Ledger(
        accounts={
            "opened_us": _doubles(accounts["opened_us"]),
            "profile_filled": _doubles(accounts["profile_filled"]),
            "is_key": np.where(tier.isna(), np.nan, tier.str.lower() == "key"),
            "style": account_style,
            "market": account_market,
        },
        interactions=_table_of(
            _account_numbers(interactions, accounts),
            interactions,
            rep=rep_served,
            channel=_numbers(interactions["channel"])[0],
            matter=_numbers(interactions["matter_id"])[0],
            kind_code=interactions["kind_code"].to_numpy(dtype=np.uint8),
            **{flag: interactions[flag].to_numpy(dtype=bool) for flag in FLAGS},
            **{
                name: _doubles(interactions[name])
                for name in ("value", "minutes", "sentiment", "items")
            },
        ),
        surveys=_table_of(
            _account_numbers(surveys, accounts),
            surveys,
            item=surveys["item"].map(item_code).to_numpy(dtype=np.uint8),
            thread=_threads(surveys),
            has_id=surveys["response_id"].notna().to_numpy(dtype=bool),
            theirs=~surveys["source"].isin(NOT_THEIRS).to_numpy(dtype=bool),
            **{name: _doubles(surveys[name]) for name in ("score", "answer", "weight")},
        ),
        reps=_reps(
            max(rep_served.max(initial=-1), rep_known.max(initial=-1)) + 1,
            rep_known,
            rep_style,
            reps,
        ),
        markets={
            "market": event_market,
            "occurred_us": markets["occurred_us"].to_numpy(dtype=np.int64),
            "known_us": markets["known_us"].to_numpy(dtype=np.int64),
            "competitor_entered": (markets["kind"] == "competitor_entered").to_numpy(
                dtype=bool
            ),
        },
    )


def _numbers(*columns: pd.Series) -> list[Ints]:
    """Texts as numbers in their own order, the same in all columns; -1 where missing."""
    codes, _ = pd.factorize(
        pd.concat(columns, ignore_index=True).astype(object), sort=True
    )
    ends = np.cumsum([len(column) for column in columns])
    numbers: list[Ints] = np.split(codes.astype(np.int64), ends[:-1])
    return numbers


def _threads(surveys: pd.DataFrame) -> Ints:
    """A number for each response that has an id, and for each source."""
    (by_id,), (by_source,) = (
        _numbers(surveys["response_id"]),
        _numbers(surveys["source"]),
    )
    sources = by_source.max(initial=-1) + 2
    return np.where(by_id >= 0, by_id + sources, by_source + 1)


def _account_numbers(rows: pd.DataFrame, accounts: pd.DataFrame) -> Ints:
    """The place of each row's account among the accounts."""
    places: Ints = (
        pd.Index(accounts["account_id"])
        .get_indexer(pd.Index(rows["account_id"]))
        .astype(np.int64)
    )
    return places


def _doubles(column: pd.Series) -> Floats:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _table_of(account: Ints, rows: pd.DataFrame, **columns: Array) -> Table:
    occurred_us, known_us = (
        rows[name].to_numpy(dtype=np.int64) for name in ("occurred_us", "known_us")
    )
    return _table(account, occurred_us, known_us, columns)


def _table(account: Ints, occurred_us: Ints, known_us: Ints, columns: Columns) -> Table:
    """Dated rows in order of account and moment, then of the item; a score is whole when its response is."""
    keys = (
        (account, occurred_us, columns["item"])
        if "item" in columns
        else (account, occurred_us)
    )
    if not _in_order(keys):
        order = np.lexsort(keys[::-1])
        account, occurred_us, known_us = (
            account[order],
            occurred_us[order],
            known_us[order],
        )
        columns = {name: values[order] for name, values in columns.items()}
    whole_us = known_us
    if "thread" in columns:
        whole_us = np.maximum(
            known_us,
            completed_us(account, occurred_us, columns["thread"], columns["has_id"]),
        )
    return Table(account, occurred_us, known_us, whole_us, columns)


def _in_order(keys: Sequence[Array]) -> bool:
    """Whether rows are in order of their first key, those that are equal of the next."""
    equal = np.ones(max(len(keys[0]) - 1, 0), dtype=bool)
    for key in keys:
        if (equal & (key[1:] < key[:-1])).any():
            return False
        equal &= key[1:] == key[:-1]
    return True


def _reps(
    count: int, number: Ints, style: Ints, reps: pd.DataFrame
) -> dict[str, Array]:
    """Columns of all reps by their number, those that only interactions name among them."""
    columns = {
        "hired_us": np.full(count, np.nan),
        "left_us": np.full(count, np.nan),
        "style": np.full(count, -1),
    }
    columns["hired_us"][number] = _doubles(reps["hired_us"])
    columns["left_us"][number] = _doubles(reps["left_us"])
    columns["style"][number] = style
    return columns
