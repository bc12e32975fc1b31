"""The store: whether it answers, is free, and has champions that are whole and answer as when they were made."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from filelock import FileLock, Timeout

from models.registry.registry import Registry
from models.registry.store import LOCK, find_folder
from serving.champions import fetch_champions
from serving.doctor.check import Check, warned
from serving.doctor.storage import storage
from serving.endpoint.checking import Checker


def store(address: str) -> Iterator[Check]:
    """What is found of a store.

    Raises:
        ModelError: it does not answer, is of another scheme, or has no champion that is sound.
    """
    registry = Registry(address)
    yield Check("store", f"{address} answers")
    folder = find_folder(address)
    if folder is not None:
        yield from storage("store", folder)
        yield free("store: turn", folder / LOCK)
    entries = registry.entries()
    yield Check("store: versions", f"{len(entries)}")
    with tempfile.TemporaryDirectory() as fetched, closing(Checker()) as checker:
        version = checker.require_sound(fetch_champions(registry, Path(fetched)))
    yield Check("champions", f"{version}: whole, and answer as they did when kept")


def free(name: str, lock: Path) -> Check:
    """Whether nobody has the turn that a lock gives."""
    if not lock.exists():
        return Check(name, "free")
    try:
        with FileLock(lock, timeout=0):
            return Check(name, "free")
    except (Timeout, PermissionError):
        mend = "wait for its end; if there is none for hours, see by lsof which process holds it"
        return warned(name, f"{lock} is held by another process", mend)
