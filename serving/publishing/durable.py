"""What is on the disk and stays there: the calls that publishing makes of the file system, none of which is elsewhere.

A rename is atomic, and lasts once the folder that holds the name is synced; so each file is synced before it gets its
name, and the folder after (POSIX ``rename``, ``fsync``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def sync(path: Path) -> None:
    """Writes a file, or the names that a folder holds, to the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_tree(folder: Path) -> None:
    """Writes all files of a folder to the disk, and then their names."""
    for path in [*_below(folder), folder]:
        sync(path)


def write(file: Path, content: bytes) -> None:
    """Writes a new file."""
    with file.open("xb") as opened:
        opened.write(content)


def append(file: Path, line: bytes) -> None:
    """Adds a line to a file by one write."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    opened = os.open(file, flags, 0o666)
    try:
        os.write(opened, line)
    finally:
        os.close(opened)


def move(made: Path, place: Path) -> None:
    """Gives a folder that is on the disk its place, in a folder that is made where it is missing."""
    if not place.parent.exists():
        place.parent.mkdir()
        sync(place.parent.parent)
    os.rename(made, place)
    sync(place.parent)


def point(link: Path, target: str, spare: Path) -> None:
    """Makes a symbolic link point to something else at once; where that does not last on the disk, back again.

    Args:
        link: may be missing.
        target: by its path from the link.
        spare: a free name on the same file system.
    """
    before = os.readlink(link) if os.path.lexists(link) else None
    os.symlink(target, spare)
    os.rename(spare, link)
    try:
        sync(link.parent)
    except OSError:
        _point_back(link, before, spare)
        raise


def _point_back(link: Path, target: str | None, spare: Path) -> None:
    if target is None:
        link.unlink()
        return
    os.symlink(target, spare)
    os.rename(spare, link)


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            yield Path(place, name)
