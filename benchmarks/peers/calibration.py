"""The line that calibrates a peer, by dates before the test date."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import logit

from benchmarks.peers.exams import PeerExam
from benchmarks.peers.line import fit_calibration, line_that_helps
from benchmarks.peers.models import Peer
from benchmarks.shared.resampling import Array
from models.fitted.calibration import Calibration
from training.fitting.models import part
from training.metrics import SURE
from training.past.enough import FEWEST_OF_EACH, fewest


def calibration(exam: PeerExam, peer: Peer) -> Calibration:
    """The line that calibrates a peer, by dates before the test date, where that helps.

    Where the history has no room for that, an earlier model is fitted on all dates but the newest, and the line on the
    newest.
    """
    lesson = exam.lesson
    as_of = lesson.frame["as_of_us"]
    earlier, slices = _parted(exam, as_of)
    if has_room(exam):
        return (
            line_that_helps(
                said_before(exam, peer, earlier), lesson.left, lesson.frame, slices
            )
            or Calibration()
        )
    newest = as_of == slices[-1]
    raw = said_before(exam, peer, ~newest)
    return fit_calibration(raw[newest].to_numpy(), lesson.left[newest].to_numpy())


def has_room(exam: PeerExam) -> bool:
    """Whether enough was known at the first calibration date to fit an earlier model."""
    earlier, _ = _parted(exam, exam.lesson.frame["as_of_us"])
    return (
        fewest(exam.lesson.frame["account_id"], exam.lesson.left[earlier])
        >= FEWEST_OF_EACH
    )


def said_before(exam: PeerExam, peer: Peer, earlier: pd.Series) -> pd.Series:
    """Log-odds of all rows of the past, by a peer that has learned from the earlier ones alone."""
    lesson = exam.lesson
    first_after = lesson.frame.loc[~earlier, "as_of_us"].min()
    bought = exam.buyers[exam.buyers["as_of_us"] == first_after]
    risk = peer(
        replace(
            lesson,
            frame=lesson.frame[earlier],
            left=lesson.left[earlier],
            buyers=bought,
        )
    )
    return pd.Series(log_odds(risk(lesson.frame)), lesson.frame.index)


def _parted(exam: PeerExam, as_of: pd.Series) -> tuple[pd.Series, list[int]]:
    return part(as_of, exam.of.horizon + exam.of.delay_days)


def log_odds(risk: Array) -> Array:
    """Log-odds of risks, finite also of 0 and 1."""
    return np.asarray(logit(np.clip(risk, SURE, 1 - SURE)))
