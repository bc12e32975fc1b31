"""Every command that opens a book closes it, however the command ends."""

import duckdb
import pytest
from command_line import run

from features.book import book as book_file

DATE = "2024-06-01"
COMMANDS = {
    "check": lambda book, out: ["check", book],
    "why": lambda book, out: ["why", book, "a1", "--feature", "active_days"],
    "report": lambda book, out: ["report", book, "--out", out],
    "score": lambda book, out: ["score", book, "--rules", "--stale-ok", "--out", out],
    "sql": lambda book, out: ["sql", "accounts", book],
    "train": lambda book, out: ["train", book, "--store", out / "store"],
    "evaluate": lambda book, out: ["evaluate", book, "--as-of", DATE],
    "backtest": lambda book, out: ["backtest", book],
}
NAMED = [
    pytest.param(name, marks=pytest.mark.slow) if name == "train" else name
    for name in COMMANDS
]
"""That of ``train`` makes a store."""
TOO_LITTLE = {"train", "evaluate", "backtest"}
"""The commands to which the book says too little."""


@pytest.fixture
def opened(monkeypatch):
    """The books that a command opens, as they are opened."""
    books, open_book = [], book_file.open_book

    def opening(*arguments, **named):
        books.append(open_book(*arguments, **named))
        return books[-1]

    monkeypatch.setattr(book_file, "open_book", opening)
    return books


@pytest.mark.parametrize("command", NAMED)
def test_a_command_closes_its_book(command, tmp_path, opened):
    book = tmp_path / "book"
    book.mkdir()
    (book / "accounts.csv").write_text("account_id,opened_at\na1,2023-12-01\n")
    days = [
        f"a1,2024-{month:02}-{day:02},visit" for month in range(1, 7) for day in (1, 28)
    ]
    (book / "interactions.csv").write_text(
        "\n".join(["account_id,occurred_at,kind", *days])
    )
    ended = run(*COMMANDS[command](book, tmp_path / "out"))
    assert ended.exit_code == (1 if command in TOO_LITTLE else 0), ended.output
    (its,) = opened
    with pytest.raises(duckdb.ConnectionException):
        its.ask("select 1")
