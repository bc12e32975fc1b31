"""The settings of ``night.toml`` as the flags of ``pinch night``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from commands.exit_code import ExitCode
from commands.output import error_line
from features.errors import SettingError

if TYPE_CHECKING:
    from serving.publishing.night_toml import NightToml

_NEVER_SET = {"book", "as_of", "force", "as_json"}
"""What each run is asked for, and no file says."""
_PATHS = ("nights", "actions", "store")
"""Settings that are paths from the folder of the book, unless they are absolute or addresses."""


def with_settings(context: typer.Context, book: Path) -> Path:
    """Makes what ``night.toml`` says under ``[night]`` the defaults of the flags."""
    from serving.publishing.night_toml import read_night_toml

    try:
        context.default_map = _defaults(context, read_night_toml(book), book)
    except SettingError as error:
        typer.echo(error_line(error), err=True)
        raise typer.Exit(ExitCode.REFUSED) from None
    return book


def _defaults(
    context: typer.Context, settings: NightToml, book: Path
) -> dict[str, Any]:
    flags = {str(parameter.name) for parameter in context.command.params}
    said = settings.night
    strange = sorted(said.keys() - (flags - _NEVER_SET))
    if strange:
        raise SettingError(
            where=f"{book / 'night.toml'}, [night]",
            found=", ".join(strange),
            expected=f"any of {', '.join(sorted(flags - _NEVER_SET - {'help'}))}",
            mend="correct the file",
        )
    return {name: _placed(name, value, book) for name, value in said.items()}


def _placed(name: str, value: object, book: Path) -> object:
    is_path = name in _PATHS and isinstance(value, str) and "://" not in value
    return str(book / str(value)) if is_path else value
