"""What a forecast must beat: as last quarter, and the Markov chain of the past quarters.

Both know at the beginning of a quarter only those quarters that were over by then.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from features.quadrants import KNOWN
from features.timeline.rows import Floats, Ints
from training.forecasts.quarter import PLACES, Quarter

_Flags = npt.NDArray[np.bool_]


def lost_as_last(before: Quarter, accounts: int) -> float:
    """How many are lost if the share is that of the last quarter.

    Example:
        >>> none = np.empty(0)
        >>> lost_as_last(Quarter(0, none, none, none, none, none, left=np.array([1.0, 0.0, 0.0, 0.0])), 8)
        2.0
    """
    return float(accounts * np.nanmean(before.left))


def lost_by_markov(before: Sequence[Quarter], today: Ints) -> float:
    """How many are lost by how often past accounts left from where each stands.

    Args:
        before: the quarters that were over.
        today: where each account stands at the beginning.
    """
    moves = np.zeros((len(PLACES), 2))
    for quarter in before:
        _count(moves, quarter.today, quarter.left, ~np.isnan(quarter.left))
    return float(_moved(moves, today)[1])


def mix_as_last(before: Quarter, accounts: int) -> Floats:
    """How many of those who stay are in each quadrant at the end if the shares are those of the last quarter."""
    ended = before.state[before.stayed].astype(np.int64)
    shares = np.bincount(ended, minlength=len(KNOWN)) / max(len(ended), 1)
    expected: Floats = accounts * shares
    return expected


def mix_by_markov(before: Sequence[Quarter], today: Ints) -> Floats:
    """How many of those who stay are in each quadrant at the end by how often past ones moved from one to another."""
    moves = np.zeros((len(PLACES), len(KNOWN)))
    for quarter in before:
        _count(moves, quarter.today, quarter.state, quarter.stayed)
    return _moved(moves, today)


def _count(moves: Floats, today: Ints, end: Floats, counted: _Flags) -> None:
    places = (today[counted], end[counted].astype(np.int64))
    np.add.at(moves, places, 1.0)


def _moved(moves: Floats, today: Ints) -> Floats:
    """Where accounts end by the shares of each line; a line without a move has those of all moves."""
    counts = moves.sum(axis=1, keepdims=True)
    anywhere = moves.sum(axis=0) / max(moves.sum(), 1.0)
    shares = np.where(counts > 0, moves / np.maximum(counts, 1.0), anywhere)
    expected: Floats = np.bincount(today, minlength=len(PLACES)) @ shares
    return expected
