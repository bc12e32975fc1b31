"""The endpoint as its own processes, started as BentoML starts it and asked over HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[1]
START_SECONDS = 60
STOP_SECONDS = 15


class Server:
    """A running endpoint and its log."""

    def __init__(self, port, log, process):
        self.url, self.port = f"http://127.0.0.1:{port}", port
        self.client = httpx.Client(base_url=self.url, timeout=30)
        self.process, self._log = process, log

    def post(self, body, **headers):
        """Posts an object as JSON, or bytes as they are."""
        content = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self.client.post(
            "/predict",
            content=content,
            headers={"Content-Type": "application/json"} | headers,
        )

    def log(self):
        return self._log.read_text()

    def wait(self, status=200):
        """Waits until the endpoint says whether it is ready."""
        last = time.monotonic() + START_SECONDS
        while time.monotonic() < last and self.process.poll() is None:
            try:
                if self.client.get("/readyz").status_code == status:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)
        pytest.fail(f"the endpoint did not start:\n{self.log()[-2000:]}")


def free_port():
    """A port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def served(folder, command=None, ready=200, cwd=ROOT, **settings):
    """A server with these settings until the end of the block; its log is in the folder."""
    port, log = free_port(), folder / "log"
    environment = {
        "PINCH_PORT": str(port),
        "BENTOML_DO_NOT_TRACK": "true",
        "BENTOML_HOME": str(folder / "bentoml"),
        "PYTHONUNBUFFERED": "1",
        **{name: str(value) for name, value in settings.items()},
    }
    bentoml = [sys.executable, "-m", "bentoml", "serve"]
    with log.open("w") as written:
        process = subprocess.Popen(
            command or [*bentoml, "serving.endpoint.service:Pinch"],
            cwd=cwd,
            env=os.environ | environment,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        started = Server(port, log, process)
        started.wait(ready)
        yield started
    finally:
        _stop(process)


def _stop(process):
    """Stops a server, and whatever it leaves."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(STOP_SECONDS)
    except ProcessLookupError:
        return
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
