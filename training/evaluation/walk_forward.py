"""Walk-forward evaluation: at a test date only what was known by then is used, and then time is let go on.

The models and every baseline are fitted on the same rows, whose labels were known at the test date, and compared with
what happened after it. Which dates are tested, and the gap before them, is in `training.past.as_of_dates`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from threadpoolctl import threadpool_limits

from features.book.book import Book
from features.calendar.freshness import require_begun
from features.engine import MICROS_PER_DAY, day_of
from features.errors import BY_RULES, EvidenceError
from models.fitted.boosting import Setting
from training.evaluation.fold import fit_fold
from training.evaluation.outcomes import Evaluation
from training.fitting.exams import exam_dates, exams
from training.fitting.fading import half_life_days
from training.fitting.learner import Learner
from training.fitting.models import ONE
from training.fitting.rivals import Learners
from training.past.as_of_dates import horizons_of, training_dates
from training.past.leaving import Leaving, leaving
from training.past.panel import Panel, make_panel, split_at
from training.past.telltale_facts import suspicious_facts, trusted
from training.past.training_set import TrainingSet
from training.progress import Progress


@dataclass(frozen=True)
class Walk:
    """What all test dates of a walk forward have in common.

    Attributes:
        book: an opened book.
        panel: with the test dates, and the training dates before each.
        until: what happened after a test date is what was known at this moment, in microseconds since 1970.
        horizons: in days.
        quiet_days: the quiet period, for books without departures.
        setting: how boosters are grown.
        half_life_days: days after which a row counts half as much; None where all dates count the same.
        learners: who fits the risks.
        progress: told what is being done.
    """

    book: Book
    panel: Panel
    until: int
    horizons: Sequence[int]
    quiet_days: int | None
    setting: Setting = Setting()
    half_life_days: int | None = None
    learners: Learners = Learners()
    progress: Progress = lambda said: None


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
    walk = Walk(
        book,
        panel,
        until=book.watermark,
        horizons=horizons or horizons_of(book),
        quiet_days=meaning.quiet_days,
        setting=setting,
        half_life_days=half_life,
        learners=learners,
        progress=progress,
    )
    return replace(evaluate_at(walk, as_of), suspicions=tuple(suspicions))


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


def evaluate_at(walk: Walk, as_of: int) -> Evaluation:
    """As `evaluate`, with snapshots already taken, of the test date and of dates before it.

    Args:
        walk: what the test dates have in common.
        as_of: the test date, in microseconds since 1970.
    """
    book, horizons = walk.book, walk.horizons
    meaning = leaving(book, as_of, walk.quiet_days)
    known, test = split_at(book, walk.panel, as_of, walk.until, horizons, meaning)
    _require_outcomes(book, as_of, known, test, meaning)
    walk.progress(f"models of {day_of(as_of)}")
    known = known.faded(walk.half_life_days)
    fold = fit_fold(known, test, walk.setting, meaning.delay_days, walk.learners)
    with threadpool_limits(ONE):
        outcomes = fold.outcomes(horizons)
        migration, states = fold.migration()
        next_answer, answers = fold.answers()
    if not outcomes:
        raise EvidenceError(
            where=f"as-of date {day_of(as_of)}",
            found=f"outcomes known and enough leavers before, but not both, at {', '.join(map(str, horizons))} days",
            expected="both at one horizon",
            mend=f"evaluate an earlier date or a longer horizon, or {BY_RULES}",
        )
    return Evaluation(
        as_of,
        defection=[outcome.row() for outcome in outcomes],
        migration=migration,
        outcomes=outcomes,
        states=states,
        silent=fold.silent(),
        next_answer=next_answer,
        answers=answers,
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
