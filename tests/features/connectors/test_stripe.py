"""Stripe: what an export of a few rows says, worked out by hand."""

import pytest
from exports import book_of, rows, write

EXPORT = {
    "customer": """
        id,created,name,email,is_deleted
        c1,1704096000,Acme,ann@acme.com,false
        c2,1704096000,,bob@home.org,false
        c3,1704096000,Test,eve@test.org,true
    """,
    "charge": """
        id,customer_id,created,amount,currency,status
        h1,c1,1706745600,1250,eur,succeeded
        h2,c1,1706832000,1250,eur,failed
        h3,c2,1706918400,3000,jpy,succeeded
        h4,c3,1706918400,1000,eur,succeeded
        h5,,1706918400,1000,eur,succeeded
        h6,c2,1707004800,2500,kwd,succeeded
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
        ("c1", "2024-02-01 00:00", "purchase", 12.5, None),
        ("c1", "2024-02-05 00:00", "cancellation", 2.5, None),
        ("c2", "2024-02-03 00:00", "purchase", 3000.0, None),
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
        ("c2", "2024-05-01 00:00", "payment_failed", False),
    ]


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
