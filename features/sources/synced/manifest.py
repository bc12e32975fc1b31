"""The manifest of a copy: what it holds, of which declarations and sources, and when it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from features.errors import BookError
from features.whole_files import write_whole

PLACE = Path(".pinch", "copy")
"""Where a copy is, in the folder of its book."""

FILE = "manifest.json"


@dataclass(frozen=True)
class Month:
    """The rows of a table of one month.

    Attributes:
        rows: how many.
        digest: of their content, whatever their order.
        file: that holds them, from the folder of the copy.
        sha256: of the file.
    """

    rows: int
    digest: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Kept:
    """A table of a copy.

    Attributes:
        columns: each with its SQL type, the place of a row in its source among them where it has one.
        months: by month, such as ``2026-11``, or ``undated``.
        files: that it was read from, by their paths from the book's folder, each with the SHA-256 of its content; none
            where a query made it.
        origin: the very table of a database that it is of; empty where it is of none.
    """

    columns: Mapping[str, str]
    months: Mapping[str, Month]
    files: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(month.rows for month in self.months.values())


@dataclass(frozen=True)
class Manifest:
    """What a copy holds.

    Attributes:
        made_by: the code that read the sources, see `features.sources.synced.fingerprints.code`.
        declared: what ``book.toml`` said of the sources.
        synced_at: when they were read, in UTC.
        sources: the files that queries name, as `Kept.files`.
        tables: by name.
        databases: the tables of PostgreSQL of which new rows alone are read, by ``SCHEMA.TABLE``.
    """

    made_by: str
    declared: str
    synced_at: datetime
    sources: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Kept] = field(default_factory=dict)
    databases: Mapping[str, Kept] = field(default_factory=dict)

    @property
    def months(self) -> Iterator[Month]:
        """The months of all tables of the book."""
        for kept in self.tables.values():
            yield from kept.months.values()

    @property
    def files(self) -> Iterator[str]:
        """All files that belong to it."""
        for kept in (*self.tables.values(), *self.databases.values()):
            yield from (month.file for month in kept.months.values())


_JSON = TypeAdapter(Manifest)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a copy; None where there is no copy.

    Args:
        folder: of the copy.

    Raises:
        BookError: it is none that can be read.
    """
    file = folder / FILE
    if not file.exists():
        return None
    try:
        return _JSON.validate_json(file.read_bytes())
    except ValidationError:
        raise BookError(
            where=str(file),
            found="another content",
            expected="what pinch sync writes",
            mend="remove it and run pinch sync",
        ) from None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes the manifest of a copy, whole or not at all: from then on this is the copy."""
    content = _JSON.dump_json(manifest, indent=1)
    write_whole(folder, {FILE: lambda file: file.write_bytes(content)})
