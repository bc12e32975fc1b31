"""A training: data, walk-forward evaluation, certificate, models; and what is kept of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from features.book import Book
from features.dictionary import FEATURES
from features.engine import day_of
from features.errors import EvidenceError
from features.snapshot import snapshot
from models.boosting import Setting
from models.defection import DefectionModel, load
from models.registry import CHAMPION, CLEAN, DEFECTION, JUDGED, LEAKAGE, LEAKING, Record, Registry, Version
from training.dataset import TrainingSet, with_outcomes
from training.fitting import Models, fit_models
from training.gate import judge, judged_horizon
from training.labels import Leaving, leaving
from training.leakage import Certificate, certify
from training.plots import draw_calibration, draw_lift
from training.splits import fold_dates, training_dates
from training.tuning import Budget, Tuning, tune
from training.walk_forward import MODEL, Evaluation, Progress, evaluate_at, horizons_of

COMPARED = ("auc", "pr_auc", "log_loss", "brier_skill", "calibration_error", "calibration_floor", "lift_top_decile")


@dataclass(frozen=True)
class Training:
    """The plain facts of a training.

    Attributes:
        until: nothing known later was used, in microseconds since 1970.
        meaning: what leaving means in the book.
        data: what the models were fitted on.
        models: fitted on all of it.
        evaluations: at the test dates of the walk forward, oldest first.
        certificate: of the newest as-of date with something after it.
        setting: how boosters were grown.
        tuning: the search that chose it, where there was one.
    """

    until: int
    meaning: Leaving
    data: TrainingSet
    models: Models
    evaluations: list[Evaluation]
    certificate: Certificate
    setting: Setting
    tuning: Tuning | None = None

    def figures(self) -> pd.DataFrame:
        """The figures of each prediction, horizon and model, as means over the test dates."""
        parts = [
            pd.DataFrame(rows).assign(prediction=prediction)
            for evaluation in self.evaluations
            for prediction, rows in (("defection", evaluation.defection), ("migration", evaluation.migration))
            if rows
        ]
        if not parts:
            return pd.DataFrame(columns=["prediction", "horizon", "model", *COMPARED])
        keys = ["prediction", "horizon", "model"]
        return pd.concat(parts).groupby(keys, sort=False)[["n", "positives", *COMPARED]].mean().reset_index()

    def losses(self) -> list[str]:
        """A sentence for each prediction and horizon at which a baseline has a lower log loss than the model."""
        sentences = []
        for (prediction, horizon), rows in self.figures().groupby(["prediction", "horizon"], sort=False):
            best = rows.sort_values("log_loss", kind="stable").iloc[0]
            ours = rows.loc[rows["model"] == MODEL, "log_loss"].iloc[0]
            if best["model"] != MODEL:
                where = f"{prediction} at {horizon} days"
                sentences.append(
                    f"{where}: {best['model']} is better, log loss {best['log_loss']:.4f} against {ours:.4f}"
                )
        return sentences


def train(
    book: Book,
    until: int | None = None,
    quiet_days: int | None = None,
    setting: Setting = Setting(),
    progress: Progress = lambda said: None,
    budget: Budget | None = None,
) -> Training:
    """Trains both models on what was known by a moment, after walking forward through the dates before it.

    Args:
        book: an opened book.
        until: in microseconds since 1970; the book's watermark where left out.
        quiet_days: the quiet period, for books without departures.
        setting: how boosters are grown.
        progress: told what is being done.
        budget: of a search for a better setting; none where left out.

    Raises:
        EvidenceError: too little was known by then.
    """
    until = min(until or book.watermark, book.watermark)
    meaning = leaving(book, until, quiet_days)
    dates = training_dates(book, until)
    if not dates:
        raise EvidenceError(
            found=f"a history from {day_of(book.beginning)} to {day_of(until)}",
            expected="some months of history before the end of the training data",
            mend="give a longer history or a later --until",
        )
    tuning = None if budget is None else tune(book, until, quiet_days, setting, budget, progress)
    setting = setting if tuning is None else tuning.chosen
    progress("features")
    frame = snapshot(book, dates)
    evaluations = _walk(book, frame, until, quiet_days, setting, progress)
    progress("leakage certificate")
    certificate = certify(book, dates[-1])
    progress("models")
    data = with_outcomes(book, frame, horizons_of(book), until, meaning).known()
    models = fit_models(data, setting, meaning.delay_days, _facts(data, until, meaning))
    return Training(until, meaning, data, models, evaluations, certificate, setting, tuning)


def register(training: Training, registry: Registry, workplace: Path) -> list[Version]:
    """Keeps a training in MLflow and registers its models as challengers, with the verdicts of the gate.

    Args:
        training: what is kept.
        registry: where.
        workplace: a folder for pictures and models on their way.
    """
    record = Record(
        params={**training.setting.facts(), **_params(training)},
        metrics=_metrics(training.figures()),
        tags={LEAKAGE: CLEAN if training.certificate.clean else LEAKING},
        verdicts=judge(training, _champion(registry)),
        pictures=_pictures(training, workplace),
        tables={
            "features.json": json.dumps(dictionary(training.models.defection.encoding.columns), indent=1),
            "figures.csv": training.figures().to_csv(index=False),
            **({} if training.tuning is None else {"tuning.csv": training.tuning.table().to_csv(index=False)}),
        },
    )
    return registry.log(record, training.models.defection, training.models.migration, workplace)


def dictionary(columns: Sequence[str]) -> dict[str, Mapping[str, object]]:
    """The feature dictionary: meaning, unit, theme and seed rows of each column; a fact has none but its name."""
    known = {name: FEATURES[name] for name in columns if name in FEATURES}
    described: dict[str, Mapping[str, object]] = {
        n: {"meaning": f.meaning, "unit": f.unit, "theme": f.theme, "seeds": f.seeds} for n, f in known.items()
    }
    return described | {name: {"meaning": "a fact of the account"} for name in columns if name not in FEATURES}


def _walk(
    book: Book, frame: pd.DataFrame, until: int, quiet_days: int | None, setting: Setting, progress: Progress
) -> list[Evaluation]:
    """Evaluations at the newest test dates that had enough before them; none where the history is too short."""
    horizons = horizons_of(book)
    meaning = leaving(book, until, quiet_days)
    evaluations = []
    for date in fold_dates(book, until, judged_horizon(meaning), meaning.delay_days):
        then = leaving(book, date, meaning.quiet_days)
        try:
            evaluations.append(evaluate_at(book, frame, date, until, horizons, then, setting, progress))
        except EvidenceError:
            progress(f"too little known before {day_of(date)} to test there")
    return evaluations


def _champion(registry: Registry) -> DefectionModel | None:
    if not registry.has(DEFECTION, CHAMPION):
        return None
    return load(registry.fetch(registry.version(DEFECTION, CHAMPION)))


def _facts(data: TrainingSet, until: int, meaning: Leaving) -> dict[str, object]:
    dates = sorted({str(day_of(int(moment))) for moment in data.frame["as_of_us"].unique()})
    return {
        "trained_until": str(day_of(until)),
        "as_of_dates": dates,
        "quiet_days": meaning.quiet_days,
        "delay_days": meaning.delay_days,
        "facts": dict(data.facts),
        "training_set": data.digest,
    }


def _params(training: Training) -> dict[str, object]:
    facts = training.models.defection.facts
    return {
        **{name: facts[name] for name in ("trained_until", "quiet_days", "delay_days", "training_set")},
        JUDGED: judged_horizon(training.meaning),
        "watermark": day_of(training.until),
        "came_back": training.meaning.came_back,
        "rows": len(training.data.frame),
        "as_of_dates": len(facts["as_of_dates"]),  # type: ignore[arg-type]
        "first_as_of": day_of(int(training.data.frame["as_of_us"].min())),
        "last_as_of": day_of(int(training.data.frame["as_of_us"].max())),
        "columns": len(training.models.defection.encoding.columns),
        **({} if training.tuning is None else {"tuning": training.tuning.sentence}),
        "embargo_days": {h: h + training.meaning.delay_days for h in training.models.defection.blends},
    }


def _metrics(figures: pd.DataFrame) -> dict[str, float]:
    """Figures by name, such as ``defection_90d_auc``; those of a baseline such as ``recency_defection_90d_auc``."""
    named: dict[str, float] = {}
    for _, row in figures.iterrows():
        stem = f"{row['prediction']}_{row['horizon']}d"
        prefix = stem if row["model"] == MODEL else f"{row['model']}_{stem}"
        named |= {f"{prefix}_{name}": float(row[name]) for name in COMPARED if pd.notna(row[name])}
    return named


def _pictures(training: Training, workplace: Path) -> tuple[Path, ...]:
    outcomes = [outcome for evaluation in training.evaluations for outcome in evaluation.outcomes]
    drawn = []
    for horizon in dict.fromkeys(outcome.horizon for outcome in outcomes):
        drawn.append(draw_calibration(outcomes, horizon, workplace / f"calibration_{horizon}d.png"))
        drawn.append(draw_lift(outcomes, horizon, workplace / f"lift_{horizon}d.png"))
    return tuple(drawn)
