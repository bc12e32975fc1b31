"""Runs the measurement and writes the page."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import pandas as pd

from benchmarks.knowable.diagnosis import diagnose
from benchmarks.knowable.known import WEEKS_BEFORE_END, as_of_before, company_of, learn
from benchmarks.knowable.leavers import look_at_leavers
from benchmarks.knowable.oracle import oracle_of
from benchmarks.knowable.page import Found, write_page
from benchmarks.knowable.shares import measure
from benchmarks.shared.command import page_parser
from benchmarks.shared.exam import ROOT
from benchmarks.shared.say import say
from models.score.horizon import HORIZONS

PAGE = ROOT / "docs" / "knowable.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command."""
    asked = _parser().parse_args(arguments)
    began = time.monotonic()
    losses, looked = [], []
    for seed in asked.seeds:
        with company_of(seed, asked.accounts, asked.months) as firm:
            say(
                f"seed {seed}: models of what was known {WEEKS_BEFORE_END} weeks before the end"
            )
            known = learn(firm.book, as_of_before(WEEKS_BEFORE_END))
            say(f"seed {seed}: the oracle at {len(HORIZONS)} horizons")
            ask = oracle_of(firm.world, known.now.frame)
            losses.append(measure(known, ask, asked.draws).assign(seed=seed))
            say(f"seed {seed}: causes of the leavers")
            looked.append(
                look_at_leavers(firm, known.models, asked.draws).assign(seed=seed)
            )
    diagnoses = [
        diagnose(seed, asked.accounts, asked.months, asked.draws)
        for seed in asked.diagnosed
    ]
    found = Found(
        pd.concat(losses, ignore_index=True),
        pd.concat(looked, ignore_index=True),
        diagnoses,
    )
    page = write_page(asked, found)
    asked.out.write_text(page)
    say(f"wrote {asked.out} after {time.monotonic() - began:.0f} s")
    print(page)


def _parser() -> argparse.ArgumentParser:
    summary = "Measures how much of the knowable the models know, and whether reasons name the true causes."
    parser = page_parser("knowable", summary, PAGE)
    parser.add_argument(
        "--accounts", type=int, default=3000, help="accounts of each simulated company"
    )
    parser.add_argument(
        "--seeds",
        type=int,
        nargs="+",
        default=[11, 12, 13],
        help="companies to judge on",
    )
    parser.add_argument(
        "--diagnosed",
        type=int,
        nargs="*",
        default=[1, 2],
        help="others, to say what more would help",
    )
    parser.add_argument(
        "--draws", type=int, default=300, help="futures that the oracle lives"
    )
    return parser


if __name__ == "__main__":
    main()
