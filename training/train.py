"""Training: data, walk-forward evaluation, certificate, models."""

from __future__ import annotations

from collections.abc import Sequence

from features.book.book import Book
from features.engine import day_of
from features.errors import BY_RULES, EvidenceError
from models.fitted.boosting import Setting
from models.score.horizon import MIGRATION_HORIZON
from training.evaluation.outcomes import Evaluation
from training.evaluation.survey_noise import Moves, noise_moves
from training.evaluation.walk_forward import Walk, evaluate_at
from training.fitting.exams import exam_dates, exams
from training.fitting.fading import half_life_days
from training.fitting.learner import Learner
from training.fitting.models import fit_models
from training.fitting.rivals import Learners
from training.fitting.tuning import Budget, tune
from training.leakage import certify
from training.past.as_of_dates import fold_dates, horizons_of, training_dates
from training.past.leaving import Leaving, leaving
from training.past.panel import Bounds, Panel, make_panel
from training.past.telltale_facts import suspicious_facts, trusted
from training.past.training_set import TrainingSet, with_outcomes
from training.progress import Progress
from training.trained import Training


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
    walk = Walk(
        book,
        panel,
        until,
        horizons_of(book),
        meaning.quiet_days,
        setting,
        half_life,
        learners,
        progress,
    )
    evaluations = _walked(walk, folds)
    progress("leakage certificate")
    certificate = certify(book, dates[-1])
    progress("models")
    before, weight = panel.before(dates)
    known = with_outcomes(
        book, before, horizons_of(book), until, meaning, weight
    ).known()
    data = known.faded(half_life)
    facts = {
        **_facts(data, until, meaning),
        "rows_stand_for": round(float(known.weight.sum())),
        "half_life_days": half_life,
    }
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


def _walked(walk: Walk, folds: Sequence[int]) -> list[Evaluation]:
    """Evaluations at those test dates that had enough before them; none where the history is too short."""
    evaluations = []
    for date in folds:
        try:
            evaluations.append(evaluate_at(walk, date))
        except EvidenceError:
            walk.progress(f"too little known before {day_of(date)} to test there")
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


def _facts(data: TrainingSet, until: int, meaning: Leaving) -> dict[str, object]:
    dates = sorted(
        {str(day_of(int(moment))) for moment in data.frame["as_of_us"].unique()}
    )
    return {
        "trained_until": str(day_of(until)),
        "as_of_dates": dates,
        "quiet_days": meaning.quiet_days,
        "delay_days": meaning.delay_days,
        "rows": len(data.frame),
        "facts": dict(data.facts),
        "left_out": list(data.left_out),
        "training_set": data.digest,
    }
