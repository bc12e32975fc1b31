"""Reading a request: from the bytes of a body to the tables of its accounts, each fault with its place.

Lists are counted before their rows are looked at. A field that is null, empty or blank is missing. An account with a
fault is left out, and the others are read all the same, unless the request asks for all or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from features.cleaning.arrays.request import (
    OF_ACCOUNTS,
    SHARED,
    Request,
    repeated,
)
from features.cleaning.arrays.typed import Typed, typed
from features.cleaning.arrays.values import UnfitValueError, missing, reader
from features.cleaning.repeats import KEYS
from features.vocabulary.contract import Column
from features.vocabulary.names import UnknownNames
from features.vocabulary.own import NONE, OwnWords
from serving.endpoint.faults import Faults, UnfitError, unfit
from serving.endpoint.flawed import note_flaws, note_repeated
from serving.endpoint.gathering import Gathered
from serving.endpoint.invalid import told
from serving.endpoint.json_text import kind_of, parse
from serving.endpoint.limits import MOST_ACCOUNTS, MOST_ROWS_IN_ALL
from serving.endpoint.objects import note_no_object, note_unknown
from serving.endpoint.sent_accounts import SentAccounts
from serving.endpoint.tables import gather, rows_in

_FIELDS = ("as_of", "accounts", *SHARED, "all_or_nothing")
_AS_OF = Column("as_of", "time", required=True)
_ACCOUNTS = Column("accounts", "text", required=True)
_ALL_OR_NOTHING = Column("all_or_nothing", "flag")


@dataclass(frozen=True)
class Read:
    """What a body held.

    Attributes:
        as_of: in microseconds since 1970.
        request: the accounts without faults, with the facts that the models read, and no others.
        faults: of the other accounts.
        unknown: the names of facts that no model reads.
    """

    as_of: int
    request: Request
    faults: Faults
    unknown: tuple[UnknownNames, ...]


def read_request(body: bytes, facts: Mapping[str, str], words: OwnWords = NONE) -> Read:
    """The request that a body holds.

    Args:
        body: JSON.
        facts: the facts that the models read, each ``"number"`` or ``"text"``.
        words: kinds and items of one's own that the models know.

    Raises:
        UnfitError: no account can be answered, or one cannot and the request asks for all or nothing, or what is not
            of an account has faults; these have places such as ``accounts[1].surveys[6].score``.
    """
    return read_parsed(parse(body), facts, words)


def read_parsed(
    found: object, facts: Mapping[str, str], words: OwnWords = NONE
) -> Read:
    """As `read_request`, of what the JSON holds, see `serving.endpoint.json_text.parse`."""
    faults = Faults()
    if not isinstance(found, dict):
        note_no_object(faults, found, "")
        raise UnfitError(faults)
    if found.keys() - set(_FIELDS):
        note_unknown(faults, found, _FIELDS, "")
    as_of = _value(_AS_OF, found, faults)
    strict = _value(_ALL_OR_NOTHING, found, faults)
    sent = _accounts(found, faults)
    _require_few(found, sent)
    shared = {table: _shared(table, found.get(table), faults) for table in SHARED}
    faults.settle()
    assert isinstance(as_of, int)
    accounts = SentAccounts(sent, facts, words)
    request, of_accounts = accounts.read(as_of, shared)
    if of_accounts.count and (strict or not len(request.tables["accounts"])):
        raise UnfitError(of_accounts)
    return Read(as_of, request, of_accounts, accounts.unknown_facts())


def _value(column: Column, found: Mapping[str, object], faults: Faults) -> object:
    """A value of the request itself; None where it is missing or has a fault, which is noted."""
    value = found.get(column.name)
    if missing(value) and not column.required:
        return None
    try:
        return reader(column)(value)
    except UnfitValueError as error:
        faults.add(column.name, **told(column, value, str(error)))
        return None


def _accounts(found: Mapping[str, object], faults: Faults) -> list[object]:
    """The accounts as they were sent; none where that is a fault, which is noted."""
    sent = found.get("accounts")
    most = f"at most {MOST_ACCOUNTS:,}"
    if missing(sent):
        faults.add("accounts", **told(_ACCOUNTS, sent, ""))
    elif not isinstance(sent, list):
        said = kind_of(sent)
        faults.add("accounts", found=said, expected="a list", mend="write it as [...]")
    elif not sent:
        faults.add(
            "accounts", found="a list", expected="at least 1 of them", mend="add one"
        )
    elif len(sent) > MOST_ACCOUNTS:
        said = f"{len(sent):,} of them"
        mend = "send fewer a request"
        faults.add("accounts", found=said, expected=most, mend=mend)
    else:
        return sent
    return []


def _require_few(found: Mapping[str, object], accounts: list[object]) -> None:
    """Refuses a request of too many rows before any is looked at."""
    tables = [found.get(table) for table in SHARED]
    for account in accounts:
        if isinstance(account, dict):
            tables += [account.get(table) for table in OF_ACCOUNTS]
    if len(accounts) + sum(map(rows_in, tables)) > MOST_ROWS_IN_ALL:
        unfit(
            "body",
            found="more rows",
            expected=f"at most {MOST_ROWS_IN_ALL:,} rows of all kinds in a request",
            mend="send fewer accounts a request",
        )


def _shared(table: str, found: object, faults: Faults) -> Typed:
    """A table that all accounts share; what is wrong with it is noted."""
    gathered = Gathered(table)
    if not missing(found):
        gather(gathered, found, table, faults)
    rows = typed(table, gathered.values, len(gathered))
    note_flaws(faults, gathered, rows.flaws)
    if table in KEYS:
        key = KEYS[table]
        for place in repeated(rows.columns[key]):
            note_repeated(faults, gathered.place(place, key))
    return rows
