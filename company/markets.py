"""Markets: how good our product stands in each, and the pressure of competitors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from company.arrays import Flags, Floats
from company.knobs import Knobs

MARKETS = ("north", "south", "east", "west", "lakes", "coast", "hills", "capital")

QUALITY_PULL, QUALITY_SHOCK = 0.02, 0.11
PRESSURE_KEPT = 0.95
"""Share of a competitor's pull that is left a week later: the novelty wears off and we respond."""


@dataclass
class Markets:
    """The state of every market; one element per market.

    Attributes:
        quality: points by which the product stands above or below its usual.
        pressure: pull of competitors, 1 in the week one enters.
    """

    quality: Floats
    pressure: Floats


def found_markets(rng: np.random.Generator) -> Markets:
    """The markets as they are when the records begin."""
    return Markets(
        quality=rng.normal(0.0, 0.5, len(MARKETS)), pressure=np.zeros(len(MARKETS))
    )


def advance_markets(
    markets: Markets, knobs: Knobs, rng: np.random.Generator, *, forced: bool = False
) -> Flags:
    """Moves the markets by a week and says in which a competitor entered; ``forced`` makes one enter each."""
    size = len(markets.quality)
    markets.quality += (
        QUALITY_SHOCK * rng.standard_normal(size) - QUALITY_PULL * markets.quality
    )
    entered = (rng.random(size) < knobs.competitor_entries / 52) | forced
    markets.pressure = PRESSURE_KEPT * markets.pressure + entered
    # An equal product on the shelf next to ours makes ours look plainer.
    markets.quality -= 0.3 * entered
    return entered
