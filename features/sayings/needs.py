"""Sayings: what they need now."""

from __future__ import annotations

from features.past.saying import Saying
from features.timeline.expression import of

TO_MAKE_GOOD = (
    Saying(
        "a failure or an overdue promise of ours is to be made good", of.value.equals(1)
    ),
    Saying("{value:.0f} failures or overdue promises of ours are to be made good"),
)
