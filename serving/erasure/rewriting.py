"""Files of a folder that change together: all of them are made first, and then each takes its place.

What is to take place is written down once all of it is made and on the disk. A run that is killed before has changed
nothing; one that is killed after is finished by the next (`finish`). The order is that of the writers: whoever goes by
the last file sees the others as they are to be.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from features.whole_files import PART, Writer
from serving.publishing.durable import sync

PLAN = ".pinch-erasing"
"""The file that names what is to take its place; it is there while that is under way."""


def rewrite(folder: Path, writers: Mapping[str, Writer]) -> None:
    """Writes files of a folder anew, all of them or none.

    Args:
        folder: where.
        writers: by name; one that writes nothing has the file removed.
    """
    finish(folder)
    for name, write in writers.items():
        part = _part(folder, name)
        write(part)
        if part.exists():
            sync(part)
    made = {name: _part(folder, name).exists() for name in writers}
    plan = folder / f"{PLAN}{PART}"
    plan.write_text(json.dumps(made), encoding="utf-8")
    sync(plan)
    os.replace(plan, folder / PLAN)
    sync(folder)
    finish(folder)


def finish(folder: Path) -> None:
    """Finishes what an earlier run wrote down, and clears away what it had only begun."""
    plan = folder / PLAN
    if plan.exists():
        for name, is_made in json.loads(plan.read_bytes()).items():
            _take_place(folder, name, is_made)
        sync(folder)
        plan.unlink()
        sync(folder)
    for place in ("", "*/"):
        for left in folder.glob(f"{place}*{PART}*"):
            left.unlink()


def _take_place(folder: Path, name: str, is_made: bool) -> None:
    """Gives a file that was made its place, unless it has it already; removes one that was not made."""
    part, file = _part(folder, name), folder / name
    if not is_made:
        file.unlink(missing_ok=True)
    elif part.exists():
        os.replace(part, file)


def _part(folder: Path, name: str) -> Path:
    return folder / f"{name}{PART}"
