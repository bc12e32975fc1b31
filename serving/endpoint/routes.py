"""The routes of the endpoint: all there are, and who may use each, so that nothing else is answered or passed on."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.routing import compile_path

from serving.endpoint.asgi import App, Message, Receive, Send
from serving.endpoint.keys import Scope
from serving.endpoint.problem import Problem, problem, refuse

Methods = Mapping[str, Scope | None]
"""The methods of a path, each with the scope that a key must have for it; None is open to everybody."""


def _get(scope: Scope | None) -> Methods:
    return {"GET": scope, "HEAD": scope}


ROUTES: Mapping[str, Methods] = {
    "/": _get(None),
    "/predict": {"POST": Scope.ACT},
    "/accounts": {"POST": Scope.ACT},
    "/accounts/{account_id:path}": _get(Scope.READ),
    "/list": _get(Scope.READ),
    "/models": _get(Scope.READ),
    "/docs": _get(None),
    "/docs.json": _get(None),
    "/favicon.ico": _get(None),
    "/livez": _get(None),
    "/readyz": _get(None),
    "/healthz": _get(None),
    "/metrics": _get(Scope.ADMIN),
}
"""Each path, as Starlette writes it, and its methods."""

OTHER = "other"
"""What stands for every other path, which may hold anything, an id too."""

_PATTERNS = {path: compile_path(path)[0] for path in ROUTES}


def label(path: str) -> str:
    """What a path is called where it is measured: its route, without what a caller put into it."""
    if path in ROUTES:
        return path
    for route, pattern in _PATTERNS.items():
        if pattern.match(path):
            return route
    return OTHER


def needed(scope: Message) -> Scope | None:
    """The scope that a request to a known route and method needs; None where it is open."""
    return ROUTES[label(scope["path"])][scope["method"]]


_NOWHERE = problem(
    HTTPStatus.NOT_FOUND,
    "path",
    found="another path",
    expected=f"one of {', '.join(ROUTES)}",
    mend="see /docs.json",
)


def _other_method(allowed: str) -> Problem:
    return problem(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method",
        found="another method",
        expected=allowed,
        mend="see /docs.json",
    )


class KnownRoutes:
    """ASGI middleware that answers 404 and 405 itself; no web socket is opened."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Passes a request on if there is a route for it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        route = label(scope["path"])
        if route == OTHER:
            await refuse(send, _NOWHERE)
        elif scope["method"] not in ROUTES[route]:
            allowed = ", ".join(sorted(ROUTES[route]))
            header = (b"allow", allowed.encode())
            await refuse(send, _other_method(allowed), header)
        else:
            await self._app(scope, receive, send)
