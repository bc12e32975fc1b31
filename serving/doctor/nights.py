"""The folder of nights: whole, as published, followed, swept, and as new as they should be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from serving.doctor.check import Check, failed, warned
from serving.doctor.storage import storage
from serving.doctor.store import free
from serving.publishing.layout import LOCK, RUNS
from serving.publishing.manifest import differing
from serving.publishing.nights import Published, current, published_nights
from serving.publishing.staging import left_over

LOOKED_AT = 7
"""Nights whose files are hashed, the newest, beside the one that readers follow."""
OLD_DAYS = 2
"""A night that readers follow is old where its date is so many days ago, or more."""
_MEND = (
    "restore its files from a backup, or move its folder away and run pinch night again"
)


def nights(folder: Path, today: date) -> Iterator[Check]:
    """What is found of a folder of nights.

    Raises:
        NightError: a manifest or the pointer cannot be read.
    """
    found = published_nights(folder)
    followed = current(folder)
    largest = max((_bytes(night) for night in found), default=0)
    yield from storage("nights", folder, largest)
    yield free("nights: turn", folder / LOCK)
    yield _swept(folder)
    yield from _last_run(folder)
    if followed is None:
        mend = "run pinch night BOOK"
        yield failed("nights: current", f"no night is published in {folder}", mend)
        return
    yield _new(followed, today)
    yield _whole([*found[-LOOKED_AT:], followed])


def _bytes(night: Published) -> int:
    return sum(stored.bytes for stored in night.manifest.files.values())


def _swept(folder: Path) -> Check:
    left = [place.name for place in left_over(folder)]
    if not left:
        return Check("nights: staging", "swept")
    mend = "nothing: the next pinch night sweeps it"
    return warned(
        "nights: staging", f"left of a run that was killed: {', '.join(left)}", mend
    )


def _last_run(folder: Path) -> Iterator[Check]:
    """How the last run ended, as its log says."""
    lines = (
        (folder / RUNS).read_text("utf-8").splitlines()
        if (folder / RUNS).exists()
        else []
    )
    if not lines:
        return
    try:
        run = json.loads(lines[-1])
        said = f"{run['ended']}: {run['outcome']}, exit code {run['exit_code']}"
    except (ValueError, KeyError, TypeError):
        yield warned(
            "nights: last run", f"the last line of {RUNS} cannot be read", "remove it"
        )
        return
    if run["exit_code"]:
        mend = "docs/operations.md says what to do after each exit code"
        yield warned("nights: last run", said, mend)
    else:
        yield Check("nights: last run", said)


def _new(followed: Published, today: date) -> Check:
    days = (today - followed.as_of).days
    said = f"{followed.place}, {days} days ago"
    if days < 0:
        mend = "correct the clock, or the dates of the book"
        return warned("nights: current", f"{followed.place} is in the future", mend)
    if days >= OLD_DAYS:
        mend = "see whether the timer runs (systemctl list-timers), and whether the data are up to date"
        return warned("nights: current", said, mend)
    return Check("nights: current", said)


def _whole(looked_at: Sequence[Published]) -> Check:
    by_place = {night.place: night for night in looked_at}
    for place, night in by_place.items():
        changed = differing(night.folder, night.manifest)
        if changed:
            said = f"{place}: not as published: {', '.join(changed)}"
            return failed("nights: files", said, _MEND)
    return Check("nights: files", f"those of {len(by_place)} nights are as published")
