"""A folder of nights on which tonight was harmed: what readers see, and whether running again makes it good."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.nights.children import begin, end, import_all, tiny_book
from serving.publishing.layout import CURRENT, MANIFEST, STAGING
from serving.publishing.manifest import differing
from serving.publishing.nights import current, published_nights

LAST, TONIGHT = "2024-06-28/rules", "2024-06-29/rules"


@dataclass(frozen=True)
class Nights:
    """The nights of a tiny book, of which last night is published.

    Attributes:
        command: the command line.
        book: the folder of the book.
        folder: of the nights.
        expected: the manifest of tonight, when nobody harms it.
    """

    command: Any
    book: Path
    folder: Path
    expected: bytes

    def tonight(self) -> list[object]:
        """The command that makes tonight."""
        return _night(self.book, self.folder, TONIGHT)

    def seen(self) -> str:
        """The night that readers see.

        Raises:
            AssertionError: they see none, another one, or one of which not all is there.
        """
        night = current(self.folder)
        assert night is not None
        assert night.place in (LAST, TONIGHT), night.place
        assert differing(night.folder, night.manifest) == []
        return night.place

    def mend(self) -> None:
        """Runs tonight again.

        Raises:
            AssertionError: it fails, is not what it would have been, or anything is lost, doubled or left over.
        """
        code = end(begin(self.command, self.tonight()))
        assert code == 0, code
        assert self.seen() == TONIGHT
        assert (self.folder / TONIGHT / MANIFEST).read_bytes() == self.expected
        places = [night.place for night in published_nights(self.folder)]
        assert places == [LAST, TONIGHT], places
        assert not [*self.folder.glob(f"{STAGING}*")]

    def forget_tonight(self) -> None:
        """Makes last night the newest one again."""
        os.symlink(LAST, self.folder / "back")
        os.replace(self.folder / "back", self.folder / CURRENT)
        shutil.rmtree((self.folder / TONIGHT).parent)


def make_nights(workplace: Path) -> Nights:
    """Publishes last night, and makes tonight once elsewhere."""
    command, book = import_all(), tiny_book(workplace / "book")
    for folder in (workplace / "unharmed", workplace / "nights"):
        assert end(begin(command, _night(book, folder, LAST))) == 0
    unharmed = workplace / "unharmed"
    assert end(begin(command, _night(book, unharmed, TONIGHT))) == 0
    expected = (unharmed / TONIGHT / MANIFEST).read_bytes()
    return Nights(command, book, workplace / "nights", expected)


def _night(book: Path, folder: Path, place: str) -> list[object]:
    as_of = place.partition("/")[0]
    asked = ["--rules", "--histories", "--nights", folder, "--as-of", as_of]
    return ["night", book, *asked]
