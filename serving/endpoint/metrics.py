"""What operators see of the endpoint: requests by route and status, and how long they took. No label is a caller's."""

from __future__ import annotations

import os

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from serving.endpoint.asgi import App, Message, Receive, Send
from serving.endpoint.routes import label

REQUESTS = Counter(
    "pinch_requests", "Requests that were answered.", ["route", "status"]
)
SECONDS = Histogram(
    "pinch_request_seconds",
    "From a request's head to the end of its answer.",
    ["route"],
)


class Measured:
    """ASGI middleware that counts and times requests."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Passes a request on and looks at its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        route = label(scope["path"])

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                REQUESTS.labels(route, message["status"]).inc()
            await send(message)

        with SECONDS.labels(route).time():
            await self._app(scope, receive, noted)


def metrics() -> bytes:
    """All metrics, of all workers, as Prometheus reads them."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
