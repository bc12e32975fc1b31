"""Opens the book of a command, and tells what of it is not used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from commands.output import Parts, table

if TYPE_CHECKING:
    from features.book.book import Book
    from features.book.on_spark import SparkBook
    from features.book.trained_facts import TrainedFacts
    from serving.scorer import Scorer


def open_here(
    book: Path,
    max_bad_share: float,
    memory_limit: str | None,
    trained: TrainedFacts | None = None,
    no_sync: bool = False,
) -> Book:
    """A book on this machine; where a copy of its sources is read, standard error says so, and how old it is."""
    from features.book.book import open_book

    opened = open_book(
        book,
        max_bad_share=max_bad_share,
        memory_limit=memory_limit,
        trained=trained,
        synced=not no_sync,
    )
    if opened.synced_at is not None:
        said = _copy_told(opened.synced_at, opened.read_anew)
        typer.echo(said, err=True)
    return opened


def _copy_told(synced_at: datetime, read_anew: Sequence[str]) -> str:
    hours = (datetime.now(UTC) - synced_at).total_seconds() / 3600
    but = f" but for {', '.join(read_anew)}, changed since" if read_anew else ""
    return (
        f"Read from the copy that pinch sync made at {synced_at:%Y-%m-%d %H:%M} UTC, "
        f"{hours:,.1f} hours ago{but}; --no-sync reads the sources."
    )


def open_on_spark(book: str, max_bad_share: float, trained: TrainedFacts) -> SparkBook:
    """A book at an address that Spark reads."""
    from features.book.on_spark import open_spark_book
    from features.book.spark.session import start_session

    return open_spark_book(
        book, start_session(), max_bad_share=max_bad_share, trained=trained
    )


def champions(store: str, folder: Path) -> Scorer:
    """The champions of a store, fetched into a folder."""
    from models.registry.registry import Registry
    from serving.champions import fetch_champions
    from serving.scorer import load_models

    return load_models(fetch_champions(Registry(store), folder))


def losses(book: Book | SparkBook) -> dict[str, Any]:
    """What of a book no model reads, and what of that is much."""
    return {**book.losses.facts(), "warnings": book.warnings}


def warned(facts: dict[str, Any]) -> list[str]:
    """The warnings of `losses` as sentences."""
    return [f"Warning: {warning}." for warning in facts["warnings"]]


def beyond(book: Book) -> dict[str, Any]:
    """What is dated after the end of the data: how many rows of each table, and the first of them by name."""
    from features.calendar.recorded import rows_beyond

    found = book.recorded
    return {
        "rows": {each.table: each.beyond for each in found.tables if each.beyond},
        "named": rows_beyond(book.ask_files, found),
        "sentence": found.sentence,
    }


def beyond_told(facts: dict[str, Any]) -> Parts:
    """The facts of `beyond` for people; nothing where no row is."""
    named = facts["named"]
    if not named:
        return []
    rows = [[row["table"], str(row["row"]), row["date"]] for row in named]
    said = [facts["sentence"], table(["after the end", "row", "date"], rows)]
    more = sum(facts["rows"].values()) - len(named)
    return [*said, f"and {more:,} more."] if more else said
