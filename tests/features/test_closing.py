"""A book is closed with its files and its temporary folder, whether it opened well or not."""

import os
from pathlib import Path

import duckdb
import pytest

from features.book import open_book
from features.errors import BookError

ACCOUNTS = "account_id,opened_at\na1,2024-01-01\n"


def _book(folder: Path, interactions: str) -> Path:
    folder.mkdir()
    (folder / "accounts.csv").write_text(ACCOUNTS)
    (folder / "interactions.csv").write_text(interactions)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = "a1,2024-02-01,visit\na1,2024-03-01,visit\n"
    return _book(tmp_path / "book", "account_id,occurred_at,kind\n" + rows)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    made = tmp_path / "temporary"
    made.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(made))
    return made


def _open_files(within: Path) -> list[str]:
    """Files of a folder that this process has open, as Linux tells them."""
    held = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            held.append(os.readlink(descriptor))
        except FileNotFoundError:  # that of the listing itself
            continue
    return [file for file in held if file.startswith(str(within))]


def _spill(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the database write more than it may hold to its temporary folder."""
    connection.execute("set memory_limit = '40MB'")
    connection.execute("set threads = 1")
    made = "select range as n, repeat('x', 100) as wide from range(1_000_000)"
    connection.execute(f"create temp table large as {made}")


def test_a_closed_book_leaves_no_temporary_folder(
    folder: Path, temporary: Path
) -> None:
    with open_book(folder) as book:
        _spill(book.connection)
        assert [made.name.split("-")[0] for made in temporary.iterdir()] == ["pinch"]
        assert _open_files(temporary)
    assert list(temporary.iterdir()) == []
    assert _open_files(temporary) == []


def test_a_closed_book_answers_no_more(folder: Path) -> None:
    with open_book(folder) as book:
        assert book.ask("select count(*) from interactions") == [(2,)]
    with pytest.raises(duckdb.ConnectionException):
        book.ask("select 1")


def test_a_book_closes_where_its_reader_fails(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_book(folder) as book:
        raise ZeroDivisionError
    with pytest.raises(duckdb.ConnectionException):
        book.ask("select 1")


def test_a_book_is_used_without_with(folder: Path) -> None:
    book = open_book(folder)
    assert book.ask("select count(*) from interactions") == [(2,)]
    book.close()
    book.close()


def test_a_book_that_cannot_be_opened_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[duckdb.DuckDBPyConnection] = []

    def connected() -> duckdb.DuckDBPyConnection:
        made.append(duckdb.connect(":memory:"))
        return made[-1]

    monkeypatch.setattr("features.engine.connect", lambda *_: connected())
    with pytest.raises(BookError):
        open_book(_book(tmp_path / "book", "account_id,kind\na1,visit\n"))
    (connection,) = made
    with pytest.raises(duckdb.ConnectionException):
        connection.execute("select 1")
