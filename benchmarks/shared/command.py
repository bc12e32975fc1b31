"""The command of a benchmark that writes a page: its options, and how the page says by which it was written."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path


def page_parser(name: str, summary: str, page: Path) -> argparse.ArgumentParser:
    """The options that all of them have: the length of simulated histories and the page to write."""
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}",
        description=summary,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--months", type=int, default=24, help="months of history")
    parser.add_argument("--out", type=Path, default=page, help="the page to write")
    return parser


def as_asked(name: str, asked: argparse.Namespace, numbers: Sequence[str]) -> str:
    """The command that writes a page on companies and public books again.

    Args:
        name: of the benchmark.
        asked: its options.
        numbers: those that are a number each, in order.
    """
    one_each = [f"--{number} {getattr(asked, number)}" for number in numbers]
    seeds = " ".join(["--seeds", *map(str, asked.seeds)])
    examples = " ".join(["--examples", *asked.examples])
    chosen = " ".join([*one_each, seeds, examples])
    return (
        f"PINCH_DATA=/where/the/data/is .venv/bin/python -m benchmarks.{name} {chosen}"
    )
