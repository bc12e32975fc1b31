"""The table of contracts: terms as they were agreed, and what became known of them later."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from company.arrays import Flags, Floats, Ints, select
from company.calendar import DAY
from company.diary.absence import away
from company.diary.pen import Pen
from company.tables.columns import TIME, names, words
from company.tables.departures import Departures
from company.traits import PLANS

SEAT_PRICES = (120.0, 240.0, 400.0)
"""Of a seat for a year, by plan."""
LATE_DAYS = 25.0
"""The longest that signing takes after the end of a term."""


@dataclass
class Terms:
    """Rows of the table; one element each.

    Attributes:
        account, week: of whom, and in which week it came about.
        starts, ends, known: instants.
        worth: value per year.
        ended: whether the row says that the term renews itself no more.
    """

    account: Ints
    week: Ints
    starts: Ints
    ends: Ints
    known: Ints
    worth: Floats
    ended: Flags


def contracts_table(pen: Pen, left: Departures, ids: pa.Array) -> pa.Table:
    """All that was known of terms before the data stops."""
    parts = [first_terms(pen), next_terms(pen), notices(pen), *broken_off(pen, left)]
    whole = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Terms)
    }
    terms = Terms(**whole)
    account, plan = terms.account, pen.traits.plan[terms.account]
    seats = np.maximum(1, np.round(terms.worth / np.array(SEAT_PRICES)[plan]))
    renews = (pen.traits.notice_weeks[account] > 0) & ~terms.ended
    # A contract that follows a departure is another one.
    number = np.cumsum(pen.weeks.begins, axis=0)[terms.week, account]
    table = pa.table(
        {
            "account_id": ids.take(pa.array(account)),
            "contract_id": names("C", (pen.first_account + account) * 100 + number, 0),
            "starts_at": pa.array(terms.starts, TIME),
            "ends_at": pa.array(terms.ends, TIME),
            "known_at": pa.array(terms.known, TIME),
            "value": pa.array(terms.worth),
            "plan": words(plan, PLANS),
            "seats": pa.array(seats),
            "auto_renews": pa.array(renews),
        }
    )
    told = terms.known < pen.calendar.stop
    order = np.flatnonzero(told)[np.argsort(terms.known[told], kind="stable")]
    return table.take(pa.array(order))


def first_terms(pen: Pen) -> Terms:
    """The terms that ran when the records began, or with which an account came or came back."""
    week, account = np.nonzero(pen.weeks.begins)
    starts, ends = running(pen, week, account)
    return _terms(account, week, starts, ends, starts, pen.weeks.worth[week, account])


def next_terms(pen: Pen) -> Terms:
    """Terms that follow one another, known when they were agreed or renewed themselves."""
    w = pen.weeks
    week, account = np.nonzero(w.signs)
    _, starts = running(pen, week, account)
    ends = starts + 7 * DAY * pen.traits.term_weeks[account]
    known = np.where(
        w.ends[week, account],
        signed_at_end(pen, week, account, starts),
        pen.at(week, pen.business_days(len(week))),
    )
    terms = _terms(account, week, starts, ends, known, w.offer[week, account])
    return select(terms, np.flatnonzero(~away(pen, account, known)))


def signed_at_end(pen: Pen, week: Ints, account: Ints, ends: Ints) -> Ints:
    """When those signed who left it to the last week: the cool often later than the end of the term."""
    w, draw = pen.weeks, pen.rng.random((2, len(week)))
    late = draw[0] < 0.25 * np.exp(-0.5 * w.warmth[week, account])
    last = len(w.leaves) - 1
    soon = [w.leaves[np.minimum(week + ahead, last), account] for ahead in range(1, 5)]
    late &= ~np.any(soon, axis=0)
    in_week = -draw[1] * pen.traits.term_day[account]
    return pen.later(ends, np.where(late, LATE_DAYS * draw[1], in_week))


def notices(pen: Pen) -> Terms:
    """Terms that were said not to renew themselves any more."""
    week, account = np.nonzero(pen.weeks.notice)
    starts, ends = running(pen, week, account)
    known = pen.at(week, pen.business_days(len(week)))
    worth = pen.weeks.worth[week, account]
    terms = _terms(account, week, starts, ends, known, worth, ended=True)
    return select(terms, np.flatnonzero(~away(pen, account, known)))


def broken_off(pen: Pen, left: Departures) -> list[Terms]:
    """Terms cut short, and signed ones that never began, of accounts that left before the end of a term."""
    w, traits = pen.weeks, pen.traits
    week, account = left.week, left.account
    starts, ends = running(pen, week, account)
    told = w.going[week, account] | (traits.notice_weeks[account] == 0)
    ran_out = w.ends[week, account] & told
    cut = traits.held[account] & ~ran_out
    ahead = traits.held[account] & w.signed[week, account]
    worth, offer = w.worth[week, account], w.offer[week, account]
    current = _terms(account, week, starts, left.time, left.known, worth, ended=True)
    never = _terms(account, week, ends, ends, left.known, offer, ended=True)
    return [select(current, np.flatnonzero(cut)), select(never, np.flatnonzero(ahead))]


def running(pen: Pen, week: Ints, account: Ints) -> tuple[Ints, Ints]:
    """From when to when the term runs that is the account's in a week."""
    end_week = pen.weeks.term_end[week, account]
    ends = pen.at(end_week, pen.traits.term_day[account])
    return ends - 7 * DAY * pen.traits.term_weeks[account], ends


def _terms(
    account: Ints,
    week: Ints,
    starts: Ints,
    ends: Ints,
    known: Ints,
    worth: Floats,
    *,
    ended: bool = False,
) -> Terms:
    return Terms(
        account, week, starts, ends, known, worth, np.full(len(account), ended)
    )
