"""How long the endpoint takes for one account with its events, and where the time goes.

    .venv/bin/python benchmarks/endpoint.py demo/book --store demo/store

In one process, without HTTP: the median over many answers of reading the request, of the features and of the scores,
and as the reference the features alone of a hundred accounts at once, per account. With ``--url`` also the whole over
HTTP, against a server started with ``pinch serve``.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import httpx
import pandas as pd
import typer

from features.book.book import open_book
from features.engine import instant
from features.snapshot.of_request import LiveBook
from models.registry.registry import Registry
from serving.champions import fetch_champions
from serving.endpoint.request_schemas import PredictRequest, rows_of
from serving.scorer import load_models

REPEATS = 200


def median_ms(run: Callable[[], object]) -> float:
    """The median time of a call, in milliseconds, over many calls after some to warm up."""
    for _ in range(10):
        run()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def request(book: Path, as_of: str, accounts: list[str]) -> dict[str, object]:
    """A request with all that a book holds of some accounts, but for what is in quarantine."""
    tables = {
        name: pd.read_parquet(book / f"{name}.parquet")
        for name in ("accounts", "interactions", "surveys")
    }
    with open_book(book) as opened:
        bad = opened.quarantine
    tables = {
        name: t.drop(index=bad.loc[bad["table"] == name, "row"].astype(int) - 1)
        for name, t in tables.items()
    }
    chosen = {
        name: table[table["account_id"].isin(accounts)]
        for name, table in tables.items()
    }
    rows = {
        name: json.loads(table.to_json(orient="records", date_format="iso"))
        for name, table in chosen.items()
    }
    described = {
        row.pop("account_id"): {"opened_at": row.pop("opened_at"), "facts": row}
        for row in rows["accounts"]
    }
    for name, account in described.items():
        account["account_id"] = name
        for table in ("interactions", "surveys"):
            mine = [row for row in rows[table] if row["account_id"] == name]
            account[table] = [
                {k: v for k, v in row.items() if v is not None and k != "account_id"}
                for row in mine
            ]
    return {"as_of": as_of, "accounts": list(described.values())}


def typical_accounts(book: Path, many: int) -> list[str]:
    """Accounts around the median of interactions."""
    counts = pd.read_parquet(book / "interactions.parquet")["account_id"].value_counts()
    middle = len(counts) // 2
    return [str(name) for name in counts.index[middle : middle + many]]


def main(
    book: Path,
    store: str = "mlruns",
    as_of: str = "2026-11-21",
    url: Annotated[str, typer.Option(help="Such as http://127.0.0.1:3000")] = "",
) -> None:
    """Prints a line for each part."""
    one = request(book, as_of, typical_accounts(book, 1))
    many = PredictRequest.model_validate(
        request(book, as_of, typical_accounts(book, 100))
    )
    text = json.dumps(one)
    asked = PredictRequest.model_validate_json(text)
    with tempfile.TemporaryDirectory() as folder:
        scorer = load_models(fetch_champions(Registry(store), Path(folder)))
    live, moment = LiveBook(scorer.facts), instant(asked.as_of)
    frame = live.snapshot(moment, rows_of(asked))
    print(
        f"one account with {len(asked.accounts[0].interactions)} interactions, medians of {REPEATS}"
    )
    print(
        f"reading the request  {median_ms(lambda: PredictRequest.model_validate_json(text)):7.2f} ms"
    )
    print(
        f"features             {median_ms(lambda: live.snapshot(moment, rows_of(asked))):7.2f} ms"
    )
    print(f"scores and reasons   {median_ms(lambda: scorer.score(frame)):7.2f} ms")
    print(
        f"features of 100 at once, each {median_ms(lambda: live.snapshot(moment, rows_of(many))) / 100:7.2f} ms"
    )
    if url:
        with httpx.Client() as client:
            answer = client.post(f"{url}/predict", json=one)
            answer.raise_for_status()
            print(
                f"over HTTP            {median_ms(lambda: client.post(f'{url}/predict', json=one)):7.2f} ms"
            )


if __name__ == "__main__":
    typer.run(main)
