"""Bands: the risk at the horizon in four words, for people who sort and filter by it. The one place that cuts it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.timeline.rows import Floats

UNKNOWN = "unknown"
"""The band of a risk that is not known."""


@dataclass(frozen=True)
class Band:
    """A range of risks.

    Attributes:
        name: what people call it.
        least: its least risk; it ends where the next one begins.
    """

    name: str
    least: float


BANDS = (Band("low", 0.0), Band("raised", 0.1), Band("high", 0.25), Band("acute", 0.5))
"""From the lowest: of ten accounts fewer than one, one or two, a quarter to a half, more than half leave."""

BAND_NAMES = (*(band.name for band in BANDS), UNKNOWN)
"""All that a band may be called."""

_CUTS = [band.least for band in BANDS[1:]]


def band_of(risk: float) -> str:
    """The band of a risk, which begins at its least risk.

    Example:
        >>> [band_of(risk) for risk in (0.0, 0.0999, 0.1, 0.5, float("nan"))]
        ['low', 'low', 'raised', 'acute', 'unknown']
    """
    return bands_of(np.array([risk]))[0]


def bands_of(risks: Floats) -> list[str]:
    """The band of each risk; ``unknown`` where it is missing."""
    known, place = ~np.isnan(risks), np.searchsorted(_CUTS, risks, side="right")
    return [
        BANDS[at].name if here else UNKNOWN
        for at, here in zip(place.tolist(), known.tolist(), strict=True)
    ]


def height(band: str) -> int:
    """How high a band is, from 0; -1 for ``unknown``."""
    names = [one.name for one in BANDS]
    return names.index(band) if band in names else -1
