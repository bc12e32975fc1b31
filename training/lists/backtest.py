"""Backtest: the worklists that a team would have had at past dates, beside what happened to the accounts on them."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pandas as pd

from features.book.held_out import held_out
from features.engine import MICROS_PER_DAY, day_of
from features.errors import EvidenceError
from models.fitted.boosting import Setting
from models.fitted.defection import DefectionModel
from models.score.at_stake import stakes_of
from models.score.campaign import Campaign
from models.score.gain import gains_of
from models.score.horizon import HORIZONS, LEAD_TIME, planned, risk_column
from models.score.order import in_order
from models.score.reasons import Terms, reasons
from models.score.tiers import tiers_of
from models.score.value import require_value, values_of
from training.fitting.models import fit_models
from training.past.as_of_dates import training_dates
from training.past.enough import FEWEST_OF_EACH, fewest
from training.past.labels import departed, left_by
from training.past.observed import Observed
from training.past.panel import Bounds, Panel, make_panel
from training.past.telltale_facts import suspicious_facts, trusted
from training.past.training_set import TrainingSet
from training.progress import Progress

DATES = 12
"""The most past lists."""
WHOLE = Bounds(tested=sys.maxsize)
"""A list is of all accounts."""


def backtest(
    observed: Observed,
    campaign: Campaign = Campaign(),
    setting: Setting = Setting(),
    progress: Progress = lambda said: None,
) -> pd.DataFrame:
    """Ranks the accounts at past as-of dates, with models trained only on what was known before each.

    The dates are the last twelve, 30 days apart; those with too little before them are left out.

    Args:
        observed: a book until a moment; the dates lie before it.
        campaign: what contacting costs and brings, by which accounts are ranked.
        setting: how boosters are grown.
        progress: told what is being done.

    Returns:
        A row for each account that may be contacted and each as-of date: ``account_id``, ``as_of_us``, ``rank`` (1 is
        first, in the order of the worklist), ``horizon`` (in days, the one that the list of the date plans for),
        ``risk`` of having left within it, ``at_stake`` (what of it can still be saved), ``left`` (1 has left within it,
        0 stayed, missing where that is not known yet), ``left_in_time`` (1 has left within it, and not within the lead
        time, likewise), ``left_us`` (when it next left; missing where it did not), ``value`` (missing where it is not
        known) and ``reason`` (the strongest, of those who left).

    Raises:
        EvidenceError: too little was known before every date.
        BookError: no such value.
    """
    book = trusted(observed.book, suspicious_facts(observed))
    observed = replace(observed, book=book)
    require_value(book.facts, campaign.value)
    progress("features")
    dates = training_dates(book, observed.until)
    lists, listed = [], dates[-DATES:]
    panel = make_panel(observed, dates, listed, WHOLE)
    for date in listed:
        progress(f"worklist of {day_of(date)}")
        try:
            lists.append(_listed(observed, panel, date, campaign, setting))
        except EvidenceError:
            progress(f"too little known before {day_of(date)} for a worklist")
    if not lists:
        raise EvidenceError(
            found=f"a history from {day_of(book.beginning)} to {day_of(observed.until)}",
            expected="outcomes of accounts that left and of some that stayed, known before a list",
            mend="give a longer history",
        )
    return pd.concat(lists, ignore_index=True)


def _listed(
    observed: Observed,
    panel: Panel,
    date: int,
    campaign: Campaign,
    setting: Setting,
) -> pd.DataFrame:
    cohort = panel.at(date)
    contactable = ~cohort["account_id"].isin(held_out(observed.book))
    now = cohort[contactable].reset_index(drop=True)
    if now.empty:
        raise EvidenceError(
            found="nobody who may be contacted",
            expected="some accounts",
            mend="look at a later date",
        )
    model = _model(observed.at(date), panel, setting)
    horizon, risks = model.reasons_horizon, model.risks(now)
    value = values_of(now, campaign.value)
    ranked = now[["account_id"]].assign(
        at_stake=stakes_of(risks.assign(account_id=now["account_id"])),
        gain=gains_of(risks, value, campaign),
        tier=tiers_of(now["account_tier"].to_numpy()),
    )
    left_us = departed(observed, now)
    outcomes = left_by(observed, now, [horizon])
    left = outcomes[horizon]
    return now[["account_id", "as_of_us"]].assign(
        rank=pd.Series(np.arange(1, len(now) + 1), index=in_order(ranked)),
        horizon=horizon,
        risk=risks[risk_column(horizon)],
        at_stake=ranked["at_stake"],
        left=left,
        left_in_time=left.where(~_too_soon(now, left_us, horizon), 0.0),
        left_us=left_us,
        value=value,
        reason=_strongest(model, now[left_us.notna()]).reindex(now.index),
    )


def _too_soon(now: pd.DataFrame, left_us: pd.Series, horizon: int) -> pd.Series:
    """Who left within the lead time, where the list looks further than that."""
    days = (left_us - now["as_of_us"]) / MICROS_PER_DAY
    return (days <= LEAD_TIME) & (horizon > LEAD_TIME)


def _strongest(model: DefectionModel, leavers: pd.DataFrame) -> pd.Series:
    if leavers.empty:  # LightGBM explains no empty matrix
        return pd.Series(index=leavers.index, dtype="object")
    told = reasons(
        model.encoding.completed(leavers),
        model.encoding.columns,
        model.contributions(leavers),
        Terms(typical=model.typical),
    )
    strongest = [mine[0].sentence if mine else None for mine in told]
    return pd.Series(strongest, index=leavers.index, dtype="object")


def _model(then: Observed, panel: Panel, setting: Setting) -> DefectionModel:
    """The model of defection that would have been trained then, of the horizons that its list needs.

    Raises:
        EvidenceError: too little was known before it.
    """
    book = then.book
    before, weight = panel.before(training_dates(book, then.until))
    left = left_by(then, before, HORIZONS)
    horizon = planned(
        [h for h in HORIZONS if fewest(before["account_id"], left[h]) >= FEWEST_OF_EACH]
    )
    if horizon is None:
        raise EvidenceError(
            where=f"as-of date {day_of(then.until)}",
            found="too few outcomes known by then",
            expected="accounts that left, and accounts that stayed",
            mend="look at a later date",
        )
    needed = left[sorted({LEAD_TIME, horizon})]
    known = TrainingSet(
        before,
        needed,
        None,
        book.facts,
        left_out=book.left_out,
        given_weight=weight,
        dictionary=book.dictionary,
    ).known()
    return fit_models(known, setting, {}).defection
