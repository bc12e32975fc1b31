"""Past quarters: what would have been forecast at the beginning of each, by models of what was known then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from features.errors import EvidenceError
from features.timeline.rows import Floats
from models.fitted.boosting import Setting
from models.fitted.migration import quadrant_codes
from models.score.horizon import MIGRATION_HORIZON
from models.score.states import STATES
from models.score.value import values_of
from training.evaluation.outcomes import Evaluation, said, states_said
from training.evaluation.walk_forward import Walk, evaluate_at
from training.fitting.exams import exam_dates, exams
from training.fitting.fading import half_life_days
from training.fitting.rivals import MODEL
from training.forecasts.quarter import Quarter
from training.past.as_of_dates import STEP_DAYS, known_dates, training_dates
from training.past.observed import Observed
from training.past.panel import Panel, make_panel
from training.past.telltale_facts import suspicious_facts, trusted
from training.progress import Progress

MOST = 8
"""Quarters that are looked back on: two years."""
_STEPS = MIGRATION_HORIZON // STEP_DAYS
"""From one quarter to the next, in the steps of as-of dates."""


def quarter_dates(observed: Observed, most: int = MOST) -> list[int]:
    """The days with which past quarters begin, oldest first: the outcome of each is known, and none overlap."""
    delay = observed.meaning.delay_days
    known = known_dates(observed.book, observed.until, MIGRATION_HORIZON, delay)
    return known[::-_STEPS][:most][::-1]


def past_quarters(
    observed: Observed,
    setting: Setting = Setting(),
    most: int = MOST,
    progress: Progress = lambda said: None,
) -> list[Quarter]:
    """What would have been said of each past quarter, and what happened.

    The models of a quarter are fitted on what was known on its first day alone.

    Args:
        observed: a book until the moment from which is looked back.
        setting: how boosters are grown.
        most: how many quarters.
        progress: told what is being done.

    Returns:
        The quarters, oldest first; none of a quarter before which too little was known.
    """
    progress("features of past quarters")
    observed = observed.at(min(observed.until, observed.book.watermark))
    dates = quarter_dates(observed, most)
    if not dates:
        return []
    suspicions = suspicious_facts(observed)
    observed = replace(observed, book=trusted(observed.book, suspicions))
    before = observed.at(dates[0])
    tested = [*exam_dates(before), *dates]
    panel = make_panel(observed, _learned_from(observed, dates), tested)
    half_life = half_life_days(exams(before, panel), setting)
    walk = Walk(
        observed,
        panel,
        [MIGRATION_HORIZON],
        setting,
        half_life,
        progress=progress,
    )
    return _walked(walk, dates)


def _learned_from(observed: Observed, dates: Sequence[int]) -> list[int]:
    """The as-of dates before the newest quarter."""
    return [
        date
        for date in training_dates(observed.book, observed.until)
        if date < dates[-1]
    ]


def _walked(walk: Walk, dates: Sequence[int]) -> list[Quarter]:
    quarters = []
    for date in dates:
        try:
            found = evaluate_at(walk, date)
        except EvidenceError:
            walk.progress("too little was known before a quarter")
            continue
        quarters.append(_quarter(found, walk.panel))
    return quarters


def _quarter(found: Evaluation, panel: Panel) -> Quarter:
    frame = panel.at(found.as_of)
    accounts = pd.Index(frame["account_id"])
    (ours,) = said([found], MODEL, MIGRATION_HORIZON)
    told = pd.Index(ours.accounts)
    chances = np.full((len(accounts), len(STATES)), np.nan)
    state = np.full(len(accounts), np.nan)
    for moved in states_said([found], MODEL):
        places = accounts.get_indexer(moved.accounts)
        chances[places] = moved.chances
        state[places] = moved.state
    return Quarter(
        found.as_of,
        accounts=frame["account_id"].to_numpy(dtype=object),
        today=quadrant_codes(frame),
        risk=_by_account(accounts, told, ours.risk),
        chances=chances,
        value=values_of(frame),
        left=_by_account(accounts, told, ours.left),
        state=state,
    )


def _by_account(accounts: pd.Index, told: pd.Index, values: Floats) -> Floats:
    found = pd.Series(values, index=told).reindex(accounts)
    return np.asarray(found, dtype=np.float64)
