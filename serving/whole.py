"""Files that appear whole or not at all, however a write ends."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

Writer = Callable[[Path], object]
"""Writes a file to a path; one that writes nothing leaves no file of that name."""


def write_whole(folder: Path, writers: Mapping[str, Writer]) -> list[Path]:
    """Writes files beside their places and then moves each into its own, in order.

    Args:
        folder: where; made where it is missing, and rid of what an earlier write left half done.
        writers: by name of the file.

    Returns:
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.glob("*.part"):
        if left_over.is_file():
            left_over.unlink()
    parts = {folder / name: folder / f"{name}.part" for name in writers}
    for write, part in zip(writers.values(), parts.values(), strict=True):
        write(part)
    written = [file for file, part in parts.items() if part.exists()]
    for file in parts:
        if file in written:
            os.replace(parts[file], file)
        else:
            file.unlink(missing_ok=True)
    return written


def spreadsheet(frame: pd.DataFrame) -> Writer:
    """Writes a table as CSV that a spreadsheet opens."""
    return lambda file: frame.to_csv(file, index=False, encoding="utf-8-sig")
