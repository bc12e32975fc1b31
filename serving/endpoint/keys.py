"""API keys: a file of their hashes, and never of the keys themselves.

A key has 256 random bits, so that one round of SHA-256 hides it as well as many would (NIST SP 800-132 is for
passwords, which are guessed). The file is read again when it has changed.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from features.errors import SettingError

LOOK_SECONDS = 1.0
"""How often the file is looked at, at most."""

NAME = re.compile(r"^[A-Za-z0-9._-]{1,64}$")

log = logging.getLogger("bentoml.pinch")


class Scope(StrEnum):
    """What a key allows. None holds another."""

    READ = "read"
    ACT = "act"
    ADMIN = "admin"


class Key(BaseModel):
    """What is kept of a key.

    Attributes:
        name: for people.
        sha256: the hash of the key.
        scopes: what it allows.
        made: when.
        expires: from when on it is taken no more; None for never.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=NAME)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    scopes: frozenset[Scope] = Field(min_length=1)
    made: AwareDatetime
    expires: AwareDatetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it is taken at a moment."""
        return self.expires is None or now < self.expires


class Keys(BaseModel):
    """All keys of an endpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keys: tuple[Key, ...] = ()

    def find(self, secret: bytes) -> Key | None:
        """The key whose secret this is: all are compared, each in constant time."""
        digest = sha256(secret)
        found = None
        for key in self.keys:
            if hmac.compare_digest(key.sha256, digest):
                found = key
        return found


def sha256(secret: bytes) -> str:
    """The hash of a key, in hexadecimal digits."""
    return hashlib.sha256(secret).hexdigest()


def make_key(
    name: str, scopes: Sequence[Scope], expires: datetime | None
) -> tuple[Key, str]:
    """A new key: what is kept of it, and its secret, which is kept nowhere.

    Raises:
        SettingError: the name has characters that no name has.
    """
    if not NAME.fullmatch(name):
        raise SettingError(
            where="the name of a key",
            found="other characters, or none, or too many",
            expected="at most 64 letters, digits, dots, hyphens and underscores",
            mend="choose another name",
        )
    secret = f"pinch_{secrets.token_urlsafe(32)}"
    kept = Key(
        name=name,
        sha256=sha256(secret.encode()),
        scopes=frozenset(scopes),
        made=datetime.now(UTC),
        expires=expires,
    )
    return kept, secret


def read_keys(file: Path) -> Keys:
    """The keys of a file.

    Raises:
        SettingError: it cannot be read, or is no file of keys.
    """
    try:
        return Keys.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise SettingError(
            where=f"file of keys {file}",
            found=f"{type(error).__name__} on reading it",
            expected="a file that pinch keys has written",
            mend="restore it, or make a new one by pinch keys make",
        ) from None


def write_keys(file: Path, keys: Keys) -> None:
    """Writes keys to a file that its owner alone may read; whoever reads meanwhile sees the old one or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    text = keys.model_dump_json(indent=1)
    with os.fdopen(os.open(aside, os.O_CREAT | os.O_WRONLY, 0o600), "w") as written:
        written.write(text)
    aside.replace(file)


class KeyRing:
    """The keys of a file as they are now, looked at once a second. Where the file cannot be read no key is taken.

    Args:
        file: that is there and can be read.

    Raises:
        SettingError: it is not, or cannot.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mark = _mark(file)
        self._keys = read_keys(file)
        self._looked = time.monotonic()

    def find(self, secret: bytes) -> Key | None:
        """The key whose secret this is, if it is known and has not expired."""
        self._look()
        key = self._keys.find(secret)
        return key if key is not None and key.holds(datetime.now(UTC)) else None

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        mark = _mark(self._file)
        if mark == self._mark:
            return
        self._mark = mark
        try:
            self._keys = read_keys(self._file)
        except SettingError as error:
            self._keys = Keys()
            log.error("no key is taken: %s", error)


def _mark(file: Path) -> tuple[int, int, int] | None:
    """What changes when a file is written; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
