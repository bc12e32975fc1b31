"""The command line of Pinch: each command is a few lines that call the packages.

Exit codes: 0 done; 1 the book, the models or the evidence do not allow it, with a message that says how to mend it;
2 the command was called wrongly.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

if TYPE_CHECKING:
    import pandas as pd

    from features.book.book import Book
    from features.book.on_spark import SparkBook
    from features.book.trained_facts import TrainedFacts
    from features.snapshot.why import Why
    from models.registry.versions import Entry
    from training.evaluation.walk_forward import Evaluation
    from training.fitting.tuning import Budget
    from training.past.telltale_facts import Suspicion

app = typer.Typer(
    help="""Tells which accounts are slipping away, which quadrant each is moving to, why, and what to do tonight.

    \b
    Start with:
      pinch sample demo/book
      pinch check demo/book
      pinch train demo/book
      pinch promote
      pinch score demo/book --as-of 2026-11-21 --out demo/night
      pinch serve""",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

SHORT = {
    "auc": "AUC",
    "pr_auc": "PR-AUC",
    "log_loss": "log loss",
    "calibration_error": "calib.",
    "calibration_floor": "floor",
    "lift_top_decile": "lift",
}
"""Figures shown in a table, by the names they have there; all are in the JSON."""

MISSES_SHOWN = 10
"""Departures on no list that are shown to people; all are in the JSON."""

UNHEARD_SHOWN = 10
"""Accounts never heard from that are shown to people."""

_RECALL = ("recall", "by_chance")
_FIGURES = ("pr_auc", "log_loss", "calibration_error", "calibration_floor")
_PROFIT = (
    "worklist",
    "worklist_happened",
    "at_capacity",
    "at_capacity_happened",
    "left_on_table",
    "best",
)

BookFolder = Annotated[
    Path,
    typer.Argument(
        metavar="BOOK", help="The folder of a book: tables, or a book.toml."
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]
Store = Annotated[
    str,
    typer.Option(
        envvar="PINCH_STORE",
        help="Folder of the MLflow store, or the URI of an MLflow server.",
    ),
]
Quiet = Annotated[
    int | None,
    typer.Option(min=1, help="Quiet period in days, for books without departures."),
]
BadShare = Annotated[
    float,
    typer.Option(
        min=0,
        max=1,
        envvar="PINCH_MAX_BAD_SHARE",
        help="Share of bad rows beyond which to stop.",
    ),
]
Memory = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--memory-limit",
        envvar="PINCH_MEMORY_LIMIT",
        help="Such as 2GiB; beyond it queries spill to disk.",
    ),
]


class Engine(StrEnum):
    """Where the SQL runs."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("expected a date such as 2026-11-21") from None


AsOf = Annotated[
    date,
    typer.Option(
        parser=_date,
        metavar="DATE",
        help="The date to look from, its first instant, UTC.",
    ),
]
LookedFrom = Annotated[
    Optional[date],  # noqa: UP045
    typer.Option(
        parser=_date,
        metavar="DATE",
        help="The date to look from, its first instant, UTC; the day after the end of the data where left out.",
    ),
]
MaxAge = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option(
        min=1,
        metavar="DAYS",
        envvar="PINCH_MAX_AGE",
        help="How old the tables may be at the date; one day more than their rows' usual lag where left out.",
    ),
]
StaleOk = Annotated[
    bool,
    typer.Option(
        "--stale-ok", help="Score a book that is older than it may be all the same."
    ),
]


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Where to write the book.")],
    accounts: Annotated[int, typer.Option(min=1, help="How many accounts.")] = 2000,
    months: Annotated[
        int, typer.Option(min=1, help="How many months of history.")
    ] = 24,
    seed: Annotated[
        int, typer.Option(min=0, help="Another seed gives another company.")
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """Writes the book of a simulated company to try Pinch on."""
    with _errors(as_json):
        from company import write_sample

        with _counting("weeks simulated", as_json) as counted:
            write_sample(folder, accounts, months, seed, progress=counted)
        files = sorted(str(file) for file in folder.glob("*.parquet"))
        _tell(
            {"book": str(folder), "files": files},
            as_json,
            lambda: f"Wrote {len(files)} tables to {folder}.",
        )


@app.command()
def check(
    book: BookFolder,
    max_bad_share: BadShare = 0.05,
    quarantine: Annotated[
        Path | None,
        typer.Option(
            help="Write the bad rows here, as CSV: table, row, field, what was expected."
        ),
    ] = None,
    quiet: Quiet = None,
    memory_limit: Memory = None,
    as_json: AsJson = False,
) -> None:
    """Says what is in a book, what is bad, what is missing, and what can be trained on it."""
    with _errors(as_json):
        opened = _open(book, max_bad_share, memory_limit)
        if quarantine is not None:
            from serving.night.whole_files import spreadsheet

            spreadsheet(opened.quarantine)(quarantine)
        described = {**_described(opened, quiet), **_ready(opened, quiet)}
        _tell(
            described,
            as_json,
            lambda: [*_check_tables(opened, described), *_ready_tables(described)],
        )


@app.command()
def train(
    book: BookFolder,
    until: Annotated[
        date | None,
        typer.Option(
            parser=_date, metavar="DATE", help="Use only what was known by then."
        ),
    ] = None,
    tune: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(
            min=0,
            metavar="MINUTES",
            help="Search so long for how boosters are grown; without it, defaults.",
        ),
    ] = None,
    tune_trials: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(
            min=1,
            metavar="N",
            help="Search so many settings: repeatable, whatever the machine.",
        ),
    ] = None,
    quiet: Quiet = None,
    capacity: Annotated[
        int,
        typer.Option(
            min=1,
            help="How many accounts your team works on each list; marked on the page.",
        ),
    ] = 50,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write training.html here as well."),
    ] = None,
    store: Store = "mlruns",
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    as_json: AsJson = False,
) -> None:
    """Trains both models and registers them as challengers.

    They are first walked forward through past dates, beside the baselines. Everything is kept in MLflow, with a page
    that shows how good the models are and what is weak: training.html. A search looks only at test dates before those,
    and keeps the default unless a setting is better by more than its standard error.
    """
    with _errors(as_json), tempfile.TemporaryDirectory() as workplace:
        from features.engine import instant
        from models.registry.registry import Registry
        from pages.training.page import page
        from serving.night.whole_files import write_whole
        from training import train as training
        from training.evaluation.evidence import not_enough
        from training.past.dates import MOST_FOLDS
        from training.register import PAGE, judge_for, register

        opened = _open(book, max_bad_share, memory_limit)
        registry, budget = Registry(store, create=True), _budget(tune, tune_trials)
        with _saying(
            as_json, steps=5 + MOST_FOLDS + (0 if budget is None else budget.trials)
        ) as said:
            end = None if until is None else instant(until)
            trained = training.train(opened, end, quiet, progress=said, budget=budget)
            said("registering")
            verdicts = judge_for(trained, registry)
            html = page(trained, verdicts, capacity)
            versions = register(trained, verdicts, html, registry, Path(workplace))
        pages = (
            {}
            if out is None
            else {PAGE: lambda file: file.write_text(html, encoding="utf-8")}
        )
        figures = trained.figures()
        facts = {
            "versions": {version.name: version.number for version in versions},
            **trained.models.defection.facts,
            "came_back": trained.meaning.came_back,
            "leakage_clean": trained.certificate.clean,
            "setting": trained.setting.facts(),
            "tuning": None if trained.tuning is None else trained.tuning.sentence,
            "gate": {verdict.name: verdict.text for verdict in verdicts},
            "figures": _records(figures),
            "baseline_better": trained.losses(),
            "not_enough_evidence": not_enough(trained.evaluations),
            "suspicious_facts": _suspicions(trained.suspicions),
            "quarantined": len(opened.quarantine),
            **_losses(opened),
            "beyond_the_end": _beyond(opened),
            "files": []
            if out is None
            else [str(file) for file in write_whole(out, pages)],
        }
        _tell(facts, as_json, lambda: _training_tables(figures, facts))


def _budget(minutes: float | None, trials: int | None) -> Budget | None:
    """The bounds of a search; none where neither is given."""
    if minutes is None and trials is None:
        return None
    from training.fitting.tuning import MOST_TRIALS, Budget

    return Budget(
        MOST_TRIALS if trials is None else trials,
        None if minutes is None else 60 * minutes,
    )


@app.command()
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
    if start is not None and any(days <= start for days in horizon or ()):
        raise typer.BadParameter(
            "expected every --horizon beyond it", param_hint="--from"
        )
    if rows is not None and rows.suffix.lower() not in (".csv", ".parquet"):
        raise typer.BadParameter(
            "expected a file that ends in .csv or .parquet", param_hint="--rows"
        )
    with _errors(as_json):
        import pandas as pd

        from features.engine import instant
        from training.evaluation.evidence import intervals, not_enough
        from training.evaluation.walk_forward import evaluate as walk
        from training.evaluation.window import evaluate_window

        opened = _open(book, max_bad_share, memory_limit)
        window = None
        with _saying(as_json, steps=2) as said:
            if start is None:
                found = walk(
                    opened, instant(as_of), horizon or None, quiet, progress=said
                )
            else:
                window = evaluate_window(
                    opened, instant(as_of), start, horizon or None, quiet, progress=said
                )
                found = window.evaluation
        written = (
            []
            if rows is None
            else [str(file) for file in _write_rows(found, start, rows)]
        )
        predictions = found.predictions()
        defection = pd.DataFrame(found.defection).merge(
            intervals([found]), on=["horizon", "model"]
        )
        facts = {
            "as_of": str(as_of),
            "window": None
            if window is None
            else {"from": start, "risk_is_conditional": window.conditional},
            **{name.replace(" ", "_"): rows for name, rows in predictions.items()},
            "defection": _records(defection.drop(columns="prediction")),
            "not_enough_evidence": not_enough([found]),
            "quarantined": len(opened.quarantine),
            "suspicious_facts": _suspicions(found.suspicions),
            "files": written,
        }
        others = [
            pd.DataFrame(predictions[name]).assign(prediction=name)
            for name in predictions
            if name != "defection" and predictions[name]
        ]
        sentences = [
            *not_enough([found]),
            *(f"{suspicion.sentence}." for suspicion in found.suspicions),
        ]
        if window is not None:
            defection = defection.assign(prediction=f"defection {start}-")
            sentences = [window.sentence, *sentences]
        sentences += [f"Wrote {file}." for file in written]
        _tell(
            facts,
            as_json,
            lambda: [_figures_table(pd.concat([defection, *others])), *sentences],
        )


def _write_rows(found: Evaluation, start: int | None, file: Path) -> list[Path]:
    """Writes an evaluation row by row, as the end of the file's name says."""
    from serving.night.whole_files import spreadsheet, write_whole
    from training.evaluation.row_level import row_level

    told = row_level(found)
    if start is not None:
        told.insert(2, "from", start)
    parquet = file.suffix.lower() == ".parquet"
    writer = (
        (lambda part: told.to_parquet(part, index=False))
        if parquet
        else spreadsheet(told)
    )
    return write_whole(file.parent, {file.name: writer})


@app.command()
def backtest(
    book: BookFolder,
    capacity: Annotated[
        int, typer.Option(min=1, help="How many accounts your team works on each list.")
    ] = 50,
    contact_cost: Annotated[
        float, typer.Option(min=0, help="Of contacting one account.")
    ] = 1.0,
    offer_cost: Annotated[
        float, typer.Option(min=0, help="Of what one account is offered to stay.")
    ] = 10.0,
    acceptance: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Share of those who would leave whom the offer keeps."
        ),
    ] = 0.3,
    value: Annotated[
        str,
        typer.Option(
            metavar="FACT", help="Number fact that tells what an account is worth."
        ),
    ] = "spent_365d",
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write ledger.csv and profit.csv here."),
    ] = None,
    quiet: Quiet = None,
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    as_json: AsJson = False,
) -> None:
    """Tells who of those who left had been on a list, how long before, and what contacting would have brought.

    Walks through the dates of the past year, 30 days apart, with models trained only on what was known before each.
    """
    with _errors(as_json):
        from features.book.book import account_labels
        from features.book.held_out import held_out
        from serving.night.night import labelled
        from serving.night.whole_files import spreadsheet, write_whole
        from training.lists import backtest as past
        from training.lists.profit import Campaign, profits
        from training.lists.surprises import keep_ledger

        opened = _open(book, max_bad_share, memory_limit)
        with _saying(as_json, steps=1 + past.DATES) as said:
            lists = past.backtest(opened, quiet, value, progress=said)
        ledger = keep_ledger(lists, capacity)
        campaign = Campaign(
            contact_cost=contact_cost, offer_cost=offer_cost, acceptance=acceptance
        )
        profit = profits(lists, campaign, capacity).astype({"as_of": str})
        labels = account_labels(opened)
        tables = {
            "ledger.csv": spreadsheet(labelled(ledger.departures, labels)),
            "profit.csv": spreadsheet(profit),
        }
        facts = {
            "capacity": capacity,
            "quarantined": len(opened.quarantine),
            "campaign": {**vars(campaign), "value": value},
            "held_out": len(held_out(opened)),
            "departures": len(ledger.departures),
            "recall": _records(ledger.recall()),
            "profit": _records(profit),
            "misses": _records(
                labelled(
                    ledger.misses[["account_id", "left_on", "best_rank", "reason"]],
                    labels,
                ).astype({"left_on": str})
            ),
            "files": []
            if out is None
            else [str(file) for file in write_whole(out, tables)],
        }
        _tell(facts, as_json, lambda: _backtest_tables(facts))


@app.command()
def promote(
    anyway: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            metavar="REASON",
            help="Promote in spite of failed rules, save leakage; the reason is kept.",
        ),
    ] = None,
    store: Store = "mlruns",
    as_json: AsJson = False,
) -> None:
    """Makes the challengers the champions, which score and serve, if the gate let them pass.

    The gate: no leakage, calibration within bounds, and no evidence that a baseline or the present champion is better.
    """
    with _errors(as_json):
        from models.registry.registry import Registry

        versions = Registry(store).promote(anyway=anyway)
        facts = {"champions": {version.name: version.number for version in versions}}
        _tell(
            facts,
            as_json,
            lambda: "\n".join(
                f"{v.name} version {v.number} is champion." for v in versions
            ),
        )


@app.command()
def rollback(store: Store = "mlruns", as_json: AsJson = False) -> None:
    """Makes those models champions again that were before the present ones."""
    with _errors(as_json):
        from models.registry.registry import Registry

        versions = Registry(store).rollback()
        facts = {"champions": {version.name: version.number for version in versions}}
        _tell(
            facts,
            as_json,
            lambda: "\n".join(
                f"{v.name} version {v.number} is champion again." for v in versions
            ),
        )


@app.command()
def models(store: Store = "mlruns", as_json: AsJson = False) -> None:
    """Lists the versions of the models: which is champion, their figures, and what the gate said of them."""
    with _errors(as_json):
        from models.registry.registry import Registry

        found = [_of_entry(entry) for entry in Registry(store).entries()]
        _tell({"models": found}, as_json, lambda: _models_tables(found))


def _of_entry(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.version.name,
        "version": entry.version.number,
        "aliases": list(entry.aliases),
        "trained_until": entry.trained_until,
        "horizon": entry.horizon,
        "figures": dict(entry.figures),
        "verdicts": {verdict.name: verdict.text for verdict in entry.verdicts},
        "failed": [verdict.name for verdict in entry.failed],
        **entry.tags,
    }


@app.command()
def why(
    book: BookFolder,
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="The id of an account.")
    ],
    as_of: LookedFrom = None,
    feature: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            metavar="NAME",
            help="A feature, with its rows; may be given several times. All where left out.",
        ),
    ] = None,
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    as_json: AsJson = False,
) -> None:
    """Tells what an account's features are made of: the values of all, or the rows behind some.

    For example: pinch why demo/book A000012 --feature matters_open --feature silence_over_rhythm
    """
    with _errors(as_json):
        from features.engine import day_of, instant
        from features.snapshot.why import explain
        from features.themes.dictionary import FEATURES

        opened = _open(book, max_bad_share, memory_limit)
        moment = opened.end if as_of is None else instant(as_of)
        told = explain(opened, account, moment, tuple(feature or FEATURES))
        facts = {
            "account_id": account,
            "as_of": str(day_of(moment)),
            "features": [_of_why(one) for one in told],
        }
        _tell(facts, as_json, lambda: _why_tables(told, rows=feature is not None))


def _of_why(told: Why) -> dict[str, Any]:
    return {
        "feature": told.feature.name,
        "value": told.value,
        "theme": told.feature.theme,
        "meaning": told.feature.meaning,
        "how": told.how,
        "parts": dict(told.parts),
        "rows": _records(
            told.rows.astype({"when": str}) if "when" in told.rows else told.rows
        ),
    }


def _why_tables(told: Sequence[Why], rows: bool) -> list[Any]:
    """The values of features, and with rows what each is made of."""
    values = [
        [
            why.feature.name,
            _value(why.value),
            why.feature.unit,
            str(len(why.rows) or ""),
        ]
        for why in told
    ]
    if not rows:
        return [_table(["feature", "value", "unit", "rows"], values)]
    parts: list[Any] = []
    for why in told:
        value = f"{_value(why.value)} {why.feature.unit}"
        parts.append(f"{why.feature.name}: {value}. {why.feature.meaning}\n  {why.how}")
        if why.parts:
            parts.append(
                _table(
                    ["made of", "value"],
                    [[name, _value(value)] for name, value in why.parts.items()],
                )
            )
        if len(why.rows):
            shown = why.rows.map(
                lambda cell: _value(cell) if isinstance(cell, float) else str(cell)
            )
            parts.append(
                _table([str(name) for name in shown.columns], shown.to_numpy().tolist())
            )
    return parts


def _value(value: float | None) -> str:
    return "not known" if value is None or value != value else f"{value:,.6g}"


@app.command()
def score(
    book: Annotated[
        str,
        typer.Argument(
            metavar="BOOK", help="The folder of a book; on Spark also an address."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER",
            help="Where to write the scores, the worklist, the picture.",
        ),
    ],
    as_of: LookedFrom = None,
    top: Annotated[int, typer.Option(min=1, help="Length of the worklist.")] = 10,
    rules: Annotated[
        bool,
        typer.Option(
            "--rules",
            help="Work by rules: needs no models and no store, and gives no probabilities.",
        ),
    ] = False,
    store: Store = "mlruns",
    engine: Annotated[
        Engine,
        typer.Option(
            help="spark, where one machine is not enough: needs pinch[spark]."
        ),
    ] = (Engine.DUCKDB),
    max_age: MaxAge = None,
    stale_ok: StaleOk = False,
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    as_json: AsJson = False,
) -> None:
    """Scores every account and writes tonight's list.

    Stops where the data end too long before the date: interactions, and other tables that usually come every week.

    Writes scores.parquet, worklist.csv and, where there are surveys, quadrants.png. On Spark the scores are a folder
    of Parquet files, there is no picture, and memory is set by Spark's own settings. By rules, for a book of which too
    few have left to train on, the same files are written, with the risks missing.

    p_poor_90d and so on are of the settled quadrant in 90 days, by the mean of the last three answers; next_poor and so
    on are of the next answer by itself, if there is one within 90 days. The heading is a settled quadrant, or defected.
    """
    if rules:
        if engine is Engine.SPARK:
            raise typer.BadParameter("rules run on duckdb only", param_hint="--rules")
        look = (as_of, max_age, stale_ok)
        return _score_by_rules(
            Path(book), look, top, out, max_bad_share, memory_limit, as_json
        )
    with _errors(as_json), tempfile.TemporaryDirectory() as fetched:
        from models.registry.registry import Registry
        from serving.champions import fetch_champions
        from serving.scorer import load_models

        on_spark = engine is Engine.SPARK
        with _saying(as_json, steps=3) as said:
            said("models")
            models = fetch_champions(Registry(store), Path(fetched))
            trained = load_models(models).trained
            said("book")
            opened: Any = (
                _open_on_spark(book, max_bad_share, trained)
                if on_spark
                else _open(Path(book), max_bad_share, memory_limit, trained)
            )
            looked_from, told = _look(opened, as_of, max_age, stale_ok)
            said("scores")
            listed, facts = (_score_on_spark if on_spark else _score_here)(
                opened, looked_from, models, top, out
            )
        ranked_by = listed["ranked_by"].iloc[0] if len(listed) else None
        facts = {
            **told,
            **facts,
            **_losses(opened),
            "ranked_by": ranked_by,
            "worklist": _records(listed.astype({"as_of": str})),
        }
        _tell(facts, as_json, lambda: _worklist_table(facts))


def _look(
    book: Book | SparkBook, as_of: date | None, max_age: int | None, stale_ok: bool
) -> tuple[date, dict[str, Any]]:
    """The date to look from, and how old the book is at it."""
    from features.calendar.freshness import require_fresh
    from features.calendar.unscored import find_unscored
    from features.engine import day_of, instant

    moment = book.end if as_of is None else instant(as_of)
    told = require_fresh(book, moment, max_age, stale_ok)
    facts = {
        "as_of": str(day_of(moment)),
        "not_scored": find_unscored(book, moment).facts(),
        "last_day": str(book.recorded.last_day),
        "ages": [age.facts() for age in told],
        "stale": [f"{age.sentence}." for age in told if age.stale],
        "beyond": book.recorded.sentence,
    }
    return day_of(moment), facts


def _score_here(
    book: Book, as_of: date, models: Path, top: int, out: Path
) -> tuple[pd.DataFrame, dict[str, Any]]:
    from features.book.book import account_labels
    from features.book.held_out import held_out
    from features.engine import instant
    from serving.night import night as nightly
    from serving.scorer import load_models

    night = nightly.score_night(book, instant(as_of), load_models(models))
    held = held_out(book)
    listed = nightly.labelled(
        nightly.worklist(night.scores, top, held), account_labels(book)
    )
    return listed, {
        "accounts": len(night.scores),
        "held_out": int(night.scores["account_id"].isin(held).sum()),
        "files": [str(file) for file in nightly.write_night(night, listed, out)],
        "quarantined": len(book.quarantine),
    }


def _score_by_rules(
    book: Path,
    look: tuple[date | None, int | None, bool],
    top: int,
    out: Path,
    max_bad_share: float,
    memory_limit: str | None,
    as_json: bool,
) -> None:
    with _errors(as_json):
        from features.book.held_out import held_out
        from features.engine import instant
        from serving.night.night import write_night
        from serving.night.without_models import SAID, rule_night

        opened = _open(book, max_bad_share, memory_limit)
        as_of, told = _look(opened, *look)
        with _saying(as_json, steps=2) as said:
            said("rules")
            night, listed = rule_night(opened, instant(as_of))
        listed = listed.head(top)
        facts = {
            **told,
            "accounts": len(night.scores),
            "held_out": int(night.scores["account_id"].isin(held_out(opened)).sum()),
            "files": [str(file) for file in write_night(night, listed, out)],
            "quarantined": len(opened.quarantine),
            **_losses(opened),
            "rules": SAID,
            "worklist": _records(listed.astype({"as_of": str})),
        }
        _tell(facts, as_json, lambda: _rules_table(facts))


def _score_on_spark(
    book: SparkBook, as_of: date, models: Path, top: int, out: Path
) -> tuple[pd.DataFrame, dict[str, Any]]:
    from features.engine import instant
    from serving.night.on_spark import write_spark_night

    night = write_spark_night(book, instant(as_of), models, out, top)
    files = [str(file) for file in night.files]
    quarantined = int(book.quarantined["rows"].sum())
    return night.listed, {
        "accounts": night.accounts,
        "held_out": night.held_out,
        "files": files,
        "quarantined": quarantined,
    }


@app.command()
def report(
    book: BookFolder,
    out: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="Where to write the page and the table."),
    ],
    as_of: Annotated[
        Optional[date],  # noqa: UP045
        typer.Option(
            parser=_date,
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
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    as_json: AsJson = False,
) -> None:
    """Writes the numbers of the book by quarter and segment.

    Writes report.html, a page that needs nothing else, and figures.csv for a spreadsheet.
    """
    with _errors(as_json):
        from pages.report.page import write_report
        from pages.report.report import make_report

        opened = _open(book, max_bad_share, memory_limit)
        with _saying(as_json, steps=2) as said:
            said("numbers")
            made = make_report(opened, as_of, segment)
            said("page")
            files = write_report(made, out)
        facts: dict[str, Any] = {
            "as_of": str(made.as_of),
            "quarters": [str(quarter) for quarter in made.quarters],
            "segment": made.fact,
            "headline": made.headline(),
            "notes": list(made.notes),
            "files": [str(file) for file in files],
            "quarantined": len(opened.quarantine),
            "figures": _records(made.latest()),
        }
        wrote = f"Wrote {', '.join(facts['files'])}."
        _tell(facts, as_json, lambda: [facts["headline"], *facts["notes"], wrote])


@app.command()
def weights(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv",
            help="Columns a, b, preferred_a, preferred_b: a row per pair.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Tells what matters to customers, from a survey that asked which of two attributes matters more."""
    with _errors(as_json):
        from training.fitting.preferences import fit_weights, read_comparisons

        fitted = fit_weights(read_comparisons(file))
        facts = {
            "attributes": _records(fitted.attributes),
            "pairs": _records(fitted.pairs),
        }
        _tell(facts, as_json, lambda: _weights_tables(facts))


@app.command()
def serve(
    store: Store = "mlruns",
    models: Annotated[
        Path | None,
        typer.Option(
            envvar="PINCH_MODELS",
            help="Folder of fetched models, instead of the store.",
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(envvar="PINCH_HOST", help="Where to listen.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PINCH_PORT", min=1, max=65535)] = 3000,
) -> None:
    """Starts the endpoint: POST /predict."""
    from serving.endpoint.child import run_child, stoppable

    with (
        _errors(False),
        stoppable(),
        tempfile.TemporaryDirectory(prefix="pinch-") as fetched,
    ):
        from serving.champions import fetch_champions
        from serving.scorer import load_models

        if models is None:
            from models.registry.registry import Registry

            models = fetch_champions(Registry(store), Path(fetched))
        typer.echo(
            f"Serving {load_models(models).version} on http://{host}:{port}", err=True
        )
        command = [
            "serve",
            "serving.endpoint.service:Pinch",
            "--host",
            host,
            "--port",
            str(port),
        ]
        settings = {
            "PINCH_MODELS": str(models.resolve()),
            "BENTOML_DO_NOT_TRACK": "true",
        }
        code = run_child(
            [sys.executable, "-m", "bentoml", *command], {**os.environ, **settings}
        )
    raise typer.Exit(code)


def _open(
    book: Path,
    max_bad_share: float,
    memory_limit: str | None,
    trained: TrainedFacts | None = None,
) -> Book:
    from features.book.book import open_book

    return open_book(
        book, max_bad_share=max_bad_share, memory_limit=memory_limit, trained=trained
    )


def _open_on_spark(book: str, max_bad_share: float, trained: TrainedFacts) -> SparkBook:
    from features.book.on_spark import open_spark_book, start_session

    return open_spark_book(
        book, start_session(), max_bad_share=max_bad_share, trained=trained
    )


@contextmanager
def _errors(as_json: bool) -> Iterator[None]:
    """Turns an error of ours into a message and exit code 1."""
    from features.errors import PinchError

    try:
        yield
    except PinchError as error:
        refused = error
    except OSError as error:
        refused = PinchError(
            where=None if error.filename is None else str(error.filename),
            found=error.strerror or str(error),
            expected="a file or folder that can be read and written",
            mend="correct the path",
        )
    else:
        return
    if as_json:
        typer.echo(json.dumps({"error": type(refused).__name__, **vars(refused)}))
    typer.echo(f"{type(refused).__name__}: {refused}", err=True)
    raise typer.Exit(1)


def _tell(facts: dict[str, Any], as_json: bool, told: Callable[[], Any]) -> None:
    """Prints facts as JSON, or what is told of them to people."""
    if as_json:
        typer.echo(json.dumps(facts, default=str, allow_nan=False))
        return
    from rich.console import Console

    console, parts = Console(markup=False, emoji=False), told()
    parts = parts if isinstance(parts, list) else [parts]
    for part in [*parts, *_set_aside(facts)]:
        console.print(part, highlight=False)


def _set_aside(facts: Mapping[str, Any]) -> list[str]:
    """How many rows a command did not use, where it does not list them."""
    rows = facts.get("quarantined")
    if rows is None or "quarantine" in facts:
        return []
    return [
        f"Set aside: {rows:,} rows"
        + ("; pinch check says which and why." if rows else ".")
    ]


@contextmanager
def _saying(as_json: bool, steps: int) -> Iterator[Callable[[str], None]]:
    """A progress bar of steps on standard error; each step says what is being done."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True, quiet=as_json), transient=True) as bar:
        task = bar.add_task("reading the book", total=steps)
        yield lambda said: bar.update(task, description=said, advance=1)


@contextmanager
def _counting(what: str, as_json: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True, quiet=as_json)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON can hold them: what is missing is null."""
    return json.loads(frame.to_json(orient="records", double_precision=15))  # type: ignore[no-any-return]


def _suspicions(suspicions: Sequence[Suspicion]) -> list[dict[str, Any]]:
    return [
        {**vars(suspicion), "sentence": suspicion.sentence} for suspicion in suspicions
    ]


def _suspicious(book: Book, quiet: int | None) -> list[dict[str, Any]]:
    """The suspicious facts of a book; none where nothing tells who has left."""
    from features.errors import EvidenceError
    from training.past.telltale_facts import suspicious_facts

    try:
        return _suspicions(suspicious_facts(book, book.watermark, quiet))
    except EvidenceError:
        return []


def _beyond(book: Book) -> dict[str, Any]:
    """What is dated after the end of the data: how many rows of each table, and the first of them by name."""
    from features.calendar.recorded import rows_beyond

    found = book.recorded
    counted = {table.table: table.beyond for table in found.tables if table.beyond}
    return {
        "rows": counted,
        "named": rows_beyond(book.ask_files, found),
        "sentence": found.sentence,
    }


def _beyond_told(beyond: dict[str, Any]) -> list[Any]:
    if not beyond["named"]:
        return []
    more = sum(beyond["rows"].values()) - len(beyond["named"])
    rows = [[row["table"], str(row["row"]), row["date"]] for row in beyond["named"]]
    told = [beyond["sentence"], _table(["after the end", "row", "date"], rows)]
    return [*told, f"and {more:,} more."] if more else told


def _described(book: Book, quiet: int | None) -> dict[str, Any]:
    from features.book.coming_and_going import oddities
    from features.book.held_out import held_out
    from features.engine import day_of

    reasons = (
        book.quarantine.groupby(["table", "field", "expected"])
        .size()
        .rename("rows")
        .reset_index()
    )
    return {
        "rows": dict(book.rows),
        "facts": dict(book.facts),
        "labels": dict(book.labels),
        "unread_columns": list(book.unread),
        "hints": dict(book.hints),
        "held_out": len(held_out(book)),
        "first_day": str(day_of(book.beginning)),
        "watermark": str(day_of(book.watermark)),
        "beyond_the_end": _beyond(book),
        "quarantined": len(book.quarantine),
        "quarantine": _records(reasons),
        "oddities": [
            {**vars(oddity), "sentence": oddity.sentence} for oddity in oddities(book)
        ],
        **_losses(book),
        "missing": book.missing(),
        "suspicious_facts": _suspicious(book, quiet),
    }


def _ready(book: Book, quiet: int | None) -> dict[str, Any]:
    """How each table is recorded, and what can be trained."""
    from datetime import UTC, datetime

    from training.readiness import readiness

    found, today = readiness(book, quiet), datetime.now(UTC).date()
    recorded = [
        {
            **vars(table),
            "first_day": str(table.first_day),
            "last_day": str(table.last_day),
            "latest": str(table.latest),
        }
        | {"days_old": (today - table.last_day).days}
        for table in book.recorded.tables
    ]
    verdict = {
        "trainable": found.trainable,
        "snapshot": found.snapshot,
        "test_dates": found.test_dates,
        "predictions": [prediction.facts() for prediction in found.predictions],
        "sentences": found.sentences,
    }
    return {"recorded": recorded, "readiness": verdict}


def _ready_tables(described: dict[str, Any]) -> list[Any]:
    recorded = [
        [
            row["table"],
            row["first_day"],
            row["last_day"],
            str(row["usual_lag"] or ""),
            f"{row['days_old']:,}",
        ]
        for row in described["recorded"]
    ]
    verdict = described["readiness"]
    predictions = [
        [row["name"], "yes" if row["ready"] else f"no: {row['missing']}"]
        for row in verdict["predictions"]
    ]
    return [
        _table(["recorded", "from", "to", "usual lag", "days old today"], recorded),
        _table(["prediction", "can it be trained"], predictions),
        *verdict["sentences"],
    ]


def _losses(book: Book | SparkBook) -> dict[str, Any]:
    """What of a book no model reads, and what of that is much."""
    return {**book.losses.facts(), "warnings": book.warnings}


def _warned(facts: dict[str, Any]) -> list[str]:
    return [f"Warning: {warning}." for warning in facts["warnings"]]


def _check_tables(book: Book, described: dict[str, Any]) -> list[Any]:
    tables = _table(
        ["table", "good rows"],
        [[name, f"{rows:,}"] for name, rows in described["rows"].items()],
    )
    said: list[Any] = [
        tables,
        f"From {described['first_day']} to {described['watermark']}.",
    ]
    said += _beyond_told(described["beyond_the_end"])
    bad = [
        [row["table"], row["field"], row["expected"], f"{row['rows']:,}"]
        for row in described["quarantine"]
    ]
    said += (
        [_table(["quarantined in", "field", "expected", "rows"], bad)]
        if bad
        else ["Nothing is in quarantine."]
    )
    said += [f"{oddity['sentence']}." for oddity in described["oddities"]]
    said += [f"{names['sentence']}." for names in described["unknown_names"]]
    said += [f"{blank['sentence']}." for blank in described["blanked"]]
    said += _scales_told(book)
    said += [f"{near['sentence']}." for near in described["misnamed_columns"]]
    said += [
        f"Not read, as an index or without a name: {column} of accounts."
        for column in book.unread
    ]
    said += [
        f"Table {table}: {hint}."
        for table, hints in book.hints.items()
        for hint in hints
    ]
    if described["held_out"]:
        said.append(
            f"The holdout, whom nobody may contact and no list names: {_counted(described['held_out'], 'account')}."
        )
    said += [f"{fact['sentence']}." for fact in described["suspicious_facts"]]
    said += [f"Warning: {doubt}." for doubt in book.doubts]
    return [*said, *described["missing"]]


def _scales_told(book: Book) -> list[Any]:
    if not book.scales:
        return []
    rows = [
        [
            scale.item,
            f"{scale.scores:,}",
            f"{scale.lowest:g} to {scale.highest:g}",
            f"{scale.low:g} to {scale.high:g}",
        ]
        for scale in book.scales
    ]
    told = [f"{scale.sentence}." for scale in book.scales if scale.likely is not None]
    return [
        _table(["scores without a scale of", "scores", "lie in", "assumed"], rows),
        *told,
    ]


def _training_tables(figures: pd.DataFrame, facts: dict[str, Any]) -> list[Any]:
    versions = ", ".join(
        f"{name} version {number}" for name, number in facts["versions"].items()
    )
    said: list[Any] = [*_beyond_told(facts["beyond_the_end"]), _figures_table(figures)]
    said += [*facts["baseline_better"], *facts["not_enough_evidence"]]
    said += [f"{fact['sentence']}." for fact in facts["suspicious_facts"]]
    said += _warned(facts)
    said += [] if facts["tuning"] is None else [f"Tuning: {facts['tuning']}."]
    if facts["came_back"] is not None:
        said.append(
            f"Left is: quiet for {facts['quiet_days']} days. {facts['came_back']:.1%} came back after that."
        )
    said.append(
        "Leakage certificate: clean."
        if facts["leakage_clean"]
        else "Leakage certificate: NOT clean."
    )
    said += [f"Gate, {rule}: {text}." for rule, text in facts["gate"].items()]
    said.append(
        f"Wrote {', '.join(facts['files'])}."
        if facts["files"]
        else "The page of it, training.html, is in MLflow."
    )
    return [
        *said,
        f"Registered as challengers: {versions}. To let them score and serve: pinch promote",
    ]


def _models_tables(found: list[dict[str, Any]]) -> list[Any]:
    shown = ("auc", "log_loss", "calibration_error")
    rows = [
        [
            f"{model['name'].removeprefix('pinch-')} {model['version']}",
            "\n".join(model["aliases"]),
            model["trained_until"] or "",
            *(
                f"{model['figures'][name]:.3f}" if name in model["figures"] else ""
                for name in shown
            ),
            "failed: " + ", ".join(model["failed"])
            if model["failed"]
            else "passed"
            if model["verdicts"]
            else "not judged",
        ]
        for model in found
    ]
    columns = [
        "version",
        "alias",
        "trained until",
        *(SHORT[name] for name in shown),
        "gate",
    ]
    # Both models of a training have the same verdicts, which are told once.
    told = [
        f"{model['name']} version {model['version']}, {rule}: {text}."
        for model in found
        if model["aliases"] and model["name"] == found[0]["name"]
        for rule, text in model["verdicts"].items()
    ]
    overridden = [
        f"{model['name']} version {model['version']} was promoted anyway: {model['promoted_anyway']}"
        for model in found
        if "promoted_anyway" in model
    ]
    return (
        [_table(columns, rows), *told, *overridden]
        if found
        else ["No models yet; run pinch train BOOK."]
    )


def _figures_table(figures: pd.DataFrame) -> Any:
    rows = [
        [
            f"{row['prediction']} {row['horizon']}d".replace("- ", "-"),
            row["model"].removeprefix("empirical_"),  # 80 columns are all there is
            _auc(row),
            *_said(row, ".3f", _FIGURES),
            *_said(row, ".1f", ("lift_top_decile",)),
        ]
        for row in _records(figures)
    ]
    return _table(["prediction", "model", *SHORT.values()], rows)


def _auc(row: dict[str, Any]) -> str:
    """The AUC with its interval, such as ``0.71 (.60-.80)``, or ``(?)`` where too few left to tell one."""
    if row["auc"] is None or row["auc_low"] is None:
        return "" if row["auc"] is None else f"{row['auc']:.2f} (?)"
    low, high = (
        f"{row[end]:.2f}".removeprefix("0").replace("1.00", "1.0")
        for end in ("auc_low", "auc_high")
    )
    return f"{row['auc']:.2f} ({low}-{high})"


def _backtest_tables(facts: dict[str, Any]) -> list[Any]:
    recall = [
        [
            f"{row['days_ahead']} days",
            f"{row['leavers']:,}",
            f"{row['listed']:,}",
            *_said(row, ".0%", _RECALL),
        ]
        for row in facts["recall"]
    ]
    profit = [
        [row["as_of"], *_said(row, ",.0f", _PROFIT), f"{row['best_length']:,}"]
        for row in facts["profit"]
    ]
    missed = [
        [_account(row), row["left_on"], f"{row['best_rank']:,}", row["reason"] or ""]
        for row in facts["misses"][:MISSES_SHOWN]
    ]
    campaign, capacity = facts["campaign"], facts["capacity"]
    said: list[Any] = [
        *_held_out(facts),
        *_shorter(facts["profit"]),
        f"Of {_counted(facts['departures'], 'account')} that left, on a list of {capacity:,} at least so long before:",
        _table(["before", "left", "listed", "recall", "by chance"], recall),
        f"Expected profit of contacting, at {campaign['contact_cost']:,g} a contact, {campaign['offer_cost']:,g} an "
        f"offer, {campaign['acceptance']:.0%} of leavers kept, an account being worth its {campaign['value']}:",
        _table(
            [
                "list of",
                "worklist",
                "happened",
                "by gain",
                "happened",
                "left on table",
                "best",
                "length",
            ],
            profit,
        ),
        f"{len(facts['misses']):,} were on no list, the first of them:",
        _table(["account", "left on", "best rank", "what was known"], missed),
    ]
    return [*said, *([f"Wrote {', '.join(facts['files'])}."] if facts["files"] else [])]


def _shorter(profit: list[dict[str, Any]]) -> list[str]:
    """Which lists plan for another horizon than usual."""
    from models.score.horizon import MIGRATION_HORIZON

    others = [
        f"{row['horizon']} days on {row['as_of']}"
        for row in profit
        if row["horizon"] != MIGRATION_HORIZON
    ]
    return (
        [f"Lists that rank by the longest risk known then: at {', '.join(others)}."]
        if others
        else []
    )


def _said(row: dict[str, Any], form: str, names: tuple[str, ...]) -> list[str]:
    return ["" if row[name] is None else format(row[name], form) for name in names]


def _rules_table(facts: dict[str, Any]) -> list[Any]:
    rows = [
        [_account(row), row["quadrant"].replace("_", "-"), _why(row)]
        for row in facts["worklist"]
    ]
    return [
        f"Of {_counted(facts['accounts'], 'account')} on {facts['as_of']}, these {len(rows):,} first.",
        *_not_scored(facts),
        *_held_out(facts),
        facts["rules"],
        *facts["stale"],
        *filter(None, [facts["beyond"]]),
        *_warned(facts),
        _table(["account", "quadrant", "why"], rows, lines=True),
        f"Wrote {', '.join(facts['files'])}.",
    ]


def _worklist_table(facts: dict[str, Any]) -> list[Any]:
    ranked_by = facts["ranked_by"]
    rows = [
        [
            _account(row),
            f"{row[ranked_by]:.0%}" if ranked_by else "",
            row["quadrant"].replace("_", "-"),
            row["heading"].replace("_", "-"),
            _why(row),
        ]
        for row in facts["worklist"]
    ]
    horizon = "risk" if ranked_by is None else ranked_by.replace("_", " ")
    return [
        f"Of {_counted(facts['accounts'], 'account')} on {facts['as_of']}, these {len(rows):,} have most to save:",
        *_not_scored(facts),
        *_ranking(ranked_by),
        *_held_out(facts),
        *_warned(facts),
        *facts["stale"],
        *filter(None, [facts["beyond"]]),
        _table(
            ["account", horizon, "quadrant", "heading for", "why"], rows, lines=True
        ),
        f"Wrote {', '.join(facts['files'])}.",
    ]


def _ranking(ranked_by: str | None) -> list[str]:
    """What the list looks to, where it is not the usual horizon."""
    from models.score.horizon import MIGRATION_HORIZON, risk_column

    if ranked_by == risk_column(MIGRATION_HORIZON):
        return []
    if ranked_by is None:
        return ["No risk is known, so they stand in the order of their ids."]
    return [
        f"Ranked by {ranked_by.replace('_', ' ')}, the longest that is known: the history was too short for one at "
        f"{MIGRATION_HORIZON} days."
    ]


def _not_scored(facts: dict[str, Any]) -> list[str]:
    """How many accounts are not scored and why, with those that nobody ever heard from by name."""
    missing = facts["not_scored"]
    if missing["sentence"] is None:
        return []
    unheard, shown = (
        missing["never_heard_from"],
        missing["never_heard_from"][:UNHEARD_SHOWN],
    )
    more = missing["accounts"].get("never heard from", 0) - len(shown)
    named = (
        f"Never heard from: {', '.join(shown)}{f' and {more:,} more' if more else ''}."
    )
    return [f"{missing['sentence']}.", *([named] if unheard else [])]


def _held_out(facts: dict[str, Any]) -> list[str]:
    held = facts["held_out"]
    return (
        [
            f"Left off: {_counted(held, 'account')} of the holdout, whom nobody may contact."
        ]
        if held
        else []
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _account(row: dict[str, Any]) -> str:
    """The account as people know it: its name and who looks after it, where the book says, and its id."""
    return "\n".join(
        str(row[known]) for known in ("name", "account_id", "owner") if row.get(known)
    )


def _why(row: dict[str, Any]) -> str:
    return "\n".join(
        row[reason] for reason in ("reason_1", "reason_2", "reason_3") if row[reason]
    )


def _weights_tables(facts: dict[str, Any]) -> list[Any]:
    weighed = [
        [
            row["attribute"],
            f"{row['weight']:.1%}",
            f"{row['low']:.1%} to {row['high']:.1%}",
            f"{row['compared']:,}",
        ]
        for row in facts["attributes"]
    ]
    asked = [
        [
            f"{row['a']} : {row['b']}",
            f"{row['share_a']:.0%}",
            f"{row['fitted_a']:.0%}",
            f"{row['n']:,}",
        ]
        for row in facts["pairs"]
    ]
    return [
        _table(["attribute", "weight", "95% between", "answers"], weighed),
        _table(["preferred the first", "said", "fitted", "answers"], asked),
    ]


def _table(columns: list[str], rows: list[list[str]], lines: bool = False) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(
        *columns[:-1],
        box=box.SIMPLE_HEAD,
        show_lines=lines,
        padding=(0, 1, 0, 0),
        show_edge=False,
        pad_edge=False,
    )
    for column in table.columns:
        column.no_wrap = True
    table.add_column(columns[-1])
    for row in rows:
        table.add_row(*row)
    return table


if __name__ == "__main__":
    app()
