"""Variety: a list whose lines do not all begin with the same reason.

What adds most to the risk of one account adds most to that of many, so that the first reasons of a list are one
sentence fifty times, and nobody reads it. Among reasons that weigh nearly as much as the strongest, the one leads that
fewer lines above lead with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

NEAR = 0.75
"""A reason is near the strongest where it adds at least so much of what that adds to the log-odds of leaving."""

Weighed = tuple[str, float]
"""The code of a reason, and what its theme adds to the log-odds."""


def leading(lines: Iterable[Sequence[Weighed]]) -> list[int]:
    """Which of its reasons each line of a list leads with, by its place; 0 where there is none to choose from.

    Args:
        lines: the reasons of each, the strongest first; the lines from the top of the list.

    Example:
        >>> alike = [("quiet", 1.0), ("complaints", 0.9), ("price", 0.2)]
        >>> leading([alike, alike, alike])
        [0, 1, 0]
    """
    led: Counter[str] = Counter()
    chosen = []
    for reasons in lines:
        least = NEAR * reasons[0][1] if reasons else 0.0
        near = [place for place, (_, added) in enumerate(reasons) if added >= least]
        place = min(near, key=lambda one: led[reasons[one][0]], default=0)
        led.update(code for code, _ in reasons[place : place + 1])
        chosen.append(place)
    return chosen
