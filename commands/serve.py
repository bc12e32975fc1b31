"""``pinch serve``."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Optional

import typer

from commands.options import Store
from commands.output import errors

_SERVICE = "serving.endpoint.service:Pinch"


def _setting(
    name: str, told: str, *, min: float | None = None, max: float | None = None
) -> Any:
    """The option of a setting of the endpoint; see `serving.endpoint.settings`."""
    return typer.Option(envvar=f"PINCH_{name.upper()}", help=told, min=min, max=max)


def serve(
    store: Store = "mlruns",
    models: Annotated[
        Optional[Path],  # noqa: UP045
        _setting("models", "Folder of models, instead of the store."),
    ] = None,
    keys: Annotated[
        Optional[Path],  # noqa: UP045
        _setting("keys", "File of the keys; without it only this machine is answered."),
    ] = None,
    night: Annotated[
        Optional[Path],  # noqa: UP045
        _setting(
            "night", "Folder that pinch night publishes in, or pinch score wrote."
        ),
    ] = None,
    erased_from: Annotated[
        Optional[Path],  # noqa: UP045
        _setting("erased_from", "Book whose erased accounts no night tells of."),
    ] = None,
    host: Annotated[str, _setting("host", "Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, _setting("port", "Port to listen on.", min=1, max=65535)
    ] = 3000,
    workers: Annotated[
        int, _setting("workers", "Processes that answer.", min=1, max=256)
    ] = 1,
    threads: Annotated[
        int, _setting("threads", "Threads of each that compute.", min=1, max=256)
    ] = 4,
    waiting: Annotated[
        int, _setting("waiting", "Requests of each that may wait for one.", min=0)
    ] = 64,
    rate: Annotated[
        str, _setting("rate", "Requests that a key may make of each worker.")
    ] = "600/minute",
    most_bytes: Annotated[
        int, _setting("most_bytes", "Bytes of a body.", min=1)
    ] = 10_485_760,
    seconds: Annotated[
        float, _setting("seconds", "For which a request may be worked on.", min=0.001)
    ] = 30.0,
    body_seconds: Annotated[
        float, _setting("body_seconds", "For which a body may arrive.", min=0.001)
    ] = 10.0,
    idle_seconds: Annotated[
        float, _setting("idle_seconds", "For which a connection may idle.", min=0.001)
    ] = 5.0,
) -> None:
    """Starts the endpoint: POST /predict. Every option is a setting of the environment as well."""
    given = {
        name: value
        for name, value in locals().items()
        if name != "store" and value is not None
    }
    from serving.endpoint.child import run_child, stoppable

    place = tempfile.TemporaryDirectory(prefix="pinch-")
    with errors(as_json=False), stoppable(), place as folder:
        from serving.endpoint.settings import read_settings

        read_settings(**given)
        _require_keys(host, keys)
        with _served(store, models, Path(folder)) as served:
            told = f"Serving {served.version} on http://{host}:{port}"
            typer.echo(told if keys else f"{told}, to this machine alone.", err=True)
            given |= {"models": served.folder, "watched": models is None}
            code = run_child(
                [sys.executable, "-m", "bentoml", "serve", _SERVICE],
                {**os.environ, **_environment(given)},
            )
    raise typer.Exit(code)


class _Served(NamedTuple):
    """A folder of sound models, and their version."""

    folder: Path
    version: str


@contextmanager
def _served(store: str, models: Path | None, place: Path) -> Iterator[_Served]:
    """The models that are served first: those of a folder, or the champions of a store, which is followed."""
    if models is not None:
        from serving.endpoint.checking import Checker

        with closing(Checker()) as checker:
            version = checker.require_sound(models.absolute())
        yield _Served(models.absolute(), version)
        return
    from serving.following import following

    with following(store, place) as link:
        yield _Served(link, (link / "VERSION").read_text())


def _environment(given: dict[str, object]) -> dict[str, str]:
    """Settings as the environment holds them."""
    named = {f"PINCH_{name.upper()}": str(value) for name, value in given.items()}
    return {"BENTOML_DO_NOT_TRACK": "true", **named}


def _require_keys(host: str, keys: Path | None) -> None:
    """Raises `SettingError` where others may ask, and nobody has a key."""
    from ipaddress import ip_address

    from features.errors import SettingError
    from serving.endpoint.keys import read_keys

    if keys is not None:
        read_keys(keys)
    elif not ip_address(host).is_loopback:
        raise SettingError(
            where=f"--host {host}",
            found="an address that others reach, and no keys",
            expected="--keys FILE, or 127.0.0.1",
            mend="make keys by pinch keys make NAME --scope act --keys FILE",
        )
