"""Storage: whether a folder can be written, and whether its disk has room."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from serving.doctor.check import Check, failed, warned

GIB = 2**30
LEAST, LOW = GIB // 4, 2 * GIB
"""Bytes below which nothing can be done, and below which it is soon so."""


def storage(name: str, folder: Path, needed: int = 0) -> Iterator[Check]:
    """What is found of a folder, or of the one that it would be made in.

    Args:
        name: what it is for.
        folder: which.
        needed: bytes that are to be written there.
    """
    there = folder if folder.exists() else nearest(folder)
    if os.access(there, os.W_OK | os.X_OK):
        yield Check(f"{name}: write rights", str(there))
    else:
        mend = f"chown or chmod it for the user that runs pinch ({os.geteuid()})"
        yield failed(f"{name}: write rights", f"{there} cannot be written", mend)
    yield room(f"{name}: disk", shutil.disk_usage(there).free, needed)


def nearest(folder: Path) -> Path:
    """The nearest folder above one that is not there."""
    return next(parent for parent in folder.absolute().parents if parent.exists())


def room(name: str, free: int, needed: int = 0) -> Check:
    """Whether a disk has room.

    Args:
        name: of the check.
        free: bytes.
        needed: bytes that are to be written.

    Example:
        >>> room("disk", 100 * 2**20).status, room("disk", 2**30).status, room("disk", 2**40).status
        (<Status.FAIL: 'fail'>, <Status.WARN: 'warn'>, <Status.OK: 'ok'>)
    """
    said = f"{free / GIB:,.1f} GiB free"
    mend = "free some, or move the folder to a larger disk"
    if free < max(LEAST, needed):
        return failed(name, said, mend)
    if free < max(LOW, 3 * needed):
        return warned(name, said, mend)
    return Check(name, said)
