"""Copied: the tables of a book from the copy of its sources, where that is still what the sources are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from features.sources.part import paths_sql
from features.sources.settings import Settings
from features.sources.synced.fingerprints import (
    code,
    declarations,
    files_of_queries,
    files_of_tables,
    sha256,
)
from features.sources.synced.manifest import PLACE, Kept, Manifest, read_manifest
from features.sources.synced.rows import read_sql
from features.sources.tables import view_files
from features.vocabulary.contract import TABLES


@dataclass(frozen=True)
class Copy:
    """A copy of a book's sources that may be read in their place.

    Attributes:
        book: the book's folder, as an absolute path.
        manifest: what it holds.
        changed: tables of files that have changed since, which are read anew.
    """

    book: Path
    manifest: Manifest
    changed: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self.book / PLACE

    @property
    def synced_at(self) -> datetime:
        """When the sources were read."""
        return self.manifest.synced_at

    def make_views(self, connection: duckdb.DuckDBPyConnection) -> dict[str, None]:
        """Makes a view ``raw_{table}`` of each table, as `features.sources.tables.find_sources` does of the sources.

        Args:
            connection: where to make them.

        Returns:
            The tables, in the contract's order; no query makes them.

        Raises:
            BookError: a file that has changed since cannot be read, or is not there and has to be.
        """
        tables = [name for name in TABLES if self._view(connection, name)]
        return dict.fromkeys(tables)

    def _view(self, connection: duckdb.DuckDBPyConnection, table: str) -> bool:
        if table in self.changed:
            return view_files(connection, self.book, table)
        if table not in self.manifest.tables:
            return False
        query = months_sql(self.folder, self.manifest.tables[table])
        connection.execute(f"create view raw_{table} as {query}")
        return True


def months_sql(folder: Path, kept: Kept) -> str:
    """SQL that reads the rows of a table of a copy.

    Args:
        folder: of the copy.
        kept: the table.
    """
    if not kept.months:
        nothing = ", ".join(f'null as "{name}"' for name in kept.columns)
        return f"select {read_sql(kept.columns)} from (select {nothing}) where false"
    files = paths_sql(folder / month.file for month in kept.months.values())
    relation = f"read_parquet({files}, hive_partitioning = false)"
    return f"select {read_sql(kept.columns)} from {relation}"


def find_copy(
    connection: duckdb.DuckDBPyConnection, folder: Path, settings: Settings
) -> Copy | str | None:
    """The copy of a book's sources; why it may not be used, as a sentence; None where there is none.

    Args:
        connection: what parses queries; nothing is run.
        folder: the book's, as an absolute path.
        settings: what its ``book.toml`` says.

    Raises:
        BookError: its manifest cannot be read, or a setting that a query names is not set.
    """
    place = folder / PLACE
    manifest = read_manifest(place)
    if manifest is None:
        return None
    why = (
        _other_making(manifest, settings)
        or _other_files(manifest, files_of_queries(connection, folder, settings))
        or _damaged(place, manifest)
    )
    if why is not None:
        return f"the copy of pinch sync was not read, as {why}: pinch sync renews it"
    return Copy(folder, manifest, _changed(manifest, files_of_tables(folder, settings)))


def _changed(
    manifest: Manifest, files: Mapping[str, Mapping[str, str]]
) -> tuple[str, ...]:
    """The tables of files that are not what they were."""
    kept = {table: its.files for table, its in manifest.tables.items()}
    return tuple(table for table, now in files.items() if kept.get(table, {}) != now)


def _other_making(manifest: Manifest, settings: Settings) -> str | None:
    if manifest.made_by != code():
        return "another version of Pinch or DuckDB made it"
    if manifest.declared != declarations(settings):
        return "book.toml said something else of the tables when it was made"
    return None


def _other_files(manifest: Manifest, now: Mapping[str, str]) -> str | None:
    changed = sorted({file for file, _ in manifest.sources.items() ^ now.items()})
    if not changed:
        return None
    more = f" and {len(changed) - 1} more have" if len(changed) > 1 else " has"
    return f"{changed[0]}{more} changed since"


def _damaged(place: Path, manifest: Manifest) -> str | None:
    for month in manifest.months:
        file = place / month.file
        if not file.is_file() or sha256(file) != month.sha256:
            return f"its file {month.file} is missing or damaged"
    return None
