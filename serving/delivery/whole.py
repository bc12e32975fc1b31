"""Files of a delivery, each of which is there whole, and on the disk, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving.night.atomic_files import PART
from serving.publishing.durable import sync


@contextmanager
def written_whole(file: Path) -> Iterator[Path]:
    """A path to write to; at the end of the block what is there takes the place of a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}{PART}")
    yield part
    sync(part)
    os.replace(part, file)
    sync(file.parent)
