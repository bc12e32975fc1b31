"""``pinch monitor``: published nights, what became of them, and what was not as usual."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from commands.exit_code import ExitCode
from commands.monitoring import drift_code, drift_limits, findings_told
from commands.opening import open_here
from commands.options import AsJson, BadShare, Memory, NoSync
from commands.output import Parts, errors, progress, table, tell, wrote
from commands.trend import (
    Came,
    keep_came,
    kept_came,
    lines_of,
    newest_revisions,
    write_trend,
)

if TYPE_CHECKING:
    from pages.trend.trend import Line
    from serving.publishing.nights import Published
    from training.past.observed import Observed

SHOWN = 20
"""Nights that are told on the console, the newest."""


def monitor(
    nights: Annotated[
        Path,
        typer.Argument(metavar="NIGHTS", help="The folder of published nights."),
    ],
    book: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(
            metavar="BOOK",
            help="The folder of their book: it tells who has left since.",
        ),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="FOLDER",
            help="Where to write trend.html; the folder of nights where left out.",
        ),
    ] = None,
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    no_sync: NoSync = False,
    as_json: AsJson = False,
) -> None:
    """Tells of published nights what was expected, what came, and what is not as usual.

    Writes trend.html. With the book, who has left since each night is set beside what was expected of it, once its
    horizon is over; without it, only what the nights themselves keep is told.

    Exit codes: 0 done, 1 refused, 2 called wrongly, 6 the last night is not as usual, and night.toml of the book says
    under [drift] that this is to fail.
    """
    with errors(as_json):
        published = newest_revisions(nights)
        with progress(as_json, steps=2) as said:
            said("what came")
            came: Came = {}
            if book is not None:
                with open_here(
                    book, max_bad_share, memory_limit, no_sync=no_sync
                ) as opened:
                    from training.past.observed import observe

                    came = _came(observe(opened), published)
                keep_came(came, nights)
            said("page")
            lines = lines_of(published, came or kept_came(nights))
            files = write_trend(lines, out or nights)
        code = _code(lines[-1], book)
        facts = {
            "nights": [line.facts() for line in lines],
            "files": files,
            "exit_code": int(code),
        }
        tell(facts, as_json, lambda: _told(lines, files))
    raise typer.Exit(code)


def _came(observed: Observed, nights: Iterable[Published]) -> Came:
    """What became of each night, by its place and by horizon."""
    return {night.place: _came_of(observed, night) for night in nights}


def _came_of(observed: Observed, night: Published) -> dict[str, dict[str, Any]]:
    import pandas as pd

    from features.engine import MICROS_PER_DAY, instant
    from models.score.horizon import HORIZONS, risk_column
    from models.score.order import RANKED_BY
    from models.score.promise import USUAL_SHIFT
    from serving.monitoring.monitored import read_monitored
    from serving.night_folder import SCORES
    from training.evaluation.realised import realised

    as_of = instant(night.as_of)
    over = [
        horizon
        for horizon in HORIZONS
        if as_of + horizon * MICROS_PER_DAY <= observed.until
    ]
    if not over:
        return {}
    risks = map(risk_column, HORIZONS)
    scores = pd.read_parquet(night.folder / SCORES, columns=[*RANKED_BY, *risks])
    kept = read_monitored(night.folder)
    shift = USUAL_SHIFT if kept is None else kept["summary"]["shift"]
    listed = night.manifest.about.counts["listed"]
    told = realised(observed, scores, as_of, over, listed, shift)
    return {str(one.horizon): one.facts() for one in told}


def _code(last: Line, book: Path | None) -> ExitCode:
    """What the last night calls for, by the limits of the book's ``night.toml``."""
    if book is None:
        return ExitCode.DONE
    from serving.publishing.night_toml import read_night_toml

    return drift_code(last.facts()["findings"], drift_limits(read_night_toml(book)))


def _told(lines: list[Line], files: list[str]) -> Parts:
    columns = ["night", "models", "accounts", "expected", "left", "AUC", "not as usual"]
    rows = [_row(line) for line in lines[: -SHOWN - 1 : -1]]
    return [
        table(columns, rows),
        *findings_told(lines[-1].facts()["findings"]),
        *wrote(files),
    ]


def _row(line: Line) -> list[str]:
    facts = line.facts()
    came = line.came
    return [
        facts["as_of"],
        line.model_version,
        "" if facts["accounts"] is None else f"{facts['accounts']:,}",
        "" if line.expected is None else f"{line.expected['mean']:,.0f}",
        "" if came is None else f"{came['left']:,}",
        "" if came is None or came["auc"] is None else f"{came['auc']:.2f}",
        "" if not line.red else f"{len(line.findings):,}",
    ]
