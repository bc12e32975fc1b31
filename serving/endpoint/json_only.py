"""A doorkeeper: only JSON of a bounded size gets in.

BentoML takes other media types too, multipart and one that is pickle; neither has any business here.
"""

from __future__ import annotations

from http import HTTPStatus

from serving.endpoint.asgi import App, Message, Receive, Send
from serving.endpoint.limits import MOST_BYTES
from serving.endpoint.problem import problem, refuse

_CLOSE = (b"connection", b"close")
_NO_JSON = "found another media type, or several; expected Content-Type: application/json, once; to mend: send JSON"


class JsonOnly:
    """ASGI middleware that answers 415 to any body that is not JSON and 413 to one that is too large.

    A method that carries a body has one whether or not it says so; another one has where its headers say so.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Reads a body up to the limit and replays it to the service, or refuses it."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        if not _is_json(_values(scope, b"content-type")):
            detail = (
                "found another media type, or several; "
                "expected one header Content-Type: application/json, in UTF-8"
            )
            await refuse(
                send,
                problem(
                    HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"{detail}; to mend: send JSON"
                ),
                _CLOSE,
            )
            return
        try:
            body = await _read(receive)
        except ConnectionError:
            return
        if body is None:
            detail = f"found a larger body; expected at most {MOST_BYTES:,} bytes; to mend: send fewer accounts"
            await refuse(
                send, problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail), _CLOSE
            )
            return
        await self._app(scope, _replaying(body, receive), send)


def _has_body(scope: Message) -> bool:
    if scope["method"] in ("POST", "PUT", "PATCH") or _values(
        scope, b"transfer-encoding"
    ):
        return True
    return any(length.strip() != b"0" for length in _values(scope, b"content-length"))


def _values(scope: Message, header: bytes) -> list[bytes]:
    """All values of a header, of which a request may hold several."""
    return [value for name, value in scope["headers"] if name.lower() == header]


def _is_json(values: list[bytes]) -> bool:
    if len(values) != 1:
        return False
    media_type, *parameters = [part.strip().lower() for part in values[0].split(b";")]
    return media_type == b"application/json" and set(parameters) <= {
        b"charset=utf-8",
        b'charset="utf-8"',
    }


async def _read(receive: Receive) -> bytes | None:
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
        if len(body) > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """A receive that gives a body that has been read, once, and then listens on."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
