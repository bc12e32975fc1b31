"""What one account with its events costs the endpoint, and what MLflow's own server takes for its features alone.

    .venv/bin/python -m benchmarks.endpoint demo/book --store demo/store
    .venv/bin/python -m benchmarks.endpoint demo/book --store demo/store --serve

Processor time in this process: the median over many accounts of each step and of the whole. With ``--serve`` two
servers are started, the endpoint and MLflow's, which gets features that are ready; the processor time of each, of all
its processes, is taken over blocks of requests in turns. Then eight callers ask the endpoint at once.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
import pandas as pd
import typer

from benchmarks.endpoint.servers import tell_servers
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
