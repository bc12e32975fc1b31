"""The champions: fetched from the registry into a plain folder, which is all that scoring and serving read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from models.fitted.artefact import seal
from models.registry.registry import Registry
from models.registry.versions import ANYWAY, PROMOTED_AT, Entry
from serving.scorer import ABOUT, VERSION


def fetch_champions(registry: Registry, folder: Path) -> Path:
    """Copies the champions to a folder, in the layout that `serving.scorer.load_models` reads, and seals it.

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
    (folder / VERSION).write_text(
        " ".join(f"{name}-{version.number}" for name, version in chosen.items())
    )
    told = [_told(name, registry.entry(version)) for name, version in chosen.items()]
    (folder / ABOUT).write_text(json.dumps(told, indent=1))
    seal(folder)
    return folder


def _told(name: str, entry: Entry) -> dict[str, object]:
    """What the endpoint tells of a champion."""
    return {
        "name": name,
        "version": entry.version.number,
        "trained_until": entry.trained_until,
        "promoted_at": entry.tags.get(PROMOTED_AT),
        "promoted_anyway": entry.tags.get(ANYWAY),
        "horizon": entry.horizon,
        "figures": dict(entry.figures),
        "verdicts": [vars(verdict) for verdict in entry.verdicts],
    }
