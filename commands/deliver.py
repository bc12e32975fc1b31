"""``pinch deliver``: hands a night that is there to its destinations, or says what it would hand them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from commands.delivering import code_of, difference, places, sentence
from commands.exit_code import code_of_night
from commands.options import AsJson
from commands.output import errors, tell
from features.errors import SettingError

if TYPE_CHECKING:
    from serving.delivery.destinations import Destination
    from serving.delivery.report import Report


def deliver(
    night: Annotated[
        Path,
        typer.Argument(
            metavar="NIGHTS",
            help="A folder of nights, whose current night is delivered, or the folder of one night.",
        ),
    ],
    book: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="BOOK",
            help="The book whose night.toml names the destinations; the folder that holds the nights where left out.",
        ),
    ] = None,
    to: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--to",
            metavar="NAME",
            help="Only this destination; may be given several times.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the difference and send nothing.")
    ] = False,
    anew: Annotated[
        bool,
        typer.Option(
            "--anew",
            help="Tell systems all accounts again, such as after a backup was restored there.",
        ),
    ] = False,
    wait: Annotated[
        float,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="How long to wait for another delivery to end before leaving with exit code 4.",
        ),
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Delivers a night to the destinations of night.toml: what changed since each was last told.

    Nothing is told twice, and an older night is never told over a newer one. What fails is written to
    NIGHTS/delivered/NAME.failed.csv and goes again with the next delivery.

    Exit codes: 0 delivered everywhere, 1 refused, 2 called wrongly, 4 another delivery has its turn, 5 a file could
    not be read or written, 7 not delivered everywhere.
    """
    with errors(as_json, code_of_night):
        reports = _delivered(night, book, to, dry_run, anew, wait)
    facts = {"dry_run": dry_run, "to": [report.facts() for report in reports]}
    tell(
        facts,
        as_json,
        lambda: difference(reports) if dry_run else [*map(sentence, reports)],
    )
    raise typer.Exit(code_of(reports))


def _delivered(
    night: Path,
    book: Path | None,
    to: list[str] | None,
    dry_run: bool,
    anew: bool,
    wait: float,
) -> list[Report]:
    from serving.delivery.deliver import deliver as hand_on
    from serving.delivery.destinations import destinations
    from serving.delivery.edition import read_edition
    from serving.delivery.web import Web
    from serving.publishing.night_toml import read_night_toml

    folder, nights = places(night)
    beside = nights.resolve().parent if book is None else book
    named = destinations(read_night_toml(beside).deliver, beside)
    chosen = _chosen(named, to, beside)
    return hand_on(read_edition(folder), chosen, nights, Web(), dry_run, wait, anew)


def _chosen(
    named: list[Destination], to: list[str] | None, beside: Path
) -> list[Destination]:
    chosen = [each for each in named if to is None or each.title in to]
    missing = sorted({*(to or ())} - {each.title for each in chosen})
    if missing or not chosen:
        raise SettingError(
            where=str(beside / "night.toml"),
            found=f"no destination {', '.join(missing)}"
            if missing
            else "no destination",
            expected="[[deliver]] with each",
            mend="add it, or name another: --to NAME, --book BOOK",
        )
    return chosen
