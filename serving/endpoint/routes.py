"""The routes of the endpoint: all there are, so that nothing else is answered, measured or passed on."""

from __future__ import annotations

from collections.abc import Mapping, Set
from http import HTTPStatus

from serving.endpoint.asgi import App, Message, Receive, Send
from serving.endpoint.problem import problem, refuse

GET = frozenset({"GET", "HEAD"})
POST = frozenset({"POST"})

ROUTES: Mapping[str, Set[str]] = {
    "/": GET,
    "/predict": POST,
    "/docs.json": GET,
    "/favicon.ico": GET,
    "/livez": GET,
    "/readyz": GET,
    "/healthz": GET,
    "/metrics": GET,
}
"""The methods of each path."""

OTHER = "other"
"""What stands for every other path, which may hold anything, an id too."""


def label(path: str) -> str:
    """What a path is called where it is measured."""
    return path if path in ROUTES else OTHER


class KnownRoutes:
    """ASGI middleware that answers 404 and 405 itself; no web socket is opened."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Passes a request on if there is a route for it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close"})
        elif scope["path"] not in ROUTES:
            detail = f"found another path; expected one of {', '.join(ROUTES)}; to mend: see /docs.json"
            await refuse(send, problem(HTTPStatus.NOT_FOUND, detail))
        elif scope["method"] not in ROUTES[scope["path"]]:
            allowed = ", ".join(sorted(ROUTES[scope["path"]]))
            detail = (
                f"found another method; expected {allowed}; to mend: see /docs.json"
            )
            await refuse(
                send,
                problem(HTTPStatus.METHOD_NOT_ALLOWED, detail),
                (b"allow", allowed.encode()),
            )
        else:
            await self._app(scope, receive, send)
