"""A fitted model on disk: a plain folder of text files, with a manifest of their SHA-256. Never pickle.

The hashes are checked before anything is read: a cut booster text can end the whole process. A folder that holds
several models has a seal, ``SHA256SUMS``, of all files in it, as ``sha256sum`` writes and checks them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from features.errors import ModelError

MANIFEST, SEAL = "manifest.json", "SHA256SUMS"


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


def digest(folder: Path) -> str:
    """The hash of the whole model: of its manifest.

    Raises:
        ModelError: there is no manifest.
    """
    try:
        return _digest((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise _damaged(folder, type(error).__name__ + " on reading it") from None


def fingerprint(folder: Path) -> str:
    """A short hash of the whole model.

    Raises:
        ModelError: there is no manifest.
    """
    return digest(folder)[:16]


def seal(folder: Path) -> None:
    """Writes the hashes of all files below a folder to its seal."""
    (folder / SEAL).write_text(_sums(folder), encoding="utf-8")


def require_sealed(folder: Path) -> None:
    """Sees that the files below a folder are those that were sealed.

    Raises:
        ModelError: they are not, or there is no seal.
    """
    try:
        sealed = (folder / SEAL).read_text(encoding="utf-8")
        found = _sums(folder)
    except (OSError, UnicodeDecodeError) as error:
        raise _unsealed(folder, f"{type(error).__name__} on reading it") from None
    if found != sealed:
        changed = {
            line.split()[-1] for line in {*found.splitlines()} ^ {*sealed.splitlines()}
        }
        raise _unsealed(
            folder, f"{len(changed)} files that are not those that were sealed"
        )


def _sums(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{_digest(path.read_bytes())}  {path.relative_to(folder).as_posix()}\n"
        for path in files
        if path.name != SEAL
    ]
    return "".join(lines)


def _unsealed(folder: Path, found: str) -> ModelError:
    return ModelError(
        where=str(folder),
        found=found,
        expected=f"the files that {SEAL} names, as they were",
        mend="fetch the models again by pinch fetch",
    )


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
