"""What operators see of the endpoint: requests, answers, models. No label is a caller's.

The workers of a server write to files of one folder, which is its own and goes with it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from features.vocabulary.vocabularies import VOCABULARIES
from models.score.horizon import MIGRATION_HORIZON, risk_column
from serving.endpoint.answer_schemas import Prediction
from serving.endpoint.asgi import App, Message, Receive, Send
from serving.endpoint.routes import OTHER, label

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The setting by which prometheus_client knows the folder; BentoML gives all servers of a user the same."""
OWN = "PINCH_METRICS"
"""The setting by which the workers know the folder that the process that starts them has made."""


def _use_own_folder() -> None:
    """The process that starts workers makes the folder, and they use it."""
    if FOLDER not in os.environ:
        os.environ[OWN] = tempfile.mkdtemp(prefix="pinch-metrics-")
        atexit.register(shutil.rmtree, os.environ[OWN], ignore_errors=True)
    elif OWN in os.environ:
        os.environ[FOLDER] = os.environ[OWN]


_use_own_folder()

REQUESTS = Counter(
    "pinch_requests", "Requests that were answered.", ["route", "status"]
)
SECONDS = Histogram(
    "pinch_request_seconds",
    "From a request's head to the end of its answer.",
    ["route"],
)
ACCOUNTS = Counter("pinch_accounts", "Accounts that were scored.")
RISK = Histogram(
    "pinch_risk_90d",
    "The risk at 90 days of accounts that were scored.",
    buckets=[0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
)
_RISK = risk_column(MIGRATION_HORIZON)
_COLUMNS = {f"table {of.table}, {of.column}" for of in VOCABULARIES}
WARNINGS = Counter("pinch_warnings", "Warnings of answers.", ["reason"])
MODEL = Gauge(
    "pinch_model",
    "How many workers serve a version of the models.",
    ["version"],
    multiprocess_mode="livesum",
)
WATERMARK = Gauge(
    "pinch_watermark_seconds",
    "The end of the data that the models were trained on, in seconds since 1970.",
    multiprocess_mode="livemin",
)
REFUSED = Counter("pinch_models_refused", "Models that a worker would not take over.")


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


def note_answer(predictions: Iterable[Prediction], warnings: Iterable[str]) -> None:
    """Notes the risks at 90 days and the warnings of an answer; a warning counts by the column that it is about."""
    for prediction in predictions:
        ACCOUNTS.inc()
        risk = getattr(prediction, _RISK)
        if risk is not None:
            RISK.observe(risk)
    for warning in warnings:
        column = warning.partition(":")[0]
        WARNINGS.labels(column if column in _COLUMNS else OTHER).inc()


def note_champion(former: str | None, version: str, trained_until: str | None) -> None:
    """Notes which version this worker serves now, and until which day its training knew the data."""
    if former is not None:
        MODEL.labels(former).set(0)
    MODEL.labels(version).set(1)
    if trained_until is not None:
        moment = datetime.fromisoformat(trained_until).replace(tzinfo=UTC)
        WATERMARK.set(moment.timestamp())


def note_refused() -> None:
    """Notes that models were not taken over."""
    REFUSED.inc()


def metrics() -> bytes:
    """All metrics, of all workers, as Prometheus reads them."""
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY)
    _forget_dead(Path(os.environ[FOLDER]))
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _forget_dead(folder: Path) -> None:
    """What workers that are gone said of themselves counts no more; what they counted does."""
    for file in folder.glob("gauge_live*_*.db"):
        process = file.stem.rpartition("_")[2]
        if not Path("/proc", process).exists():
            mark_process_dead(int(process))  # type: ignore[no-untyped-call]
