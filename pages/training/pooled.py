"""What a model said of the test dates of a training, put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.evaluation.outcomes import Outcome
from training.metrics import Array


def pooled(outcomes: Sequence[Outcome]) -> tuple[Array, Array]:
    """What happened and what a model said, the test dates put together.

    Args:
        outcomes: of one model at one horizon, a test date each.

    Returns:
        Who left and the risks, both of shape (rows of all dates,).
    """
    left = [outcome.left for outcome in outcomes]
    risk = [outcome.risk for outcome in outcomes]
    return np.concatenate(left), np.concatenate(risk)


def worked_share(outcomes: Sequence[Outcome], capacity: int) -> float:
    """The share of the accounts of a test date that the team works.

    Args:
        outcomes: of one model at one horizon, a test date each.
        capacity: how many accounts a list has.
    """
    accounts = sum(len(outcome.left) for outcome in outcomes)
    return min(capacity * len(outcomes) / accounts, 1.0)
