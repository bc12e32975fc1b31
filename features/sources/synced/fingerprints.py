"""Fingerprints: by what a copy is known to be of this code, this ``book.toml`` and these files."""

from __future__ import annotations

import glob
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import duckdb

from features import sources
from features.sources.queries import fill
from features.sources.references import texts_of
from features.sources.settings import Settings
from features.sources.tables import files_of
from features.vocabulary.contract import TABLES


@cache
def code(package: ModuleType = sources) -> str:
    """Of the code of a package, DuckDB with it; of that which reads sources where none is named."""
    files = sorted(Path(*package.__path__).rglob("*.py"))
    contents = [file.read_text(encoding="utf-8") for file in files]
    return _digest([duckdb.__version__, *contents])


def declarations(settings: Settings) -> str:
    """Of what a ``book.toml`` says of its sources, with the settings of the environment that its queries name.

    Raises:
        BookError: one of these is not set.
    """
    connections = [
        [each.name, each.prefix, each.shared] for each in settings.connections
    ]
    queries = list(_queries(settings))
    database = [settings.postgres, dict(settings.sync_by)]
    return _digest([database, connections, queries])


def files_of_queries(
    connection: duckdb.DuckDBPyConnection, folder: Path, settings: Settings
) -> dict[str, str]:
    """The files that queries name in a text, by their paths from a book's folder, each with the SHA-256 of its content.

    Args:
        connection: what parses queries; nothing is run.
        folder: the book's, as an absolute path.
        settings: what its ``book.toml`` says.
    """
    files: set[Path] = set()
    for _, query in _queries(settings):
        files |= set(_matching(folder, texts_of(connection, query)))
    return _contents(folder, files)


def files_of_tables(folder: Path, settings: Settings) -> dict[str, dict[str, str]]:
    """Of each table that no query makes its files, as `files_of_queries` gives those of queries.

    Args:
        folder: the book's, as an absolute path.
        settings: what its ``book.toml`` says.
    """
    return {
        table: _contents(folder, files_of(folder, table))
        for table in TABLES
        if not settings.made_by_query(table)
    }


def sha256(file: Path) -> str:
    """The SHA-256 of a file's content."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _queries(settings: Settings) -> Iterator[tuple[str, str]]:
    """All queries, filled in, by their places."""
    for place, query in settings.statements.items():
        yield place, fill(place, query)
    for each in settings.connections:
        for table, query in each.queries.items():
            place = f"connections.{each.name}.tables.{table}"
            yield place, fill(place, query)


def _matching(folder: Path, texts: Iterable[str]) -> Iterator[Path]:
    """The files whose paths, or patterns of them, are among some texts."""
    for text in texts:
        if "." not in text or "\0" in text:
            continue
        for found in glob.glob(text, root_dir=folder, recursive=True):
            if (folder / found).is_file():
                yield folder / found


def _contents(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    return {_named(folder, file): sha256(file) for file in sorted(files)}


def _named(folder: Path, file: Path) -> str:
    return str(file.relative_to(folder) if file.is_relative_to(folder) else file)


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
