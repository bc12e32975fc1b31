"""The endpoint: a thin adapter from HTTP to the predictor. The one place that knows BentoML.

BentoML runs the workers and says whether they live; all other routes are ours, and it sees nothing that is not one of
them (docs/adr/0020). The models are read from the folder that the setting ``PINCH_MODELS`` names.
"""

from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bentoml
from starlette.applications import Starlette
from starlette.routing import Route

from features.errors import ModelError
from serving.endpoint.json_only import JsonOnly
from serving.endpoint.metrics import Measured
from serving.endpoint.pages import docs, front_page, icon, measured
from serving.endpoint.predict import predict
from serving.endpoint.predictor import Predictor
from serving.endpoint.quiet_log import WithoutMessages
from serving.endpoint.routes import KnownRoutes
from serving.scorer import load_models

MODELS = "PINCH_MODELS"
THREADS = 4

for name in (
    "bentoml.pinch",
    "bentoml.serve",
    "bentoml._internal.server.http_app",
    "uvicorn.error",
):
    logging.getLogger(name).addFilter(WithoutMessages())


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
        app.state.threads = ThreadPoolExecutor(THREADS)
        app.state.predictor = Predictor(load_models(_models_folder()))


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
