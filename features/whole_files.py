"""Files that appear whole or not at all, however a write ends."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

PART = ".pinch-part"
"""What the name of a file ends with while it is being written: nobody else's files are called so."""

Writer = Callable[[Path], object]
"""Writes a file to a path; one that writes nothing leaves no file of that name."""


def write_whole(folder: Path, writers: Mapping[str, Writer]) -> list[Path]:
    """Writes files beside their places and then moves each into its own, in order.

    Args:
        folder: where; made where it is missing. What an earlier write of these files left half done goes, and nothing
            else does.
        writers: by name of the file.

    Returns:
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {folder / name: folder / f"{name}{PART}" for name in writers}
    for write, part in zip(writers.values(), parts.values(), strict=True):
        part.unlink(missing_ok=True)
        write(part)
    written = [file for file, part in parts.items() if part.exists()]
    for file in parts:
        if file in written:
            os.replace(parts[file], file)
        else:
            file.unlink(missing_ok=True)
    return written
