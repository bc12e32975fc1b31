"""``pinch init``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from commands.check import checked, told_of_check
from commands.opening import open_here
from commands.options import AsJson, BadShare
from commands.output import errors, tell


class Match(StrEnum):
    """What tells that accounts of several sources are one."""

    DOMAIN_NAMES = "domain_names"


def init(
    folder: Annotated[
        Path, typer.Argument(help="The book's; its book.toml is written here.")
    ],
    source: Annotated[
        list[str],
        typer.Option(
            "--from",
            metavar="SOURCE[=PATH]",
            help="What was exported, and where its files are, if not in FOLDER or FOLDER/SOURCE: "
            "csv, hubspot, salesforce, servicenow, stripe or zendesk. Again for another source.",
        ),
    ],
    match: Annotated[
        Optional[Match],  # noqa: UP045
        typer.Option(help="What tells that accounts of several sources are one."),
    ] = None,
    zone: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            metavar="[SOURCE=]ZONE",
            help="The time zone of times without one, such as Europe/Paris; UTC where left out.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a book.toml that is there.")
    ] = False,
    max_bad_share: BadShare = 0.05,
    as_json: AsJson = False,
) -> None:
    """Writes the book.toml of an export, says what it assumed, and checks the book."""
    with errors(as_json):
        from features.sources.connectors.making import make_book

        sources = _sources(source)
        made = make_book(
            folder,
            sources,
            match_domains=match is Match.DOMAIN_NAMES,
            zones=_zones(zone or [], list(sources)),
            overwrite=force,
        )
        if not as_json:
            said = [f"Wrote {made.file}.", *made.assumed, *made.told]
            tell({}, as_json, lambda: said)
        with open_here(folder, max_bad_share, None, no_sync=True) as book:
            facts = checked(book)
            tell({**facts, **vars(made)}, as_json, lambda: told_of_check(book, facts))


def _sources(said: list[str]) -> dict[str, Path | None]:
    """The sources in their order, each with its folder, where one is given."""
    sources: dict[str, Path | None] = {}
    for text in said:
        name, path = _named(text)
        if name in sources:
            raise typer.BadParameter(f"expected each source once; found {name} again")
        sources[name] = None if path is None else Path(path)
    return sources


def _named(said: str) -> tuple[str, str | None]:
    """The two sides of an equals sign, of which the second may be left out."""
    name, sign, value = said.partition("=")
    return name, value if sign else None


def _zones(said: list[str], sources: list[str]) -> dict[str, str]:
    """The time zone of each source; one that names none is that of all."""
    from zoneinfo import available_timezones

    zones: dict[str, str] = {}
    for text in said:
        left, right = _named(text)
        named, zone = (sources, left) if right is None else ([left], right)
        if zone not in available_timezones() or not set(named) <= set(sources):
            raise typer.BadParameter(
                f"expected a time zone such as Europe/Paris, or zendesk=Europe/Paris; found {text}"
            )
        zones |= dict.fromkeys(named, zone)
    return zones
