"""Faults of a request: the place of each, what was found and expected, and how to mend it; never a value.

Everything is bounded: the first ``MOST_PLACES`` are named, the others are counted up to ``MOST_COUNTED``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from pydantic import BaseModel

MOST_PLACES = 20
MOST_COUNTED = 1_000

Order = tuple[int, ...]
"""Where a fault is named among the others."""


class Fault(BaseModel):
    """Something in a request that cannot be taken as it is."""

    place: str
    found: str
    expected: str
    mend: str


class UnfitError(Exception):
    """A request that is refused for its faults."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        super().__init__(f"found {faults.count} faults")


@dataclass
class Faults:
    """The faults that were found so far, noted in any order.

    Attributes:
        count: of all, up to ``most``.
        most: that are counted.
    """

    count: int = 0
    most: int = MOST_COUNTED
    _noted: list[tuple[Order, int, Fault]] = field(default_factory=list)

    def add(
        self, place: str, *, found: str, expected: str, mend: str, order: Order = ()
    ) -> None:
        """Notes a fault; of those with one order the first that was noted is named first."""
        self.count_more(1)
        if not self.names(order):
            return
        fault = Fault(place=place or "body", found=found, expected=expected, mend=mend)
        self._noted.append((order, len(self._noted), fault))

    def names(self, order: Order) -> bool:
        """Whether a fault of an order would still be named."""
        return sum(noted <= order for noted, *_ in self._noted) < MOST_PLACES

    def count_more(self, faults: int) -> None:
        """Counts faults that are not noted."""
        self.count = min(self.count + faults, self.most)

    @property
    def named(self) -> list[Fault]:
        """The first of them."""
        in_order = sorted(self._noted, key=lambda noted: noted[:2])
        return [fault for *_, fault in in_order[:MOST_PLACES]]

    def settle(self) -> None:
        """Ends the reading.

        Raises:
            UnfitError: there are faults.
        """
        if self.count:
            raise UnfitError(self)


def unfit(place: str, *, found: str, expected: str, mend: str) -> NoReturn:
    """Refuses a request for one fault.

    Raises:
        UnfitError: always.
    """
    faults = Faults()
    faults.add(place, found=found, expected=expected, mend=mend)
    raise UnfitError(faults)


def joined(place: str, name: str) -> str:
    """The place of a field of the object at a place.

    Example:
        >>> joined("accounts[1]", "opened_at"), joined("", "as_of")
        ('accounts[1].opened_at', 'as_of')
    """
    return f"{place}.{name}" if place and name else place or name
