"""``night.toml``: what a night needs that nobody watches, beside the ``book.toml`` of its book.

Each section is validated where it is used, by `validated`. What is secret is named as ``$NAME``, a variable of the
environment, and never stands in the file.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from features.errors import SettingError

NIGHT_TOML = "night.toml"

Section = Mapping[str, Any]
Valid = TypeVar("Valid", bound=BaseModel)

_REFERENCE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


class NightToml(BaseModel):
    """The sections of a ``night.toml``, each empty where it is left out.

    Attributes:
        night: the flags of ``pinch night``.
        limits: how far the rows of a book may be from those of the night before.
        drift: how far inputs and scores may be from those of training.
        deliver: where the night goes, a table for each destination.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    night: dict[str, Any] = {}
    limits: dict[str, Any] = {}
    drift: dict[str, Any] = {}
    deliver: list[dict[str, Any]] = []


def read_night_toml(book: Path) -> NightToml:
    """The ``night.toml`` of a book; empty sections where there is none.

    Raises:
        SettingError: it cannot be read, or has another section.
    """
    file = book / NIGHT_TOML
    if not file.exists():
        return NightToml()
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _unfit(str(file), f"no TOML ({error})", "TOML in UTF-8") from None
    return validated(NightToml, said, str(file))


def validated(model: type[Valid], said: Section, where: str) -> Valid:
    """A section as a model takes it.

    Args:
        model: names the keys and their types.
        said: the section.
        where: what errors name it by, such as ``night.toml, [limits]``.

    Raises:
        SettingError: the first key that is unknown or has another value.
    """
    try:
        return model.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
    place = "".join(_place(part) for part in first["loc"]).removeprefix(".")
    named = f"{where}, {place}" if place else where
    if first["type"] == "extra_forbidden":
        expected = f"any of {', '.join(model.model_fields)}"
        raise _unfit(named, "a key that is not known", expected)
    if first["type"] == "missing":
        raise _unfit(named, "nothing", "a value, which it needs")
    raise _unfit(named, "another value", first["msg"])


def secret(reference: str, where: str, environ: Mapping[str, str] = os.environ) -> str:
    """What a variable of the environment holds that a section names as ``$NAME``.

    Raises:
        SettingError: it is no such name, or the environment does not have it.

    Example:
        >>> secret("$TOKEN", "night.toml, [[deliver]]", {"TOKEN": "abc"})
        'abc'
    """
    named = _REFERENCE.fullmatch(reference)
    if named is None:
        raise _unfit(
            where, "a secret in the file", "$NAME, a variable of the environment"
        )
    value = environ.get(named[1])
    if not value:
        expected = f"{named[1]} in the environment"
        raise _unfit(where, f"no value of {reference}", expected)
    return value


def _place(part: str | int) -> str:
    return f"[{part + 1}]" if isinstance(part, int) else f".{part}"


def _unfit(where: str, found: str, expected: str) -> SettingError:
    return SettingError(
        where=where, found=found, expected=expected, mend="correct the file"
    )
