"""Turns: one process at a time writes to a folder of nights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from features.errors import BusyError
from serving.publishing.layout import LOCK


@contextmanager
def turn(folder: Path, wait: float = 0.0) -> Iterator[None]:
    """The one process that writes to a folder until the end of the block; the folder is made where it is missing.

    A process that dies gives its turn back: the lock is the kernel's, and the file that is left says nothing.

    Args:
        folder: of nights.
        wait: for so many seconds for another's turn to end.

    Raises:
        BusyError: another is at work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK, timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(
            where=str(folder),
            found="another run that writes these nights",
            expected="one at a time",
            mend="wait for its end, or for so many seconds with --wait SECONDS",
        ) from None
    try:
        yield
    finally:
        lock.release()
