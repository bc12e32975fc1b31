"""Backtest: the worklists that a team would have had at past dates, beside what happened to the accounts on them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.book import Book
from features.engine import day_of
from features.errors import BookError, EvidenceError
from features.snapshot import snapshot
from models.boosting import Setting
from models.defection import DefectionModel
from models.horizon import LEAD_TIME, MIGRATION_HORIZON, risk_column
from models.reasons import reasons
from models.stake import at_stake
from training.dataset import TrainingSet
from training.fitting import fit_models
from training.labels import Leaving, departed, leaving, left_by
from training.splits import training_dates
from training.suspicion import suspicious_facts, trusted
from training.walk_forward import Progress

SPEND = "spent_365d"
"""What an account is worth unless a fact says so: its net spending of the last 365 days, see `features.money`."""

_HORIZONS = (LEAD_TIME, MIGRATION_HORIZON)
_RISK = risk_column(MIGRATION_HORIZON)


def backtest(
    book: Book,
    quiet_days: int | None = None,
    value: str = SPEND,
    setting: Setting = Setting(),
    progress: Progress = lambda said: None,
) -> pd.DataFrame:
    """Ranks the accounts at past as-of dates, with models trained only on what was known before each.

    The dates are the last twelve, 30 days apart; those with too little before them are left out.

    Args:
        book: an opened book.
        quiet_days: the quiet period, for books without departures.
        value: the column that tells what an account is worth: a number among its facts, or a feature.
        setting: how boosters are grown.
        progress: told what is being done.

    Returns:
        A row for each account and as-of date: ``account_id``, ``as_of_us``, ``rank`` (1 is first, in the order of the
        worklist), ``risk`` of having left within 90 days, ``left`` (1 has left within 90 days, 0 stayed, missing where
        that is not known yet), ``left_us`` (when it next left; missing where it did not), ``value`` (missing counts as
        0) and ``reason`` (the strongest, of those who left).

    Raises:
        EvidenceError: too little was known before every date.
        BookError: no such value.
    """
    book = trusted(book, suspicious_facts(book, book.watermark, quiet_days))
    meaning = leaving(book, book.watermark, quiet_days)
    dates = training_dates(book, book.watermark)
    _require_value(book, value)
    progress("features")
    frame = snapshot(book, {before for date in dates for before in (*training_dates(book, date), date)})
    lists = []
    for date in dates:
        progress(f"worklist of {day_of(date)}")
        try:
            lists.append(_listed(book, frame, date, meaning, value, setting))
        except EvidenceError:
            progress(f"too little known before {day_of(date)} for a worklist")
    if not lists:
        raise EvidenceError(
            found=f"a history from {day_of(book.beginning)} to {day_of(book.watermark)}",
            expected=f"{MIGRATION_HORIZON} days, and {meaning.delay_days} until their outcome is known, before a list",
            mend="give a longer history",
        )
    return pd.concat(lists, ignore_index=True)


def _listed(book: Book, frame: pd.DataFrame, date: int, meaning: Leaving, value: str, setting: Setting) -> pd.DataFrame:
    now = frame[frame["as_of_us"] == date].reset_index(drop=True)
    model = _model(book, frame, date, leaving(book, date, meaning.quiet_days), setting)
    risks = model.risks(now).reindex(columns=[risk_column(horizon) for horizon in _HORIZONS])
    order = pd.DataFrame({"stake": at_stake(risks), "account": now["account_id"]})
    places = order.sort_values(["stake", "account"], ascending=[False, True]).index
    left_us = departed(book, now, book.watermark, meaning)
    outcome = left_by(book, now, [MIGRATION_HORIZON], book.watermark, meaning)[MIGRATION_HORIZON]
    return now[["account_id", "as_of_us"]].assign(
        rank=pd.Series(np.arange(1, len(now) + 1), index=places),
        risk=risks[_RISK],
        left=outcome,
        left_us=left_us,
        value=now[value].fillna(0.0).astype(float),
        reason=_strongest(model, now[left_us.notna()]).reindex(now.index),
    )


def _strongest(model: DefectionModel, leavers: pd.DataFrame) -> pd.Series:
    if leavers.empty:  # LightGBM explains no empty matrix
        return pd.Series(index=leavers.index, dtype="object")
    return reasons(leavers, model.encoding.columns, model.contributions(leavers))["reason_1"]


def _model(book: Book, frame: pd.DataFrame, date: int, meaning: Leaving, setting: Setting) -> DefectionModel:
    """The model of defection that would have been trained at a date.

    Raises:
        EvidenceError: too little was known before it.
    """
    before = frame[frame["as_of_us"].isin(training_dates(book, date))].reset_index(drop=True)
    known = TrainingSet(before, left_by(book, before, _HORIZONS, date, meaning), None, book.facts).known()
    model = fit_models(known, setting, meaning.delay_days, {}).defection if len(known.frame) else None
    if model is None or MIGRATION_HORIZON not in model.blends:
        raise EvidenceError(
            where=f"as-of date {day_of(date)}",
            found=f"too few outcomes at {MIGRATION_HORIZON} days known by then",
            expected="accounts that left, and accounts that stayed",
            mend="look at a later date",
        )
    return model


def _require_value(book: Book, value: str) -> None:
    numbers = [name for name, kind in book.facts.items() if kind == "number"]
    if value not in (SPEND, *numbers):
        raise BookError(
            where="accounts",
            found=f"no number {value}",
            expected=f"one of {', '.join((SPEND, *numbers))}",
            mend="name one of them, or add the column",
        )
