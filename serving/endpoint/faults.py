"""Faults of a request: the place of each, what was found and expected, and how to mend it; never a value.

Everything is bounded. The first ``MOST_PLACES`` are named, the rest is counted, and at ``MOST_COUNTED`` reading stops.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from pydantic import BaseModel

MOST_PLACES = 20
MOST_COUNTED = 1_000


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
    """The faults that were found so far.

    Attributes:
        named: the first of them.
        count: of all.
        most: that are counted.
    """

    named: list[Fault] = field(default_factory=list)
    count: int = 0
    most: int = MOST_COUNTED

    def add(self, place: str, *, found: str, expected: str, mend: str) -> None:
        """Notes a fault.

        Raises:
            UnfitError: there are so many that looking for more helps nobody.
        """
        self.count += 1
        if len(self.named) < MOST_PLACES:
            self.named.append(
                Fault(place=place or "body", found=found, expected=expected, mend=mend)
            )
        if self.count >= self.most:
            raise UnfitError(self)

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
