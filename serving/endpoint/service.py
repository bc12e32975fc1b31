"""The endpoint: a thin adapter from HTTP to the predictor. The one place that knows BentoML.

BentoML runs the workers and says whether they live; all other routes are ours, and it sees nothing that is not one of
them (docs/adr/0020). What may be set is in `serving.endpoint.settings`.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import bentoml
from limits import parse
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from serving.endpoint.access import Guarded
from serving.endpoint.admission import Admitted
from serving.endpoint.champion import Champion
from serving.endpoint.checking import Checker
from serving.endpoint.impatient import close_idle_connections
from serving.endpoint.json_only import JsonOnly
from serving.endpoint.keys import KeyRing
from serving.endpoint.metrics import Measured
from serving.endpoint.nights import Nights
from serving.endpoint.pages import docs, docs_for_people, front_page, icon, measured
from serving.endpoint.predict import predict
from serving.endpoint.predictor import Predictor
from serving.endpoint.readiness import Readiness
from serving.endpoint.request_log import Logged, log_as_json
from serving.endpoint.routes import KnownRoutes
from serving.endpoint.served_models import served_models
from serving.endpoint.settings import models_folder, read_settings
from serving.endpoint.stopping import refuse_when_stopping
from serving.endpoint.stored_accounts import account, accounts
from serving.endpoint.tonights_list import tonights_list
from serving.endpoint.unpacking import Unpacked
from serving.scorer import Scorer

log = logging.getLogger("bentoml.pinch")
settings = read_settings()
log_as_json()
close_idle_connections(settings.idle_seconds)
refuse_when_stopping()

app = Starlette(
    routes=[
        Route("/", front_page),
        Route("/favicon.ico", icon),
        Route("/docs", docs_for_people),
        Route("/docs.json", docs),
        Route("/metrics", measured),
        Route("/predict", predict, methods=["POST"]),
        Route("/accounts", accounts, methods=["POST"]),
        Route("/accounts/{account_id:path}", account),
        Route("/list", tonights_list),
        Route("/models", served_models),
    ],
    middleware=[Middleware(GZipMiddleware, compresslevel=1)],
)


def serve(scorer: Scorer) -> None:
    """From now on requests are answered by a scorer; those under way go on with theirs."""
    app.state.predictor = Predictor(scorer)


@bentoml.asgi_app(app)
@bentoml.service(
    name="pinch",
    workers=settings.workers,
    http={"host": str(settings.host), "port": settings.port},
    traffic={"timeout": 10 * (settings.seconds + settings.body_seconds)},
    metrics={"enabled": False},
    logging={"access": {"enabled": False}},
    tracing={"excluded_urls": ".*"},
)
class Pinch:
    """Scores accounts from their raw interactions and surveys."""

    def __init__(self) -> None:
        app.state.threads = ThreadPoolExecutor(settings.threads)
        app.state.nights = Nights(settings.night, settings.erased_from)
        models = models_folder(read_settings())
        checker = None if settings.watched else Checker()
        app.state.champion = Champion(models, checker, serve)
        app.state.champion.start()
        if settings.keys is None:
            log.warning("no keys: only this machine is answered")


def _add_layers() -> None:
    """What stands between uvicorn and the routes, from the outermost inwards."""
    add = Pinch.add_asgi_middleware  # type: ignore[attr-defined]
    add(Logged)
    add(Measured)
    add(KnownRoutes)
    keys = None if settings.keys is None else KeyRing(settings.keys)
    add(Guarded, keys=keys, rate=parse(settings.rate))
    most = settings.threads + settings.waiting
    add(Readiness, champion=lambda: app.state.champion)
    add(Admitted, most=most, seconds=settings.seconds + settings.body_seconds)
    add(JsonOnly, most_bytes=settings.most_bytes, seconds=settings.body_seconds)
    add(Unpacked, most_bytes=settings.most_bytes)


_add_layers()
