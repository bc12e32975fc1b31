"""Tombstones: which accounts of a book were erased, each as a keyed hash, so that the list does not tell who.

A book's folder ``erasure`` holds them, with the key (mode 600) unless ``$PINCH_ERASURE_KEY`` gives it. The hash is
BLAKE2b with a key (RFC 7693): without the key nobody can try out ids. See docs/adr/0051.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from features.errors import BookError
from features.whole_files import write_whole

PLACE = "erasure"
"""The folder of a book that holds what its erasures need."""
FILE, KEY_FILE = "tombstones.json", "key"
KEY = "PINCH_ERASURE_KEY"
"""The variable of the environment that gives the key in place of the file."""

_CHECKED = "pinch"
"""What is hashed to tell whether a key is the one of some tombstones; no id of an account is told by it."""


@dataclass(frozen=True)
class Tombstones:
    """The erased accounts of a book.

    Attributes:
        key: of the hashes.
        erased: when each was erased, in UTC, by its keyed hash.
    """

    key: bytes
    erased: Mapping[str, str] = field(default_factory=dict)

    def hash_of(self, account_id: str) -> str:
        """The keyed hash of an id, 64 hexadecimal digits."""
        return hashlib.blake2b(
            account_id.encode(), key=self.key, digest_size=32
        ).hexdigest()

    def among(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of some ids that are erased."""
        if not self.erased:
            return frozenset()
        return frozenset(one for one in ids if self.hash_of(one) in self.erased)

    def with_erased(self, ids: Iterable[str], moment: str) -> Tombstones:
        """The tombstones with more of them; who is erased already stays so since then."""
        added = dict.fromkeys(map(self.hash_of, ids), moment)
        return replace(self, erased={**added, **self.erased})


@dataclass(frozen=True)
class _Written:
    """The file of tombstones.

    Attributes:
        key: the keyed hash of a word that is no id, by which the key is known.
        erased: as of `Tombstones`.
    """

    key: str
    erased: dict[str, str]


_JSON = TypeAdapter(_Written)


def read_tombstones(book: Path) -> Tombstones | None:
    """The tombstones of a book; None where nothing was ever erased from it.

    Raises:
        BookError: their file cannot be read, or their key is missing or another.
    """
    file = book / PLACE / FILE
    if not file.exists():
        return None
    try:
        written = _JSON.validate_json(file.read_bytes())
    except ValidationError:
        raise _unfit(
            file, "another content", "what pinch forget writes", "restore it"
        ) from None
    key = _key(book)
    if key is None:
        raise _unfit(
            file,
            "no key, so that who was erased cannot be told",
            f"${KEY}, or the file {PLACE}/{KEY_FILE} beside the book",
            "give the key that pinch forget made",
        )
    tombstones = Tombstones(key, written.erased)
    if tombstones.hash_of(_CHECKED) != written.key:
        raise _unfit(
            file, "tombstones of another key", "the key that they were made with",
            f"restore {PLACE}/{KEY_FILE}, or correct ${KEY}",
        )  # fmt: skip
    return tombstones


def tombstones_to_add_to(book: Path) -> Tombstones:
    """The tombstones of a book, with a new key beside it where there is none.

    Raises:
        BookError: as of `read_tombstones`.
    """
    there = read_tombstones(book)
    if there is not None:
        return there
    key = _key(book)
    return Tombstones(_made_key(book) if key is None else key)


def write_tombstones(book: Path, tombstones: Tombstones) -> None:
    """Writes tombstones beside a book, whole or not at all."""
    written = _Written(
        tombstones.hash_of(_CHECKED), dict(sorted(tombstones.erased.items()))
    )
    content = _JSON.dump_json(written, indent=1)
    write_whole(book / PLACE, {FILE: lambda part: _write_down(part, content)})


def _key(book: Path) -> bytes | None:
    given = os.environ.get(KEY)
    file = book / PLACE / KEY_FILE
    if not given and not file.exists():
        return None
    text = given or file.read_text(encoding="ascii").strip()
    where = f"${KEY}" if given else str(file)
    if len(text) < 32:
        raise BookError(
            where=where,
            found=f"a key of {len(text)} signs",
            expected="32 or more, such as 64 hexadecimal digits",
            mend="make one: openssl rand -hex 32",
        )
    return hashlib.sha256(text.encode()).digest()


def _made_key(book: Path) -> bytes:
    folder = book / PLACE
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_text(f"{KEY_FILE}\njournal.json\n", encoding="utf-8")
    content = secrets.token_hex(32).encode()
    write_whole(folder, {KEY_FILE: lambda part: _write_down(part, content)})
    key = _key(book)
    assert key is not None
    return key


def _write_down(part: Path, content: bytes) -> None:
    """Writes what only its owner may read, down to the disk."""
    opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _unfit(file: Path, found: str, expected: str, mend: str) -> BookError:
    return BookError(where=str(file), found=found, expected=expected, mend=mend)
