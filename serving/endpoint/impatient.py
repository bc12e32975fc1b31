"""Connections that say nothing are closed: uvicorn times one between two requests, and not before the first.

Nor does it time a head that comes drop by drop. BentoML starts uvicorn with the protocol that it chooses by itself,
so ours takes the place of that one.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http import auto


def close_idle_connections(seconds: float) -> None:
    """From now on a server of this process closes a connection without a whole head after so many seconds."""
    usual: Any = auto.AutoHTTPProtocol

    class Impatient(usual):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self.timeout_keep_alive = seconds
            self._idle: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._work()

        def on_response_complete(self) -> None:
            self._wait()
            super().on_response_complete()
            self._work()

        def connection_lost(self, exc: Exception | None) -> None:
            self._wait_no_more()
            super().connection_lost(exc)

        def _work(self) -> None:
            if self.cycle is not None and not self.cycle.response_complete:
                self._wait_no_more()

        def _wait(self) -> None:
            self._wait_no_more()
            self._idle = self.loop.call_later(seconds, self.transport.close)

        def _wait_no_more(self) -> None:
            if self._idle is not None:
                self._idle.cancel()
                self._idle = None

    auto.AutoHTTPProtocol = Impatient
