"""What happened since the night: the stored history of accounts and what a request adds, as one request to score."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from serving.endpoint.asked_accounts import EVENTS, AskedAccount
from serving.endpoint.faults import Fault, unfit
from serving.endpoint.limits import MOST_ROWS_IN_ALL
from serving.endpoint.stored_night import Row, StoredNight

Rows = list[dict[str, Any]]


def request_of(
    night: StoredNight,
    asked: Sequence[AskedAccount],
    as_of: object,
    facts: Collection[str],
) -> dict[str, object]:
    """What a request holds that scores accounts by their stored histories and what happened since, which comes first.

    Args:
        night: with histories, in which all these accounts are.
        asked: the accounts, with their events.
        as_of: the moment to look from, as it was written; now where that is None.
        facts: that the models read.

    Raises:
        UnfitError: the histories have more rows than a request may.
    """
    ids = [account.account_id for account in asked]
    opened = {row["account_id"]: row for row in _told(night.history("accounts", ids))}
    stored = {table: _by_account(_history(night, table, ids)) for table in EVENTS}
    accounts = []
    for account in asked:
        row = opened[account.account_id]
        mine = {name: row[name] for name in ("account_id", "opened_at")}
        mine["facts"] = {fact: row.get(fact) for fact in facts}
        for table in EVENTS:
            since = [*account.events.get(table, ())]
            mine[table] = since + stored[table].get(account.account_id, [])
        accounts.append(mine)
    served = _texts(row.get("rep_id") for mine in accounts for row in _dealings(mine))
    return {
        "as_of": as_of or datetime.now(UTC).isoformat(),
        "accounts": accounts,
        "reps": _told(night.history("reps", served)),
        "markets": _told(night.history("markets", _texts(_markets(opened.values())))),
    }


def fault_of(fault: Fault, asked: Sequence[AskedAccount]) -> Fault:
    """A fault of a request of `request_of`, by its place in what was asked."""
    found = _PLACE.fullmatch(fault.place)
    if found is None:
        return fault
    account = asked[int(found["account"])]
    if found["row"] is not None:
        added = len(account.events.get(found["table"], ()))
        if int(found["row"]) >= added:
            said = f"in its stored history, {fault.found}"
            return fault.model_copy(update={"place": account.place, "found": said})
    return fault.model_copy(update={"place": account.place + found["rest"]})


_PLACE = re.compile(
    r"accounts\[(?P<account>\d+)\]"
    rf"(?P<rest>(\.(?P<table>{'|'.join(EVENTS)})\[(?P<row>\d+)\])?.*)"
)


def _history(night: StoredNight, table: str, ids: Sequence[str]) -> list[Row]:
    rows = night.count(table, ids)
    if rows > MOST_ROWS_IN_ALL:
        unfit(
            "accounts",
            found=f"{rows:,} rows of {table} in their stored histories",
            expected=f"at most {MOST_ROWS_IN_ALL:,}",
            mend="ask for fewer accounts a request",
        )
    return night.history(table, ids)


def _by_account(rows: Iterable[Row]) -> dict[str, Rows]:
    """What is known of each row, by account."""
    mine: dict[str, Rows] = {}
    for row in _told(rows):
        mine.setdefault(row.pop("account_id"), []).append(row)
    return mine


def _told(rows: Iterable[Row]) -> Rows:
    """Rows as JSON holds them, without what is missing."""
    return [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in row.items()
            if value is not None
        }
        for row in rows
    ]


def _dealings(account: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in account["interactions"] if isinstance(row, dict)]


def _markets(accounts: Iterable[Row]) -> list[object]:
    return [account.get("market") for account in accounts]


def _texts(values: Iterable[object]) -> list[str]:
    return sorted({value for value in values if isinstance(value, str)})
