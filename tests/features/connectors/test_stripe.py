"""Stripe: what an export of a few rows says, worked out by hand."""

import json
from datetime import UTC, datetime

import pytest
from exports import book_of, rows, write

from features.engine import instant
from features.snapshot.frame import snapshot
from features.themes.dictionary import with_parts

EXPORT = {
    "customer": """
        id,created,name,email,is_deleted
        c1,1704096000,Acme,ann@acme.com,false
        c2,1704096000,,bob@home.org,false
        c3,1704096000,Test,eve@test.org,true
    """,
    "charge": """
        id,customer_id,created,amount,currency,status,invoice_id
        h1,c1,1706745600,1250,eur,succeeded,i1
        h2,c1,1706832000,1250,eur,failed,i2
        h3,c2,1706918400,3000,jpy,succeeded,
        h4,c3,1706918400,1000,eur,succeeded,
        h5,,1706918400,1000,eur,succeeded,
        h6,c2,1707004800,2500,kwd,succeeded,
        h7,c2,1707004800,2500,kwd,pending,
        h8,c3,1706832000,1250,eur,failed,
    """,
    "refund": """
        id,charge_id,created,amount,status
        r1,h1,1707091200,250,succeeded
        r2,h1,1707091200,250,failed
    """,
    "dispute": """
        id,charge_id,created
        d1,h3,1707091200
    """,
    "subscription_history": """
        id,customer_id,created,ended_at,status,cancellation_details_reason,cancellation_details_feedback,_fivetran_active
        s1,c1,2024-01-01 00:00:00,2024-03-01 00:00:00,canceled,cancellation_requested,switched_plan,true
        s1,c1,2024-01-01 00:00:00,,active,,,false
        s2,c1,2024-03-01 12:00:00,2024-06-01 00:00:00,canceled,cancellation_requested,too_expensive,true
        s3,c2,2024-01-01 00:00:00,2024-05-01 00:00:00,canceled,payment_failed,,true
        s4,c2,2024-07-01 00:00:00,2024-07-02 00:00:00,incomplete_expired,,,true
        s5,c3,2024-01-01 00:00:00,2024-05-01 00:00:00,canceled,,,true
    """,
}


@pytest.fixture
def book(tmp_path):
    with book_of(write(tmp_path, EXPORT), "stripe") as book:
        yield book


def test_seconds_since_1970_and_the_smallest_units_of_currencies_are_read(book):
    # 1706745600 is 2024-02-01; an euro has 100 cents, a yen no parts, a dinar 1000 fils
    columns = ("account_id", "occurred_at", "kind", "value", "matter_id")
    assert rows(book, "interactions", *columns) == [
        ("c1", "2024-02-01 00:00", "payment", 12.5, "i1"),
        ("c1", "2024-02-01 00:00", "purchase", 12.5, None),
        ("c1", "2024-02-02 00:00", "payment_failed", None, "i2"),
        ("c1", "2024-02-05 00:00", "cancellation", 2.5, None),
        ("c2", "2024-02-03 00:00", "payment", 3000.0, None),
        ("c2", "2024-02-03 00:00", "purchase", 3000.0, None),
        ("c2", "2024-02-04 00:00", "payment", 2.5, None),
        ("c2", "2024-02-04 00:00", "purchase", 2.5, None),
        ("c2", "2024-02-05 00:00", "complaint", None, "d1"),
    ]
    assert rows(book, "accounts", "account_id", "opened_at") == [
        ("c1", "2024-01-01 08:00"),
        ("c2", "2024-01-01 08:00"),
    ]
    assert rows(book, "labels", "account_id", "name") == [
        ("c1", "Acme"),
        ("c2", "bob@home.org"),
    ]
    assert len(book.quarantine) == 0


def test_who_changes_a_subscription_has_not_left(book):
    columns = ("account_id", "occurred_at", "reason", "overt")
    assert rows(book, "departures", *columns) == [
        ("c1", "2024-06-01 00:00", "too_expensive", True),
        ("c2", "2024-05-01 00:00", "payment", False),
    ]


def test_a_failed_payment_is_open_until_one_succeeds(tmp_path):
    header = "id,customer_id,created,amount,currency,status"
    charges = ["c1,2024-01-15,9,eur,succeeded", "c1,2024-02-01,9,eur,failed"]
    charges.append("c1,2024-02-03,9,eur,succeeded")
    numbered = [f"h{number},{charge}" for number, charge in enumerate(charges)]
    files = {"customer": EXPORT["customer"], "charge": "\n".join([header, *numbered])}
    with book_of(write(tmp_path, files), "stripe") as book:
        dates = [instant(datetime(2024, 2, day, tzinfo=UTC)) for day in (2, 4)]
        wanted = with_parts(("failed_payment_open",), book.dictionary)
        found = snapshot(book, dates, wanted).query("account_id == 'c1'")
    assert found["failed_payment_open"].tolist() == [1.0, 0.0]


def test_each_period_of_a_subscription_is_a_contract_from_when_it_was_seen(tmp_path):
    header = (
        "id,customer_id,created,ended_at,status,current_period_start,current_period_end"
    )
    version = (
        "s1,c1,2024-01-01,,active,2024-0{0}-01,2024-0{1}-01,{2},2024-0{3} 08:00:00"
    )
    lines = [
        f"{header},cancel_at_period_end,_fivetran_start",
        version.format(1, 2, "false", "1-01"),
        version.format(1, 2, "false", "1-20"),  # changed in something else
        version.format(2, 3, "false", "2-01"),
        version.format(2, 3, "true", "2-10"),  # cancelled, and runs on to its end
    ]
    files = EXPORT | {"subscription_history": "\n".join(lines)}
    with book_of(write(tmp_path, files), "stripe") as book:
        columns = ("account_id", "starts_at", "ends_at", "known_at", "auto_renews")
        assert rows(book, "contracts", *columns) == [
            ("c1", "2024-01-01 00:00", "2024-02-01 00:00", "2024-01-01 08:00", True),
            ("c1", "2024-02-01 00:00", "2024-03-01 00:00", "2024-02-01 08:00", True),
            ("c1", "2024-02-01 00:00", "2024-03-01 00:00", "2024-02-10 08:00", False),
        ]


def test_the_streams_of_airbyte_hold_objects(tmp_path):
    streams = {
        "customers": [{"id": "c1", "created": 1704096000, "email": "ann@acme.com"}],
        "charges": [
            {
                "id": "h1",
                "customer": "c1",
                "created": 1706745600,
                "amount": 1250,
                "currency": "eur",
                "status": "failed",
                "invoice": "i1",
            }
        ],
        "subscriptions": [
            {
                "id": "s1",
                "customer": "c1",
                "start_date": 1704096000,
                "ended_at": 1709251200,
                "status": "canceled",
                "cancellation_details": {"reason": "payment_failed", "feedback": None},
            }
        ],
    }
    for name, found in streams.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, found)))
    with book_of(tmp_path, "stripe") as book:
        assert rows(book, "interactions", "occurred_at", "kind", "matter_id") == [
            ("2024-02-01 00:00", "payment_failed", "i1")
        ]
        columns = ("occurred_at", "reason", "overt")
        assert rows(book, "departures", *columns) == [
            ("2024-03-01 00:00", "payment", False)
        ]


def test_what_the_dashboard_exports_is_in_main_units_and_utc(tmp_path):
    files = {
        "customers": "id,Email,Name,Created (UTC)\nc1,ann@acme.com,Acme,2024-01-01 08:00\n",
        "unified_payments": """
            id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Refunded date (UTC),Customer ID,Invoice ID
            h1,2024-02-01 10:00:00,12.50,2.50,eur,Paid,2024-02-03 10:00:00,c1,i1
            h2,2024-02-02 10:00:00,12.50,0.00,eur,Failed,,c1,i2
        """,
        "subscriptions": """
            id,Customer ID,Status,Created (UTC),Start (UTC),Ended At (UTC),Cancellation Reason
            s1,c1,canceled,2024-01-01 08:00,2024-01-01 08:00,2024-03-01 08:00,cancellation_requested
        """,
    }
    zones = {"stripe": "Asia/Tokyo"}  # of times that do not say their own
    with book_of(write(tmp_path, files), "stripe", zones=zones) as book:
        assert rows(book, "interactions", "occurred_at", "kind", "value") == [
            ("2024-02-01 10:00", "payment", 12.5),
            ("2024-02-01 10:00", "purchase", 12.5),
            ("2024-02-02 10:00", "payment_failed", None),
            ("2024-02-03 10:00", "cancellation", 2.5),
        ]
        assert rows(book, "departures", "occurred_at", "overt") == [
            ("2024-03-01 08:00", True)
        ]
