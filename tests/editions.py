"""Nights for the tests of deliveries: a handful of accounts, each with what it takes."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.score.bands import bands_of
from serving.delivery.edition import edition_of

FIRST = date(2026, 11, 21)


def scores(risks, day=0, version="defection-1", **columns):
    """Scores of accounts by their risks at 90 days, of the day after the first one by so many."""
    accounts = sorted(risks)
    numbers = [risks[account] for account in accounts]
    return pd.DataFrame(
        {
            "account_id": accounts,
            "as_of": FIRST + timedelta(days=day),
            "quadrant": "poor",
            "risk_90d": numbers,
            "band": bands_of(np.array(numbers, dtype=float)),
            "heading": "defected",
            "action": "Call them.",
            "reason_1": None,
            "cold_start": False,
            "model_version": version,
            **columns,
        }
    )


def edition(risks, day=0, version="defection-1", revision=1, listed=(), **columns):
    """An edition of such scores; the list has some of their accounts, the first one first."""
    rows = scores(risks, day, version, **columns)
    order = rows.set_index("account_id").loc[list(listed)].reset_index()
    return edition_of(rows, order, revision)
