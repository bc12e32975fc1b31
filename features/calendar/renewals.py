"""Renewals: which terms of contracts ended without another one, and when an account signed (docs/adr/0033).

A term *lapsed* where no other of its account, as they were known a grace after its end, reaches further. That is known
at the end of the grace, or when the end itself became known, if that was later. A term without an end, and one that
renews itself, does not lapse, nor does one that was changed by then.

An account *signed* when a term became known that was still to run: another one, or one that was prolonged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.engine import MICROS_PER_DAY
from features.past.terms import changes, in_order_of_contract, open_end
from features.timeline.expression import Columns
from features.timeline.rows import Flags, Floats, Ints, Rows, spread

RENEWAL_GRACE_DAYS = 30
"""For so long after its end a term may still be renewed."""


@dataclass(frozen=True)
class Renewals:
    """What contracts say of who left and who came back.

    Attributes:
        lapsed: of each term that lapsed ``account``, ``occurred_us`` (its end) and ``known_us``.
        signed: of each signing ``account``, ``occurred_us``, ``known_us``, and ``undoes_us``: up to when a departure is
            undone by it.
        known: of each version of a term with an end ``account``, ``starts_us``, ``ends_us``, ``known_us``, and
            ``changed_us``, when another version took its place; missing where none did.
    """

    lapsed: Columns
    signed: Columns
    known: Columns


def renewals(contracts: Rows, grace_days: int, until: int) -> Renewals:
    """Which terms lapsed, what was signed, and what was known of each term when.

    Args:
        contracts: what is known of terms, by account, as `features.past.terms` reads it.
        grace_days: for so long after its end a term may be renewed.
        until: what lapsed is told as far as it was known at this moment, in microseconds since 1970.
    """
    terms = _Terms(in_order_of_contract(contracts))
    lapsed = terms.lapsed(grace_days * MICROS_PER_DAY, until)
    return Renewals(lapsed, terms.signed(), terms.known())


class _Terms:
    """All that was ever known of terms.

    Args:
        rows: of all accounts, see `in_order_of_contract`.
    """

    def __init__(self, rows: Rows) -> None:
        self._account, self._known = rows.history, rows.when
        self._begins, self._ends = rows.columns["starts_us"], rows.columns["ends_us"]
        self._until = open_end(self._ends)
        self._renews = rows.columns["renews"] == 1
        self._changed = changes(rows)
        self._first = self._changed == np.arange(len(rows))
        self._changed_us = np.full(len(rows), np.inf)
        later = np.flatnonzero(~self._first)
        self._changed_us[self._changed[later]] = self._known[later]

    def lapsed(self, grace: int, until: int) -> Columns:
        """The terms that lapsed, as is known at a moment."""
        told = np.fmax(self._ends + grace, self._known)
        may = (self._ends > self._begins) & ~self._renews & (self._changed_us > told)
        asked = np.flatnonzero(may & (told <= until))
        found = asked[~self._renewed(asked, told[asked])]
        return {
            "account": self._account[found],
            "occurred_us": self._ends[found].astype(np.int64),
            "known_us": told[found].astype(np.int64),
        }

    def _renewed(self, asked: Ints, told: Floats) -> Flags:
        """Whether, as was known at a moment, any other term of its account reaches further than each one."""
        renewed = np.zeros(len(asked), dtype=bool)
        for first in range(0, len(asked), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            renewed[some] = self._reached(asked[some], told[some])
        return renewed

    def _reached(self, asked: Ints, told: Floats) -> Flags:
        account = self._account[asked]
        low = np.searchsorted(self._account, account)
        high = np.searchsorted(self._account, account, side="right")
        run, other = spread(low, high - low)
        mine, moment = asked[run], told[run]
        known = (self._known[other] <= moment) & (self._changed_us[other] > moment)
        goes_on = self._renews[other] & (self._begins[other] >= self._begins[mine])
        further = (self._until[other] > self._ends[mine]) | goes_on
        reached = known & further & (other != mine)
        return np.bincount(run[reached], minlength=len(asked)) > 0

    def signed(self) -> Columns:
        """What was signed, whoever it is of."""
        before = self._until[self._changed]
        prolonged = self._until > before
        to_run = (self._until > self._known) & (self._until > self._begins)
        found = np.flatnonzero((self._first | prolonged) & to_run)
        since = np.where(self._first, self._begins, before)[found]
        known = self._known[found]
        return {
            "account": self._account[found],
            "occurred_us": known,
            "known_us": known,
            "undoes_us": np.minimum(since, known - 1).astype(np.int64),
        }

    def known(self) -> Columns:
        """What was known of each term that has an end."""
        found = np.flatnonzero(self._ends > self._begins)
        changed = self._changed_us[found]
        return {
            "account": self._account[found],
            "starts_us": self._begins[found].astype(np.int64),
            "ends_us": self._ends[found].astype(np.int64),
            "known_us": self._known[found],
            "changed_us": np.where(np.isinf(changed), np.nan, changed),
        }


_AT_ONCE = 10_000
"""Terms that are compared with the others of their accounts at a time."""
