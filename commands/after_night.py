"""What follows once a night is published, or is there already: what a hook is given, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.exit_code import ExitCode

if TYPE_CHECKING:
    from serving.publishing.night_toml import NightToml
    from serving.publishing.publish import Publication


@dataclass(frozen=True)
class AfterNight:
    """What a hook is given.

    Attributes:
        publication: the night; the caller has the turn of its folder.
        nights: the folder of nights.
        book: the folder of its book.
        settings: the ``night.toml`` of the book.
    """

    publication: Publication
    nights: Path
    book: Path
    settings: NightToml


@dataclass(frozen=True)
class Came:
    """What came of a hook.

    Attributes:
        exit_code: what the night ends with, unless an earlier hook ended with something else than ``DONE``.
        facts: for machines.
        told: sentences for people.
    """

    exit_code: ExitCode = ExitCode.DONE
    facts: Mapping[str, Any] = field(default_factory=dict)
    told: tuple[str, ...] = ()


Hook = Callable[[AfterNight], Came]
"""Follows a night; `commands.night_hooks` has them all."""
