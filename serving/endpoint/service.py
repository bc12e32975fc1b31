"""The endpoint: a thin adapter from HTTP to the predictor. The one place that knows BentoML.

BentoML runs the workers and says whether they live; all other routes are ours, and it sees nothing that is not one of
them (docs/adr/0020). The models are read from the folder that the setting ``PINCH_MODELS`` names.
"""

from __future__ import annotations

import asyncio
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path

import bentoml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from features.errors import ModelError
from serving.endpoint.faults import UnfitError
from serving.endpoint.front_page import HEADERS, ICON, PAGE
from serving.endpoint.json_only import JsonOnly
from serving.endpoint.metrics import Measured, metrics
from serving.endpoint.openapi import description
from serving.endpoint.predictor import Predictor
from serving.endpoint.problem import MEDIA_TYPE, Problem, problem, problem_of
from serving.endpoint.quiet_log import WithoutMessages
from serving.endpoint.routes import KnownRoutes
from serving.scorer import load_models

MODELS = "PINCH_MODELS"
THREADS = 4
OUR_ERROR = "found an error of ours; expected none; to mend: tell us what the log of the server says"

log = logging.getLogger("bentoml.pinch")
for name in (
    "bentoml.pinch",
    "bentoml.serve",
    "bentoml._internal.server.http_app",
    "uvicorn.error",
):
    logging.getLogger(name).addFilter(WithoutMessages())


async def predict(request: Request) -> Response:
    """Answers in a thread: however large a request is, the next one is heard meanwhile."""
    pinch = bentoml.get_current_service()
    return await asyncio.get_running_loop().run_in_executor(
        pinch.threads, pinch.answer, await request.body()
    )


def front_page(_: Request) -> Response:
    """What is here."""
    return Response(PAGE, media_type="text/html", headers=HEADERS)


def icon(_: Request) -> Response:
    """The four quadrants."""
    return Response(ICON, media_type="image/svg+xml", headers=HEADERS)


def docs(_: Request) -> Response:
    """The OpenAPI description."""
    return JSONResponse(description())


def measured(_: Request) -> Response:
    """The metrics."""
    return Response(metrics(), media_type="text/plain; version=0.0.4")


app = Starlette(
    routes=[
        Route("/", front_page),
        Route("/favicon.ico", icon),
        Route("/docs.json", docs),
        Route("/metrics", measured),
        Route("/predict", predict, methods=["POST"]),
    ]
)


@bentoml.asgi_app(app)
@bentoml.service(
    name="pinch",
    traffic={"timeout": 30},
    metrics={"enabled": False},
    logging={"access": {"enabled": False}},
    tracing={"excluded_urls": ".*"},
)
class Pinch:
    """Scores accounts from their raw interactions and surveys."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(THREADS)
        self._predictor = Predictor(load_models(_models_folder()))

    def answer(self, body: bytes) -> Response:
        """The answer to the body of a request, or why there is none; an error is logged by its place alone."""
        try:
            answer = self._predictor.predict(body)
        except UnfitError as unfit:
            log.info("POST /predict refused: 400, %d found", unfit.faults.count)
            return _refused(problem_of(unfit.faults))
        except Exception:
            log.exception("POST /predict failed")
            return _refused(problem(HTTPStatus.INTERNAL_SERVER_ERROR, OUR_ERROR))
        return Response(
            answer.model_dump_json(exclude_unset=True), media_type="application/json"
        )


def _refused(refused: Problem) -> Response:
    return Response(
        refused.model_dump_json(), status_code=refused.status, media_type=MEDIA_TYPE
    )


def _models_folder() -> Path:
    """The folder that the setting names."""
    named = os.environ.get(MODELS, "").strip()
    if not named:
        raise ModelError(
            where=f"the setting {MODELS}",
            found="nothing",
            expected="the folder of the models to serve",
            mend=f"start the endpoint by pinch serve, or set {MODELS}",
        )
    return Path(named)


for middleware in (Measured, KnownRoutes, JsonOnly):
    Pinch.add_asgi_middleware(middleware)  # type: ignore[attr-defined]
