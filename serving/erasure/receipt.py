"""The receipt of an erasure: what was removed, what remains and why, which models know of it; no word of who it was."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from features.sources.tombstones import PLACE
from features.whole_files import write_whole

RECEIPTS = "receipts"


@dataclass(frozen=True)
class Receipt:
    """What an erasure did.

    Attributes:
        erased_at: when, in UTC.
        hashes: the keyed hashes of the account's ids, as its tombstones have them.
        removed: how many rows, lines or cards were removed, by path or table.
        remains: what still names the account, and why.
        in_sources: rows of the account in the tables of the book, which are their owner's and are read no more.
        searched: how many files were searched for its ids afterwards.
        found: those that had one.
        models: those that may have been trained on it, see `serving.erasure.models.trained_on`; None where there was
            no store to ask.
    """

    erased_at: str
    hashes: Sequence[str]
    removed: Mapping[str, int]
    remains: Mapping[str, str]
    in_sources: Mapping[str, int]
    searched: int
    found: Sequence[str]
    models: Sequence[Mapping[str, Any]] | None

    @property
    def complete(self) -> bool:
        """Whether nothing of ours is left to be done."""
        return not self.remains and not self.found

    @property
    def lines(self) -> list[str]:
        """The receipt in sentences."""
        rows = sum(self.removed.values())
        said = [
            f"Erased on {self.erased_at}: {len(self.hashes)} id{'s'[: len(self.hashes) != 1]}.",
            *(f"Keyed hash: {each}" for each in self.hashes),
            f"Removed: {rows:,} rows, lines or cards in {len(self.removed):,} places.",
            *(f"  {place}: {many:,}" for place, many in self.removed.items()),
            *(f"Remains: {place}: {why}." for place, why in self.remains.items()),
            *(f"Found afterwards: {file}." for file in self.found),
            f"Searched afterwards: {self.searched:,} files.",
        ]
        if self.in_sources:
            tables = ", ".join(
                f"{name} {many:,}" for name, many in self.in_sources.items()
            )
            said.append(
                f"The book's own tables still hold rows of it, which no command reads: {tables}. Delete them there."
            )
        return [*said, *self._models_told()]

    def _models_told(self) -> list[str]:
        if self.models is None:
            return ["Models: no store was asked; name it with --store."]
        if not self.models:
            return ["Models: none was trained on it."]
        named = [
            f"  {each['model']} version {each['version']}, run {each['run']}"
            f"{' (' + ', '.join(each['aliases']) + ')' if each['aliases'] else ''}"
            for each in self.models
        ]
        return [
            "Models that may have been trained on it, which hold no row of it and stay as they are:",
            *named,
            "To have models that never saw it: pinch train, and pinch promote.",
        ]


def write_receipt(book: Path, receipt: Receipt) -> Path:
    """Writes a receipt beside a book, for machines and as a text; where the former is."""
    name = receipt.erased_at.replace(":", "").replace("+0000", "Z")
    document = {**asdict(receipt), "complete": receipt.complete}
    text = "\n".join([*receipt.lines, ""])
    written = write_whole(
        book / PLACE / RECEIPTS,
        {
            f"{name}.json": lambda part: part.write_text(
                json.dumps(document, indent=1)
            ),
            f"{name}.txt": lambda part: part.write_text(text, encoding="utf-8"),
        },
    )
    return written[0]
