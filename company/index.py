"""The Customer Service Index of many accounts at once: true quadrants, and quadrants as surveys would show them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from company.arrays import Flags, Floats, Ints
from features.quadrants import BAND, EXCEPTIONAL_FROM, KNOWN, LOW_BELOW

QUADRANTS = tuple(str(quadrant) for quadrant in KNOWN)
"""The quadrants in the order of their codes."""


def quadrants(product: Floats, people: Floats) -> Ints:
    """Codes of the quadrants of pairs of axis levels from 0 to 10; -1 where either is not known."""
    code = np.where(people >= product, 1, 2)
    code[(product < LOW_BELOW) & (people < LOW_BELOW)] = 0
    code[(product >= EXCEPTIONAL_FROM) & (people >= EXCEPTIONAL_FROM)] = 3
    code[np.isnan(product) | np.isnan(people)] = -1
    return code


@dataclass
class Heard:
    """What surveys have told of one axis; one element per account.

    Attributes:
        first, second, third: scores of the last three occasions, the newest first; NaN where there was none.
        settled: the level that counts, NaN where there is none.
        outside: whether any level has been outside the band around the cut.
    """

    first: Floats
    second: Floats
    third: Floats
    settled: Floats
    outside: Flags


def unheard(size: int) -> Heard:
    """Nothing heard yet of so many accounts."""
    nothing = np.full(size, np.nan)
    return Heard(
        nothing,
        nothing.copy(),
        nothing.copy(),
        nothing.copy(),
        np.zeros(size, dtype=bool),
    )


def hear(heard: Heard, answered: Flags, scores: Floats) -> None:
    """Takes in the scores of the accounts that answered."""
    at = np.flatnonzero(answered)
    heard.third[at] = heard.second[at]
    heard.second[at] = heard.first[at]
    heard.first[at] = scores[at]
    occasions = np.stack([heard.first[at], heard.second[at], heard.third[at]])
    level = np.nanmean(occasions, axis=0) if len(at) else occasions[0]
    outside = (level <= BAND[0]) | (level >= BAND[1])
    counts = outside | ~heard.outside[at]
    heard.settled[at] = np.where(counts, level, heard.settled[at])
    heard.outside[at] |= outside
