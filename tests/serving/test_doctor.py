"""The doctor: a real fault for each check, found, and with what mends it."""

import json
import os
import socket
import threading
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from conftest import write_book
from filelock import FileLock
from stores import models, record

from models.registry.registry import Registry
from serving.doctor.book import book
from serving.doctor.check import Status, looked
from serving.doctor.endpoint import endpoint
from serving.doctor.environment import environment
from serving.doctor.machine import clock, installed, lightgbm, packages, python, zone
from serving.doctor.nights import nights
from serving.doctor.storage import room, storage
from serving.doctor.store import store
from serving.publishing.layout import STAGING
from serving.publishing.manifest import About
from serving.publishing.publish import publish
from serving.publishing.staging import staging
from serving.publishing.turn import turn

OK, WARN, FAIL = Status.OK, Status.WARN, Status.FAIL
TODAY = date(2026, 5, 2)


def by_name(checks):
    return {check.name: check for check in checks}


def ill(checks):
    """What is not as it should be: status and mend by name; none may lack a mend."""
    found = {c.name: (c.status, c.mend) for c in checks if c.status is not OK}
    assert all(mend for _, mend in found.values())
    return found


# The machine


def test_this_machine_is_fit():
    assert ill(installed("pinch")) == {}
    assert lightgbm().status is OK
    assert ill([clock(datetime.now(UTC)), zone("Europe/Berlin"), zone("")]) == {}


def test_an_old_python_and_a_clock_that_is_not_set():
    assert python(">=3.11", "3.10.9").status is FAIL
    assert clock(datetime(1970, 1, 1, tzinfo=UTC)).status is FAIL
    assert zone("Mars/Olympus").status is WARN
    assert zone("../etc").status is WARN


def test_packages_that_are_missing_or_of_another_version():
    found = packages(
        [
            "numpy<1",
            "no-such-package>=3",
            'no-such-either; extra == "train"',
            'nor-this; extra == "spark"',
            'pandas<2; extra == "spark"',
            "duckdb>=1",
        ]
    )
    assert list(ill(found)) == [
        *("package numpy", "package no-such-package", "package no-such-either"),
        "package pandas",
    ]
    assert list(ill(installed("no-such-distribution"))) == [
        "package no-such-distribution"
    ]


def test_lightgbm_without_its_library():
    missing = "raise OSError('libgomp.so.1: cannot open shared object file')"
    check = lightgbm(missing)
    assert (check.status, check.mend) == (FAIL, "apt-get install libgomp1")
    assert "libgomp.so.1" in check.found
    died = lightgbm("import os; os.abort()")
    assert (died.status, died.found) == (FAIL, "exit code -6")


# Storage


def test_disks_and_rights(tmp_path):
    assert ill(storage("x", tmp_path / "not" / "yet")) == {}
    assert room("x", 2**30).status is WARN
    assert room("x", 2**40, needed=2**41).status is FAIL
    assert room("x", 5 * 2**30, needed=2 * 2**30).status is WARN
    assert ill(storage("x", tmp_path, needed=2**60))["x: disk"][0] is FAIL


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    assert ill(storage("x", tmp_path))["x: write rights"][0] is FAIL


def test_a_disk_without_any_room():
    assert ill(storage("x", Path("/proc")))["x: disk"][0] is FAIL


# The environment


def test_variables_that_are_not_set_and_servers_that_do_not_answer(tmp_path):
    (tmp_path / "book.toml").write_text('[source]\npostgres = "$DB"\n')
    (tmp_path / "night.toml").write_text(
        '[[deliver]]\ntoken = "$TOKEN"\n[[deliver]]\nurl = "$HOOK"\n'
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        environ = {
            "DB": "postgresql://me:secret@127.0.0.1:9/sales",
            "HOOK": f"http://127.0.0.1:{port}/hook",
        }
        checks = list(environment(tmp_path, environ))
    assert ill(checks).keys() == {"server of $DB", "$TOKEN"}
    assert by_name(checks)["server of $HOOK"].status is OK
    assert not any("secret" in check.found + check.mend for check in checks)
    assert list(environment(tmp_path / "none", {})) == []


# The book


def rows_of(days):
    return [{"account_id": "a", "occurred_at": day, "kind": "visit"} for day in days]


def test_a_book_that_is_old_or_ahead_or_does_not_open(tmp_path):
    days = [f"2026-04-{day:02}" for day in range(1, 31)]
    accounts = [{"account_id": "a", "opened_at": "2026-01-01"}]
    folder = write_book(tmp_path / "a", accounts=accounts, interactions=rows_of(days))
    assert ill(book(folder, date(2026, 5, 1), 0.05)) == {}
    assert ill(book(folder, date(2026, 5, 9), 0.05)).keys() == {"book: interactions"}
    assert "book: end" in ill(book(folder, date(2026, 3, 1), 0.05))
    (check,) = looked("book", lambda: book(tmp_path / "none", TODAY, 0.05))
    assert (check.status, check.mend) == (FAIL, "check the path")


@pytest.mark.slow
def test_kinds_that_are_not_known_are_told(tmp_path):
    accounts = [{"account_id": "a", "opened_at": "2026-01-01"}]
    strange = [{**row, "kind": "vist"} for row in rows_of(["2026-05-01"] * 1)]
    folder = write_book(tmp_path / "a", accounts=accounts, interactions=strange)
    assert "book: losses" in ill(book(folder, TODAY, 0.05))


# The store


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A store whose champions are tiny models."""
    folder = tmp_path_factory.mktemp("kept") / "store"
    registry = Registry(str(folder), create=True)
    registry.log(record(), *models(), tmp_path_factory.mktemp("workplace"))
    registry.promote(anyway="tiny models are enough")
    return folder


@pytest.mark.slow
def test_a_store_that_is_sound_and_one_that_is_damaged(kept):
    assert ill(store(str(kept))) == {}
    with FileLock(kept / ".lock"):
        assert ill(store(str(kept)))["store: turn"][0] is WARN
    file = next(kept.rglob("defection/**/model.json"), None) or next(
        kept.rglob("model.json")
    )
    before = file.read_bytes()
    file.write_bytes(before[:-9])
    *_, last = looked("store", lambda: store(str(kept)))
    file.write_bytes(before)
    assert last.status is FAIL
    assert last.mend


def test_no_store(tmp_path):
    (check,) = looked("store", lambda: store(str(tmp_path / "none")))
    assert (check.name, check.status) == ("store", FAIL)


# Nights


def a_night(folder, as_of):
    with turn(folder), staging(folder) as made:
        (made.night / "scores.parquet").write_text("risks")
        about = About(as_of, "m", {"accounts": 1})
        return publish(made, about).night.folder


def test_nights_that_are_whole_and_new(tmp_path):
    a_night(tmp_path, date(2026, 5, 1))
    checks = list(nights(tmp_path, TODAY))
    assert ill(checks) == {}
    assert by_name(checks)["nights: current"].found == "2026-05-01/m, 1 days ago"


def test_a_night_that_was_changed(tmp_path):
    night = a_night(tmp_path, date(2026, 5, 1))
    (night / "scores.parquet").write_text("other")
    check = by_name(nights(tmp_path, TODAY))["nights: files"]
    assert check.status is FAIL
    assert check.found == "2026-05-01/m: not as published: scores.parquet"


def test_nights_that_are_old_or_in_the_future(tmp_path):
    a_night(tmp_path, date(2026, 5, 1))
    for today in (date(2026, 5, 3), date(2026, 4, 30)):
        assert ill(nights(tmp_path, today))["nights: current"][0] is WARN


def test_what_a_killed_run_left_and_a_turn_that_is_taken(tmp_path):
    a_night(tmp_path, date(2026, 5, 1))
    (tmp_path / f"{STAGING}dead").mkdir()
    with turn(tmp_path):
        found = ill(nights(tmp_path, TODAY))
    assert {name: status for name, (status, _) in found.items()} == {
        "nights: turn": WARN,
        "nights: staging": WARN,
    }
    assert (tmp_path / f"{STAGING}dead").exists()


def test_how_the_last_run_ended(tmp_path):
    a_night(tmp_path, date(2026, 5, 1))
    for code, status in ((0, OK), (3, WARN)):
        run = {"ended": "x", "outcome": "stopped", "exit_code": code}
        (tmp_path / "runs.jsonl").write_text(json.dumps(run) + "\n")
        assert by_name(nights(tmp_path, TODAY))["nights: last run"].status is status
    (tmp_path / "runs.jsonl").write_text("{")
    assert by_name(nights(tmp_path, TODAY))["nights: last run"].status is WARN


def test_no_night_and_a_pointer_that_is_none(tmp_path):
    assert ill(nights(tmp_path, TODAY))["nights: current"][0] is FAIL
    a_night(tmp_path, date(2026, 5, 1))
    (tmp_path / "current").unlink()
    (tmp_path / "current").mkdir()
    (check,) = looked("nights", lambda: nights(tmp_path, TODAY))
    assert check.status is FAIL


# The endpoint


@pytest.fixture
def answering():
    """A server that answers with a status, a body and a date."""
    servers = []

    def start(status, body=b"{}", when=None):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def date_time_string(self, timestamp=None):
                return when or super().date_time_string(timestamp)

            def log_message(self, *said):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_an_endpoint_that_takes_requests(answering):
    assert ill(endpoint(answering(200))) == {}


def test_an_endpoint_without_models_or_with_another_time(answering):
    (check,) = endpoint(answering(503, b'{"detail": "no champion"}'))
    assert (check.status, check.found) == (FAIL, "/readyz says 503: no champion")
    old = answering(200, when="Thu, 01 Jan 2026 00:00:00 GMT")
    assert ill(endpoint(old))["endpoint: clock"][0] is WARN


def test_no_endpoint():
    for address in ("http://127.0.0.1:9", "ftp://127.0.0.1", "localhost:3000"):
        (check,) = endpoint(address)
        assert check.status is FAIL
        assert check.mend
