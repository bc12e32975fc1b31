"""``pinch train``, with what it tells."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Optional

import typer

from commands.figures import figures_table
from commands.opening import beyond, beyond_told, losses, open_here, warned
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
from commands.output import (
    Parts,
    errors,
    progress,
    records,
    tell,
    told,
    with_sentences,
    wrote,
)

if TYPE_CHECKING:
    import pandas as pd

    from models.registry.registry import Registry
    from models.registry.verdict import Verdict
    from models.registry.versions import Version
    from training.fitting.tuning import Budget
    from training.trained import Training


def train(
    book: BookFolder,
    until: Annotated[
        date | None,
        typer.Option(
            parser=day, metavar="DATE", help="Use only what was known by then."
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
    no_sync: NoSync = False,
    as_json: AsJson = False,
) -> None:
    """Trains both models and registers them as challengers.

    They are first walked forward through past dates, beside the baselines. Everything is kept in MLflow, with a page
    that shows how good the models are and what is weak: training.html. A search looks only at test dates before those,
    and keeps the default unless a setting is better by more than its standard error.
    """
    with (
        errors(as_json),
        open_here(book, max_bad_share, memory_limit, no_sync=no_sync) as opened,
    ):
        from features.engine import instant
        from models.registry.registry import Registry
        from training import train as training
        from training.configuration import Configuration
        from training.past.observed import observe

        registry, budget = Registry(store, create=True), _budget(tune, tune_trials)
        end = None if until is None else instant(until)
        with progress(as_json, _steps(budget)) as said:
            observed = observe(opened, end, quiet)
            trained = training.train(observed, Configuration(budget=budget), said)
            said("registering")
            kept = _keep(trained, registry, capacity)
        facts = {
            **_facts(trained, kept),
            "quarantined": len(opened.quarantine),
            **losses(opened),
            "beyond_the_end": beyond(opened),
            "files": [] if out is None else _write_page(kept.html, out),
        }
        tell(facts, as_json, lambda: _tables(trained.figures(), facts))


def _budget(minutes: float | None, trials: int | None) -> Budget | None:
    """The bounds of a search; none where neither is given."""
    if minutes is None and trials is None:
        return None
    from training.fitting.tuning import MOST_TRIALS, Budget

    seconds = None if minutes is None else 60 * minutes
    return Budget(MOST_TRIALS if trials is None else trials, seconds)


def _steps(budget: Budget | None) -> int:
    """How many steps a training tells of at most."""
    from training.past.as_of_dates import MOST_FOLDS

    return 5 + MOST_FOLDS + (0 if budget is None else budget.trials)


class _Kept(NamedTuple):
    """What is kept of a training."""

    verdicts: Sequence[Verdict]
    html: str
    versions: Sequence[Version]


def _keep(trained: Training, registry: Registry, capacity: int) -> _Kept:
    """Judges a training, draws its page and registers it."""
    from pages.training.page import page
    from training.register import judge_for, register

    verdicts = judge_for(trained, registry)
    html = page(trained, verdicts, capacity)
    with tempfile.TemporaryDirectory() as workplace:
        versions = register(trained, verdicts, html, registry, Path(workplace))
    return _Kept(verdicts, html, versions)


def _write_page(html: str, folder: Path) -> list[str]:
    from serving.night.atomic_files import write_whole
    from training.mlflow_record import PAGE

    writers = {PAGE: lambda file: file.write_text(html, encoding="utf-8")}
    return [str(file) for file in write_whole(folder, writers)]


def _facts(trained: Training, kept: _Kept) -> dict[str, Any]:
    from training.evaluation.evidence import not_enough

    return {
        "versions": {version.name: version.number for version in kept.versions},
        **trained.models.defection.facts,
        "came_back": trained.meaning.came_back,
        "leakage_clean": trained.certificate.clean,
        "setting": trained.setting.facts(),
        "tuning": None if trained.tuning is None else trained.tuning.sentence,
        "gate": {verdict.name: verdict.text for verdict in kept.verdicts},
        "figures": records(trained.figures()),
        "baseline_better": trained.losses(),
        "not_enough_evidence": not_enough(trained.evaluations),
        "suspicious_facts": with_sentences(trained.suspicions),
    }


def _tables(figures: pd.DataFrame, facts: dict[str, Any]) -> Parts:
    return [
        *beyond_told(facts["beyond_the_end"]),
        figures_table(figures),
        *facts["baseline_better"],
        *facts["not_enough_evidence"],
        *told(facts["suspicious_facts"]),
        *warned(facts),
        *_learning_told(facts),
        *(f"Gate, {rule}: {text}." for rule, text in facts["gate"].items()),
        *(wrote(facts["files"]) or ["The page of it, training.html, is in MLflow."]),
        _registered(facts["versions"]),
    ]


def _learning_told(facts: dict[str, Any]) -> list[str]:
    """The search, who counts as having left, and whether the future leaked."""
    said = [] if facts["tuning"] is None else [f"Tuning: {facts['tuning']}."]
    if facts["came_back"] is not None:
        back = f"{facts['came_back']:.1%} came back after that."
        said.append(f"Left is: quiet for {facts['quiet_days']} days. {back}")
    leakage = "clean" if facts["leakage_clean"] else "NOT clean"
    return [*said, f"Leakage certificate: {leakage}."]


def _registered(versions: dict[str, str]) -> str:
    names = ", ".join(f"{name} version {number}" for name, number in versions.items())
    return f"Registered as challengers: {names}. To let them score and serve: pinch promote"
