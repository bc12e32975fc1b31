"""``pinch forecast``: what the next quarter brings, beside what past quarters were forecast to bring."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from commands.forecast_told import forecast_told
from commands.opening import champions, losses, open_here
from commands.options import (
    AsJson,
    BadShare,
    BookFolder,
    Memory,
    NoSync,
    Quiet,
    Store,
    day,
)
from commands.output import errors, progress, tell

if TYPE_CHECKING:
    import pandas as pd

    from features.book.book import Book
    from serving.scorer import Scorer
    from training.progress import Progress

MOST = 8


def forecast(
    book: BookFolder,
    as_of: Annotated[
        Optional[date],  # noqa: UP045
        typer.Option(
            parser=day,
            metavar="DATE",
            help="The day that the quarter begins with; that after the end of the data where left out.",
        ),
    ] = None,
    quarters: Annotated[
        int,
        typer.Option(min=0, help="How many past quarters are looked back on."),
    ] = MOST,
    segment: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            metavar="FACT",
            help="Fact of the accounts to tell the losses by; may be given several times. The market where left out.",
        ),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="FOLDER", help="Write forecast.html and forecast.csv here."
        ),
    ] = None,
    store: Store = "mlruns",
    quiet: Quiet = None,
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    no_sync: NoSync = False,
    as_json: AsJson = False,
) -> None:
    """Forecasts the next quarter, and shows how past forecasts did.

    A quarter is 90 days. Told are the accounts that will be lost and what they are worth a year, where the others will
    stand and from where they move, by segment, and which segments moved otherwise than the rest of the book. The
    intervals hold four times of five: they know the chance of each account, and how wrong past forecasts were.

    The coming quarter is told by the champions. Each past one is told by models fitted on what was known on its first
    day, beside what happened, as last quarter, and a Markov chain of the quadrants. Accounts that open within the
    quarter are in none of the figures.
    """
    with (
        errors(as_json),
        tempfile.TemporaryDirectory() as fetched,
        progress(as_json, steps=3 + quarters) as said,
    ):
        said("models")
        scorer = champions(store, Path(fetched))
        said("book")
        with open_here(
            book, max_bad_share, memory_limit, scorer.trained, no_sync
        ) as opened:
            told = _told(opened, scorer, as_of, quarters, segment, quiet, said)
            facts = {**told, **losses(opened), "files": _written(told, out)}
    tell(facts, as_json, lambda: forecast_told(facts))


def _told(
    book: Book,
    scorer: Scorer,
    as_of: date | None,
    quarters: int,
    segment: list[str] | None,
    quiet: int | None,
    said: Progress,
) -> dict[str, Any]:
    from features.engine import instant
    from features.snapshot.frame import snapshot
    from serving.night.night import nobody
    from training.forecasts.forecast import forecast
    from training.forecasts.past_quarters import past_quarters
    from training.forecasts.quarter import coming
    from training.past.observed import observe

    moment = book.end if as_of is None else instant(as_of)
    said("scores")
    frame = snapshot(book, [moment])
    if frame.empty:
        raise nobody(book, moment)
    scores = scorer.score(frame, reasons_for=0)
    observed = observe(book, min(moment, book.watermark), quiet)
    past = past_quarters(observed, most=quarters, progress=said)
    quarter = coming(scores, moment)
    segments = _segments(book, segment or ())
    return forecast(quarter, past, segments, observed.meaning.delay_days)


def _segments(book: Book, asked: Sequence[str]) -> dict[str, pd.Series]:
    """The value of each fact of each account."""
    from pages.report.segments import chosen_fact, groups_of

    accounts = [account for (account,) in book.connection.execute(_ACCOUNTS).fetchall()]
    told = {}
    for fact in asked or (None,):
        chosen = chosen_fact(book, fact)
        if chosen is not None:
            groups = groups_of(book, accounts, chosen)
            its = groups[groups["fact"] == chosen].set_index("account_id")
            told[chosen] = its["segment"]
    return told


_ACCOUNTS = "select account_id from accounts order by account_id"


def _written(told: dict[str, Any], out: Path | None) -> list[str]:
    if out is None:
        return []
    from features.whole_files import write_whole
    from pages.forecast.page import page
    from pages.forecast.sheet import sheet
    from pages.spreadsheet import ENCODING, as_csv

    table = as_csv(sheet(told))
    files = write_whole(
        out,
        {
            "forecast.html": lambda file: file.write_text(page(told), "utf-8"),
            "forecast.csv": lambda file: file.write_text(
                table, encoding=ENCODING, newline=""
            ),
        },
    )
    return [str(file) for file in files]
