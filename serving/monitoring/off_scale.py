"""Scores of surveys that were set aside of late because they are off their scale: asked on another one?"""

from __future__ import annotations

import pandas as pd

from features.book.book import Book
from features.engine import MICROS_PER_DAY
from features.feeds.streams import WINDOWS
from serving.monitoring.finding import Finding
from serving.monitoring.held import counted

FEWEST = 2
"""One may be a slip of the pen; so many, of at most twice as many scores, are none."""

_SCORES = """
    select item, score, coalesce(problem like 'score:%', false) as off, scale_min, scale_max,
        ({as_of} - epoch_us(greatest(occurred_at, coalesce(known_at, occurred_at)))) // {day} as days
    from typed_surveys
    where item is not null and score is not null
        and epoch_us(greatest(occurred_at, coalesce(known_at, occurred_at))) between {after} + 1 and {as_of}"""
_COLUMNS = ["item", "score", "off", "low", "high", "days"]


def off_scale(book: Book, as_of: int) -> list[Finding]:
    """The items of which many scores of the last weeks before an as-of date, in microseconds since 1970, were off."""
    if not book.has("surveys"):
        return []
    after = as_of - WINDOWS[-1] * MICROS_PER_DAY
    query = _SCORES.format(after=after, as_of=as_of, day=MICROS_PER_DAY)
    scores = pd.DataFrame(book.ask_files(query), columns=_COLUMNS)
    told: dict[str, Finding] = {}
    for window in WINDOWS:
        recent = scores[scores["days"] < window]
        for item, its in recent.groupby("item"):
            off = its[its["off"].astype(bool)]
            if len(off) >= max(FEWEST, len(its) / 2):
                told.setdefault(str(item), _told(str(item), off, window))
    return list(told.values())


def _told(item: str, off: pd.DataFrame, window: int) -> Finding:
    low, high = off["low"].fillna(0.0).min(), off["high"].fillna(10.0).max()
    return Finding(
        "scale",
        f"surveys, item {item}",
        f"survey item {item}: was {low:g} to {high:g}, and {len(off):,} scores of the last {counted(window)} are "
        f"{off['score'].min():g} to {off['score'].max():g} and were set aside: asked on another scale?",
    )
