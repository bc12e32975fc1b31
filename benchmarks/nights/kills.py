"""Nights killed at random moments: what readers see, and what a second run leaves.

    .venv/bin/python -m benchmarks.nights.kills --kills 300

A night by rules of a tiny book runs in a process of its own, which is killed (SIGKILL) after a time drawn between
nothing and what a night takes. After each kill readers must see last night or tonight, each file as published, and a
second run must give tonight to the byte, once, with nothing left over.
"""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.nights.children import begin, end
from benchmarks.nights.harmed import Nights, make_nights


def kill_at(nights: Nights, seconds: float) -> str:
    """Kills tonight after so many seconds and makes it good; what readers saw in between, or that it had ended.

    Raises:
        AssertionError: anything was not as it must be.
    """
    child = begin(nights.command, nights.tonight())
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    ended = end(child)
    seen = nights.seen()
    nights.mend()
    nights.forget_tonight()
    return seen if ended == -signal.SIGKILL else "ended before"


def usual_seconds(nights: Nights) -> float:
    """What tonight takes when nobody harms it."""
    begun = time.perf_counter()
    nights.mend()
    taken = time.perf_counter() - begun
    nights.forget_tonight()
    return taken


def main(
    kills: Annotated[int, typer.Option(min=1, help="How many.")] = 300,
    seed: Annotated[int, typer.Option(help="Of the moments.")] = 0,
) -> None:
    """Kills nights at random moments."""
    draws = random.Random(seed)
    with tempfile.TemporaryDirectory() as workplace:
        nights = make_nights(Path(workplace))
        longest = usual_seconds(nights)
        seen = Counter(kill_at(nights, draws.uniform(0, longest)) for _ in range(kills))
    for what, times in seen.most_common():
        typer.echo(f"{times:>5}  {what}")
    typer.echo(
        f"{kills} kills: none lost, none doubled, none half-visible; each rerun identical"
    )


if __name__ == "__main__":
    typer.run(main)
