"""Promotions and rollbacks of a server under load: what fails, what is mixed, and after how long each is seen.

``python -m benchmarks.promotions STORE`` works on a copy of a store with a champion, whose risks it shifts a little for
each version, so that an answer by one version under the name of another is found out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from models.fitted.calibration import Calibration
from models.registry.aliases import CHAMPION
from models.registry.registry import Registry
from models.registry.versions import CLEAN, DEFECTION, LEAKAGE, Record
from serving.champions import fetch_champions
from serving.scorer import Scorer, load_models

REQUEST = {
    "as_of": "2026-11-21",
    "accounts": [{"account_id": "C-1", "opened_at": "2026-01-01"}],
}
START_SECONDS, SEEN_SECONDS = 120.0, 60.0
STREAK = 10
"""Answers one after the other, each over a new connection, by which all workers are taken to have been asked."""
SHIFT = 0.05
"""What is added to the log-odds for each version."""


@dataclass
class Outcome:
    """What was seen.

    Attributes:
        answers: how many requests were answered, by version and risk at 90 days.
        failed: how many were not, by what came instead.
        seconds: after how long each promotion or rollback was answered with.
    """

    answers: dict[tuple[str, float], int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """How many there were."""
        return sum(self.answers.values()) + sum(self.failed.values())

    @property
    def mixed(self) -> int:
        """How many answers were by another version than they said: risks are one to one with versions."""
        versions = {version for version, _ in self.answers}
        usual = [
            max(count for (of, _), count in self.answers.items() if of == version)
            for version in versions
        ]
        return sum(self.answers.values()) - sum(usual)

    def note(self, answer: httpx.Response) -> None:
        """Counts an answer."""
        if answer.status_code != httpx.codes.OK:
            told = f"{answer.status_code} {answer.text[:200]}"
            self.failed[told] = self.failed.get(told, 0) + 1
            return
        said = answer.json()
        key = said["model_version"], said["predictions"][0]["risk_90d"]
        self.answers[key] = self.answers.get(key, 0) + 1


def run(
    store: Path, place: Path, *, promotions: int, rollbacks: int, requests: int
) -> Outcome:
    """Serves a store while its champion changes, and goes on asking until there were so many requests.

    Args:
        store: with a champion; it is changed.
        place: for files on their way.
        promotions: how many; they and the rollbacks are spread evenly.
        rollbacks: how many.
        requests: the fewest.
    """
    registry, outcome = Registry(str(store)), Outcome()
    scorer = load_models(fetch_champions(registry, _made(place / "first")))
    every = promotions // rollbacks if rollbacks else promotions + 1
    stop = threading.Event()
    with _served(store, place) as url:
        asking = threading.Thread(target=_ask, args=[url, outcome, stop])
        asking.start()
        try:
            for number in range(1, promotions + 1):
                _register(registry, scorer, number, place)
                registry.promote()
                outcome.seconds.append(_seen(url, registry))
                if number % every == 0:
                    registry.rollback()
                    outcome.seconds.append(_seen(url, registry))
            while outcome.requests < requests:
                time.sleep(0.2)
        finally:
            stop.set()
            asking.join()
    return outcome


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _register(registry: Registry, scorer: Scorer, number: int, place: Path) -> None:
    """Keeps the models once more, with other risks."""
    shift = Calibration(1.0, number * SHIFT)
    shifted = dict.fromkeys(scorer.defection.blends, shift)
    model = replace(scorer.defection, calibrations=shifted)
    record = Record(params={}, metrics={}, tags={LEAKAGE: CLEAN})
    with tempfile.TemporaryDirectory(dir=place) as workplace:
        registry.log(record, model, scorer.migration, Path(workplace))


def _seen(url: str, registry: Registry) -> float:
    """After how many seconds the champion answers, by whatever worker a new connection comes to."""
    started, streak, seconds = time.monotonic(), 0, SEEN_SECONDS
    number = registry.version(DEFECTION, CHAMPION).number
    while streak < STREAK and time.monotonic() - started < SEEN_SECONDS:
        told = httpx.post(f"{url}/predict", json=REQUEST, timeout=30).json()
        streak = streak + 1 if f"defection-{number} " in told["model_version"] else 0
        if streak == 1:
            seconds = time.monotonic() - started
    return seconds if streak == STREAK else SEEN_SECONDS


def _ask(url: str, outcome: Outcome, stop: threading.Event) -> None:
    with httpx.Client(base_url=url, timeout=30) as client:
        while not stop.is_set():
            try:
                outcome.note(client.post("/predict", json=REQUEST))
            except httpx.TransportError as error:
                told = type(error).__name__
                outcome.failed[told] = outcome.failed.get(told, 0) + 1


@contextmanager
def _served(store: Path, place: Path) -> Iterator[str]:
    """The address of a server of a store, of two workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "pinch", "serve", "--store", str(store)]
    settings = {"PINCH_PORT": str(port), "PINCH_WORKERS": "2"}
    with (place / "log").open("w") as log:
        server = subprocess.Popen(
            command,
            env={**os.environ, **settings, "BENTOML_HOME": str(place / "bentoml")},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(url)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _wait(url: str) -> None:
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last:
        try:
            if httpx.get(f"{url}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the server did not start; see its log")


def main() -> None:
    """Prints what was seen as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--promotions", type=int, default=20)
    parser.add_argument("--rollbacks", type=int, default=5)
    parser.add_argument("--requests", type=int, default=20_000)
    given = vars(parser.parse_args())
    with tempfile.TemporaryDirectory(prefix="pinch-promotions-") as folder:
        store = Path(folder) / "store"
        shutil.copytree(given.pop("store"), store)
        outcome = run(store, Path(folder), **given)
    told = {
        "requests": outcome.requests,
        "failed": outcome.failed,
        "mixed": outcome.mixed,
        "versions": len({version for version, _ in outcome.answers}),
        "seconds": [round(each, 2) for each in outcome.seconds],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
