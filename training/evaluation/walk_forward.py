"""Walk-forward evaluation: at a test date only what was known by then is used, and then time is let go on.

The models and every baseline are fitted on the same rows, whose labels were known at the test date, and compared with
what happened after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from features.book.book import Book
from features.calendar.freshness import require_begun
from features.engine import MICROS_PER_DAY, day_of
from features.errors import BY_RULES, EvidenceError
from models.fitted.boosting import Setting
from models.fitted.defection import DefectionModel
from models.fitted.learner import OURS
from models.fitted.migration import quadrant_codes, states
from models.score.horizon import MIGRATION_HORIZON, risk_column
from training.fitting.baselines import (
    READ,
    answer_baselines,
    defection_baselines,
    migration_baselines,
)
from training.fitting.design import Design
from training.fitting.exams import exam_dates, exams
from training.fitting.fading import half_life_days
from training.fitting.learner import Learner
from training.fitting.models import ONE, Models, design_of, fit_models
from training.fitting.rivals import MODEL, Learners, fit_rivals
from training.metrics import Array, defection_figures, migration_figures
from training.past.dates import horizons_of, training_dates
from training.past.leaving import Leaving, leaving
from training.past.panel import Panel, make_panel, split_at
from training.past.telltale_facts import Suspicion, suspicious_facts, trusted
from training.past.training_set import TrainingSet
from training.progress import Progress

CONSTANT = "constant"
"""The baseline of the silent share: that of all leavers."""

NEXT_ANSWER = "next answer"
"""What tables call the prediction of the next answer."""

Row = dict[str, str | float | int | None]


@dataclass(frozen=True)
class Outcome:
    """What a model said at a test date and what happened: for pictures of calibration and lift, and for the gate.

    Attributes:
        model: ours or a baseline, by name.
        horizon: in days.
        left: 1 has left, 0 stays, shape (rows,).
        risk: probabilities, shape (rows,).
        accounts: whose row it is, shape (rows,); empty where nobody asks.
    """

    model: str
    horizon: int
    left: Array
    risk: Array
    accounts: npt.NDArray[np.object_] = field(
        default_factory=lambda: np.empty(0, dtype=object)
    )


@dataclass(frozen=True)
class StateOutcome:
    """What a model said of the states at the migration horizon, or of the next answer, and what happened.

    Attributes:
        model: ours or a baseline, by name.
        today: code of the quadrant at the test date, 4 for unknown, shape (rows,).
        state: code of the state at the horizon, 4 for defected, or of the quadrant of the answer, shape (rows,).
        chances: shape (rows, states or quadrants); rows sum to 1.
        accounts: whose row it is, shape (rows,).
    """

    model: str
    today: npt.NDArray[np.int64]
    state: npt.NDArray[np.int64]
    chances: Array
    accounts: npt.NDArray[np.object_]


@dataclass(frozen=True)
class Evaluation:
    """Figures at one test date.

    Attributes:
        as_of: the test date, in microseconds since 1970.
        defection: a row for each model and horizon.
        migration: a row for each model; empty without surveys.
        next_answer: a row for each model; empty where nobody has answered.
        silent: a row for each model, of the share that is silent among those who left within the migration horizon;
            empty where nobody is known to have left silently or overtly.
        outcomes: of defection, for each model and horizon.
        states: of migration, for each model; empty without surveys.
        answers: of the next answer, for each model; empty where nobody has answered.
        suspicions: facts that tell too much of who left, where they were looked for.
    """

    as_of: int
    defection: list[Row]
    migration: list[Row]
    outcomes: list[Outcome]
    states: list[StateOutcome] = field(default_factory=list)
    silent: list[Row] = field(default_factory=list)
    next_answer: list[Row] = field(default_factory=list)
    answers: list[StateOutcome] = field(default_factory=list)
    suspicions: tuple[Suspicion, ...] = ()

    def predictions(self) -> dict[str, list[Row]]:
        """The rows of each prediction by its name."""
        return {
            "defection": self.defection,
            "migration": self.migration,
            NEXT_ANSWER: self.next_answer,
            "silent": self.silent,
        }


def evaluate(
    book: Book,
    as_of: int,
    horizons: Sequence[int] | None = None,
    quiet_days: int | None = None,
    setting: Setting = Setting(),
    progress: Progress = lambda said: None,
    learner: Learner | None = None,
    beside: Sequence[Learner] = (),
) -> Evaluation:
    """Scores one date with models trained only on what was known before it, and compares with what happened.

    Args:
        book: an opened book, with what happened after the date.
        as_of: the test date, in microseconds since 1970.
        horizons: in days; those of the book where left out.
        quiet_days: the quiet period, for books without departures.
        setting: how boosters are grown.
        progress: told what is being done.
        learner: who fits the risks; ours where left out.
        beside: other learners, which are judged like baselines.

    Raises:
        EvidenceError: no outcome of the date can be known yet, or too little was known before it.
    """
    _require_within(book, as_of)
    learners = Learners(learner, tuple(beside))
    progress("features")
    suspicions = suspicious_facts(book, book.watermark, quiet_days)
    book = trusted(book, suspicions)
    meaning = leaving(book, as_of, quiet_days)
    earlier = exam_dates(book, as_of, meaning)
    panel = make_panel(
        book, training_dates(book, as_of), [*earlier, as_of], as_of, meaning
    )
    half_life = half_life_days(exams(book, panel, as_of, meaning), setting)
    until, horizons = book.watermark, horizons or horizons_of(book)
    found = evaluate_at(
        book,
        panel,
        as_of,
        until,
        horizons,
        meaning,
        setting,
        progress,
        half_life,
        learners,
    )
    return replace(found, suspicions=tuple(suspicions))


def _require_within(book: Book, as_of: int) -> None:
    require_begun(book.beginning, as_of)
    if as_of >= book.end:
        raise EvidenceError(
            where=f"as-of date {day_of(as_of)}",
            found=f"data until {book.recorded.last_day}",
            expected=f"a date from {day_of(book.beginning + MICROS_PER_DAY)} to {book.recorded.last_day}, after which "
            "something happened to compare with",
            mend="evaluate an earlier date",
        )


def evaluate_at(
    book: Book,
    panel: Panel,
    as_of: int,
    until: int,
    horizons: Sequence[int],
    meaning: Leaving,
    setting: Setting,
    progress: Progress,
    half_life: int | None = None,
    learners: Learners = Learners(),
) -> Evaluation:
    """As `evaluate`, with snapshots already taken, of the test date and of dates before it.

    What happened after the test date is what was known at the moment ``until``.
    """
    known, test = split_at(book, panel, as_of, until, horizons, meaning)
    known = known.faded(half_life)
    _require_outcomes(book, as_of, known, test, meaning)
    progress(f"models of {day_of(as_of)}")
    design = design_of(known, setting)
    models = fit_models(known, setting, meaning.delay_days, {}, design, learners.model)
    risks = models.defection.risks(test.frame)
    with threadpool_limits(ONE):
        rivals = fit_rivals(learners, known, design, setting)
        said_of = {MODEL: risks} | {
            name: rival.risks(test.frame) for name, rival in rivals.items()
        }
        ours = rivals.get(OURS, models.defection)
        outcomes = [
            o
            for h in horizons
            if risk_column(h) in risks
            for o in _outcomes(ours, said_of, known, test, h)
        ]
        migration, said = _migration(models, risks, design, known, test)
        next_answer, answers = _answers(models, design, known, test)
    if not outcomes:
        raise EvidenceError(
            where=f"as-of date {day_of(as_of)}",
            found=f"outcomes known and enough leavers before, but not both, at {', '.join(map(str, horizons))} days",
            expected="both at one horizon",
            mend=f"evaluate an earlier date or a longer horizon, or {BY_RULES}",
        )
    rows = [
        {"model": o.model, "horizon": o.horizon, **defection_figures(o.left, o.risk)}
        for o in outcomes
    ]
    silent = _silent_rows(models, test)
    return Evaluation(
        as_of, rows, migration, outcomes, said, silent, next_answer, answers
    )


def _require_outcomes(
    book: Book, as_of: int, known: TrainingSet, test: TrainingSet, meaning: Leaving
) -> None:
    if not len(known.frame):
        raise EvidenceError(
            where=f"as-of date {day_of(as_of)}",
            found=f"no outcome known by then, in a history that begins {day_of(book.beginning)}",
            expected=f"as-of dates early enough, outcomes being known {meaning.delay_days} days after their horizon",
            mend="evaluate a later date or a shorter horizon",
        )
    if not test.left.notna().any(axis=None):
        raise EvidenceError(
            where=f"as-of date {day_of(as_of)}",
            found=f"data until {day_of(book.watermark)}",
            expected=f"data until the horizon and {meaning.delay_days} days more, when its outcome is known",
            mend="evaluate an earlier date or a shorter horizon",
        )


def _outcomes(
    ours: DefectionModel,
    risks: Mapping[str, pd.DataFrame],
    known: TrainingSet,
    test: TrainingSet,
    horizon: int,
) -> list[Outcome]:
    """What the model, the baselines and the rivals said at a horizon, and what happened."""
    happened = test.left[horizon].dropna()
    if not len(happened):
        return []
    frame = test.frame.loc[happened.index]
    learned = known.left[horizon].dropna()
    read = known.frame.loc[learned.index, list(READ)]
    weight = known.weight[learned.index].to_numpy()
    baselines = defection_baselines(
        read, learned, weight, ours.encoding, ours.blend(horizon).linear
    )
    model, *rivals = (
        (name, of.loc[happened.index, risk_column(horizon)].to_numpy())
        for name, of in risks.items()
    )
    said = dict(
        [
            model,
            *((name, baseline(frame)) for name, baseline in baselines.items()),
            *rivals,
        ]
    )
    accounts = frame["account_id"].to_numpy(dtype=object)
    return [
        Outcome(name, horizon, happened.to_numpy(), risk, accounts)
        for name, risk in said.items()
    ]


def _migration(
    models: Models,
    risks: pd.DataFrame,
    design: Design,
    known: TrainingSet,
    test: TrainingSet,
) -> tuple[list[Row], list[StateOutcome]]:
    if models.migration is None or known.state is None or test.state is None:
        return [], []
    happened, learned = test.state.dropna(), known.state.dropna()
    if not len(happened) or risk_column(MIGRATION_HORIZON) not in risks:
        return [], []
    frame = test.frame.loc[happened.index]
    risk = risks.loc[happened.index, risk_column(MIGRATION_HORIZON)].to_numpy()
    chances = {MODEL: states(models.migration.quadrants(frame), risk).to_numpy()}
    baselines = migration_baselines(design, learned)
    chances |= {name: baseline(frame) for name, baseline in baselines.items()}
    return _described(chances, happened, frame)


def _answers(
    models: Models, design: Design, known: TrainingSet, test: TrainingSet
) -> tuple[list[Row], list[StateOutcome]]:
    """Of the next answer, on those who answered."""
    model = None if models.migration is None else models.migration.answer
    if (
        model is None
        or known.answer is None
        or test.answer is None
        or test.answer.isna().all()
    ):
        return [], []
    happened = test.answer.dropna()
    frame = test.frame.loc[happened.index]
    baselines = answer_baselines(design, known.answer.dropna())
    chances = {MODEL: model.quadrants(frame)} | {
        name: baseline(frame) for name, baseline in baselines.items()
    }
    return _described(chances, happened, frame)


def _described(
    chances: Mapping[str, Array], happened: pd.Series, frame: pd.DataFrame
) -> tuple[list[Row], list[StateOutcome]]:
    """What each model said of some rows and what happened, in figures and row by row."""
    state, today = happened.to_numpy(), frame["quadrant"].to_numpy(dtype=np.float64)
    described = {
        name: migration_figures(state, chance, today)
        for name, chance in chances.items()
    }
    rows: list[Row] = [
        {"model": name, "horizon": MIGRATION_HORIZON, **figures}
        for name, figures in described.items()
    ]
    codes, later, accounts = (
        quadrant_codes(frame),
        state.astype(np.int64),
        frame["account_id"].to_numpy(dtype=object),
    )
    return rows, [
        StateOutcome(name, codes, later, chance, accounts)
        for name, chance in chances.items()
    ]


def _silent_rows(models: Models, test: TrainingSet) -> list[Row]:
    """Ours beside the constant share, on those who left."""
    if (
        models.defection.silence is None
        or test.silent is None
        or MIGRATION_HORIZON not in test.left
    ):
        return []
    happened = test.silent[test.left[MIGRATION_HORIZON] == 1].dropna()
    if not len(happened):
        return []
    silent = happened.to_numpy(dtype=np.float64)
    shares = {
        MODEL: models.defection.silent_shares(test.frame.loc[happened.index]),
        CONSTANT: np.full(len(silent), models.defection.silence.constant),
    }
    described = {
        name: defection_figures(silent, share) for name, share in shares.items()
    }
    return [
        {"model": name, "horizon": MIGRATION_HORIZON, **figures}
        for name, figures in described.items()
    ]
