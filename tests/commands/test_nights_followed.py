"""The endpoint on a folder of nights: it serves the one that the pointer names, and files of no other."""

import os
import shutil

import pytest
from command_line import run

from features.sources.tombstones import tombstones_to_add_to, write_tombstones
from serving.endpoint import nights as followed
from serving.endpoint.nights import Nights
from serving.endpoint.problem import RefusedError


@pytest.fixture(scope="module")
def published(purchases, tmp_path_factory):
    """The nights of 2024-07-01 and of 2024-08-01 by rules, of which the later has a list of 7."""
    folder = tmp_path_factory.mktemp("published")
    for as_of, capacity in (("2024-07-01", 5), ("2024-08-01", 7)):
        asked = ("--as-of", as_of, "--capacity", capacity, "--nights", folder)
        assert run("night", purchases, "--rules", *asked).exit_code == 0
    return folder


@pytest.fixture
def folder(published, tmp_path, monkeypatch):
    monkeypatch.setattr(followed, "CHECK_SECONDS", 0.0)
    return shutil.copytree(published, tmp_path / "nights", symlinks=True)


def point(folder, night):
    os.symlink(f"{night}/rules", folder / "next")
    os.replace(folder / "next", folder / "current")


def seen(nights):
    night = nights.newest()
    return str(night.as_of.date()), len(night.listed)


def test_it_serves_the_night_that_the_pointer_names_as_it_moves(folder):
    nights = Nights(folder)
    assert seen(nights) == ("2024-08-01", 7)
    point(folder, "2024-07-01")
    assert seen(nights) == ("2024-07-01", 5)


def test_a_pointer_that_moves_while_a_night_is_opened_mixes_no_files(
    folder, monkeypatch
):
    point(folder, "2024-07-01")
    opened = followed.open_night

    def open_meanwhile(night):
        point(folder, "2024-08-01")
        return opened(night)

    monkeypatch.setattr(followed, "open_night", open_meanwhile)
    nights = Nights(folder)
    assert seen(nights) == ("2024-07-01", 5)
    assert seen(nights) == ("2024-08-01", 7)


def test_while_the_pointer_names_no_whole_night_the_one_before_goes_on(folder):
    nights = Nights(folder)
    point(folder, "2024-06-01")
    with pytest.raises(RefusedError):
        nights.newest()
    point(folder, "2024-07-01")
    assert seen(nights) == ("2024-07-01", 5)
    (folder / "2024-08-01/rules/worklist.csv").write_text("cut")
    point(folder, "2024-08-01")
    assert seen(nights) == ("2024-07-01", 5)


def test_a_night_from_elsewhere_tells_of_no_erased_account(folder, tmp_path):
    book = tmp_path / "book"
    book.mkdir()
    nights = Nights(folder, book)
    night = nights.newest()
    first = str(night.listed[0]["account_id"])
    assert night.scores([first])
    tombstones = tombstones_to_add_to(book).with_erased([first], "2026-03-01T00:00:00")
    write_tombstones(book, tombstones)
    night = nights.newest()
    assert first not in [row["account_id"] for row in night.listed]
    assert len(night.listed) == 6
    assert night.scores([first]) == {}
    others = [str(row["account_id"]) for row in night.listed]
    assert len(night.scores([first, *others])) == 6


def test_without_the_key_of_the_tombstones_no_night_is_served(folder, tmp_path):
    book = tmp_path / "book"
    book.mkdir()
    write_tombstones(book, tombstones_to_add_to(book).with_erased(["a1"], "now"))
    (book / "erasure" / "key").unlink()
    with pytest.raises(RefusedError):
        Nights(folder, book).newest()
