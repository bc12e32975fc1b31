"""Training: data, walk-forward evaluation, certificate, models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from features.engine import day_of
from features.errors import BY_RULES, EvidenceError
from features.themes.own import written_themes
from models.score.horizon import MIGRATION_HORIZON, planned
from models.score.promise import USUAL_SHIFT
from training.configuration import Configuration
from training.evaluation.outcomes import Evaluation, horizons_said, said
from training.evaluation.shift import shift_of
from training.evaluation.survey_noise import Moves, noise_moves
from training.evaluation.walk_forward import Walk, evaluate_at
from training.fitting.exams import Exam, exam_dates, exams
from training.fitting.fading import half_life_days
from training.fitting.models import Models, fit_models
from training.fitting.reference import reference_of
from training.fitting.rivals import MODEL
from training.fitting.tuning import Tuning, tune
from training.leakage import certify
from training.past.as_of_dates import fold_dates, horizons_of, training_dates
from training.past.observed import Observed
from training.past.panel import Panel, make_panel
from training.past.telltale_facts import suspicious_facts, trusted
from training.past.training_set import TrainingSet, with_outcomes
from training.progress import Progress
from training.trained import Training


def train(
    observed: Observed,
    configuration: Configuration = Configuration(),
    progress: Progress = lambda said: None,
) -> Training:
    """Trains both models on what was known by a moment, after walking forward through the dates before it.

    Args:
        observed: a book until the moment, see `training.past.observed.observe`.
        configuration: how it is done.
        progress: told what is being done.

    Raises:
        EvidenceError: too little was known by then.
        ModelError: a learner is not what it should be.
    """
    observed = observed.at(min(observed.until, observed.book.watermark))
    dates = _dates(observed)
    suspicions = tuple(suspicious_facts(observed))
    observed = replace(observed, book=trusted(observed.book, suspicions))
    book, until, meaning = observed.book, observed.until, observed.meaning
    progress("features")
    folds = fold_dates(book, until, meaning.judged_horizon, meaning.delay_days)
    before_folds = observed.at(folds[0] if folds else until)
    tested = [*exam_dates(before_folds), *folds]
    panel = make_panel(observed, dates, tested, configuration.bounds)
    progress("how much the old past counts")
    taken = exams(before_folds, panel)
    tuning = _tuned(configuration, taken, meaning.judged_horizon, progress)
    setting = configuration.setting if tuning is None else tuning.chosen
    half_life = half_life_days(taken, setting)
    horizons, learners = horizons_of(book), configuration.learners
    walk = Walk(observed, panel, horizons, setting, half_life, learners, progress)
    evaluations = _walked(walk, folds)
    progress("leakage certificate")
    certificate = certify(book, dates[-1])
    progress("models")
    data, facts = _learned(walk, dates)
    facts["shift"] = _shift(evaluations)
    models = fit_models(data, setting, facts, learner=learners.model)
    models = _with_reference(models, walk, dates, evaluations)
    return Training(
        until,
        meaning,
        data,
        models,
        evaluations,
        certificate,
        setting,
        moves=_moves(observed, panel, evaluations),
        tuning=tuning,
        suspicions=suspicions,
    )


def _dates(observed: Observed) -> list[int]:
    """The as-of dates of a training.

    Raises:
        EvidenceError: there is none.
    """
    dates = training_dates(observed.book, observed.until)
    if dates:
        return dates
    first, last = day_of(observed.book.beginning), day_of(observed.until)
    raise EvidenceError(
        found=f"a history from {first} to {last}",
        expected="some months of history before the end of the training data",
        mend=f"give a longer history or a later --until; until then {BY_RULES}",
    )


def _tuned(
    configuration: Configuration,
    taken: Sequence[Exam],
    horizon: int,
    progress: Progress,
) -> Tuning | None:
    """The search for a better setting, where one was asked for."""
    budget = configuration.budget
    if budget is None:
        return None
    return tune(taken, horizon, configuration.setting, budget, progress)


def _learned(walk: Walk, dates: Sequence[int]) -> tuple[TrainingSet, dict[str, object]]:
    """What the models are fitted on, and what is put on record of it."""
    before, weight = walk.panel.before(dates)
    known = with_outcomes(walk.observed, before, walk.horizons, weight).known()
    data = known.faded(walk.half_life_days)
    facts = {
        **_facts(data, walk.observed),
        "rows_stand_for": round(float(known.weight.sum())),
        "half_life_days": walk.half_life_days,
    }
    return data, facts


def _with_reference(
    models: Models, walk: Walk, dates: Sequence[int], past: Sequence[Evaluation]
) -> Models:
    """Models with how things stood at the end of their training data."""
    model = models.defection
    before, weight = walk.panel.before(dates)
    at_dates = before["as_of_us"].isin(dates).to_numpy()
    reference = reference_of(
        model,
        walk.observed,
        before[at_dates],
        weight.to_numpy()[at_dates],
        [outcome.risk for outcome in said(past, MODEL, model.reasons_horizon)],
    )
    return replace(models, defection=replace(model, reference=reference))


def _shift(evaluations: Sequence[Evaluation]) -> float:
    """How far the risks at the test dates were wrong together, at the horizon that lists plan for."""
    horizon = planned(horizons_said(evaluations))
    if horizon is None:
        return USUAL_SHIFT
    past = said(evaluations, MODEL, horizon)
    return shift_of((outcome.risk, outcome.left) for outcome in past)


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
    observed: Observed, panel: Panel, evaluations: Sequence[Evaluation]
) -> Moves | None:
    tested = [evaluation.as_of for evaluation in evaluations if evaluation.states]
    if not tested:
        return None
    return noise_moves(observed, panel.at(tested[-1]), MIGRATION_HORIZON)


def _facts(data: TrainingSet, observed: Observed) -> dict[str, object]:
    dates = sorted(
        {str(day_of(int(moment))) for moment in data.frame["as_of_us"].unique()}
    )
    return {
        "trained_until": str(day_of(observed.until)),
        "as_of_dates": dates,
        "quiet_days": data.quiet_days,
        "delay_days": data.delay_days,
        "rows": len(data.frame),
        "contacted_rows": 0 if data.contacted is None else int(data.contacted.sum()),
        "facts": dict(data.facts),
        "words": observed.book.words.written(),
        "themes": written_themes(data.dictionary.own),
        "changing": sorted(observed.book.changing),
        "left_out": list(data.left_out),
        "training_set": data.digest,
    }
