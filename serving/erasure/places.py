"""Where erased accounts were found, and where they remain."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from serving.erasure.files import without
from serving.erasure.rewriting import finish, rewrite

Ids = Collection[str]


@dataclass
class Places:
    """What an erasure found.

    Attributes:
        found: how many rows were removed, by path or table.
        remains: what still names an account, and why, by path, table or system.
    """

    found: dict[str, int] = field(default_factory=dict)
    remains: dict[str, str] = field(default_factory=dict)

    def add(self, place: Path | str, rows: Mapping[str, int]) -> None:
        """Adds what was removed from the files of a folder, or the tables of a database."""
        for name, number in rows.items():
            named = str(Path(place, name)) if isinstance(place, Path) else name
            self.found[named] = self.found.get(named, 0) + number


def erase_from_file(file: Path, ids: Ids) -> int:
    """Rewrites a file without some accounts, whole or not at all; how many rows it lost."""
    finish(file.parent)
    its = without(file, ids)
    if its.rows:
        rewrite(file.parent, {file.name: its.write})
    return its.rows


def erase_from_files(files: Collection[Path], ids: Ids, places: Places) -> None:
    """Rewrites files without some accounts."""
    for file in sorted(files):
        rows = erase_from_file(file, ids)
        if rows:
            places.add(file.parent, {file.name: rows})


def files_below(folder: Path) -> list[Path]:
    """All files below a folder; none where there is no folder."""
    return [path for path in folder.rglob("*") if path.is_file()]
