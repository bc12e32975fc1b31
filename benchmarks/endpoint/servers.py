"""Servers asked over HTTP: what each takes of the processor for a request, and how eight callers at once fare."""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np

BLOCK, BLOCKS = 25, 8
"""Requests that one server gets before the other's turn, and turns of each."""
CALLERS, CALLS = 8, 25


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
    beside = Path(sys.executable).parent  # MLflow looks for uvicorn by its name
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "--port", str(port)],
        env=os.environ | settings | {"PATH": f"{beside}:{os.environ['PATH']}"},
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


def processor_seconds(server: int) -> float:
    """What a process and all below it have used so far."""
    parent, ticks = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        process = int(stat.parent.name)
        parent[process], ticks[process] = int(fields[1]), sum(map(int, fields[11:15]))
    mine = [process for process in ticks if _is_below(process, server, parent)]
    return sum(ticks[process] for process in mine) / os.sysconf("SC_CLK_TCK")


def _is_below(process: int, server: int, parent: Mapping[int, int]) -> bool:
    while process != server and process in parent:
        process = parent[process]
    return process == server


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
