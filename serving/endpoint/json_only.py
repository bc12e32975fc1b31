"""A doorkeeper: only JSON of a bounded size gets in.

BentoML takes other media types too, multipart and one that is pickle; neither has any business here.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from serving.endpoint.asgi import App, Message, Receive, Send, values
from serving.endpoint.problem import Problem, problem, refuse

_CLOSE = (b"connection", b"close")


_NO_JSON = problem(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "header Content-Type",
    found="another media type, or several",
    expected="application/json, once, in UTF-8",
    mend="send JSON and say so",
)


def large(most: int) -> Problem:
    """The problem of a body of more bytes."""
    return problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body",
        found="more bytes",
        expected=f"at most {most:,}",
        mend="send fewer accounts a request",
    )


def _slow(seconds: float) -> Problem:
    return problem(
        HTTPStatus.REQUEST_TIMEOUT,
        "body",
        found=f"a part of it after {seconds:g} seconds",
        expected="all of it",
        mend="send it faster",
    )


class JsonOnly:
    """ASGI middleware that answers 415 to a body that is not JSON, 413 to one too large, 408 to one that is too slow.

    A method that carries a body has one whether or not it says so; another one has where its headers say so.

    Args:
        app: what is given the body.
        most_bytes: that it may have.
        seconds: that it may take to arrive.
    """

    def __init__(self, app: App, most_bytes: int, seconds: float) -> None:
        self._app, self._most, self._seconds = app, most_bytes, seconds

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Reads a body up to the limit and replays it to the service, or refuses it."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        if not _is_json(values(scope, b"content-type")):
            await refuse(send, _NO_JSON, _CLOSE)
            return
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._read(receive)
        except ConnectionError:
            return
        except TimeoutError:
            await refuse(send, _slow(self._seconds), _CLOSE)
            return
        if body is None:
            await refuse(send, large(self._most), _CLOSE)
            return
        await self._app(scope, replaying(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The whole body, None where it is larger than the limit.

        Raises:
            ConnectionError: the client went away before the end.
        """
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError
            body += message.get("body", b"")
            if len(body) > self._most:
                return None
            if not message.get("more_body", False):
                return bytes(body)


def _has_body(scope: Message) -> bool:
    if scope["method"] in ("POST", "PUT", "PATCH") or values(
        scope, b"transfer-encoding"
    ):
        return True
    return any(length.strip() != b"0" for length in values(scope, b"content-length"))


def _is_json(given: list[bytes]) -> bool:
    if len(given) != 1:
        return False
    media_type, *parameters = [part.strip().lower() for part in given[0].split(b";")]
    return media_type == b"application/json" and set(parameters) <= {
        b"charset=utf-8",
        b'charset="utf-8"',
    }


def replaying(body: bytes, receive: Receive) -> Receive:
    """A receive that gives a body that has been read, once, and then listens on."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
