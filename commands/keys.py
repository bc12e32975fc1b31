"""``pinch keys``: the keys of those who may ask the endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from commands.options import AsJson
from commands.output import errors, table, tell

if TYPE_CHECKING:
    from serving.endpoint.keys import Key, Keys

LOCK_SECONDS = 30.0


class Allowed(StrEnum):
    """What a key may allow, as `serving.endpoint.keys.Scope` has it."""

    READ = "read"
    ACT = "act"
    ADMIN = "admin"


KeysFile = Annotated[
    Path,
    typer.Option(
        "--keys", envvar="PINCH_KEYS", help="The file of the keys, of hashes alone."
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Who is to have the key.")]

keys = typer.Typer(
    help="Makes, lists and revokes the keys of the endpoint.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@keys.command()
def make(
    name: Name,
    scope: Annotated[
        list[Allowed],
        typer.Option(
            help="What it allows: read what is stored, act (score), admin (metrics). Give several for several."
        ),
    ],
    file: KeysFile,
    days: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=1, help="How long it is taken; for ever where left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Makes a key and shows it, once: it is kept nowhere."""
    with errors(as_json):
        from serving.endpoint.keys import Scope, make_key

        until = None if days is None else datetime.now(UTC) + timedelta(days=days)
        with _changing(file) as known:
            _require_new(name, known.keys)
            key, secret = make_key(name, [Scope(one) for one in scope], until)
            known.keys = (*known.keys, key)
        said = ["The key, which is shown this once and kept nowhere:", secret]
        tell({**_facts(key), "key": secret}, as_json, lambda: said)


@keys.command(name="list")
def list_keys(file: KeysFile, as_json: AsJson = False) -> None:
    """Lists the keys by their names: what each allows, and until when."""
    with errors(as_json):
        from serving.endpoint.keys import read_keys

        found = [_facts(key) for key in read_keys(file).keys]
        rows = [
            [key["name"], " ".join(key["scopes"]), key["made"], key["expires"] or ""]
            for key in found
        ]
        columns = ["name", "scopes", "made", "expires"]
        tell({"keys": found}, as_json, lambda: [table(columns, rows)])


@keys.command()
def revoke(name: Name, file: KeysFile, as_json: AsJson = False) -> None:
    """Revokes a key: within seconds no worker takes it any more."""
    with errors(as_json):
        with _changing(file) as known:
            _require_known(name, known.keys)
            known.keys = tuple(key for key in known.keys if key.name != name)
        tell({"revoked": name}, as_json, lambda: [f"{name} is revoked."])


class _Changed:
    """The keys of a file while they are changed."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        self.keys = keys


@contextmanager
def _changing(file: Path) -> Iterator[_Changed]:
    """The keys of a file, which has those that they are at the end of the block; others wait for it meanwhile."""
    from filelock import FileLock

    from serving.endpoint.keys import Keys, read_keys, write_keys

    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_name(f".{file.name}.lock"), timeout=LOCK_SECONDS):
        known: Keys = read_keys(file) if file.exists() else Keys()
        changed = _Changed(known.keys)
        yield changed
        write_keys(file, Keys(keys=changed.keys))


def _require_new(name: str, known: tuple[Key, ...]) -> None:
    if any(key.name == name for key in known):
        _refuse(name, "a key of that name", "a new name", "revoke it first")


def _require_known(name: str, known: tuple[Key, ...]) -> None:
    if not any(key.name == name for key in known):
        expected = f"one of {', '.join(key.name for key in known) or 'none'}"
        _refuse(name, "no key of that name", expected, "see pinch keys list")


def _refuse(name: str, found: str, expected: str, mend: str) -> None:
    from features.errors import SettingError

    raise SettingError(where=f"key {name}", found=found, expected=expected, mend=mend)


def _facts(key: Key) -> dict[str, Any]:
    return {
        "name": key.name,
        "scopes": sorted(key.scopes),
        "made": key.made.isoformat(timespec="seconds"),
        "expires": key.expires and key.expires.isoformat(timespec="seconds"),
    }
