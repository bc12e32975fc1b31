"""``pinch report``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from commands.opening import open_here
from commands.options import AsJson, BadShare, BookFolder, Memory, NoSync, day
from commands.output import errors, progress, records, tell, wrote

if TYPE_CHECKING:
    from pages.report.report import Report


def report(
    book: BookFolder,
    out: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="Where to write the page and the table."),
    ],
    as_of: Annotated[
        Optional[date],  # noqa: UP045
        typer.Option(
            parser=day,
            metavar="DATE",
            help="Use only what was known by then; all where left out.",
        ),
    ] = None,
    segment: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            metavar="FACT",
            help="Fact of the accounts to report by; the market where left out.",
        ),
    ] = None,
    nights: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="FOLDER",
            help="Published nights, whose lists tell what contact saves; nights/ in the book where left out.",
        ),
    ] = None,
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    no_sync: NoSync = False,
    as_json: AsJson = False,
) -> None:
    """Writes the numbers of the book by quarter and segment.

    Writes report.html, a page that needs nothing else, and figures.csv for a spreadsheet.
    """
    with (
        errors(as_json),
        open_here(book, max_bad_share, memory_limit, no_sync=no_sync) as opened,
    ):
        from pages.report.page import write_report
        from pages.report.report import make_report
        from serving.publishing.standing import first_standing

        with progress(as_json, steps=2) as said:
            said("numbers")
            standing = first_standing(nights or book / "nights")
            made = make_report(opened, as_of, segment, standing)
            said("page")
            files = [str(file) for file in write_report(made, out)]
        facts = _facts(made, files, len(opened.quarantine))
        told = [facts["headline"], f"{made.contact_sentence}.", *facts["notes"]]
        sentences = [*told, *wrote(files)]
        tell(facts, as_json, lambda: sentences)


def _facts(made: Report, files: list[str], quarantined: int) -> dict[str, Any]:
    return {
        "as_of": str(made.as_of),
        "quarters": [str(quarter) for quarter in made.quarters],
        "segment": made.fact,
        "headline": made.headline(),
        "notes": list(made.notes),
        "contact": None if made.contact is None else made.contact.facts(),
        "files": files,
        "quarantined": quarantined,
        "figures": records(made.latest()),
    }
