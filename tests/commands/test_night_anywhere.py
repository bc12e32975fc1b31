"""A night is the same wherever and whenever it is made: zones, hours that clocks skip or repeat, days, threads."""

import hashlib
import os
import time
from functools import cache

import pytest
from command_line import run

from benchmarks.nights.children import tiny_book
from serving.publishing.nights import current

ZONES = (
    *(
        "Pacific/Kiritimati",
        "Europe/London",
        "Europe/Berlin",
        "Europe/Moscow",
        "Africa/Cairo",
    ),
    *("Africa/Casablanca", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo"),
    *("Asia/Tehran", "Australia/Lord_Howe", "Australia/Adelaide"),
    *("Pacific/Chatham", "UTC", "Pacific/Pago_Pago"),
    *("America/New_York", "America/Los_Angeles", "America/St_Johns"),
    *("America/Sao_Paulo", "Etc/GMT+12"),
)
DAYS = ("2024-02-29", "2024-03-10", "2024-03-31", "2024-04-07", "2024-06-29")
"""A leap day, mornings after clocks were changed in America, Europe and Australia, and the end of the data."""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return tiny_book(tmp_path_factory.mktemp("anywhere") / "book")


@pytest.fixture(scope="module")
def made(book, tmp_path_factory):
    """Tells the hash of the night of a day, made here and now."""
    folder = tmp_path_factory.mktemp("here")
    return cache(lambda day: hash_of(book, folder / day, day))


def hash_of(book, nights, day):
    asked = ("--as-of", day, "--nights", nights, "--histories")
    result = run("night", book, "--rules", *asked)
    assert result.exit_code == 0, result.output
    manifest = current(nights).folder / "manifest.json"
    return hashlib.sha256(manifest.read_bytes()).hexdigest()


@pytest.fixture
def move_to(monkeypatch):
    """Moves this process to a time zone."""

    def move(zone):
        monkeypatch.setitem(os.environ, "TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


@pytest.mark.slow
def test_days_differ(made):
    assert len({made(day) for day in DAYS}) == len(DAYS)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        pytest.param(zone, DAYS[place % 5], marks=pytest.mark.slow if place > 0 else ())
        for place, zone in enumerate(ZONES)
    ],
)
def test_in_every_time_zone_the_night_is_the_same(
    zone, day, made, book, move_to, tmp_path
):
    here = made(day)
    move_to(zone)
    assert hash_of(book, tmp_path / "nights", day) == here


def test_a_clock_set_back_changes_nothing(made, book, monkeypatch, tmp_path):
    now = made(DAYS[0])
    monkeypatch.setattr(time, "time", lambda: 86_400.0)
    assert hash_of(book, tmp_path / "nights", DAYS[0]) == now


@pytest.mark.slow
def test_however_many_threads_the_night_is_the_same(made, book, monkeypatch, tmp_path):
    from features import engine

    connect, usual = engine.connect, made(DAYS[-1])
    for threads in (1, 7):
        monkeypatch.setattr(
            engine, "connect", lambda _, memory, n=threads: connect(n, memory)
        )
        nights = tmp_path / str(threads)
        assert hash_of(book, nights, DAYS[-1]) == usual
