"""A play: an action, and the reasons, quadrants and zones that call for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.score.reasons import Reason


@dataclass(frozen=True)
class Action:
    """What to do.

    Attributes:
        code: by which other systems know it.
        sentence: for people.
    """

    code: str
    sentence: str


@dataclass(frozen=True)
class Play:
    """When an action is the one to take: all that is given must hold.

    Attributes:
        action: what to do.
        seeds: rows of the seeds that say so.
        codes: one of the reasons has one of these, and a known value that ``calls``; whatever the reasons where empty.
        calls: of the value of such a reason, whether it calls for the action.
        quadrants: the account is in one of these; wherever it is where empty.
        zones: likewise.
    """

    action: Action
    seeds: tuple[str, ...]
    codes: tuple[str, ...] = ()
    calls: Callable[[float], bool] = lambda value: value > 0
    quadrants: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()

    def fits(self, reasons: Sequence[Reason], quadrant: str, zone: str) -> bool:
        """Whether it is for an account with these reasons, in this quadrant and zone."""
        if self.quadrants and quadrant not in self.quadrants:
            return False
        if self.zones and zone not in self.zones:
            return False
        return not self.codes or any(self._called_by(reason) for reason in reasons)

    def _called_by(self, reason: Reason) -> bool:
        if reason.code not in self.codes or not isinstance(reason.value, float):
            return False
        return self.calls(reason.value)
