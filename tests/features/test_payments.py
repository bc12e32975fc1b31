"""Payments, worked out by hand: what was paid, what failed, and for how long at least something is owed."""

import pytest
from histories import ago, measured_row, unknown

DAY = 1440.0
"""Minutes."""


def row(days, kind, invoice=None, **rest):
    """What happened to account a so many days before the as-of date."""
    told = {"account_id": "a", "occurred_at": ago(days), "kind": kind}
    return told | {"matter_id": invoice} | rest


def sent(days, invoice, due_in):
    return row(days, "invoice_sent", invoice, minutes=due_in * DAY)


@pytest.fixture
def measured(make_book):
    def measure(*rows):
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": ago(2000)}],
            interactions=[row(500, "visit"), *rows],
        )
        themes = ("payments", "indifference", "voice")
        return measured_row(book, *themes)

    return measure


def test_payments_and_failures_are_counted(measured):
    found = measured(
        row(400, "payment"),
        row(100, "payment"),
        row(50, "payment_failed"),
        row(30, "payment"),
        row(10, "payment", known_at=ago(-1)),
    )
    assert (found["payments_90d"], found["payments_365d"]) == (1, 2)
    assert found["days_since_payment"] == 30
    assert (found["payment_failures_90d"], found["payment_failures_365d"]) == (1, 1)
    assert found["days_since_payment_failed"] == 50
    assert found["failed_payment_open"] == 0


@pytest.mark.parametrize(
    ("rows", "is_open"),
    [
        ([row(50, "payment_failed")], 1),
        ([row(50, "payment_failed"), row(50, "payment")], 0),
        ([row(60, "payment"), row(50, "payment_failed")], 1),
        ([row(50, "payment_failed"), row(5, "payment"), row(3, "payment_failed")], 1),
        ([row(50, "payment_failed"), row(5, "payment", known_at=ago(-1))], 1),
    ],
)
def test_a_failed_payment_is_open_until_one_follows(measured, rows, is_open):
    assert measured(*rows)["failed_payment_open"] == is_open


def test_where_no_payment_ever_failed_none_is_open(measured):
    assert unknown(measured(row(5, "payment")), "failed_payment_open")


def test_invoices_in_time_late_and_not_paid(measured):
    found = measured(
        *(sent(100, "in time", 30), row(80, "payment", "in time")),
        *(sent(90, "late", 30), row(50, "payment", "late")),  # 10 days late
        sent(60, "owed", 20),  # 40 days so far
        sent(10, "not due", 30),
    )
    assert found["late_share_365d"] == pytest.approx(2 / 3)
    assert found["mean_days_late_365d"] == pytest.approx((0 + 10 + 40) / 3)
    assert found["invoices_past_due"] == 1
    assert found["longest_past_due"] == 40


def test_what_is_noted_as_late_is_late_since_then_at_least(measured):
    found = measured(row(20, "payment_late", "i"))
    assert found["longest_past_due"] == 20
    assert found["late_share_365d"] == 1
    noted = measured(row(20, "payment_late", "i", minutes=5 * DAY))
    assert noted["longest_past_due"] == 25


def test_the_date_and_the_note_tell_the_earlier_beginning(measured):
    found = measured(sent(60, "i", 20), row(10, "payment_late", "i"))
    assert found["longest_past_due"] == 40


def test_paid_when_it_was_due_is_in_time(measured):
    found = measured(sent(60, "i", 20), row(40, "payment", "i"))
    assert found["late_share_365d"] == 0
    assert found["invoices_past_due"] == 0
    assert unknown(found, "longest_past_due")


def test_what_is_paid_later_is_owed_until_then(measured):
    found = measured(sent(60, "i", 20), row(10, "payment", "i", known_at=ago(-1)))
    assert found["invoices_past_due"] == 1
    assert found["longest_past_due"] == 40


def test_an_invoice_of_which_no_date_is_known_is_neither(measured):
    found = measured(row(60, "invoice_sent", "i"), row(30, "payment", "i"))
    assert unknown(found, "late_share_365d", "mean_days_late_365d")
    assert found["invoices_past_due"] == 0


def test_a_payment_is_no_sign_of_life_and_no_word(measured):
    found = measured(sent(60, "i", 20), row(3, "payment", "i"))
    assert found["days_silent"] == 500
    assert unknown(found, "longest_exchange_90d")
