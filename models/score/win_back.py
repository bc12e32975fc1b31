"""Winning back: what fits an account that left, by why it left, and when (S26, S31)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Approach:
    """What fits.

    Attributes:
        sentence: what to do; nobody loses face by it.
        after_days: how long after leaving it is time.
    """

    sentence: str
    after_days: int


APPROACHES: Mapping[str, Approach] = {
    "indifference": Approach(
        "Tell them they are missed, and bring something of use; ask for nothing.", 30
    ),
    "dissatisfaction": Approach(
        "Say what went wrong and what is mended since; apologise before you offer.", 45
    ),
    "better_product": Approach(
        "Come back when what they went for is matched, and show it.", 120
    ),
    "friend": Approach(
        "Ask how it goes with the other; leave the door open, and a name to call.", 90
    ),
    "moved": Approach("Ask whether we can serve them where they are now.", 60),
}
"""By the reasons of S31; who died or closed is left in peace."""

UNKNOWN = Approach(
    "Ask what made them leave, to learn and not to argue; listen first.", 30
)
"""Where the reason is not known, or another than these."""

LEFT_IN_PEACE = ("died",)


def approach(reason: str | None) -> Approach | None:
    """What fits an account that left for a reason; None where nothing does.

    Example:
        >>> approach("moved").after_days, approach("died"), approach(None) is UNKNOWN
        (60, None, True)
    """
    if reason in LEFT_IN_PEACE:
        return None
    return APPROACHES.get(reason or "", UNKNOWN)
