"""``pinch bento``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from commands.options import AsJson, Store
from commands.output import errors, tell

_PACKAGES = ("features", "models", "pages", "serving")
_LOCK = "requirements.lock"
_BENTOFILE = """\
service: "serving.endpoint.service:Pinch"
name: pinch
include: ["**/*.py", "**/*.html", "champion/**"]
exclude:
- "models/registry/"
- "pages/report/"
- "pages/training/"
- "serving/night/"
- "serving/following.py"
- "serving/champions.py"
python:
  requirements_txt: ./requirements.lock
  lock_packages: false
docker:
  python_version: "3.11"
  system_packages: [libgomp1]
"""


def bento(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where to put it; a new folder.")
    ],
    store: Store = "mlruns",
    as_json: AsJson = False,
) -> None:
    """Packs the endpoint with its champion: code, models as text, and the versions of the libraries that it needs.

    Serve it by bentoml serve FOLDER where these are installed, or make an image of it.
    """
    with errors(as_json), tempfile.TemporaryDirectory(prefix="pinch-bento-") as place:
        from models.registry.registry import Registry
        from serving.champions import fetch_champions

        _require_new(folder)
        context = Path(place) / "context"
        for package in _PACKAGES:
            _copy(package, context / package)
        shutil.copy(context / "serving" / _LOCK, context / _LOCK)
        (context / "bentofile.yaml").write_text(_BENTOFILE)
        champion = context / "champion"
        champion.mkdir()
        fetch_champions(Registry(store), champion)
        version = (champion / "VERSION").read_text()
        built = _built(context, Path(place) / "bentoml")
        shutil.copytree(built, folder)
        tell(
            {"folder": str(folder), "version": version},
            as_json,
            lambda: [f"{version} is packed in {folder}; bentoml serve {folder}"],
        )


def _require_new(folder: Path) -> None:
    from features.errors import SettingError

    if folder.exists():
        raise SettingError(
            where=str(folder),
            found="something that is there",
            expected="a new folder",
            mend="choose another one, or remove it",
        )


def _copy(package: str, place: Path) -> None:
    source = Path(str(files(package)))
    shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))


def _built(context: Path, home: Path) -> Path:
    """The folder of the Bento that BentoML makes of a context."""
    from features.errors import SettingError

    quiet = {"BENTOML_DO_NOT_TRACK": "true", "BENTOML_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "bentoml", "build", "--output", "tag", str(context)],
        cwd=context,
        env={**os.environ, **quiet, "PYTHONPATH": str(context)},
        capture_output=True,
        text=True,
        check=False,
    )
    made = [path.parent for path in home.glob("bentos/pinch/*/bento.yaml")]
    if done.returncode or len(made) != 1:
        raise SettingError(
            found=f"that BentoML ended with code {done.returncode}: {done.stderr[-500:]}",
            expected="a Bento",
            mend="see that bentoml build works here",
        )
    return made[0]
