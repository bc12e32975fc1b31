"""Whether the endpoint takes requests, with what, and what it would not take over: ``/readyz``."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus

from serving.endpoint.asgi import App, Message, Receive, Send
from serving.endpoint.champion import Champion
from serving.endpoint.problem import problem, refuse
from serving.endpoint.routes import needed

PATH = "/readyz"
_NO_CHAMPION = problem(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "server",
    found="no models that can be served",
    expected="some",
    mend="see what /readyz says, and ask again later",
)


class Readiness:
    """ASGI middleware that answers ``/readyz``, and 503 to what needs models while there are none.

    Args:
        app: what works.
        champion: gives that of this worker.
    """

    def __init__(self, app: App, champion: Callable[[], Champion]) -> None:
        self._app, self._champion = app, champion

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answers, or passes a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == PATH:
            await self._tell(scope, send)
        elif self._champion().version is None and needed(scope) is not None:
            again = (b"retry-after", b"5")
            await refuse(send, _NO_CHAMPION, again)
        else:
            await self._app(scope, receive, send)

    async def _tell(self, scope: Message, send: Send) -> None:
        champion = self._champion()
        version, since = champion.version, champion.since
        told = {
            "ready": version is not None,
            "model_version": version,
            "since": since and since.isoformat(timespec="seconds"),
            "refused": champion.refused,
        }
        body = json.dumps(told).encode()
        status = HTTPStatus.OK if version else HTTPStatus.SERVICE_UNAVAILABLE
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        sent = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": sent})
