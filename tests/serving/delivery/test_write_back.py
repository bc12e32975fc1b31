"""What systems are told of accounts, and what they have in the end."""

import os
import random

import pytest
from editions import edition
from vendors import FAULTS

from serving.delivery.fields import contents, told
from serving.delivery.ledger import open_ledger
from serving.delivery.write_back import OLDER, write_back

KINDS = ("salesforce", "hubspot", "zendesk")
MANY = int(os.environ.get("PINCH_DELIVERIES", "100"))
"""Nights of the long test: 1,000 for the figure in docs/delivery.md."""
FIELDS = {"risk": "risk_90d", "act": "action", "seen": "as_of"}


def as_had(vendor, fields):
    """What a vendor has, as all of them would write it."""
    return {
        name: None if value in (None, "") else str(value)
        for name, value in fields.items()
    }


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def deliver(kind, declared, vendors, web, tmp_path):
    """Tells the vendor of a night."""
    destination = declared(kind, fields=FIELDS)
    if kind == "zendesk":  # which makes no organization
        vendors.has[kind] = {account: {} for account in "abcdefgh"}

    def act(night, dry=False):
        return write_back(night, destination, tmp_path, web, dry)

    act.destination, act.has = destination, vendors.has[kind]
    return act


def test_all_accounts_are_told_once(deliver, vendors):
    report = deliver(edition({"a": 0.12345, "b": None}))
    assert (report.new, report.changed, report.delivered, report.whole) == (
        2,
        0,
        2,
        True,
    )
    had = {account: as_had(None, deliver.has[account]) for account in "ab"}
    assert had == {
        "a": {"risk": "0.1235", "act": "Call them.", "seen": "2026-11-21"},
        "b": {"risk": None, "act": "Call them.", "seen": "2026-11-21"},
    }
    vendors.requests.clear()
    again = deliver(edition({"a": 0.12345, "b": None}))
    assert (again.new, again.changed, again.delivered) == (0, 0, 0)


def test_only_what_changed_is_told_and_the_date_alone_is_no_change(deliver):
    deliver(edition({"a": 0.1, "b": 0.2}))
    report = deliver(edition({"a": 0.1, "b": 0.3}, day=1))
    assert (report.new, report.changed, report.delivered) == (0, 1, 1)
    assert as_had(None, deliver.has["a"])["seen"] == "2026-11-21"
    assert as_had(None, deliver.has["b"]) == {
        "risk": "0.3",
        "act": "Call them.",
        "seen": "2026-11-22",
    }


def test_an_account_that_left_is_blank_and_forgotten(deliver, tmp_path):
    deliver(edition({"a": 0.1, "b": 0.2}))
    report = deliver(edition({"a": 0.1}, day=1))
    assert (report.blank, report.delivered, report.whole) == (1, 1, True)
    assert set(as_had(None, deliver.has["b"]).values()) == {None}
    kept = open_ledger(tmp_path, deliver.destination.title, deliver.destination.address)
    assert list(kept.rows.index) == ["a"]


def test_an_older_night_is_not_told_over_a_newer_one(deliver):
    deliver(edition({"a": 0.1}, day=1, revision=2))
    for older in (edition({"a": 0.9}), edition({"a": 0.9}, day=1, revision=1)):
        report = deliver(older)
        assert (report.said, report.delivered) == (OLDER, 0)
    assert as_had(None, deliver.has["a"])["risk"] == "0.1"
    assert deliver(edition({"a": 0.8}, day=1, version="defection-2")).delivered == 1


def test_another_system_of_the_same_name_is_told_all(
    deliver, declared, kind, vendors, web, tmp_path
):
    night = edition({"a": 0.1})
    deliver(night)
    url = f"{vendors.url}/{kind}".replace("127.0.0.1", "localhost")
    other = declared(kind, fields=FIELDS, url=url)
    assert write_back(night, other, tmp_path, web).delivered == 1


def test_what_a_row_is_refused_for_is_told_without_its_values_and_it_goes_again(
    deliver, vendors, tmp_path
):
    vendors.refused = {"b"}
    report = deliver(edition({"a": 0.1, "b": 0.2}))
    assert (report.delivered, list(report.failed), report.whole) == (1, ["b"], False)
    assert "Ann" not in str(report.facts()) and "ann" not in str(report.facts())
    file = tmp_path / "delivered" / f"{deliver.destination.title}.failed.csv"
    assert file.read_text("utf-8-sig").startswith('"account_id","reason"\n"b","')
    vendors.refused = set()
    report = deliver(edition({"a": 0.1, "b": 0.2}, day=1))
    assert (report.new + report.changed, report.delivered) == (1, 1)
    assert as_had(None, deliver.has["b"])["risk"] == "0.2"
    assert not file.exists()


def test_a_value_that_comes_back_after_an_answer_was_lost_is_told(
    deliver, vendors, web, declared, kind, tmp_path
):
    deliver(edition({"a": 0.1}))
    vendors.trouble = iter(["loses"] * 40)
    assert deliver(edition({"a": 0.9}, day=1)).error is not None
    vendors.trouble = iter(())
    assert deliver(edition({"a": 0.1}, day=2)).delivered == 1
    assert as_had(None, deliver.has["a"])["risk"] == "0.1"


def test_what_is_sent_is_in_doubt_on_the_disk_before_it_is_sent(
    deliver, vendors, tmp_path, kind
):
    deliver(edition({"a": 0.1, "b": 0.2}))
    act, seen = getattr(vendors, kind), []

    def looks(*asked):
        its = deliver.destination
        seen.append(
            open_ledger(tmp_path, its.title, its.address).rows["certain"].to_dict()
        )
        return act(*asked)

    setattr(vendors, kind, looks)
    deliver(edition({"a": 0.1, "b": 0.3}, day=1))
    assert seen
    assert all(certain == {"a": True, "b": False} for certain in seen)


def test_a_dry_run_asks_nothing_and_keeps_nothing(deliver, vendors, tmp_path):
    report = deliver(edition({"a": 0.1}), dry=True)
    assert (report.new, report.delivered) == (1, 0)
    assert vendors.requests == []
    assert list(tmp_path.iterdir()) == []


def test_waits_as_long_as_the_server_says(deliver, vendors, waited):
    vendors.answers = [(429, {"Retry-After": "7"}, None)]
    assert deliver(edition({"a": 0.1})).whole
    assert waited[0] == 7


def test_a_server_that_asks_for_an_hour_is_left_for_the_next_night(deliver, vendors):
    vendors.answers = [(429, {"Retry-After": "3600"}, None)]
    report = deliver(edition({"a": 0.1}))
    assert "3600 seconds" in report.error
    assert len(vendors.requests) == 1


def nights(draws, many):
    """Nights of up to eight accounts, whose few values come back."""
    for day in range(many):
        there = [account for account in "abcdefgh" if draws.random() < 0.85]
        yield edition(
            {one: draws.choice([0.1, 0.2, None]) for one in there or ["a"]}, day
        )


def wanted(night):
    rows = told(night, FIELDS, 4).to_dict("index")
    return {account: as_had(None, row) for account, row in rows.items()}


def scripted(draws, rate):
    """Faults without end, at a rate; now and then nothing but one kind of them, from some moment on."""
    fault = draws.choice(FAULTS)
    while draws.random() > 0.05 * rate:
        yield draws.choice(FAULTS) if draws.random() < rate else "fine"
    while True:
        yield fault


def check_nights(deliver, vendors, tmp_path, many, seed=0):
    """Tells of nights through faults: what the ledger is certain of is there, and in the end all is."""
    draws = random.Random(seed)
    before = None
    for night in nights(draws, many):
        rate = draws.choice([0.0, 0.2, 0.5, 1.0])
        vendors.trouble, vendors.script = scripted(draws, rate), scripted(draws, rate)
        vendors.slow = draws.choice([3, 50])
        deliver(night)
        if draws.random() < 0.1:
            deliver(night)
        if before is not None and draws.random() < 0.1:
            assert deliver(before).delivered == 0
        check_certain(deliver, night, tmp_path)
        before = night
    vendors.trouble, vendors.script = iter(()), iter(())
    last = edition({"a": 0.1, "b": 0.2, "c": None}, many)
    deliver(last)
    there = {account: as_had(None, row) for account, row in deliver.has.items()}
    values = {account: {**row, "seen": ""} for account, row in wanted(last).items()}
    for account, row in there.items():
        if account in values:
            assert {**row, "seen": ""} == values[account]
        else:
            assert set(row.values()) <= {None}


def check_certain(deliver, night, tmp_path):
    """What the ledger is certain of is what the vendor has."""
    ledger = open_ledger(
        tmp_path, deliver.destination.title, deliver.destination.address
    )
    rows = told(night, FIELDS, 4)
    hashes = contents(rows, FIELDS)
    for account in ledger.rows.index[ledger.rows["certain"].astype(bool)]:
        assert ledger.rows.at[account, "content"] == hashes[account]
        had = as_had(None, deliver.has[account])
        assert {**had, "seen": ""} == {**wanted(night)[account], "seen": ""}


def test_thirty_nights_through_faults_leave_the_right_value_of_every_account(
    deliver, vendors, tmp_path
):
    check_nights(deliver, vendors, tmp_path, 30)


@pytest.mark.slow
def test_many_nights_through_faults_leave_the_right_value_of_every_account(
    deliver, vendors, tmp_path
):
    check_nights(deliver, vendors, tmp_path, MANY, seed=1)
