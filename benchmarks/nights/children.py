"""Nights in child processes, each forked from one that has all imported, and so begins at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import typer

import pinch

_READY = (
    *("commands.night_run", "features.book.book", "features.book.known_rows"),
    *("matplotlib.figure", "serving.night.output_files", "xlsxwriter"),
    *("serving.night.tonight.tonight", "serving.night.without_models"),
    *("serving.publishing.publish", "serving.publishing.revised"),
    *("serving.publishing.staging", "serving.publishing.turn"),
)
"""What a night by rules imports."""


def import_all() -> Any:
    """Imports all that a night needs, and makes the command line."""
    for module in _READY:
        __import__(module)
    return typer.main.get_command(pinch.app)


def begin(
    command: Any, arguments: Sequence[object], first: Callable[[], object] | None = None
) -> int:
    """Begins a command in a child, which says nothing; the child's process id.

    Args:
        command: as of `import_all`.
        arguments: of the command line.
        first: what the child does before.
    """
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        if first is not None:
            first()
        command.main([str(argument) for argument in arguments])
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    finally:
        os._exit(code)


def end(child: int) -> int:
    """Waits for a child; its exit code, or the number of its signal below zero."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tiny_book(folder: Path) -> Path:
    """Writes a book of 12 accounts that buy every nine days until 2024-06-28, as CSV."""
    folder.mkdir(parents=True)
    accounts = [f"a{place}" for place in range(12)]
    opened = [f"{account},2024-01-01" for account in accounts]
    days = [
        f"2024-{month:02}-{day:02}" for month in range(1, 7) for day in (1, 10, 19, 28)
    ]
    bought = [f"{account},{day},purchase" for account in accounts for day in days]
    for name, header, rows in (
        ("accounts", "account_id,opened_at", opened),
        ("interactions", "account_id,occurred_at,kind", bought),
    ):
        text = "\n".join([header, *rows, ""])
        (folder / f"{name}.csv").write_text(text)
    return folder
