"""What ``pinch`` ends with."""

from __future__ import annotations

from enum import IntEnum

from features.errors import (
    BusyError,
    LimitError,
    PinchError,
    QuarantineError,
    StaleError,
)


class ExitCode(IntEnum):
    """The exit codes, the only ones; docs/operations.md says what to do after each.

    Attributes:
        DONE: done, or there was nothing to do.
        REFUSED: the book, the models, the evidence or a setting do not allow it.
        MISUSE: the command was called wrongly.
        LIMITS: the data are stale, too bad, or too far from those of the night before; the last night stays.
        BUSY: another run has its turn.
        STORAGE: a file could not be read or written: a full disk, a read-only one, a source that is gone.
        DRIFT: published, and a limit of ``[drift]`` is exceeded.
        DELIVERY: published, and not delivered everywhere.
    """

    DONE = 0
    REFUSED = 1
    MISUSE = 2
    LIMITS = 3
    BUSY = 4
    STORAGE = 5
    DRIFT = 6
    DELIVERY = 7


def code_of_night(error: PinchError | OSError) -> ExitCode:
    """What a night ends with that an error stopped."""
    if isinstance(error, (StaleError, QuarantineError, LimitError)):
        return ExitCode.LIMITS
    if isinstance(error, BusyError):
        return ExitCode.BUSY
    return ExitCode.STORAGE if isinstance(error, OSError) else ExitCode.REFUSED
