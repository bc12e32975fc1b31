"""Limits: how far the rows of a book may be from those of the night before.

Compared is what was known at the date of the night before, then and now. An export that was cut short has fewer of
these rows, one that was loaded twice has more; that a day has passed changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from features.errors import LimitError


class Limits(BaseModel):
    """The section ``[limits]`` of a ``night.toml``.

    Attributes:
        shrink: the share of its rows that a table may lose.
        grow: the share by which it may grow.
        rows: so many rows more or fewer are no reason to stop, unless all are gone.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    shrink: float = Field(default=0.1, ge=0, le=1)
    grow: float = Field(default=0.5, ge=0)
    rows: int = Field(default=10, ge=0)


@dataclass(frozen=True)
class Change:
    """How many rows of a table were known at the date of the night before.

    Attributes:
        table: its name.
        then: as that night saw it.
        now: as tonight sees it.
    """

    table: str
    then: int
    now: int

    @property
    def sentence(self) -> str:
        """Both, and by how much they differ.

        Example:
            >>> Change("surveys", 8000, 6000).sentence
            'surveys had 8,000 rows and have 6,000 (-25%)'
        """
        share = f" ({self.now / self.then - 1:+.0%})" if self.then else ""
        return f"{self.table} had {self.then:,} rows and have {self.now:,}{share}"

    def beyond(self, limits: Limits) -> bool:
        """Whether that is more than limits allow; a table that is new is never."""
        if not self.then or not self.now:
            return self.then > 0
        if abs(self.now - self.then) <= limits.rows:
            return False
        low, high = self.then * (1 - limits.shrink), self.then * (1 + limits.grow)
        return not low <= self.now <= high


def changes(then: Mapping[str, int], now: Mapping[str, int]) -> list[Change]:
    """The tables whose rows differ, by name."""
    names = sorted({*then, *now})
    both = [Change(name, then.get(name, 0), now.get(name, 0)) for name in names]
    return [change for change in both if change.then != change.now]


def require_within(found: list[Change], limits: Limits, before: str) -> None:
    """Refuses a book that is too far from that of the night before.

    Args:
        found: the tables whose rows differ.
        limits: how far they may.
        before: the night before, by its place.

    Raises:
        LimitError: a table is beyond them.
    """
    beyond = [change.sentence for change in found if change.beyond(limits)]
    if beyond:
        raise LimitError(
            where=f"the rows that night {before} knew",
            found="; ".join(beyond),
            expected=f"at most {limits.shrink:.0%} fewer and {limits.grow:.0%} more",
            mend="bring the export in order; or, where this is right, allow it once with --limits-ok, or always by "
            "[limits] of night.toml",
        )
