"""What one account with its events costs the endpoint, and what MLflow's own server takes for its features alone.

    .venv/bin/python -m benchmarks.endpoint demo/book --store demo/store
    .venv/bin/python -m benchmarks.endpoint demo/book --store demo/store --serve

Processor time in this process: the median over many accounts of each step and of the whole. With ``--serve`` two
servers are started, the endpoint and MLflow's, which gets features that are ready; the processor time of each, of all
its processes, is taken over blocks of requests in turns. Then eight callers ask the endpoint at once.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import httpx
import numpy as np
import pandas as pd
import typer

from features.book.book import open_book
from features.past.few_accounts import ledger_of
from features.snapshot.measuring import measure
from models.registry.registry import Registry
from serving.champions import fetch_champions
from serving.endpoint.predictor import Predictor
from serving.endpoint.reading import read_request
from serving.scorer import load_models

ACCOUNTS = 100
"""Accounts around the median of interactions, each asked about alone."""
BLOCK, BLOCKS = 25, 8
"""Requests that one server gets before the other's turn, and turns of each."""
CALLERS, CALLS = 8, 25

Given = TypeVar("Given")


def median_ms(run: Callable[[Given], object], given: Sequence[Given]) -> float:
    """The median processor time of a call, in milliseconds, after some to warm up."""
    for one in given[:10]:
        run(one)
    times = []
    for one in given:
        start = time.process_time()
        run(one)
        times.append(time.process_time() - start)
    return statistics.median(times) * 1e3


def requests(book: Path, as_of: str) -> list[bytes]:
    """A request for each of some accounts, with all that a book holds of it, but for what is in quarantine."""
    tables = {
        name: pd.read_parquet(book / f"{name}.parquet")
        for name in ("accounts", "interactions", "surveys")
    }
    with open_book(book) as opened:
        bad = opened.quarantine
    for name, table in tables.items():
        rows = bad.loc[bad["table"] == name, "row"].astype(int) - 1
        good = table.drop(index=rows)
        tables[name] = good[good["account_id"].isin(typical(tables["interactions"]))]
    found: dict[str, dict[str, Any]] = {}
    for row in _as_json(tables["accounts"]):
        name, opened_at = row.pop("account_id"), row.pop("opened_at")
        found[name] = {"account_id": name, "opened_at": opened_at, "facts": row}
    for table in ("interactions", "surveys"):
        for row in _as_json(tables[table]):
            found[row.pop("account_id")].setdefault(table, []).append(row)
    return [
        json.dumps({"as_of": as_of, "accounts": [account]}).encode()
        for account in found.values()
    ]


def typical(interactions: pd.DataFrame) -> list[str]:
    """Accounts around the median of interactions."""
    counts = interactions["account_id"].value_counts()
    middle = len(counts) // 2
    return [str(name) for name in counts.index[middle : middle + ACCOUNTS]]


def _as_json(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = json.loads(table.to_json(orient="records", date_format="iso"))
    return [{k: v for k, v in row.items() if v is not None} for row in rows]


def tell_steps(predictor: Predictor, bodies: Sequence[bytes]) -> None:
    """Prints what each step costs, and the whole."""
    scorer = predictor.scorer
    read = [read_request(body, scorer.facts) for body in bodies]
    clean = [one.request.clean(scorer.facts) for one in read]
    measured = [predictor.book.measure_request(r.as_of, r.request) for r in read]
    answers = [predictor.predict(body) for body in bodies]
    as_of, first = np.array([read[0].as_of]), np.zeros(1, dtype=np.int64)
    steps: Mapping[str, float] = {
        "JSON": median_ms(json.loads, bodies),
        "reading, JSON among it": median_ms(
            lambda body: read_request(body, scorer.facts), bodies
        ),
        "cleaning": median_ms(lambda one: one.request.clean(scorer.facts), read),
        "features": median_ms(
            lambda tables: measure(ledger_of(tables), first, as_of), clean
        ),
        "scores and reasons": median_ms(
            lambda one: scorer.scores(one.columns), measured
        ),
        "answer as text": median_ms(lambda one: one.model_dump_json(), answers),
        "the whole": median_ms(predictor.predict, bodies),
    }
    rows = [len(one.request.account["interactions"]) for one in read]
    print(f"one account with {statistics.median(rows):.0f} interactions, in process")
    for name, milliseconds in steps.items():
        print(f"{name:24}{milliseconds:7.2f} ms")


@contextmanager
def server(
    command: Sequence[str], settings: Mapping[str, str], ready: str
) -> Iterator[tuple[int, str]]:
    """A server in a session of its own: its number and its address.

    Args:
        command: what starts it; a port is put behind.
        settings: of the environment.
        ready: the path that answers 200 when it is.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "--port", str(port)],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}{ready}")
        yield process.pid, url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _wait(url: str) -> None:
    for _ in range(240):
        try:
            if httpx.get(url).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise TimeoutError(url)


def processor_seconds(session: int) -> float:
    """What all processes of a session have used so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session:
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def tell_servers(
    store: str, models: Path, bodies: Sequence[bytes], ready: Sequence[bytes]
) -> None:
    """Prints the processor time of a request to each server, and how eight callers fare."""
    ours = ["bentoml", "serve", "serving.endpoint.service:Pinch"]
    theirs = [
        "mlflow",
        "models",
        "serve",
        "--model-uri",
        "models:/pinch-defection@champion",
        "--env-manager",
        "local",
    ]
    tracking = {"MLFLOW_TRACKING_URI": f"sqlite:///{Path(store).resolve()}/mlflow.db"}
    with (
        server(ours, {"PINCH_MODELS": str(models)}, "/readyz") as (pinch, url),
        server(theirs, tracking, "/ping") as (mlflow, other),
        httpx.Client(
            timeout=60, headers={"Content-Type": "application/json"}
        ) as client,
    ):
        asked = {
            pinch: (f"{url}/predict", bodies),
            mlflow: (f"{other}/invocations", ready),
        }
        used: dict[int, list[float]] = {pinch: [], mlflow: []}
        for turn in range(BLOCKS + 1):
            for session, (path, some) in asked.items():
                before = processor_seconds(session)
                for number in range(BLOCK):
                    client.post(path, content=some[number]).raise_for_status()
                if turn:  # the first turn warms up
                    used[session].append(
                        (processor_seconds(session) - before) / BLOCK * 1e3
                    )
        mine, their = (statistics.median(used[session]) for session in (pinch, mlflow))
        print(f"processor time of a request over HTTP: {mine:.1f} ms")
        print(f"MLflow on ready features: {their:.1f} ms, {their / mine:.1f} times")
        alone = statistics.median(_seconds(url, bodies, 1))
        slow = float(np.quantile(_seconds(url, bodies, CALLERS), 0.95))
        print(f"one caller waits {alone * 1e3:.0f} ms (p50)")
        print(
            f"of {CALLERS} at once {slow * 1e3:.0f} ms (p95), {slow / alone:.1f} times"
        )


def _seconds(url: str, bodies: Sequence[bytes], callers: int) -> list[float]:
    """How long each request of some callers takes."""

    def call(first: int) -> list[float]:
        waits = []
        with httpx.Client(
            timeout=60, headers={"Content-Type": "application/json"}
        ) as client:
            for number in range(CALLS):
                body = bodies[(first + number) % len(bodies)]
                start = time.perf_counter()
                client.post(f"{url}/predict", content=body).raise_for_status()
                waits.append(time.perf_counter() - start)
        return waits

    with ThreadPoolExecutor(callers) as pool:
        return [wait for waits in pool.map(call, range(callers)) for wait in waits]


def ready_features(predictor: Predictor, bodies: Sequence[bytes]) -> list[bytes]:
    """The features of each request, as MLflow takes them."""
    told = []
    for body in bodies:
        read = read_request(body, predictor.scorer.facts)
        frame = predictor.book.measure_request(read.as_of, read.request).frame
        told.append(f'{{"dataframe_split": {frame.to_json(orient="split")}}}'.encode())
    return told


def main(
    book: Path,
    store: str = "mlruns",
    as_of: str = "2026-11-21",
    serve: Annotated[bool, typer.Option(help="Start both servers as well.")] = False,
) -> None:
    """Prints a line for each figure."""
    bodies = requests(book, as_of)
    with tempfile.TemporaryDirectory() as folder:
        models = fetch_champions(Registry(store), Path(folder))
        predictor = Predictor(load_models(models))
        tell_steps(predictor, bodies)
        if serve:
            tell_servers(store, models, bodies, ready_features(predictor, bodies))


if __name__ == "__main__":
    typer.run(main)
