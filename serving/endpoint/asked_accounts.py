"""Reading what is asked of stored accounts: their ids, each alone or with what happened since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from features.cleaning.arrays.request import OF_ACCOUNTS
from serving.endpoint.faults import Faults, unfit
from serving.endpoint.json_text import kind_of, parse

MOST_ASKED = 1_000
EVENTS = OF_ACCOUNTS
"""What may have happened since."""

_ACCOUNT = 'an id, or {"account_id": ..., "interactions": [...], "surveys": [...]}'


@dataclass(frozen=True)
class AskedAccount:
    """One account that is asked about.

    Attributes:
        place: where in the request it stands.
        account_id: its id.
        events: rows by table; none of an account that is asked about as it was stored.
    """

    place: str
    account_id: str
    events: Mapping[str, Sequence[object]] = field(default_factory=dict)


@dataclass(frozen=True)
class AskedAccounts:
    """What a body asks about.

    Attributes:
        accounts: each once.
        as_of: the moment to look from, as it was written; None where the last night will do.
        faults: of the others.
    """

    accounts: Sequence[AskedAccount]
    as_of: object
    faults: Faults


def read_asked(body: bytes) -> AskedAccounts:
    """What a body asks about; rows of events are not looked at.

    Raises:
        UnfitError: it is no request, or one of too many accounts.
    """
    asked = parse(body)
    if not isinstance(asked, dict) or not {*asked} <= {"accounts", "as_of"}:
        unfit(
            "body",
            found=kind_of(asked),
            expected="an object with accounts, and as_of where it is not now",
            mend="leave out all else; see /docs",
        )
    listed = asked.get("accounts")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_ASKED:
        found = f"{len(listed):,} of them" if isinstance(listed, list) else None
        unfit(
            "accounts",
            found=found or kind_of(listed),
            expected=f"a list of 1 to {MOST_ASKED:,} accounts",
            mend="send some, and not too many a request",
        )
    faults, accounts = Faults(most=MOST_ASKED + 1), dict[str, AskedAccount]()
    for number, item in enumerate(listed):
        account = _account(item, f"accounts[{number}]", faults)
        if account is None:
            continue
        if account.account_id in accounts:
            faults.add(
                account.place,
                found="one that stands before it too",
                expected="each of them once",
                mend="leave it out",
            )
        accounts.setdefault(account.account_id, account)
    return AskedAccounts(list(accounts.values()), asked.get("as_of"), faults)


def _account(item: object, place: str, faults: Faults) -> AskedAccount | None:
    given = item if isinstance(item, dict) else {"account_id": item}
    name = given.get("account_id")
    known = {*given} <= {"account_id", *EVENTS}
    if not known or not isinstance(name, str) or not name.strip():
        found = kind_of(item) if known else "an object of other fields"
        faults.add(place, found=found, expected=_ACCOUNT, mend="write it so; see /docs")
        return None
    events = {}
    for table in EVENTS:
        rows = _rows(given.get(table))
        if rows is None:
            faults.add(
                f"{place}.{table}",
                found=kind_of(given[table]),
                expected="a list of rows, or an object of columns of one length",
                mend="see /docs",
            )
            return None
        if rows:
            events[table] = rows
    return AskedAccount(place, name.strip(), events)


def _rows(given: object) -> list[object] | None:
    """Rows, which may be written by column; None of what is neither."""
    if given is None or isinstance(given, list):
        return given or []
    lists = [*given.values()] if isinstance(given, dict) else []
    lengths = {len(values) if isinstance(values, list) else None for values in lists}
    if not isinstance(given, dict) or len(lengths) != 1 or None in lengths:
        return None
    return [
        dict(zip(given, values, strict=True)) for values in zip(*lists, strict=True)
    ]
