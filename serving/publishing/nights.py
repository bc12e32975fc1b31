"""The nights of a folder, as readers see them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from features.errors import NightError
from serving.publishing.layout import CURRENT, MANIFEST
from serving.publishing.manifest import Manifest, read_manifest


@dataclass(frozen=True)
class Published:
    """A published night.

    Attributes:
        folder: its own.
        manifest: what it is and holds.
    """

    folder: Path
    manifest: Manifest

    @property
    def as_of(self) -> date:
        """The date that it looks from."""
        return self.manifest.about.as_of

    @property
    def model_version(self) -> str:
        """The models that scored it, or rules."""
        return self.manifest.about.model_version

    @property
    def revision(self) -> int:
        """1, and more where it was made again of other data."""
        return self.manifest.revision

    @property
    def place(self) -> str:
        """Its path in the folder of nights."""
        return f"{self.folder.parent.name}/{self.folder.name}"


def published_nights(folder: Path) -> list[Published]:
    """All nights of a folder by date, models and revision, the oldest first; none where there is no folder.

    Raises:
        NightError: a manifest cannot be read.
    """
    nights = [_published(found.parent) for found in folder.glob(f"[0-9]*/*/{MANIFEST}")]
    return sorted(
        nights, key=lambda night: (night.as_of, night.model_version, night.revision)
    )


def current(folder: Path) -> Published | None:
    """The night that the pointer of a folder names, as it is at this moment; None where there is no pointer.

    Raises:
        NightError: it is no pointer, or names no night that can be read.
    """
    link = folder / CURRENT
    if not os.path.lexists(link):
        return None
    if not link.is_symlink():
        raise NightError(
            where=str(link),
            found="a folder or file",
            expected="a symbolic link to a night",
            mend="remove it, a copy that followed links, and run pinch night again",
        )
    return _published(folder.resolve() / link.readlink())


def newest_of(folder: Path, as_of: date, model_version: str) -> Published | None:
    """The newest revision of a night; None where it was never published."""
    found = [
        night
        for night in published_nights(folder)
        if (night.as_of, night.model_version) == (as_of, model_version)
    ]
    return found[-1] if found else None


def last_before(folder: Path, as_of: date) -> Published | None:
    """The night before one: of the latest earlier date the one that the pointer names, or else the newest."""
    earlier = [night for night in published_nights(folder) if night.as_of < as_of]
    if not earlier:
        return None
    pointed = current(folder)
    last = earlier[-1]
    is_same = pointed is not None and pointed.as_of == last.as_of
    return pointed if is_same else last


def _published(folder: Path) -> Published:
    return Published(folder, read_manifest(folder))
