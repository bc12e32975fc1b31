"""``pinch sync``, with its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import AsJson, BookFolder, Memory
from commands.output import Parts, errors, table, tell

if TYPE_CHECKING:
    from features.sources.synced.sync import Synced


def sync(
    book: BookFolder,
    whole: Annotated[
        bool,
        typer.Option(
            "--whole",
            help="Read all rows of a database, those too that sync_by does not tell to be new.",
        ),
    ] = False,
    memory_limit: Memory = None,
    as_json: AsJson = False,
) -> None:
    """Reads the sources of a book and keeps their rows beside it, in BOOK/.pinch, for the commands that follow.

    Commands read the copy as long as it was made by this version, of this book.toml and of files that are what they
    were, and say how old it is. Only months that have changed are written. Where a sync stops half-way, the copy stays
    what it was.
    """
    with errors(as_json):
        from features.book.book import keep_clean
        from features.sources.synced.sync import sync as bring

        synced = bring(
            book,
            whole=whole,
            memory_limit=memory_limit,
            then=lambda: keep_clean(book, memory_limit),
        )
        facts = _facts(synced)
        tell(facts, as_json, lambda: _told(facts))


def _facts(synced: Synced) -> dict[str, Any]:
    tables = [
        {
            "table": name,
            "rows": kept.rows,
            "rows_before": synced.rows_before(name),
            "months": len(kept.months),
            "months_changed": synced.changed(name),
        }
        for name, kept in synced.copy.tables.items()
    ]
    return {
        "synced_at": synced.copy.synced_at.isoformat(),
        "anew": synced.before is None,
        "tables": tables,
        "rows_read": dict(synced.read),
    }


def _told(facts: dict[str, Any]) -> Parts:
    rows = [
        [
            row["table"],
            f"{row['rows']:,}",
            f"{row['rows'] - row['rows_before']:+,}",
            f"{len(row['months_changed']):,} of {row['months']:,}",
        ]
        for row in facts["tables"]
    ]
    made = "A new copy." if facts["anew"] else "The copy was brought up to date."
    read = [
        f"Of {name} {number:,} rows were read."
        for name, number in facts["rows_read"].items()
    ]
    return [table(["table", "rows", "more", "months changed"], rows), *read, made]
