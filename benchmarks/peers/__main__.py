"""Runs the comparison and writes the page."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import Progress

from benchmarks.peers.exams import exams
from benchmarks.peers.figures import measure
from benchmarks.peers.models import peers_at_hand
from benchmarks.peers.page import write_page
from benchmarks.shared.command import page_parser
from benchmarks.shared.exam import EXAMPLES, ROOT, has_data

PAGE = ROOT / "docs" / "peers.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command."""
    asked = _parser().parse_args(arguments)
    began = time.monotonic()
    console = Console(stderr=True)
    peers = peers_at_hand(asked.budget)
    at_hand = [name for name in asked.examples if has_data(name)]
    with Progress(console=console) as bar:
        task = bar.add_task(
            "books", total=(len(at_hand) + len(asked.seeds)) * len(peers)
        )
        results = [
            measure(
                exam,
                peers,
                asked.draws,
                lambda said: bar.update(task, description=said, advance=1),
            )
            for exam in exams(asked, at_hand)
        ]
    skipped = [name for name in asked.examples if name not in at_hand]
    asked.out.write_text(write_page(asked, results, skipped))
    console.print(
        f"{asked.out}: {time.monotonic() - began:.0f} s, of which CPU {time.process_time():.0f} s"
    )


def _parser() -> argparse.ArgumentParser:
    summary = "Compares Pinch with its peers."
    parser = page_parser("peers", summary, PAGE)
    parser.add_argument(
        "--accounts", type=int, default=1200, help="accounts of each simulated company"
    )
    parser.add_argument(
        "--seeds", type=int, nargs="*", default=[1, 2, 3], help="simulated companies"
    )
    parser.add_argument(
        "--examples", nargs="*", default=list(EXAMPLES), choices=EXAMPLES
    )
    parser.add_argument(
        "--budget", type=int, default=60, help="seconds of each search by FLAML"
    )
    parser.add_argument(
        "--draws", type=int, default=1000, help="times that accounts are resampled"
    )
    return parser


if __name__ == "__main__":
    main()
