"""A server that stops refuses new connections at once, while it answers what is under way.

Circus (the package kantoku), by which BentoML runs workers, closes the socket only when the last of them has ended:
until then the system would take connections that nobody answers.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Any

from circus.arbiter import Arbiter


def refuse_when_stopping() -> None:
    """From now on a stop of the workers of this process closes their sockets to new connections first."""
    usual = Arbiter.stop

    def stop(arbiter: Any) -> Any:
        for listening in arbiter.sockets.values():
            with contextlib.suppress(OSError):  # it is not listening any more
                listening.shutdown(socket.SHUT_RDWR)
        return usual(arbiter)

    Arbiter.stop = stop
