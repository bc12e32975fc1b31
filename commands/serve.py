"""``pinch serve``."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from commands.options import Store
from commands.output import errors

_SERVICE = "serving.endpoint.service:Pinch"


def serve(
    store: Store = "mlruns",
    models: Annotated[
        Path | None,
        typer.Option(
            envvar="PINCH_MODELS",
            help="Folder of fetched models, instead of the store.",
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(envvar="PINCH_HOST", help="Where to listen.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PINCH_PORT", min=1, max=65535)] = 3000,
) -> None:
    """Starts the endpoint: POST /predict."""
    from serving.endpoint.child import run_child, stoppable

    fetched = tempfile.TemporaryDirectory(prefix="pinch-")
    with errors(as_json=False), stoppable(), fetched as folder:
        from serving.scorer import load_models

        models = _fetched(store, Path(folder)) if models is None else models
        version = load_models(models).version
        typer.echo(f"Serving {version} on http://{host}:{port}", err=True)
        listen = ["--host", host, "--port", str(port)]
        code = run_child(
            [sys.executable, "-m", "bentoml", "serve", _SERVICE, *listen],
            {**os.environ, **_settings(models)},
        )
    raise typer.Exit(code)


def _fetched(store: str, folder: Path) -> Path:
    """The champions of a store, copied to a folder."""
    from models.registry.registry import Registry
    from serving.champions import fetch_champions

    return fetch_champions(Registry(store), folder)


def _settings(models: Path) -> dict[str, str]:
    return {"PINCH_MODELS": str(models.resolve()), "BENTOML_DO_NOT_TRACK": "true"}
