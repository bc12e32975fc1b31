"""``pinch evaluate``, with its tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from commands.figures import figures_table
from commands.opening import open_here
from commands.options import AsJson, AsOf, BadShare, BookFolder, Memory, NoSync, Quiet
from commands.output import Parts, errors, progress, records, tell, told, with_sentences

if TYPE_CHECKING:
    import pandas as pd

    from features.book.book import Book
    from training.evaluation.outcomes import Evaluation
    from training.evaluation.window import Window
    from training.progress import Progress

_ROW_FILES = (".csv", ".parquet")


def evaluate(
    book: BookFolder,
    as_of: AsOf,
    horizon: Annotated[
        list[int] | None,
        typer.Option(
            min=0, help="In days; may be given several times. All where left out."
        ),
    ] = None,
    start: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(
            "--from",
            min=0,
            metavar="DAYS",
            help="Count only who left after so many days, up to the horizon. Who had left by then is left out.",
        ),
    ] = None,
    rows: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="FILE",
            help="Write what was said of each account and what happened: .csv or .parquet.",
        ),
    ] = None,
    quiet: Quiet = None,
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    no_sync: NoSync = False,
    as_json: AsJson = False,
) -> None:
    """Scores a past date and compares with what happened.

    The models are trained only on what was known before the date, and so are the baselines beside them.

    With --from 7 --horizon 90 the question is who left after day 7 and by day 90, of those who had not left by day 7;
    each risk is then P(left by 90 | not by 7), of models of both horizons, or, where too few had left by day 7 for a
    model of it, P(left by 90). It is of defection alone.

    The rows have account_id, as_of, horizon, left, risk and, of each baseline, recency_risk and so on; with surveys
    also the state at 90 days and the chance of each, p_poor_90d and so on. With --from they have from as well.
    """
    _demand_later_horizons(start, horizon or ())
    _demand_table(rows)
    with (
        errors(as_json),
        open_here(book, max_bad_share, memory_limit, no_sync=no_sync) as opened,
    ):
        with progress(as_json, steps=2) as said:
            found, window = _evaluated(opened, as_of, start, horizon, quiet, said)
        defection = _defection(found)
        facts = {
            "as_of": str(as_of),
            "window": _window_facts(window, start),
            **_predictions(found),
            "defection": records(defection.drop(columns="prediction")),
            "not_enough_evidence": _not_enough(found),
            "quarantined": len(opened.quarantine),
            "suspicious_facts": with_sentences(found.suspicions),
            "files": [] if rows is None else _write_rows(found, start, rows),
        }
        if window is not None:
            defection = defection.assign(prediction=f"defection {start}-")
        tell(facts, as_json, lambda: _tables(found, defection, window, facts))


def _demand_later_horizons(start: int | None, horizons: Sequence[int]) -> None:
    if start is None or all(days > start for days in horizons):
        return
    expected = "expected every --horizon beyond it"
    raise typer.BadParameter(expected, param_hint="--from")


def _demand_table(file: Path | None) -> None:
    if file is None or file.suffix.lower() in _ROW_FILES:
        return
    expected = "expected a file that ends in .csv or .parquet"
    raise typer.BadParameter(expected, param_hint="--rows")


def _evaluated(
    book: Book,
    as_of: date,
    start: int | None,
    horizons: list[int] | None,
    quiet: int | None,
    said: Progress,
) -> tuple[Evaluation, Window | None]:
    """The evaluation of a past date, and the window that it looks at where one was asked for."""
    from features.engine import instant
    from training.evaluation import walk_forward
    from training.evaluation.window import evaluate_window
    from training.past.observed import observe

    then, asked = observe(book, instant(as_of), quiet), horizons or None
    if start is None:
        found = walk_forward.evaluate(then, asked, progress=said)
        return found, None
    window = evaluate_window(then, start, asked, progress=said)
    return window.evaluation, window


def _defection(found: Evaluation) -> pd.DataFrame:
    """The figures of defection, with their intervals."""
    import pandas as pd

    from training.evaluation.evidence import intervals

    figures = pd.DataFrame(found.defection)
    return figures.merge(intervals([found]), on=["horizon", "model"])


def _not_enough(found: Evaluation) -> list[str]:
    from training.evaluation.evidence import not_enough

    return not_enough([found])


def _window_facts(window: Window | None, start: int | None) -> dict[str, Any] | None:
    if window is None:
        return None
    return {"from": start, "risk_is_conditional": window.conditional}


def _predictions(found: Evaluation) -> dict[str, Any]:
    named = found.predictions().items()
    return {name.replace(" ", "_"): figures for name, figures in named}


def _write_rows(found: Evaluation, start: int | None, file: Path) -> list[str]:
    """Writes an evaluation row by row, as the end of the file's name says."""
    from serving.night.atomic_files import spreadsheet, write_whole
    from training.evaluation.row_level import row_level

    rows = row_level(found)
    if start is not None:
        rows.insert(2, "from", start)
    writer = spreadsheet(rows)
    if file.suffix.lower() == ".parquet":
        writer = lambda part: rows.to_parquet(part, index=False)  # noqa: E731
    return [str(path) for path in write_whole(file.parent, {file.name: writer})]


def _tables(
    found: Evaluation,
    defection: pd.DataFrame,
    window: Window | None,
    facts: dict[str, Any],
) -> Parts:
    """A table of all predictions, with what should be known beside it."""
    import pandas as pd

    figures = [defection]
    for name, rows in found.predictions().items():
        if rows and name != "defection":
            figures.append(pd.DataFrame(rows).assign(prediction=name))
    return [
        figures_table(pd.concat(figures)),
        *([] if window is None else [window.sentence]),
        *facts["not_enough_evidence"],
        *told(facts["suspicious_facts"]),
        *(f"Wrote {file}." for file in facts["files"]),
    ]
