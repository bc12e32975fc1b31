"""Waiting for work that a system has accepted and does later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from serving.delivery.web import Wait

FIRST, LONGEST, ALTOGETHER = 2.0, 60.0, 1_800.0
"""Seconds between looks, which become longer, and until nobody looks any more."""

Found = TypeVar("Found")


def until(look: Callable[[], Found | None], wait: Wait) -> Found | None:
    """What a look finds, as soon as it finds anything; None where that takes too long."""
    found = look()
    for seconds in _pauses():
        if found is not None:
            break
        wait(seconds)
        found = look()
    return found


def _pauses() -> Iterator[float]:
    pause, waited = FIRST, 0.0
    while waited < ALTOGETHER:
        yield pause
        waited += pause
        pause = min(2 * pause, LONGEST)
