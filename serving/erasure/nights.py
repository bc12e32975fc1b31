"""Nights without some accounts: published ones, with their manifests, and folders of ``pinch score``.

The files of a night change together (`serving.erasure.rewriting`), in the order in which a night is written: the scores
after the others, with a note of what these are by now, and the manifest at the end.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from features.whole_files import PART, Writer
from serving.erasure.files import Without, without
from serving.erasure.rewriting import PLAN, finish, rewrite
from serving.night_folder import (
    SCORES,
    SPARK_SCORES,
    WORKLIST,
    digest,
    note_of,
    read_note,
    write_scores,
)
from serving.publishing.layout import MANIFEST, STAGING
from serving.publishing.manifest import Manifest, Stored, read_manifest

Ids = Collection[str]


def folders_of_nights(nights: Path) -> list[Path]:
    """The folders below one that hold a night each, the folder itself among them where it is one."""
    found = []
    for place, folders, files in os.walk(nights):
        folders[:] = sorted(name for name in folders if not name.startswith(STAGING))
        there = {*folders, *files}
        if {SCORES, PLAN} & there or {SPARK_SCORES, WORKLIST} <= there:
            found.append(Path(place))
    return found


def erase_from_night(night: Path, ids: Ids) -> dict[str, int]:
    """Rewrites a night without some accounts, all of its files at once or none.

    Args:
        night: its folder.
        ids: of the accounts.

    Returns:
        How many rows, lines or cards each of its files lost, those that lost any.

    Raises:
        NightError: its manifest cannot be read.
        OSError: it cannot be written; then it is as it was.
    """
    finish(night)
    files = {name: without(night / name, ids) for name in _names(night)}
    lost = {name: its.rows for name, its in files.items() if its.rows}
    if not lost:
        return {}
    others = {name: files[name].write for name in lost if name != SCORES}
    writers: dict[str, Writer] = dict(others)
    if (night / SCORES).exists():
        writers[SCORES] = partial(_write_scores, night, files[SCORES], [*others])
    if (night / MANIFEST).exists():
        writers[MANIFEST] = partial(_write_manifest, night, lost, [*writers])
    rewrite(night, writers)
    return lost


def _names(night: Path) -> Iterator[str]:
    """The files of a night that hold rows; other nights below it are their own."""
    for place, folders, names in os.walk(night):
        if Path(place) == night:
            folders[:] = [
                name for name in folders if name in ("histories", SPARK_SCORES)
            ]
        for name in sorted(names):
            path = str(Path(place, name).relative_to(night))
            if path != MANIFEST:
                yield path


def _write_scores(night: Path, scores: Without, changed: list[str], made: Path) -> None:
    """Writes scores with a note of what the other files are by now."""
    whole = made.with_name(f"{made.name}.rows")
    source = night / SCORES
    if scores.rows:
        scores.write(whole)
        source = whole
    with pq.ParquetFile(source) as opened:
        table = opened.read()
    noted = read_note(table.schema)
    names = [] if noted is None else noted.files
    parts = {name: _newest(night, name, changed) for name in names}
    write_scores(table.to_pandas(), made, note_of(parts))
    whole.unlink(missing_ok=True)


def _write_manifest(
    night: Path, lost: dict[str, int], changed: list[str], made: Path
) -> None:
    before = read_manifest(night)
    files = {}
    for name, stored in before.files.items():
        file = _newest(night, name, changed)
        if name not in changed:
            files[name] = stored
        elif file.exists():
            files[name] = Stored(digest(file), file.stat().st_size)
    counts = dict(before.about.counts)
    for counted, name in (("accounts", SCORES), ("listed", WORKLIST)):
        if counted in counts:
            counts[counted] -= lost.get(name, 0)
    about = replace(before.about, counts=counts)
    made.write_bytes(Manifest(about, files, before.revision).as_json())


def _newest(night: Path, name: str, changed: list[str]) -> Path:
    """A file of a night as it is to be."""
    return night / (f"{name}{PART}" if name in changed else name)
