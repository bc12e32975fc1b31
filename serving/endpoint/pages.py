"""What anybody may read of the endpoint: its front page, its description, its metrics."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from serving.endpoint.docs_page import docs_page
from serving.endpoint.front_page import PAGE
from serving.endpoint.html import HEADERS, ICON
from serving.endpoint.metrics import metrics
from serving.endpoint.openapi import description


def front_page(_: Request) -> Response:
    """What is here."""
    return Response(PAGE, media_type="text/html", headers=HEADERS)


def icon(_: Request) -> Response:
    """The four quadrants."""
    return Response(ICON, media_type="image/svg+xml", headers=HEADERS)


def docs_for_people(_: Request) -> Response:
    """The description as a page."""
    return Response(docs_page(), media_type="text/html", headers=HEADERS)


def docs(_: Request) -> Response:
    """The OpenAPI description."""
    return JSONResponse(description())


def measured(_: Request) -> Response:
    """The metrics."""
    return Response(metrics(), media_type="text/plain; version=0.0.4")
