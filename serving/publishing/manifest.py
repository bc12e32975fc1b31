"""The manifest of a night: what it is, and what each of its files is, by SHA-256."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from features.errors import NightError
from serving.night_folder import digest
from serving.publishing.layout import MANIFEST


@dataclass(frozen=True)
class Stored:
    """A file as it was published.

    Attributes:
        sha256: of what it holds.
        bytes: its size.
    """

    sha256: str
    bytes: int


@dataclass(frozen=True)
class About:
    """What a night is.

    Attributes:
        as_of: the date that it looks from.
        model_version: the models that scored it, or rules.
        counts: of what it saw and gave: ``accounts`` scored, ``listed``, ``quarantined`` and ``rows`` by table.
        settings: what was asked for that changes its files, by the names of the flags.
    """

    as_of: date
    model_version: str
    counts: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """What a published night is and holds.

    Attributes:
        about: what it is.
        files: by path in its folder, the manifest left out.
        revision: 1, and more where it was made again of other data.
    """

    about: About
    files: Mapping[str, Stored]
    revision: int = 1

    def as_json(self) -> bytes:
        """The manifest as it is written: the same night gives the same bytes."""
        said = {
            "as_of": str(self.about.as_of),
            "model_version": self.about.model_version,
            "revision": self.revision,
            "counts": self.about.counts,
            "settings": self.about.settings,
            "files": {name: asdict(self.files[name]) for name in sorted(self.files)},
        }
        return json.dumps(said, indent=1, allow_nan=False).encode() + b"\n"


def files_of(folder: Path) -> dict[str, Stored]:
    """What the files of a folder are, its manifest left out."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    named = {str(path.relative_to(folder)): path for path in found}
    return {
        name: Stored(digest(path), path.stat().st_size)
        for name, path in named.items()
        if name != MANIFEST
    }


def read_manifest(night: Path) -> Manifest:
    """The manifest of a published night.

    Raises:
        NightError: it cannot be read.
    """
    try:
        said = json.loads((night / MANIFEST).read_bytes())
        about = About(
            date.fromisoformat(said["as_of"]),
            said["model_version"],
            said["counts"],
            said["settings"],
        )
        files = {name: Stored(**stored) for name, stored in said["files"].items()}
        return Manifest(about, files, said["revision"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NightError(
            where=str(night / MANIFEST),
            found=f"no manifest that can be read ({type(error).__name__})",
            expected="what pinch night wrote",
            mend="restore it from a backup, or move the folder of this night away and run pinch night again",
        ) from None


def differing(night: Path, manifest: Manifest) -> list[str]:
    """The files of a night that are missing, are not as they were published, or were not published with it."""
    found = files_of(night)
    names = sorted(found.keys() | manifest.files.keys())
    return [name for name in names if found.get(name) != manifest.files.get(name)]
