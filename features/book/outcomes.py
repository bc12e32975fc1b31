"""What came of lists: who rests, and the last outcome of each account, as far as was known by a moment."""

from __future__ import annotations

from dataclasses import dataclass

from features.book.opened import Opened
from features.vocabulary.vocabularies import SNOOZED

_NEWEST = """
    select account_id, occurred_us, outcome, note, said_by, list_us, until_us
    from (
        select
            *,
            row_number() over (
                partition by account_id
                order by occurred_us desc, known_us desc, outcome, note
            ) as place
        from outcomes
        where {which}
    ) as ordered
    where place = 1"""


@dataclass(frozen=True)
class Outcome:
    """What came of an account on a list; moments are in microseconds since 1970.

    Attributes:
        account_id: whose.
        occurred_us: when.
        outcome: one of `features.vocabulary.vocabularies.OUTCOMES`, or a word of the book's own.
        note: in words; None without one.
        said_by: who recorded it; None where that is not told.
        list_us: the date of the list that it is of; None where that is not told.
        until_us: until when the account is left in peace; None where it is not.
    """

    account_id: str
    occurred_us: int
    outcome: str
    note: str | None = None
    said_by: str | None = None
    list_us: int | None = None
    until_us: int | None = None


def last_outcomes(book: Opened, known_by: int | None = None) -> dict[str, Outcome]:
    """The last outcome of each account that has any.

    Args:
        book: an opened book.
        known_by: what became known later does not count, in microseconds since 1970; all does where left out.
    """
    rows = book.ask(_NEWEST.format(which=_known(known_by)))
    return {outcome.account_id: outcome for outcome in (Outcome(*row) for row in rows)}


def resting(book: Opened, as_of: int, known_by: int | None = None) -> frozenset[str]:
    """The accounts that are left in peace at a date: the last of their outcomes that is snoozed says until when.

    Args:
        book: an opened book.
        as_of: of the list, in microseconds since 1970; an account is on the list of the day until which it rests.
        known_by: as for `last_outcomes`.
    """
    return frozenset(account for (account,) in book.ask(resting_sql(as_of, known_by)))


def resting_sql(as_of: int, known_by: int | None = None) -> str:
    """As `resting`, as SQL over the clean ``outcomes`` that gives each ``account_id``."""
    which = f"outcome = '{SNOOZED}' and {_known(known_by)}"
    newest = _NEWEST.format(which=which)
    return f"select account_id from ({newest}) as newest where until_us > {as_of}"


def _known(known_by: int | None) -> str:
    return "true" if known_by is None else f"known_us <= {known_by}"
