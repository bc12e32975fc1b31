"""The journal of an erasure under way: whom it is of, in a file that only its owner may read, gone when it is done."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from features.sources.tombstones import PLACE
from features.whole_files import write_whole
from serving.publishing.durable import sync

FILE = "journal.json"


@dataclass
class Journal:
    """An erasure under way.

    Attributes:
        book: the folder of the book.
        ids: of whom it is.
        told: the files that tell systems to blank the accounts: they are no leftovers, however often a run begins.
    """

    book: Path
    ids: Collection[str] = ()
    told: list[str] = field(default_factory=list)

    def write(self) -> None:
        """Writes it down, whole or not at all."""
        said = {"ids": sorted(self.ids), "told": self.told}

        def write(part: Path) -> None:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                json.dump(said, file)
            sync(part)

        write_whole(self.book / PLACE, {FILE: write})
        sync(self.book / PLACE)

    def note(self, files: Collection[str]) -> None:
        """Writes down that files tell a system."""
        self.told += files
        self.write()

    def remove(self) -> None:
        """Forgets whom the erasure was of."""
        (self.book / PLACE / FILE).unlink(missing_ok=True)
        sync(self.book / PLACE)


def read_journal(book: Path) -> Journal:
    """The journal of an erasure that was not finished; an empty one where there is none."""
    file = book / PLACE / FILE
    return (
        Journal(book, **json.loads(file.read_bytes()))
        if file.exists()
        else Journal(book)
    )
