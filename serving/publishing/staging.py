"""Staging: where a night is made, on the file system on which it is published; what a killed run left of it is swept.

A staging folder is held by its owner, by a lock of the kernel's. One that nobody holds is left over.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from serving.publishing.layout import STAGING

_OWNER = ".owner"


@dataclass(frozen=True)
class Staging:
    """A staging folder.

    Attributes:
        nights: the folder of nights that it lies in.
        night: the folder to write the files of the night into.
        scratch: for what is needed meanwhile, and is no part of the night.
        spare: a free name.
    """

    nights: Path
    night: Path
    scratch: Path
    spare: Path


@contextmanager
def staging(nights: Path) -> Iterator[Staging]:
    """A staging folder, which is gone at the end of the block with all that is still in it.

    Temporary files of this process lie in it meanwhile, so that they are swept with it when the process is killed.

    Args:
        nights: the folder of nights; the caller has the turn, see `serving.publishing.turn`.
    """
    sweep(nights)
    place = Path(tempfile.mkdtemp(prefix=STAGING, dir=nights))
    try:
        with FileLock(place / _OWNER):
            made = Staging(nights, place / "night", place / "scratch", place / "spare")
            made.night.mkdir()
            made.scratch.mkdir()
            with _temporary_files_in(made.scratch):
                yield made
    finally:
        shutil.rmtree(place, ignore_errors=True)


def sweep(nights: Path) -> list[Path]:
    """Removes the staging folders of runs that are dead, and nothing else; which ones."""
    return [place for place in sorted(nights.glob(f"{STAGING}*")) if _swept(place)]


def left_over(nights: Path) -> list[Path]:
    """The staging folders of runs that are dead, which the next run sweeps."""
    return [place for place in sorted(nights.glob(f"{STAGING}*")) if _is_dead(place)]


def _is_dead(place: Path) -> bool:
    with suppress(Timeout), FileLock(place / _OWNER, timeout=0):
        return True
    return False


def _swept(place: Path) -> bool:
    if not place.is_dir() or place.is_symlink():
        return False
    with suppress(Timeout), FileLock(place / _OWNER, timeout=0):
        shutil.rmtree(place)
        return True
    return False


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
