"""Making the ``book.toml`` of exports, and saying what was assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from features.errors import BookError
from features.sources.connectors.draft import draft_of
from features.sources.connectors.export import Export, find_export
from features.sources.connectors.vendor import read_vendor
from features.sources.connectors.written import written
from features.sources.tables import at_home, files_of
from features.vocabulary.contract import TABLES


@dataclass(frozen=True)
class Made:
    """A ``book.toml`` that was written.

    Attributes:
        file: where.
        assumed: what was taken for granted, each as a sentence.
        told: what the exports lack and what is left out of them, each as a sentence.
    """

    file: Path
    assumed: list[str]
    told: list[str]


def make_book(
    folder: Path,
    sources: Mapping[str, Path | None],
    *,
    match_domains: bool = False,
    zones: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> Made:
    """Writes the ``book.toml`` of a folder.

    Args:
        folder: the book's.
        sources: vendors, each with the folder of its export: where None, that of its name in the book's, if there is
            one, otherwise the book's itself.
        match_domains: whether accounts of several exports are one where they share a domain.
        zones: the time zone of times without one, by vendor; UTC where there is none.
        overwrite: whether a ``book.toml`` may be there.

    Raises:
        BookError: there is one already, a vendor is not known, or its export lacks what it needs.
    """
    home = folder.resolve()
    file = folder / "book.toml"
    if file.exists() and not overwrite:
        raise BookError(
            where=str(folder),
            found="a book.toml",
            expected="none, as it may have been edited",
            mend="move it elsewhere, or write it anew with --force",
        )
    zones = zones or {}
    folders = {name: _folder(name, path, home) for name, path in sources.items()}
    with at_home(home):
        exports = [
            find_export(read_vendor(name), place, home, zones.get(name))
            for name, place in folders.items()
        ]
        draft = draft_of(exports, match_domains)
        _require_apart(home, exports, draft.tables)
    assumed = [said for export in exports for said in export.vendor.assumes]
    assumed += [
        f"Times of {name} without a zone are those of {zones.get(name, 'UTC')}."
        for name in sources
    ]
    titles = " and ".join(export.vendor.title for export in exports)
    head = f"The book of an export of {titles}."
    file.write_text(written(draft, head, assumed), encoding="utf-8")
    return Made(file, assumed, [*draft.told])


def _require_apart(home: Path, exports: Iterable[Export], made: Iterable[str]) -> None:
    """Refuses files of an export that the book would read as a table of its own, as no query makes it."""
    read = {file.name for export in exports for file in export.files.values()}
    for table in TABLES.keys() - set(made):
        files = files_of(home, table)
        if files and files[0].name in read:
            raise BookError(
                where=str(home),
                found=f"{files[0].name}, which tells nothing of {table}, and would be read as that table of the book",
                expected="an export in a folder of its own",
                mend="move its files to one, and name it: --from SOURCE=FOLDER",
            )


def _folder(name: str, path: Path | None, home: Path) -> Path:
    if path is None:
        path = home / name if (home / name).is_dir() else home
    if not path.is_dir():
        raise BookError(
            where=f"the export of {name}",
            found=f"no folder {path}",
            expected="the folder of its files",
            mend="correct the path",
        )
    return path.resolve()
