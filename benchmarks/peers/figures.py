"""The figures of Pinch and its peers on the same resampled accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.peers.calibration import calibration, has_room, log_odds
from benchmarks.peers.exams import PeerExam
from benchmarks.peers.models import Peer
from benchmarks.shared.resampling import Array, auc, resampled
from training.metrics import SURE, log_losses

Step = Callable[[str], None]
BY_LINE = "calibrated log loss"
FIGURES = ("AUC", "average precision", "log loss", BY_LINE)
LOSSES = slice(2, 4)
"""The places of the log losses, plain and calibrated."""


@dataclass(frozen=True)
class Result:
    """What an exam has shown.

    Attributes:
        exam: the exam.
        figures: of each model by name, shape (1 + draws, figures): first as they are, then of resampled accounts.
        room: whether the history had room for the product's way of calibration.
    """

    exam: PeerExam
    figures: Mapping[str, Array]
    room: bool


def measure(
    exam: PeerExam,
    peers: Mapping[str, Peer],
    draws: int,
    step: Step = lambda said: None,
) -> Result:
    """Fits Pinch and all peers and judges them on the same resampled accounts.

    Args:
        exam: what is learned from and judged on.
        peers: by name.
        draws: times that accounts are resampled.
        step: told of each peer.
    """
    frame, left = (
        exam.of.now.frame,
        exam.of.now.left[exam.of.horizon].to_numpy(dtype=np.float64),
    )
    weights = np.vstack(
        [np.ones((1, len(frame))), resampled(frame["account_id"], draws, 0)]
    )
    found = {}
    for name, peer in peers.items():
        step(f"{exam.of.group}: {name}")
        risk = peer(exam.lesson)(frame)
        found[name] = judge(
            left, risk, calibration(exam, peer).probability(log_odds(risk)), weights
        )
    return Result(exam, found, has_room(exam))


def judge(left: Array, risk: Array, calibrated: Array, weights: Array) -> Array:
    """The figures of a model, by how often each row counts.

    Args:
        left: 1 has left, 0 stayed.
        risk: of each row.
        calibrated: likewise, after calibration.
        weights: shape (draws, rows).

    Returns:
        `FIGURES`, shape (draws, figures).
    """
    place = np.unique(risk, return_inverse=True)[1]
    losses = [
        log_losses(np.column_stack([1 - said, said]), left.astype(np.int64))
        for said in (risk, calibrated)
    ]
    return np.array(
        [
            [
                auc(left, place, weight),
                average_precision(left, place, weight),
                *(np.average(loss, weights=weight) for loss in losses),
            ]
            for weight in weights
        ]
    )


def average_precision(
    left: Array, place: npt.NDArray[np.int64], weight: Array
) -> float:
    """The mean, over leavers, of the share of leavers among all of at least their risk.

    Arguments as of `benchmarks.shared.resampling.auc`.

    Example:
        >>> round(average_precision(np.array([0.0, 1.0, 1.0]), np.array([1, 2, 0]), np.ones(3)), 4)
        0.8333
    """
    leavers, everybody = (
        np.bincount(place, weights=weight * of_kind)[::-1]
        for of_kind in (left, np.ones(len(left)))
    )
    precision = np.cumsum(leavers) / np.maximum(np.cumsum(everybody), SURE)
    return float((leavers * precision).sum() / leavers.sum())


def ahead(ours: Array, theirs: Array) -> Array:
    """By how much we are better, in each figure: losses are better where they are lower."""
    return (ours - theirs) * np.array([1.0, 1.0, -1.0, -1.0])


def pooled(results: Sequence[Result]) -> dict[str, Array]:
    """The mean figures of each model over exams, draw by draw."""
    return {
        name: np.mean([result.figures[name] for result in results], axis=0)
        for name in results[0].figures
    }
