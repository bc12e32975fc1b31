"""Bodies that were packed by gzip: unpacked up to the limit of a body, in a thread."""

from __future__ import annotations

import asyncio
import zlib
from http import HTTPStatus

from serving.endpoint.asgi import App, Message, Receive, Send, values
from serving.endpoint.json_only import large, replaying
from serving.endpoint.problem import RefusedError, problem, refuse

ENCODING = b"content-encoding"
_PLACE = "header Content-Encoding"
_GZIP = 16 + zlib.MAX_WBITS


class Unpacked:
    """ASGI middleware that gives on what was packed; it stands behind `serving.endpoint.json_only.JsonOnly`.

    Args:
        app: what is given the body.
        most_bytes: that the unpacked body may have.
    """

    def __init__(self, app: App, most_bytes: int) -> None:
        self._app, self._most = app, most_bytes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Unpacks a body, or refuses it."""
        named = [] if scope["type"] != "http" else values(scope, ENCODING)
        if not named:
            await self._app(scope, receive, send)
            return
        if [name.strip().lower() for name in named] != [b"gzip"]:
            await refuse(send, _OTHER, (b"accept-encoding", b"gzip"))
            return
        packed = (await receive()).get("body", b"")
        try:
            body = await asyncio.to_thread(_unpack, packed, self._most)
        except RefusedError as refused:
            await refuse(send, refused.problem)
            return
        left = [header for header in scope["headers"] if header[0].lower() != ENCODING]
        await self._app({**scope, "headers": left}, replaying(body, receive), send)


def _unpack(packed: bytes, most: int) -> bytes:
    """What was packed.

    Raises:
        RefusedError: it is larger than the limit, or no whole gzip.
    """
    unpacker = zlib.decompressobj(_GZIP)
    try:
        body = unpacker.decompress(packed, most + 1)
    except zlib.error:
        raise RefusedError(_DAMAGED) from None
    if len(body) > most:
        raise RefusedError(large(most))
    if not unpacker.eof or unpacker.unused_data:
        raise RefusedError(_DAMAGED)
    return body


_OTHER = problem(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    _PLACE,
    found="another encoding, or several",
    expected="gzip, or none",
    mend="pack it by gzip, or send it as it is",
)


_DAMAGED = problem(
    HTTPStatus.BAD_REQUEST,
    "body",
    found="no whole gzip",
    expected="one, as Content-Encoding says",
    mend="pack it again",
)
