"""Tiers: which accounts count first among those that are alike (S25)."""

from __future__ import annotations

from features.timeline.rows import Floats

TIERS = ("key", "growth", "new", "other")
"""By the code of the feature ``account_tier``, the one to favour most first."""
FAVOURED = TIERS[:3]


def tiers_of(codes: Floats) -> list[str]:
    """The tier of each code; ``other`` where it is missing."""
    return [TIERS[int(code)] if code == code else TIERS[-1] for code in codes.tolist()]
