"""Who is on a list, and who is withheld from it though as high."""

from datetime import date

import pandas as pd
import pytest
from command_line import answered, run

from features.book.book import open_book
from features.book.held_out import drawn
from features.engine import instant
from serving.night.standing import parted
from serving.publishing.standing import first_standing


def standing(order, apart, capacity):
    frame = pd.DataFrame({"account_id": list(order)})
    free, stands = parted(frame, set(apart), capacity)
    told = dict(zip(stands["account_id"], stands["arm"], strict=True))
    return "".join(free["account_id"]), told


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        (1, {"a": "withheld", "b": "listed"}),
        (2, {"a": "withheld", "b": "listed", "c": "withheld", "d": "listed"}),
        (3, dict(zip("abcde", ["withheld", "listed"] * 2 + ["listed"], strict=True))),
    ],
)
def test_who_comes_before_the_last_of_the_list_stood_as_high(capacity, expected):
    free, told = standing("abcdef", "acf", capacity)
    assert (free, told) == ("bde", expected)


def test_a_list_with_room_would_have_had_everybody():
    free, told = standing("abc", "ac", 5)
    assert (free, told) == ("b", {"a": "withheld", "b": "listed", "c": "withheld"})


@pytest.fixture
def folder(tmp_path):
    """A book of forty accounts, a quarter of them drawn at random, that were last seen on different days."""
    book = tmp_path / "book"
    book.mkdir()
    names = [f"a{number:02}" for number in range(40)]
    accounts = [f"{name},2025-01-01" for name in names]
    (book / "accounts.csv").write_text("\n".join(["account_id,opened_at", *accounts]))
    days = pd.date_range("2026-01-01", "2026-05-30", freq="3D").strftime("%Y-%m-%d")
    rows = [
        f"{name},{day},visit"
        for place, name in enumerate(names)
        for day in days[: len(days) - place // 2]
    ]
    text = "\n".join(["account_id,occurred_at,kind", *rows])
    (book / "interactions.csv").write_text(text)
    (book / "book.toml").write_text("holdout_share = 0.25")
    return book


def night(folder, day):
    options = ("--as-of", day, "--rules", "--capacity", 20, "--stale-ok")
    assert run("night", folder, *options).exit_code == 0


@pytest.mark.slow
def test_published_nights_tell_who_was_listed_first_and_who_withheld(folder):
    for day in ("2026-05-20", "2026-05-27"):
        night(folder, day)
    found = first_standing(folder / "nights")
    with open_book(folder) as book:
        apart = drawn(book)
    withheld = found[found["arm"] == "withheld"]["account_id"]
    assert set(withheld) == set(found["account_id"]) & apart
    assert len(withheld) > 0
    first = found[found["as_of_us"] == instant(date(2026, 5, 20))]
    assert (first["arm"] == "listed").sum() == 20
    assert found["account_id"].is_unique
    assert set(found["as_of_us"]) <= {instant(date(2026, 5, day)) for day in (20, 27)}


@pytest.mark.slow
def test_a_book_that_draws_nobody_keeps_no_standing(folder):
    (folder / "book.toml").write_text("")
    night(folder, "2026-05-20")
    assert first_standing(folder / "nights").empty
    assert not list((folder / "nights").rglob("standing.parquet"))


def test_the_report_tells_that_it_cannot_know_yet_and_why(folder, tmp_path):
    said = answered(run("report", folder, "--out", tmp_path / "report", "--json"))
    assert said["contact"] is None
    page = (tmp_path / "report" / "report.html").read_text()
    assert "What contact saves cannot be known: no published night" in page
    night(folder, "2026-05-20")
    said = answered(run("report", folder, "--out", tmp_path / "report", "--json"))
    assert said["contact"]["known"] is False
    assert said["contact"]["sentence"].startswith("What contact saves cannot be known")
