"""The environment: variables that a book and its night name are there, and the servers that they lead to answer."""

from __future__ import annotations

import os
import re
import socket
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from serving.doctor.check import Check, failed

FILES = ("book.toml", "night.toml")
PORTS = {"postgres": 5432, "postgresql": 5432, "https": 443, "http": 80}
SECONDS = 5.0
_NAMED = re.compile(r"\$([A-Za-z_]\w*)")


def environment(book: Path, environ: Mapping[str, str] = os.environ) -> Iterator[Check]:
    """Whether each variable that a file of a book names as ``$NAME`` is there, and its server can be reached."""
    for file in FILES:
        for name in sorted(set(_named(_read(book / file)))):
            yield from _variable(name, file, environ.get(name))


def _variable(name: str, file: str, value: str | None) -> Iterator[Check]:
    if not value:
        mend = f"set {name} where the night runs, such as in the EnvironmentFile of its service"
        yield failed(f"${name}", f"not set, and {file} names it", mend)
        return
    yield Check(f"${name}", "set")
    address = urlsplit(value)
    if address.scheme in PORTS and address.hostname:
        port = address.port or PORTS[address.scheme]
        yield reached(f"server of ${name}", address.hostname, port)


def reached(name: str, host: str, port: int) -> Check:
    """Whether a server takes connections."""
    try:
        with socket.create_connection((host, port), timeout=SECONDS):
            return Check(name, f"{host}:{port} takes connections")
    except OSError as error:
        said = (
            f"{host}:{port} does not answer ({error.strerror or type(error).__name__})"
        )
        mend = "start it, or correct the address, the firewall or the network"
        return failed(name, said, mend)


def _read(file: Path) -> Mapping[str, Any]:
    """A file of TOML; nothing where there is none, or where it cannot be read, which opening the book tells."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _named(said: Any) -> Iterator[str]:
    """The variables that values name, however deep they lie."""
    if isinstance(said, str):
        found = _NAMED.fullmatch(said)
        if found is not None:
            yield found[1]
    elif isinstance(said, dict):
        for value in said.values():
            yield from _named(value)
    elif isinstance(said, list):
        for value in said:
            yield from _named(value)
