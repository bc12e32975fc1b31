"""``pinch sql``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from commands.opening import open_here
from commands.options import BadShare
from commands.output import errors

if TYPE_CHECKING:
    from features.book.statements import Statement


def sql(
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(metavar="[NAME]", help="Which statement; all names if none."),
    ] = None,
    book: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(
            metavar="[BOOK]",
            help="The folder of a book; if none, tables with the contract's columns.",
        ),
    ] = None,
    max_bad_share: BadShare = 0.05,
) -> None:
    """Prints a statement that reads, cleans, labels or counts, ready to paste into DuckDB."""
    from features.book.script import script

    with errors(as_json=False):
        known = statements_of(book, max_bad_share)
        if name is None:
            width = max(len(one) for one in known)
            for one, statement in known.items():
                typer.echo(f"{one:{width}}  {statement.about}")
            return
        if name not in known:
            raise typer.BadParameter(f"expected one of {', '.join(known)}")
        typer.echo(script(name, known))


def statements_of(folder: Path | None, max_bad_share: float) -> dict[str, Statement]:
    """Every statement of a book by name; of no book where there is no folder."""
    from features.book.given import CONTRACT, given_of
    from features.book.statements import statements
    from pages.report import record_statements
    from training.past import statements as label_statements
    from training.past.leaving import Leaving, leaving

    if folder is None:
        given, meaning = CONTRACT, Leaving(None, 0, None)
    else:
        with open_here(folder, max_bad_share, None, no_sync=True) as book:
            given, meaning = given_of(book), leaving(book, book.watermark)
    return {
        **statements(given),
        **label_statements.statements(given, meaning),
        **record_statements.statements(given),
    }
