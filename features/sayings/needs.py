"""Sayings: what they need now."""

from __future__ import annotations

from features.past.saying import Saying
from features.timeline.expression import of

WAITING = (
    Saying(
        "a matter has waited for us for {longest_open_wait:days}",
        of.value.equals(1) & of.matters_open.equals(1) & (of.longest_open_wait >= 1),
    ),
    Saying("{value:.0f} matters wait for us"),
)
TO_MAKE_GOOD = (
    Saying(
        "a failure of ours is not made good after {longest_open_failure:days}",
        of.value.equals(1) & of.promises_overdue.equals(0),
    ),
    Saying(
        "a promise of ours is overdue by {longest_overdue:days}",
        of.value.equals(1) & of.longest_open_failure.missing(),
    ),
    Saying(
        "a failure or an overdue promise of ours is to be made good", of.value.equals(1)
    ),
    Saying("{value:.0f} failures or overdue promises of ours are to be made good"),
)
