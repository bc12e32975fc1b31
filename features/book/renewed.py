"""What contracts say of who left and who came back: lapsed terms among the departures, and the table ``signed``."""

from __future__ import annotations

import duckdb
import pandas as pd

from features import engine
from features.calendar.renewals import renewals
from features.past.ledger import CONTRACTS
from features.timeline.expression import Columns
from features.timeline.rows import Rows

_ACCOUNTS_AT_ONCE = 100_000

_SIGNED = """
    create table signed (
        account_id varchar,
        occurred_us bigint,
        known_us bigint,
        undoes_us bigint
    )"""

_TERMS_KNOWN = """
    create table terms_known (
        account_id varchar,
        starts_us bigint,
        ends_us bigint,
        known_us bigint,
        changed_us bigint
    )"""

_ADD_LAPSED = """
    insert into departures by name
    select account_id, occurred_us, known_us, true as lapsed
    from lapsed join numbered_accounts on number = account"""

_ADD_SIGNED = """
    insert into signed
    select account_id, occurred_us, known_us, undoes_us
    from signings join numbered_accounts on number = account"""

_ADD_KNOWN = """
    insert into terms_known
    select account_id, starts_us, ends_us, known_us, changed_us
    from terms join numbered_accounts on number = account"""


def load_renewals(
    connection: duckdb.DuckDBPyConnection, grace_days: int, until: int
) -> int:
    """Adds terms that lapsed to the departures, and makes ``signed`` and ``terms_known``.

    What they are is in `features.calendar.renewals`.

    Args:
        connection: holds the clean tables.
        grace_days: for so long after its end a term may be renewed.
        until: the end of the data, in microseconds since 1970.

    Returns:
        How many terms lapsed.
    """
    connection.execute(_SIGNED)
    connection.execute(_TERMS_KNOWN)
    accounts = engine.single(connection, "select count(*) from numbered_accounts")
    for first in range(0, accounts, _ACCOUNTS_AT_ONCE):
        contracts = _contracts(connection, first)
        told = renewals(contracts, grace_days, until)
        _add(connection, "lapsed", _ADD_LAPSED, told.lapsed, first)
        _add(connection, "signings", _ADD_SIGNED, told.signed, first)
        _add(connection, "terms", _ADD_KNOWN, told.known, first)
    lapses = "select count(*) from departures where lapsed"
    return int(engine.single(connection, lapses))


def _contracts(connection: duckdb.DuckDBPyConnection, first: int) -> Rows:
    numbers = [first, first + _ACCOUNTS_AT_ONCE]
    found = connection.sql(CONTRACTS, params=numbers).to_arrow_table()
    columns = {name: found[name].to_numpy() for name in found.column_names}
    account, known_us = columns.pop("account"), columns.pop("known_us")
    return Rows(account, known_us, columns, _ACCOUNTS_AT_ONCE)


def _add(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    statement: str,
    rows: Columns,
    first: int,
) -> None:
    frame = pd.DataFrame({**rows, "account": rows["account"] + first})
    connection.register(name, frame)
    connection.execute(statement)
    connection.unregister(name)
