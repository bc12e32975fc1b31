"""``pinch doctor``: all that can be wrong on an installation, and how each is mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from commands.exit_code import ExitCode
from commands.options import AsJson, BadShare
from commands.output import Parts, table, tell

if TYPE_CHECKING:
    from serving.doctor.check import Check, Look


def doctor(
    book: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(
            metavar="BOOK",
            help="The folder of a book; its night.toml says the store and the nights that are left out.",
        ),
    ] = None,
    store: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            envvar="PINCH_STORE",
            help="Folder of the MLflow store, or the URI of an MLflow server.",
        ),
    ] = None,
    nights: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="FOLDER",
            help="The folder of published nights; nights in the book where left out.",
        ),
    ] = None,
    url: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="URL", help="The address of the endpoint."),
    ] = None,
    max_bad_share: BadShare = 0.05,
    as_json: AsJson = False,
) -> None:
    """Looks for all that can be wrong, and says how to mend it.

    Python and packages, LightGBM, the clock; of what is named also the book, its variables and servers, the store and
    its champions, the nights and their files, and the endpoint. Nothing is changed.

    Exit codes: 0 nothing is to be mended, 1 something is, 2 called wrongly.
    """
    from serving.doctor.check import Status, looked

    found = [
        check
        for name, look in _looks(book, store, nights, url, max_bad_share)
        for check in looked(name, look)
    ]
    ill = any(check.status is Status.FAIL for check in found)
    code = ExitCode.REFUSED if ill else ExitCode.DONE
    facts = {
        "checks": [check.facts() for check in found],
        "exit_code": int(code),
    }
    tell(facts, as_json, lambda: _told(found))
    raise typer.Exit(code)


def _looks(
    book: Path | None,
    store: str | None,
    nights: Path | None,
    url: str | None,
    max_bad_share: float,
) -> Iterator[tuple[str, Look]]:
    """What is looked at, by name."""
    from serving.doctor import book as books
    from serving.doctor import endpoint, environment, machine
    from serving.doctor import nights as folders
    from serving.doctor import store as stores

    today = datetime.now(UTC).date()
    yield "machine", machine.machine
    if book is not None:
        yield "environment", partial(environment.environment, book)
        yield "book", partial(books.book, book, today, max_bad_share)
        said = _of_night(book)
        store = store or said.get("store")
        nights = nights or _nights_of(book, said)
    if store is not None:
        yield "store", partial(stores.store, store)
    if nights is not None:
        yield "nights", partial(folders.nights, nights, today)
    if url is not None:
        yield "endpoint", partial(endpoint.endpoint, url)


def _of_night(book: Path) -> dict[str, str]:
    """The store and the nights that ``night.toml`` names, from the folder of the book; none where it cannot be read."""
    from features.errors import SettingError
    from serving.publishing.night_toml import read_night_toml

    try:
        said: dict[str, Any] = read_night_toml(book).night
    except SettingError:
        return {}
    paths = {name: str(said[name]) for name in ("store", "nights") if name in said}
    return {
        name: path if "://" in path else str(book / path)
        for name, path in paths.items()
    }


def _nights_of(book: Path, said: dict[str, str]) -> Path | None:
    usual = book / "nights"
    if "nights" in said:
        return Path(said["nights"])
    return usual if usual.exists() else None


def _told(found: list[Check]) -> Parts:
    rows = [[str(check.status), check.name, check.found] for check in found]
    ill = [f"{check.name}: {check.mend}." for check in found if check.mend]
    mend = ["To mend:", *ill] if ill else ["Nothing is to be mended."]
    return [table(["", "looked at", "found"], rows), *mend]
