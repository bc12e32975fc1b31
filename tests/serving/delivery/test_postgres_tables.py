"""PostgreSQL, on a real server: one transaction, the newest night, an older one never over it."""

from datetime import date

import adbc_driver_postgresql.dbapi as driver
import pytest
from editions import edition
from postgres_server import PASSWORD

from features.errors import BookError, DeliveryError
from serving.delivery.destinations import destinations
from serving.delivery.write_back import OLDER
from serving.erasure.destinations import erase_from_destinations
from serving.erasure.journal import Journal
from serving.erasure.places import Places

SCORES = "select account_id, risk_90d, band, place, as_of from pinch.scores order by 1"
DAYS = [date(2026, 11, 21), date(2026, 11, 22)]


@pytest.fixture
def crm(postgres, request, monkeypatch):
    """An empty database; its address is in the environment."""
    named = f"delivery_{abs(hash(request.node.name))}"
    postgres.run(f"create database {named}")
    monkeypatch.setenv("PINCH_POSTGRES", postgres.address(named))

    def ask(query):
        with (
            driver.connect(postgres.address(named)) as session,
            session.cursor() as cursor,
        ):
            cursor.execute(query)
            return cursor.fetchall()

    ask.run = lambda *statements: postgres.run(*statements, database=named)
    ask.user = lambda user: postgres.address(named, user)
    return ask


@pytest.fixture
def deliver(crm, web, tmp_path):
    def act(night, dry=False, **said):
        (made,) = destinations([{"to": "postgres", **said}], tmp_path)
        return made.deliver(night, tmp_path, web, dry)

    return act


def test_the_newest_night_is_there_and_accounts_that_left_are_not(crm, deliver):
    deliver(edition({"a": 0.6, "b": 0.05}, listed=["a"]))
    deliver(edition({"a": 0.3, "c": None}, day=1, listed=["c", "a"]))
    assert crm(SCORES) == [
        ("a", 0.3, "high", 2, DAYS[1]),
        ("c", None, "unknown", 1, DAYS[1]),
    ]
    assert crm("select account_id from pinch.worklist order by place") == [
        ("c",),
        ("a",),
    ]
    assert crm(
        "select as_of, revision, accounts, listed from pinch.nights order by 1"
    ) == [
        (DAYS[0], 1, 2, 1),
        (DAYS[1], 1, 2, 2),
    ]


def test_an_older_night_changes_the_history_alone(crm, deliver):
    deliver(edition({"a": 0.3}, day=1), history=True)
    report = deliver(edition({"a": 0.9, "b": 0.9}), history=True)
    assert report.said == OLDER
    assert crm(SCORES) == [("a", 0.3, "high", None, DAYS[1])]
    deliver(edition({"a": 0.8}), history=True)
    kept = "select as_of, account_id, risk_90d from pinch.scores_history order by 1, 2"
    assert crm(kept) == [(DAYS[0], "a", 0.8), (DAYS[1], "a", 0.3)]


def test_a_column_that_is_new_is_added_and_one_of_others_stays(crm, deliver):
    deliver(edition({"a": 0.3}))
    crm.run("alter table pinch.scores add column owner text default 'ann'")
    deliver(edition({"a": 0.3, "b": 0.3}, day=1, own=[1.5, 2.5]))
    assert crm("select account_id, own, owner from pinch.scores order by 1") == [
        ("a", 1.5, "ann"),
        ("b", 2.5, "ann"),
    ]


def test_a_failure_half_way_leaves_the_night_before(crm, deliver):
    deliver(edition({"a": 0.3}))
    crm.run("alter table pinch.worklist add constraint none check (place is null)")
    with pytest.raises(DeliveryError, match="error 23514; nothing was changed"):
        deliver(edition({"a": 0.9}, day=1, listed=["a"]))
    assert crm(SCORES) == [("a", 0.3, "high", None, DAYS[0])]
    assert crm("select count(*) from pinch.nights") == [(1,)]


def test_deliveries_at_once_take_turns(crm, deliver, postgres, monkeypatch):
    deliver(edition({"a": 0.3}))
    impatient = f"{crm.user('pinch')}?options=-c%20statement_timeout%3D300"
    monkeypatch.setenv("PINCH_POSTGRES", impatient)
    with driver.connect(crm.user("pinch")) as other, other.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('pinch.pinch'))")
        cursor.fetchall()
        with pytest.raises(DeliveryError, match="nothing was changed"):
            deliver(edition({"a": 0.9}, day=1))
    assert deliver(edition({"a": 0.9}, day=1)).delivered == 1


def test_the_same_night_again_changes_nothing(crm, deliver):
    deliver(edition({"a": 0.3}))
    deliver(edition({"a": 0.3}))
    assert crm(SCORES) == [("a", 0.3, "high", None, DAYS[0])]


def test_a_dry_run_changes_nothing(crm, deliver):
    assert deliver(edition({"a": 0.3}), dry=True).new == 1
    assert crm("select 1 from pg_namespace where nspname = 'pinch'") == []


def test_rights_on_the_schema_alone_are_enough(crm, deliver, postgres, monkeypatch):
    crm.run(
        f"create role writer login password '{PASSWORD}'",
        "create schema crm authorization writer",
    )
    monkeypatch.setenv("PINCH_POSTGRES", crm.user("writer"))
    assert deliver(edition({"a": 0.3}), schema="crm").delivered == 1
    assert crm("select account_id from crm.scores") == [("a",)]


def test_a_server_that_is_not_there_is_told_without_its_password(deliver, monkeypatch):
    monkeypatch.setenv("PINCH_POSTGRES", f"postgresql://pinch:{PASSWORD}@127.0.0.1:1/x")
    with pytest.raises(BookError, match="no server at its host and port") as refused:
        deliver(edition({"a": 0.3}))
    assert PASSWORD not in str(refused.value)


def test_an_erased_account_is_in_no_table(crm, deliver, web, tmp_path):
    for day in (0, 1):
        night = edition({"a": 0.6, "b": 0.05}, day=day, listed=["a", "b"])
        deliver(night, history=True)
    (made,) = destinations([{"to": "postgres", "history": True}], tmp_path)
    places = Places()
    journal = Journal(tmp_path, {"a"})
    erase_from_destinations([made], tmp_path, None, journal, web, places)
    assert places.found == {
        "postgres: pinch.scores": 1,
        "postgres: pinch.scores_history": 2,
        "postgres: pinch.worklist": 1,
    }
    assert places.remains == {}
    for table in ("scores", "scores_history", "worklist"):
        left = crm(f"select distinct account_id from pinch.{table}")
        assert left == [("b",)]
