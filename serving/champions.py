"""The champions: fetched from the registry into a plain folder, which is all that scoring and serving read."""

from __future__ import annotations

import shutil
from pathlib import Path

from models.registry.registry import Registry


def fetch_champions(registry: Registry, folder: Path) -> Path:
    """Copies the champions to a folder, in the layout that `serving.scorer.load_models` reads.

    Raises:
        ModelError: there is no champion for defection.
    """
    chosen = {
        version.name.removeprefix("pinch-"): version for version in registry.champions()
    }
    for name in ("defection", "migration"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name, version in chosen.items():
        registry.fetch(version, folder / name)
    (folder / "VERSION").write_text(
        " ".join(f"{name}-{version.number}" for name, version in chosen.items())
    )
    return folder
