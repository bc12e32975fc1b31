"""Erased accounts: no opening reads their rows, and the tombstones do not tell who they are."""

import os
import stat

import pytest
from conftest import write_book
from hypothesis import given
from hypothesis import strategies as st

from features.book.accounts_known import require_account
from features.book.book import open_book
from features.errors import BookError
from features.sources.synced.sync import sync
from features.sources.tombstones import (
    KEY,
    Tombstones,
    read_tombstones,
    tombstones_to_add_to,
    write_tombstones,
)

ACCOUNTS = [
    {"account_id": "A1", "opened_at": "2026-01-01"},
    {"account_id": "A2", "opened_at": "2026-01-02"},
]
INTERACTIONS = [
    {"account_id": "A1", "occurred_at": "2026-02-01", "kind": "visit"},
    {"account_id": "A2", "occurred_at": "2026-02-02", "kind": "visit"},
    {"account_id": "A1", "occurred_at": "2026-02-03", "kind": "visit"},
    {"account_id": "A9", "occurred_at": "2026-02-04", "kind": "visit"},
]


def erase(folder, *ids):
    tombstones = tombstones_to_add_to(folder).with_erased(ids, "2026-03-01T00:00:00")
    write_tombstones(folder, tombstones)


def rows(book, table="interactions"):
    return book.ask(f"select account_id::varchar from {table} order by all")


@pytest.fixture
def folder(tmp_path):
    return write_book(tmp_path / "b", accounts=ACCOUNTS, interactions=INTERACTIONS)


def test_an_erased_account_is_not_read_and_its_rows_are_no_dirt(folder):
    with open_book(folder, max_bad_share=1) as before:
        assert before.erased == {}
        assert before.quarantine["row"].tolist() == [4]
    erase(folder, "A1")
    with open_book(folder, max_bad_share=1) as book:
        assert rows(book, "accounts") == rows(book) == [("A2",)]
        assert book.erased == {"accounts": 1, "interactions": 2}
        # A9 is no account, in the row of the file that it was in before.
        assert book.quarantine["row"].tolist() == [4]


def test_rows_of_an_erased_id_are_no_dirt_where_its_account_has_gone_already(folder):
    erase(folder, "A9")
    with open_book(folder, max_bad_share=0.0) as book:
        assert book.erased == {"interactions": 1}
        assert book.quarantine.empty


def test_an_id_is_the_same_however_its_table_writes_it(tmp_path):
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / "accounts.csv").write_text(
        "account_id,opened_at\n7,2026-01-01\n8,2026-01-01\n"
    )
    (folder / "interactions.csv").write_text(
        "account_id,occurred_at,kind\n 7 ,2026-02-01,visit\n8,2026-02-01,visit\n"
    )
    erase(folder, "7")
    with open_book(folder) as book:
        assert rows(book) == rows(book, "accounts") == [("8",)]


def test_no_copy_holds_it(folder):
    erase(folder, "A1")
    sync(folder)
    with open_book(folder, max_bad_share=1, synced=True) as book:
        assert book.synced_at is not None
        assert rows(book) == [("A2",)]
        assert book.quarantine["row"].tolist() == [4]
    copied = b"".join(file.read_bytes() for file in folder.rglob(".pinch/**/*.parquet"))
    assert b"A2" in copied
    assert b"A1" not in copied


def test_a_book_made_by_queries_leaves_it_out(folder):
    (folder / "interactions.parquet").rename(folder / "events.parquet")
    (folder / "book.toml").write_text(
        "[tables]\ninteractions = \"select * from 'events.parquet'\"\n"
    )
    erase(folder, "A1")
    with open_book(folder, max_bad_share=1) as book:
        assert rows(book) == [("A2",)]
        assert book.erased["interactions"] == 2


def test_nobody_records_what_came_of_it(folder):
    require_account(folder, "A1")
    erase(folder, "A1")
    with pytest.raises(BookError, match="no account A1"):
        require_account(folder, "A1")


def test_the_file_does_not_tell_who_and_the_key_is_its_owners(folder):
    erase(folder, "A1")
    place = folder / "erasure"
    assert "A1" not in (place / "tombstones.json").read_text()
    assert stat.S_IMODE(os.stat(place / "key").st_mode) == 0o600
    assert stat.S_IMODE(os.stat(place / "tombstones.json").st_mode) == 0o600
    assert "key" in (place / ".gitignore").read_text().splitlines()


def test_without_its_key_or_with_another_a_book_is_not_opened(folder, monkeypatch):
    erase(folder, "A1")
    key = (folder / "erasure" / "key").read_text()
    (folder / "erasure" / "key").unlink()
    with pytest.raises(BookError, match="no key"):
        open_book(folder)
    monkeypatch.setenv(KEY, "0" * 64)
    with pytest.raises(BookError, match="tombstones of another key"):
        open_book(folder)
    monkeypatch.setenv(KEY, "short")
    with pytest.raises(BookError, match="a key of 5 signs"):
        open_book(folder)
    monkeypatch.setenv(KEY, key)
    with open_book(folder, max_bad_share=1) as book:
        assert rows(book) == [("A2",)]


def test_tombstones_that_cannot_be_read_are_refused(folder):
    erase(folder, "A1")
    (folder / "erasure" / "tombstones.json").write_text("{}")
    with pytest.raises(BookError, match="another content"):
        open_book(folder)


def test_a_book_from_which_nothing_was_erased_has_no_tombstones(folder):
    assert read_tombstones(folder) is None


@given(
    st.sets(st.text(max_size=8), max_size=6), st.sets(st.text(max_size=8), max_size=6)
)
def test_tombstones_know_those_that_were_erased_and_no_others(erased, others):
    tombstones = Tombstones(b"k" * 32).with_erased(erased, "now")
    assert tombstones.among(erased | others) == erased
    assert tombstones.with_erased(erased, "later") == tombstones


def test_another_key_gives_another_hash():
    one, other = Tombstones(b"a" * 32), Tombstones(b"b" * 32)
    assert len(one.hash_of("A1")) == 64
    assert one.hash_of("A1") != other.hash_of("A1")
