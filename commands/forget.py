"""``pinch forget``: erases accounts from all that Pinch keeps and hands on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from commands.exit_code import ExitCode, code_of_night
from commands.options import AsJson
from commands.output import errors, tell, wrote

if TYPE_CHECKING:
    from serving.erasure.erase import Reach

Paths = Optional[list[Path]]  # noqa: UP045
Texts = Optional[list[str]]  # noqa: UP045
Maybe = Optional[Path]  # noqa: UP045


def forget(
    accounts: Annotated[
        Texts,
        typer.Argument(
            metavar="[ACCOUNT_ID]...",
            help="The ids of accounts; without any, an erasure that was stopped is finished.",
        ),
    ] = None,
    book: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", envvar="PINCH_BOOK", help="The folder of the book."
        ),
    ] = ...,  # type: ignore[assignment]
    nights: Annotated[
        Paths,
        typer.Option(
            metavar="FOLDER",
            help="Where nights are published or scored; may be given several times; nights in the book where left out.",
        ),
    ] = None,
    store: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            envvar="PINCH_STORE",
            help="Folder of the MLflow store, or the URI of a server, whose models are named that were trained on it.",
        ),
    ] = None,
    ids_from: Annotated[
        Maybe,
        typer.Option("--from", metavar="FILE", help="A file of ids, one a line."),
    ] = None,
    wait: Annotated[
        float,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="How long to wait for a night or delivery to end before leaving with exit code 4.",
        ),
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Erases accounts from every night, list, page, delivery, copy and outcome, for good, and writes a receipt.

    Tombstones beside the book, keyed hashes in BOOK/erasure, keep every later run from reading them. Ids that were
    merged with them go as well. The book's own tables stay, and are counted; models stay, and are named. Stopped
    half-way, the same command or the next one finishes it.

    Exit codes: 0 done, 1 refused, 2 called wrongly, 4 a night or delivery has its turn, 5 a file could not be read or
    written, 7 something remains that the receipt names.
    """
    with errors(as_json, code_of_night):
        from serving.erasure.erase import erase

        ids = [*(accounts or []), *_read(ids_from)]
        receipt, file = erase(_reach(book, nights, store), ids, wait)
    facts = {**vars(receipt), "complete": receipt.complete, "file": str(file)}
    tell(facts, as_json, lambda: [*receipt.lines, *wrote([str(file)])])
    raise typer.Exit(ExitCode.DONE if receipt.complete else ExitCode.DELIVERY)


def _read(file: Path | None) -> list[str]:
    if file is None:
        return []
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _reach(book: Path, nights: list[Path] | None, store: str | None) -> Reach:
    from serving.delivery.destinations import destinations
    from serving.erasure.erase import Reach
    from serving.publishing.night_toml import read_night_toml

    named = destinations(read_night_toml(book).deliver, book)
    return Reach(book, nights or [book / "nights"], named, store)
