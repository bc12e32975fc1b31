"""What happened with the accounts on the page, as known by the night: contacts, other rows, answers, signs of life."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Any

import pandas as pd

from features.book.book import Book
from features.engine import day_of
from features.vocabulary.kinds import KINDS
from serving.night.tonight.past import DAY_US

CONTACTS = (
    *("question", "request", "complaint", "compliment", "referral", "reply", "reopen"),
    *("unmet_request", "answer", "resolution", "request_declined", "option_offered"),
    *("apology", "delay_notice", "promise_made", "outreach", "surprise", "handover"),
    "list_contact",
)
"""Kinds in which a person of one side speaks to one of the other."""
ROUTINE = ("use", "visit", "delivery", "survey_sent")
"""Kinds that come so often that they are counted by week and not told one by one."""

ROWS, ANSWERS, WEEKS = 25, 20, 26
"""Of an account: its newest rows, its newest answers, the weeks in which signs of life are counted."""

By = dict[str, list[list[Any]]]
"""Rows by account, the newest first, each a list of values."""

_INTERACTIONS = """
    select account_id::varchar as account_id, occurred_us, kind::varchar as kind, rep_id::varchar as rep_id,
        channel::varchar as channel, value, minutes
    from interactions
    where account_id::varchar in (select unnest($1::varchar[]))
        and known_us <= $2 and occurred_us <= $2 and {which}
    qualify row_number() over (partition by account_id order by occurred_us desc, kind) <= {most}
    order by account_id, occurred_us desc, kind"""

_ANSWERS = """
    select account_id::varchar as account_id, occurred_us, item::varchar as item, score
    from surveys
    where account_id::varchar in (select unnest($1::varchar[])) and known_us <= $2 and occurred_us <= $2
    qualify row_number() over (partition by account_id order by occurred_us desc, item) <= {most}
    order by account_id, occurred_us desc, item"""

_SIGNS = """
    select account_id::varchar as account_id, (($2 - occurred_us - 1) // {week}) as week, count(*) as signs
    from interactions
    where account_id::varchar in (select unnest($1::varchar[])) and sign_of_life
        and known_us <= $2 and occurred_us < $2 and occurred_us >= $2 - {weeks} * {week}
    group by all"""


def interactions(book: Book, as_of: int, accounts: Collection[str]) -> By:
    """The newest rows of each account that are no routine: day, kind, whether by us, rep, channel, value."""
    which = f"kind::varchar not in {ROUTINE}"
    return _told(book, _INTERACTIONS.format(which=which, most=ROWS), as_of, accounts)


def last_contacts(book: Book, as_of: int, accounts: Collection[str]) -> By:
    """The last time that we spoke with each account, or it with us, if ever: one row, as of `interactions`."""
    which = f"kind::varchar in {CONTACTS}"
    return _told(book, _INTERACTIONS.format(which=which, most=1), as_of, accounts)


def answers(book: Book, as_of: int, accounts: Collection[str]) -> By:
    """The newest answers of each account: day, item, score from 0 to 10."""
    found = _asked(book, _ANSWERS.format(most=ANSWERS), as_of, accounts)
    told: By = {}
    for row in found:
        told.setdefault(row["account_id"], []).append(
            [
                str(day_of(row["occurred_us"])),
                _plain(row["item"]),
                round(row["score"], 1),
            ]
        )
    return told


def signs_of_life(
    book: Book, as_of: int, accounts: Collection[str]
) -> dict[str, list[int]]:
    """How many signs of life each account gave in each of the last weeks, the newest last."""
    query = _SIGNS.format(week=7 * DAY_US, weeks=WEEKS)
    told = {account: [0] * WEEKS for account in accounts}
    for row in _asked(book, query, as_of, accounts):
        told[row["account_id"]][WEEKS - 1 - int(row["week"])] = int(row["signs"])
    return told


def _told(book: Book, query: str, as_of: int, accounts: Collection[str]) -> By:
    told: By = {}
    for row in _asked(book, query, as_of, accounts):
        name = book.words.named(row["kind"])
        own = {kind.name: kind.actor for kind in book.words.kinds}
        actor = KINDS[name].actor if name in KINDS else own.get(name)
        told.setdefault(row["account_id"], []).append(
            [
                str(day_of(row["occurred_us"])),
                _plain(name),
                int(actor == "us"),
                row["rep_id"],
                row["channel"],
                row["value"],
            ]
        )
    return told


def _asked(
    book: Book, query: str, as_of: int, accounts: Collection[str]
) -> list[dict[Hashable, Any]]:
    found = book.connection.execute(query, [[*accounts], as_of]).df()
    return found.astype(object).where(pd.notna(found), None).to_dict("records")


def _plain(name: str) -> str:
    return name.replace("_", " ")
