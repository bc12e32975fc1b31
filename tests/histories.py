"""Histories of account a, written in days before one as-of date."""

from datetime import datetime, timedelta

from features.engine import instant
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES, with_parts

AS_OF = datetime.fromisoformat("2024-06-01")
SECOND = 1 / 86_400
"""A second in days."""


def ago(days):
    """The moment some days before the as-of date."""
    return (AS_OF - timedelta(days=days)).isoformat()


def score(days, item, points=7.0, **rest):
    """A score by account a."""
    return {
        "account_id": "a",
        "occurred_at": ago(days),
        "item": item,
        "score": points,
        **rest,
    }


def measured_row(book, *themes):
    """The one row of the snapshot of a book at the as-of date: the features of some themes, and what they need."""
    features = with_parts(
        name for name, feature in FEATURES.items() if feature.theme in themes
    )
    (row,) = snapshot(book, [instant(AS_OF)], features).to_dict("records")
    return row


def known(row):
    """A row with None for what is missing, so that rows can be compared."""
    return {name: None if value != value else value for name, value in row.items()}


def unknown(row, *names):
    """Whether all of some features are missing."""
    return all(row[name] != row[name] for name in names)
