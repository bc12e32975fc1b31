"""A server as a child process: what stops us stops it first, so that what it reads can be cleared away after it."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

GRACE = 60.0
"""Seconds for the requests under way, after which it is killed."""

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """We were asked to stop."""


@contextmanager
def stoppable() -> Iterator[None]:
    """A signal to stop raises `Stopped` until the end of the block."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    before = [signal.signal(number, stop) for number in _STOPPING]
    try:
        yield
    finally:
        for number, handler in zip(_STOPPING, before, strict=True):
            signal.signal(number, handler)


def run_child(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Runs a command until it ends or, within `stoppable`, we are to stop; gives its exit code.

    It has a session of its own, so that a terminal's interrupt reaches it once: through us.
    """
    child = subprocess.Popen(command, env=dict(environment), start_new_session=True)
    try:
        return child.wait()
    except Stopped:
        child.terminate()
        return child.wait(GRACE)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
