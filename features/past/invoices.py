"""Invoices: what became of each, as far as it was known at a date.

The rows of one account with one ``matter_id`` that speak of money owed are an invoice: sent, paid, failed to be paid,
noted as late. It is past due since its date, or since ``payment_late`` said so, less how late that said it was. Of an
invoice that is not paid yet the days past due are a lower bound: it will be later still.
"""

from __future__ import annotations

import numpy as np

from features.past.measure import kind
from features.past.moments import Moments
from features.past.row_sources import days_before
from features.timeline.expression import of
from features.timeline.histories import Histories, Past, Source
from features.timeline.rows import Floats
from features.timeline.things import ThingRows, Things, group
from features.vocabulary.kinds import OF_PAYMENTS

_MICROS_PER_MINUTE = 60e6


def _invoice_rows(histories: Histories) -> ThingRows:
    """A row for each moment of each invoice, with the state that it is in from then on."""
    of_invoices = (of.matter >= 0) & kind(*OF_PAYMENTS)
    columns = ("kind_code", "minutes")
    rows = group(histories.interactions, of_invoices, "matter", columns)
    invoice = Moments(rows.rows, rows.rows.history)
    minutes = _MICROS_PER_MINUTE * invoice.largest_of_rows(
        "minutes", kind("invoice_sent")
    )
    states = {
        "due_us": invoice.largest(invoice.when + minutes),
        "late_since_us": -invoice.largest(-_late_since(invoice)),
        "paid_us": invoice.first(invoice.flagged(kind("payment"))),
    }
    return invoice.things(states, owner=rows.owner)


def _late_since(invoice: Moments) -> Floats:
    """Since when each moment says that the invoice was late; missing where it does not."""
    noted = invoice.flagged(kind("payment_late"))
    minutes = invoice.largest_of_rows("minutes", kind("payment_late"))
    since = invoice.when - _MICROS_PER_MINUTE * np.nan_to_num(minutes)
    return np.where(noted, since, np.nan)


def _invoices(past: Past) -> Things:
    state, pair = past.histories.once(_invoice_rows).states(past.edges)
    as_of = past.as_of[pair]
    paid = ~np.isnan(state["paid_us"])
    settled_us = np.where(paid, state["paid_us"], as_of)
    due_us = np.fmin(state["due_us"], state["late_since_us"])
    days_late = np.maximum(days_before(settled_us, due_us), 0.0)
    told = ~np.isnan(due_us) & (paid | (due_us < as_of))
    columns = {
        "age": days_before(as_of, due_us),
        "told": told,
        "paid": paid,
        "late": told & (days_late > 0),
        "days_late": np.where(told, days_late, np.nan),
    }
    return Things(pair, columns, len(past.edges))


INVOICE = Source("invoice", _invoices)
"""A row per invoice: ``age`` in days since it was due, ``days_late`` until it was paid, or so far.

``told`` is whether it is known to be in time or late: it is paid or past due, and its date is known.
"""
