"""A fitted model on disk: a plain folder of text files, with a manifest of their SHA-256. Never pickle.

The hashes are checked before anything is read: a cut booster text can end the whole process.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from features.errors import ModelError

MANIFEST = "manifest.json"


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Writes text files and their manifest to a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    manifest = {name: _digest(text.encode()) for name, text in sorted(files.items())}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def read_folder(folder: Path) -> dict[str, str]:
    """The text files of a folder, by name.

    Raises:
        ModelError: the manifest or a file is missing or is not what was written.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        raw = {name: (folder / name).read_bytes() for name in dict(manifest)}
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(folder, type(error).__name__ + " on reading it") from None
    changed = [
        name for name, content in raw.items() if _digest(content) != manifest[name]
    ]
    if changed:
        raise _damaged(
            folder, f"{', '.join(changed)} with another SHA-256 than in the manifest"
        )
    return {name: content.decode() for name, content in raw.items()}


def fingerprint(folder: Path) -> str:
    """A short hash of the whole model.

    Raises:
        ModelError: there is no manifest.
    """
    try:
        return _digest((folder / MANIFEST).read_bytes())[:16]
    except OSError as error:
        raise _damaged(folder, type(error).__name__ + " on reading it") from None


def read_model(folder: Path, kind: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The description in ``model.json`` and all text files of a model of a kind.

    Raises:
        ModelError: the folder is damaged, or holds no model of that kind.
    """
    files = read_folder(folder)
    described = json.loads(files.get("model.json", "null"))
    if not isinstance(described, dict) or described.get("kind") != kind:
        raise _damaged(folder, f"no {kind} model")
    return described, files


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _damaged(folder: Path, found: str) -> ModelError:
    expected = f"a model folder with {MANIFEST} and the files that it names"
    return ModelError(
        where=str(folder),
        found=found,
        expected=expected,
        mend="fetch the model again, or train again",
    )
