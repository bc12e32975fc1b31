"""A training: data, walk-forward evaluation, certificate, models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from features.book.book import Book
from features.engine import day_of
from features.errors import BY_RULES, EvidenceError
from models.fitted.boosting import Setting
from models.score.horizon import MIGRATION_HORIZON
from training.evaluation.comparison import (
    answers_said,
    compare_said,
    compare_states,
    said,
    states_said,
)
from training.evaluation.evidence import INTERVALS, intervals
from training.evaluation.survey_noise import Moves, noise_moves
from training.evaluation.walk_forward import NEXT_ANSWER, Evaluation, evaluate_at
from training.fitting.exams import exam_dates, exams
from training.fitting.fading import half_life_days
from training.fitting.learner import Learner
from training.fitting.models import Models, fit_models
from training.fitting.rivals import MODEL, Learners
from training.fitting.tuning import Budget, Tuning, tune
from training.leakage import Certificate, certify
from training.past.dates import fold_dates, horizons_of, training_dates
from training.past.leaving import Leaving, leaving
from training.past.panel import Bounds, Panel, make_panel
from training.past.telltale_facts import Suspicion, suspicious_facts, trusted
from training.past.training_set import TrainingSet, with_outcomes
from training.progress import Progress

COMPARED = (
    *("auc", "pr_auc", "log_loss", "brier_skill", "base_rate", "mean_risk"),
    *("calibration_error", "calibration_floor", "lift_top_decile"),
)

_OF_STATES = {"migration": states_said, NEXT_ANSWER: answers_said}
"""How predictions of states are looked up."""


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
        moves: between quadrants after the newest test date, beside those of noise alone; None without surveys.
        tuning: the search that chose it, where there was one.
        suspicions: facts that tell too much of who left.
    """

    until: int
    meaning: Leaving
    data: TrainingSet
    models: Models
    evaluations: list[Evaluation]
    certificate: Certificate
    setting: Setting
    moves: Moves | None = None
    tuning: Tuning | None = None
    suspicions: tuple[Suspicion, ...] = ()

    def figures(self) -> pd.DataFrame:
        """The figures of each prediction, horizon and model, as means over the test dates, with their intervals."""
        return self._figures.copy()

    @cached_property
    def _figures(self) -> pd.DataFrame:
        parts = [
            pd.DataFrame(rows).assign(prediction=prediction)
            for evaluation in self.evaluations
            for prediction, rows in evaluation.predictions().items()
            if rows
        ]
        if not parts:
            return pd.DataFrame(
                columns=["prediction", "horizon", "model", *COMPARED, *INTERVALS]
            )
        keys = ["prediction", "horizon", "model"]
        means = _means(pd.concat(parts, ignore_index=True), keys)
        return means.merge(intervals(self.evaluations), on=keys, how="left")

    def losses(self) -> list[str]:
        """A sentence for each prediction and horizon at which a baseline has a lower log loss, and whether surely."""
        return list(self._losses)

    @cached_property
    def _losses(self) -> list[str]:
        sentences = []
        for (prediction, horizon), rows in self.figures().groupby(
            ["prediction", "horizon"], sort=False
        ):
            best = rows.sort_values("log_loss", kind="stable").iloc[0]
            ours = rows.loc[rows["model"] == MODEL, "log_loss"].iloc[0]
            if best["model"] != MODEL:
                surely = self._surely_worse(
                    str(prediction), int(str(horizon)), str(best["model"])
                )
                which = "better" if surely else "not surely better"
                sentences.append(
                    f"{prediction} at {horizon} days: {best['model']} is {which}, log loss {best['log_loss']:.4f} "
                    f"against {ours:.4f}"
                )
        return sentences

    def _surely_worse(self, prediction: str, horizon: int, baseline: str) -> bool:
        """Whether there is evidence that a baseline is better; none where nothing is kept of what it said of whom."""
        if prediction == "defection" and said(self.evaluations, baseline, horizon):
            return compare_said(self.evaluations, baseline, horizon).worse
        if prediction not in _OF_STATES:
            return False
        ours, theirs = (
            _OF_STATES[prediction](self.evaluations, model)
            for model in (MODEL, baseline)
        )
        return bool(theirs) and compare_states(ours, theirs).worse


def _means(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The means over test dates, each counting as the rows that it has: so a mean loss is that over all rows."""
    figures = rows[list(COMPARED)].astype(float)
    known = figures.notna().mul(rows["n"], axis=0)
    sums, counted = (
        (part.groupby([rows[key] for key in keys], sort=False).sum())
        for part in (figures * known, known)
    )
    sizes = rows.groupby(list(keys), sort=False)[["n", "positives"]].mean()
    return pd.concat([sizes, sums / counted], axis=1).reset_index()


def train(
    book: Book,
    until: int | None = None,
    quiet_days: int | None = None,
    setting: Setting = Setting(),
    progress: Progress = lambda said: None,
    budget: Budget | None = None,
    bounds: Bounds = Bounds(),
    learner: Learner | None = None,
    beside: Sequence[Learner] = (),
) -> Training:
    """Trains both models on what was known by a moment, after walking forward through the dates before it.

    Args:
        book: an opened book.
        until: in microseconds since 1970; the book's watermark where left out.
        quiet_days: the quiet period, for books without departures.
        setting: how boosters are grown.
        progress: told what is being done.
        budget: of a search for a better setting; none where left out.
        bounds: how much of a large book is looked at.
        learner: who fits the risks; ours where left out. How much the old past counts, and what a search chooses, is
            told by ours.
        beside: other learners, which are judged like baselines; ours is one of them where ``learner`` is another.

    Raises:
        EvidenceError: too little was known by then.
        ModelError: a learner is not what it should be.
    """
    learners = Learners(learner, tuple(beside))
    until = min(until or book.watermark, book.watermark)
    meaning = leaving(book, until, quiet_days)
    dates = training_dates(book, until)
    if not dates:
        raise EvidenceError(
            found=f"a history from {day_of(book.beginning)} to {day_of(until)}",
            expected="some months of history before the end of the training data",
            mend=f"give a longer history or a later --until; until then {BY_RULES}",
        )
    suspicions = tuple(suspicious_facts(book, until, quiet_days))
    book = trusted(book, suspicions)
    progress("features")
    folds = fold_dates(book, until, meaning.judged_horizon, meaning.delay_days)
    first = folds[0] if folds else until
    panel = make_panel(
        book, dates, [*exam_dates(book, first, meaning), *folds], until, meaning, bounds
    )
    progress("how much the old past counts")
    taken = exams(book, panel, first, meaning)
    tuning = (
        None
        if budget is None
        else tune(taken, meaning.judged_horizon, setting, budget, progress)
    )
    setting = setting if tuning is None else tuning.chosen
    half_life = half_life_days(taken, setting)
    evaluations = _walk(
        book, panel, folds, until, quiet_days, setting, half_life, progress, learners
    )
    progress("leakage certificate")
    certificate = certify(book, dates[-1])
    progress("models")
    before, weight = panel.before(dates)
    data = (
        with_outcomes(book, before, horizons_of(book), until, meaning, weight)
        .known()
        .faded(half_life)
    )
    facts = _facts(data, until, meaning, half_life)
    models = fit_models(data, setting, meaning.delay_days, facts, learner=learner)
    moves = _moves(book, panel, evaluations, until, meaning)
    return Training(
        until,
        meaning,
        data,
        models,
        evaluations,
        certificate,
        setting,
        moves,
        tuning,
        suspicions,
    )


def _walk(
    book: Book,
    panel: Panel,
    folds: Sequence[int],
    until: int,
    quiet_days: int | None,
    setting: Setting,
    half_life: int | None,
    progress: Progress,
    learners: Learners,
) -> list[Evaluation]:
    """Evaluations at those test dates that had enough before them; none where the history is too short."""
    horizons = horizons_of(book)
    meaning = leaving(book, until, quiet_days)
    evaluations = []
    for date in folds:
        then = leaving(book, date, meaning.quiet_days)
        try:
            found = evaluate_at(
                book,
                panel,
                date,
                until,
                horizons,
                then,
                setting,
                progress,
                half_life,
                learners,
            )
            evaluations.append(found)
        except EvidenceError:
            progress(f"too little known before {day_of(date)} to test there")
    return evaluations


def _moves(
    book: Book,
    panel: Panel,
    evaluations: Sequence[Evaluation],
    until: int,
    meaning: Leaving,
) -> Moves | None:
    tested = [evaluation.as_of for evaluation in evaluations if evaluation.states]
    if not tested:
        return None
    return noise_moves(book, panel.at(tested[-1]), MIGRATION_HORIZON, until, meaning)


def _facts(
    data: TrainingSet, until: int, meaning: Leaving, half_life: int | None
) -> dict[str, object]:
    dates = sorted(
        {str(day_of(int(moment))) for moment in data.frame["as_of_us"].unique()}
    )
    return {
        "trained_until": str(day_of(until)),
        "as_of_dates": dates,
        "quiet_days": meaning.quiet_days,
        "delay_days": meaning.delay_days,
        "rows": len(data.frame),
        "rows_stand_for": round(float(data.weight.sum())),
        "half_life_days": half_life,
        "facts": dict(data.facts),
        "left_out": list(data.left_out),
        "training_set": data.digest,
    }
