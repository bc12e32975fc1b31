"""What an unattended night costs, step by step.

    .venv/bin/python -m benchmarks.night --accounts 1000000 --interactions 100000000

Writes a book of so many accounts and interactions over 24 months, in no order, and trains models on a small book of the
same kind. Then ``pinch night`` runs on the large one, in a process of its own. Each step is told with its seconds, its
CPU, its share of the CPU, and the most memory that the process had held by its end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from benchmarks.big_book import write_book

TRAINED_ON = 2_000
"""Accounts of the book that the models are trained on, with a hundred interactions each."""
FEATURES = ("book", "check", "snapshot")
"""Steps up to the features; the others score, write and publish."""

_PINCH = (sys.executable, "-m", "pinch")

Steps = Sequence[Mapping[str, Any]]


def _pinch(*arguments: object) -> str:
    """Runs a command; what it prints. What it says of errors is seen."""
    asked = [*_PINCH, *map(str, arguments)]
    ran = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True)
    return ran.stdout


def make_store(folder: Path) -> Path:
    """A store whose champion was trained on a small book."""
    book, store = folder / "small", folder / "store"
    write_book(book, TRAINED_ON * 100, TRAINED_ON, shuffled=False)
    _pinch("train", book, "--store", store, "--out", folder / "training")
    _pinch("promote", "--store", store, "--anyway", "a book of chance, to take time of")
    return store


def night_of(book: Path, store: Path, more: Sequence[str]) -> Steps:
    """The steps of a night, as ``pinch night`` tells them."""
    said = _pinch("night", book, "--store", store, "--json", *more)
    lines = [json.loads(line) for line in said.splitlines()]
    return [line for line in lines if line["event"] == "step"]


def told(steps: Steps) -> list[str]:
    """A line for each step, and a last one on features beside the rest."""
    whole = sum(step["cpu_seconds"] for step in steps)
    lines = ["| step | seconds | CPU | share | peak GiB |", "|---|---|---|---|---|"]
    for step in steps:
        cpu, peak = step["cpu_seconds"], step["peak_bytes"] / 2**30
        lines.append(
            f"| {step['step']} | {step['seconds']:.1f} | {cpu:.1f} | {cpu / whole:.0%} | {peak:.2f} |"
        )
    features = sum(s["cpu_seconds"] for s in steps if s["step"] in FEATURES)
    rest = sum(
        s["cpu_seconds"] for s in steps if s["step"] not in (*FEATURES, "models")
    )
    return [
        *lines,
        f"features {features:.1f} s of CPU, scoring to publishing {rest:.1f} s",
    ]


def main(
    accounts: Annotated[int, typer.Option(min=10)] = 50_000,
    interactions: Annotated[int, typer.Option(min=1_000)] = 5_000_000,
    folder: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Where books and store lie, and stay; made where missing."),
    ] = None,
    memory_limit: Annotated[str, typer.Option(help="As of pinch night.")] = "",
) -> None:
    """Times a night."""
    with tempfile.TemporaryDirectory() as spare:
        place = folder or Path(spare)
        book, store = place / "book", place / "store"
        if not store.exists():
            make_store(place)
        if not book.exists():
            write_book(book, interactions, accounts, shuffled=True)
        more = ["--force", "--limits-ok", "--stale-ok"]
        more += ["--memory-limit", memory_limit] if memory_limit else []
        for line in told(night_of(book, store, more)):
            typer.echo(line)
        typer.echo(
            f"{accounts:,} accounts, {interactions:,} interactions, {os.cpu_count()} CPUs"
        )


if __name__ == "__main__":
    typer.run(main)
