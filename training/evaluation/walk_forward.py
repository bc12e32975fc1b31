"""Walk-forward evaluation: at a test date only what was known by then is used, and then time is let go on.

The models and every baseline are fitted on the same rows, whose labels were known at the test date, and compared with
what happened after it. Which dates are tested, and the gap before them, is in `training.past.as_of_dates`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from threadpoolctl import threadpool_limits

from features.book.book import Book
from features.engine import MICROS_PER_DAY, day_of
from features.errors import BY_RULES, EvidenceError
from models.fitted.boosting import Setting
from training.evaluation.fold import fit_fold
from training.evaluation.outcomes import Evaluation
from training.fitting.exams import exam_dates, exams
from training.fitting.fading import half_life_days
from training.fitting.models import ONE
from training.fitting.rivals import Learners
from training.past.as_of_dates import horizons_of, training_dates
from training.past.observed import Observed
from training.past.panel import Panel, make_panel, split_at
from training.past.telltale_facts import suspicious_facts, trusted
from training.past.training_set import TrainingSet
from training.progress import Progress


@dataclass(frozen=True)
class Walk:
    """What all test dates of a walk forward have in common.

    Attributes:
        observed: a book until a moment; what happened after a test date is what was known then.
        panel: with the test dates, and the training dates before each.
        horizons: in days.
        setting: how boosters are grown.
        half_life_days: days after which a row counts half as much; None where all dates count the same.
        learners: who fits the risks.
        progress: told what is being done.
    """

    observed: Observed
    panel: Panel
    horizons: Sequence[int]
    setting: Setting = Setting()
    half_life_days: int | None = None
    learners: Learners = Learners()
    progress: Progress = lambda said: None


def evaluate(
    then: Observed,
    horizons: Sequence[int] | None = None,
    setting: Setting = Setting(),
    learners: Learners = Learners(),
    progress: Progress = lambda said: None,
) -> Evaluation:
    """Scores one date with models trained only on what was known before it, and compares with what happened.

    Args:
        then: a book until the test date; it holds what happened after.
        horizons: in days; those of the book where left out.
        setting: how boosters are grown.
        learners: who fits the risks, and who is judged beside.
        progress: told what is being done.

    Raises:
        EvidenceError: no outcome of the date can be known yet, or too little was known before it.
    """
    book, as_of = then.book, then.until
    _require_within(book, as_of)
    progress("features")
    suspicions = suspicious_facts(then.at(book.watermark))
    book = trusted(book, suspicions)
    then = replace(then, book=book)
    tested = [*exam_dates(then), as_of]
    panel = make_panel(then, training_dates(book, as_of), tested)
    half_life = half_life_days(exams(then, panel), setting)
    walk = Walk(
        then.followed(book.watermark),
        panel,
        horizons=horizons or horizons_of(book),
        setting=setting,
        half_life_days=half_life,
        learners=learners,
        progress=progress,
    )
    return replace(evaluate_at(walk, as_of), suspicions=tuple(suspicions))


def _require_within(book: Book, as_of: int) -> None:
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
    horizons, then = walk.horizons, walk.observed.at(as_of)
    known, test = split_at(then, walk.panel, walk.observed.until, horizons)
    _require_outcomes(then, known, test)
    walk.progress(f"models of {day_of(as_of)}")
    known = known.faded(walk.half_life_days)
    fold = fit_fold(known, test, walk.setting, walk.learners)
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


def _require_outcomes(then: Observed, known: TrainingSet, test: TrainingSet) -> None:
    where, delay = f"as-of date {day_of(then.until)}", then.meaning.delay_days
    if not len(known.frame):
        raise EvidenceError(
            where=where,
            found=f"no outcome known by then, in a history that begins {day_of(then.book.beginning)}",
            expected=f"as-of dates early enough, outcomes being known {delay} days after their horizon",
            mend="evaluate a later date or a shorter horizon",
        )
    if not test.left.notna().any(axis=None):
        raise EvidenceError(
            where=where,
            found=f"data until {day_of(then.book.watermark)}",
            expected=f"data until the horizon and {delay} days more, when its outcome is known",
            mend="evaluate an earlier date or a shorter horizon",
        )
