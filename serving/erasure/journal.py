"""The journal of an erasure under way: whom it is of, in a file that only its owner may read, gone when it is done."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path

from features.sources.tombstones import PLACE
from features.whole_files import write_whole
from serving.publishing.durable import sync

FILE = "journal.json"


def read_journal(book: Path) -> frozenset[str]:
    """The ids of an erasure that was not finished; none where there is none."""
    file = book / PLACE / FILE
    return frozenset(json.loads(file.read_bytes()) if file.exists() else ())


def write_journal(book: Path, ids: Collection[str]) -> None:
    """Writes down whom an erasure is of, before anything else is done."""

    def write(part: Path) -> None:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            json.dump(sorted(ids), file)
        sync(part)

    write_whole(book / PLACE, {FILE: write})
    sync(book / PLACE)


def remove_journal(book: Path) -> None:
    """Forgets whom an erasure was of."""
    (book / PLACE / FILE).unlink(missing_ok=True)
    sync(book / PLACE)
