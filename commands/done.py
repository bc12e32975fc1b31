"""``pinch done``: what came of an account on a list."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from commands.options import AsJson, day
from commands.output import errors, tell, wrote


class Came(StrEnum):
    """What came of it, as `features.vocabulary.vocabularies.OUTCOMES` has it."""

    REACHED = "reached"
    SAVED = "saved"
    LOST = "lost"
    SNOOZED = "snoozed"


Day = Optional[date]  # noqa: UP045
Text = Optional[str]  # noqa: UP045


def done(
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="The id of an account.")
    ],
    book: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", envvar="PINCH_BOOK", help="The folder of the book."
        ),
    ],
    outcome: Annotated[
        Came,
        typer.Option(
            help="Spoken with, won over, gone, or to be left in peace until a day."
        ),
    ],
    note: Annotated[Text, typer.Option(help="In words; no model reads it.")] = None,
    until: Annotated[
        Day,
        typer.Option(
            parser=day,
            metavar="DATE",
            help="On no list before this day; for snoozed alone.",
        ),
    ] = None,
    by: Annotated[Text, typer.Option(envvar="PINCH_BY", help="Who records it.")] = None,
    listed: Annotated[
        Day,
        typer.Option(
            "--list", parser=day, metavar="DATE", help="The as-of date of the list."
        ),
    ] = None,
    on: Annotated[
        Day,
        typer.Option(
            parser=day, metavar="DATE", help="When it happened; now where left out."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Records what came of an account on a list, as a row of the book's table of outcomes.

    For example: pinch done A000012 --book demo/book --outcome snoozed --until 2027-01-15 --by Ann

    The row goes to outcomes.csv in the book. The next list tells it, and leaves off who was snoozed until that day.
    """
    if (until is not None) != (outcome is Came.SNOOZED):
        raise typer.BadParameter(
            "expected a date with --outcome snoozed, and with no other",
            param_hint="--until",
        )
    with errors(as_json):
        from features.book.accounts_known import require_account
        from serving.outcomes_file import append, outcome_row

        require_account(book, account)
        row = outcome_row(
            account,
            outcome,
            on=on,
            note=note,
            by=by,
            listed=listed,
            until=until,
        )
        file = str(append(book, row))
        facts = {**row, "file": file}
        said = [f"{account}: {outcome}."]
        tell(facts, as_json, lambda: [*said, *wrote([file])])
