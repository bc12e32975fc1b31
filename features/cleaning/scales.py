"""Scales of survey items: what scores were, beside the scale that is assumed where a row gives none.

A product that got 5 of 5 is read as 5 of 10 where nothing says which scale was asked on. So the lowest and the highest
score of each item are told beside the assumed scale, and where they look like those of another one, that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from features.engine import DUCKDB, Dialect, Query
from features.vocabulary.items import ITEMS, Item

COMMON = (
    (0, 1),
    (-1, 1),
    (1, 3),
    (1, 4),
    (1, 5),
    (0, 5),
    (1, 6),
    (1, 7),
    (0, 10),
    (0, 100),
    (-100, 100),
)
"""Scales that are often asked on, the narrowest first."""
FEWEST_SCORES = 30
"""So many scores that leave the upper part of a scale out are a sign; fewer may just be modest or all bad."""
SHOWN = 20
"""How many items are told; others have too few scores to matter."""


@dataclass(frozen=True)
class Scale:
    """The scores of an item in rows that give no scale.

    Attributes:
        item: its name.
        low, high: of the scale that is assumed.
        lowest, highest: of the scores, those that were set aside among them.
        scores: how many there are.
    """

    item: str
    low: float
    high: float
    lowest: float
    highest: float
    scores: int

    @property
    def likely(self) -> tuple[float, float] | None:
        """The scale that the scores look like, where it is another one.

        Example:
            >>> Scale("product", 0, 10, 1, 5, 2).likely, Scale("product", 0, 10, 2, 9, 500).likely
            ((1, 5), None)
        """
        beyond = self.lowest < self.low or self.highest > self.high
        in_lower_half = self.highest <= (self.low + self.high) / 2
        unlikely = in_lower_half and (
            self.item not in ITEMS or ITEMS[self.item].higher_is_better
        )
        if not (
            beyond
            or unlikely
            or (self.scores >= FEWEST_SCORES and self.highest < self.high)
        ):
            return None
        fits = [
            scale
            for scale in COMMON
            if scale[0] <= self.lowest and self.highest <= scale[1]
        ]
        narrowest = min(fits, key=lambda scale: scale[1] - scale[0], default=None)
        return None if narrowest == (self.low, self.high) else narrowest

    @property
    def large(self) -> bool:
        """Whether models read much that is likely to be on another scale."""
        return self.likely is not None and self.scores >= FEWEST_SCORES

    @property
    def sentence(self) -> str:
        """What the scores look like; for those that look like another scale.

        Example:
            >>> Scale("product", 0, 10, 1, 5, 2).sentence.split(":")[0]
            'table surveys, product'
        """
        assert self.likely is not None
        low, high = self.likely
        return (
            f"table surveys, {self.item}: all {self.scores:,} scores without a scale lie in {self.lowest:g} to "
            f"{self.highest:g}, while {self.low:g} to {self.high:g} is assumed; if they were asked on {low:g} to "
            f"{high:g}, say so: {low:g} as scale_min, {high:g} as scale_max"
        )

    def facts(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return {**vars(self), "likely": self.likely}


def scales_sql(typed: str, dialect: Dialect = DUCKDB) -> str:
    """SQL over typed surveys: of each item the lowest and the highest score without a scale, and how many there are."""
    return f"""
        select item, min(score) as lowest, max(score) as highest, count(*) as scores
        from {typed}
        where item is not null and {dialect.finite.format("score")} and (scale_min is null or scale_max is null)
        group by item
        order by scores desc, item
        limit {SHOWN}"""


def scales(
    typed: str, run: Query, items: Mapping[str, Item] = ITEMS, dialect: Dialect = DUCKDB
) -> tuple[Scale, ...]:
    """The scores of each item that has any without a scale, the most frequent item first.

    Args:
        typed: the surveys as `features.cleaning.rows.typed_sql` makes them.
        run: gives the rows of a query.
        items: the vocabulary; another item is assumed to be on 0 to 10.
        dialect: of the engine.
    """
    found = []
    for item, lowest, highest, scores in run(scales_sql(typed, dialect)):
        low, high = items[item].scale if item in items else (0.0, 10.0)
        found.append(
            Scale(str(item), low, high, float(lowest), float(highest), int(scores))
        )
    return tuple(found)
