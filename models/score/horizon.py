"""Horizons: how far ahead a prediction looks, in days, and the names of the columns that hold it."""

from __future__ import annotations

from collections.abc import Collection

HORIZONS = (14, 30, 60, 90, 180)
"""The horizons of the defection risk; books without departures have horizon 0 as well: who has gone already."""

ALREADY_GONE = 0
LEAD_TIME = 14
"""Days that a team needs to act."""

MIGRATION_HORIZON = 90
"""What lists plan for as well."""


def planned(known: Collection[int]) -> int | None:
    """The horizon that lists plan for: 90 days, or else the longest at which the risk is known; None without any.

    Example:
        >>> planned([14, 30, 60]), planned([90, 180]), planned([])
        (60, 90, None)
    """
    return MIGRATION_HORIZON if MIGRATION_HORIZON in known else max(known, default=None)


def risk_column(horizon: int) -> str:
    """The column of the risk at a horizon.

    Example:
        >>> risk_column(90)
        'risk_90d'
    """
    return f"risk_{horizon}d"


def silent_column(horizon: int = MIGRATION_HORIZON) -> str:
    """The column of the risk of leaving silently by a horizon.

    Example:
        >>> silent_column()
        'silent_90d'
    """
    return f"silent_{horizon}d"


def state_column(state: str, horizon: int = MIGRATION_HORIZON) -> str:
    """The column of the probability of a settled quadrant, or of ``defected``, at a horizon.

    Example:
        >>> state_column("poor")
        'p_poor_90d'
    """
    return f"p_{state}_{horizon}d"


def next_column(quadrant: str) -> str:
    """The column of the probability that the next answer shows a quadrant by itself.

    Example:
        >>> next_column("poor")
        'next_poor'
    """
    return f"next_{quadrant}"
