"""``pinch fetch``."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from commands.options import AsJson, Store
from commands.output import errors, tell

_KEPT_ASIDE = ".former"


def fetch(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where the champions are to lie.")
    ],
    store: Store = "mlruns",
    as_json: AsJson = False,
) -> None:
    """Copies the champions of a store to a folder, which a server without the store reads: PINCH_MODELS=FOLDER.

    A server that reads the folder takes them over.
    """
    with errors(as_json):
        from models.registry.registry import Registry
        from serving.champions import fetch_champions

        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder.parent) as place:
            fetched = fetch_champions(Registry(store), Path(place) / "models")
            version = (fetched / "VERSION").read_text()
            _put(fetched, folder)
        tell(
            {"folder": str(folder), "version": version},
            as_json,
            lambda: [f"{version} is in {folder}."],
        )


def _put(fetched: Path, folder: Path) -> None:
    """Puts a folder in the place of another, whole; for the moment between there is none."""
    former = folder.with_name(f"{folder.name}{_KEPT_ASIDE}")
    shutil.rmtree(former, ignore_errors=True)
    if folder.exists():
        folder.rename(former)
    fetched.rename(folder)
    shutil.rmtree(former, ignore_errors=True)
