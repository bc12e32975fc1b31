"""The log: a line of JSON each, with the id of the request that it is about, and a short line for each refusal."""

from __future__ import annotations

import logging
import re
import uuid
from contextvars import ContextVar

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from serving.endpoint.asgi import App, Message, Receive, Send, values
from serving.endpoint.quiet_log import WithoutMessages
from serving.endpoint.routes import ROUTES, label

ID = b"x-request-id"
_TAKEN = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_METHODS = {method for methods in ROUTES.values() for method in methods}
_REFUSED, _FAILED = 400, 500

_LEFT_OUT = ("levelname_bracketed", "component", "trace_msg", "service_name")
"""What BentoML adds to a record."""

log = logging.getLogger("bentoml.pinch")
_current: ContextVar[str | None] = ContextVar("request_id", default=None)


class Logged:
    """ASGI middleware that gives each request an id, or takes over its own, and logs what is not answered well."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Passes a request on; its answer has the id too."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = request_id(values(scope, ID))

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (ID, name.encode())]
                message = {**message, "headers": headers}
                _tell(scope, message["status"])
            await send(message)

        _current.set(name)
        await self._app(scope, receive, noted)


def request_id(given: list[bytes]) -> str:
    """The id that a request brings, if it is one and of safe characters; else a new one.

    Example:
        >>> request_id([b"3f2c-77"])
        '3f2c-77'
        >>> len(request_id([b"a b"])), len(request_id([b"a", b"b"]))
        (32, 32)
    """
    if len(given) == 1 and _TAKEN.fullmatch(given[0]):
        return given[0].decode()
    return uuid.uuid4().hex


def _tell(scope: Message, status: int) -> None:
    if status < _REFUSED:
        return
    method = scope["method"] if scope["method"] in _METHODS else "other"
    log.log(
        logging.WARNING if status >= _FAILED else logging.INFO,
        "%s %s refused: %d",
        method,
        label(scope["path"]),
        status,
    )


class _WithRequest(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _current.get()
        return True


def as_json(handler: logging.Handler) -> logging.Handler:
    """A handler, which writes lines of JSON from now on, without the messages of exceptions."""
    formatter = JsonFormatter(
        "%(asctime)s %(levelname)s %(message)s %(request_id)s %(process)d",
        rename_fields={"asctime": "time", "levelname": "level"},
        datefmt="%Y-%m-%dT%H:%M:%S%z",
        reserved_attrs=[*RESERVED_ATTRS, *_LEFT_OUT],
    )
    handler.setFormatter(formatter)
    handler.addFilter(WithoutMessages())
    handler.addFilter(_WithRequest())
    return handler


def log_as_json() -> None:
    """All handlers of the log write lines of JSON."""
    for name in (None, "bentoml", "uvicorn.error", "circus"):
        for handler in logging.getLogger(name).handlers:
            as_json(handler)
    logging.getLogger("uvicorn.error").propagate = False
