"""Admission: how many requests are worked on at once, and for how long. One too many is told to come again."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from serving.endpoint.asgi import App, Message, Receive, Send
from serving.endpoint.keys import Scope
from serving.endpoint.problem import problem, refuse
from serving.endpoint.routes import needed

RETRY_SECONDS = 1
_COUNTED = (Scope.READ, Scope.ACT)


class Admitted:
    """ASGI middleware that answers 503 where too many are under way, or where one takes too long.

    What waits for a thread is then dropped; what has one goes on there until it ends, and nobody hears of it. What is
    open, and the metrics, are answered always.

    Args:
        app: what works.
        most: how many requests may be under way.
        seconds: for which one may be.
    """

    def __init__(self, app: App, most: int, seconds: float) -> None:
        self._app, self._most, self._seconds = app, most, seconds
        self._under_way = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Passes a request on and waits for its answer."""
        if scope["type"] != "http" or needed(scope) not in _COUNTED:
            await self._app(scope, receive, send)
        elif self._under_way >= self._most:
            await _unavailable(
                send,
                found=f"{self._most} requests under way",
                expected="fewer",
                mend=f"ask again in {RETRY_SECONDS} second",
            )
        else:
            self._under_way += 1
            try:
                await self._work(scope, receive, send)
            finally:
                self._under_way -= 1

    async def _work(self, scope: Message, receive: Receive, send: Send) -> None:
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds):
                await self._app(scope, receive, noted)
        except TimeoutError:
            if started:
                raise
            await _unavailable(
                send,
                found=f"no answer after {self._seconds:g} seconds",
                expected="one",
                mend="send fewer accounts a request, or ask again later",
            )


async def _unavailable(send: Send, *, found: str, expected: str, mend: str) -> None:
    refused = problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "server",
        found=found,
        expected=expected,
        mend=mend,
    )
    await refuse(send, refused, (b"retry-after", str(RETRY_SECONDS).encode()))
