"""Runs the measurement and writes the page."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import Progress

from benchmarks.shared.command import page_parser
from benchmarks.shared.exam import (
    EXAMPLES,
    ROOT,
    Exam,
    company_exam,
    example_exam,
    has_data,
)
from benchmarks.themes.judging import Step, judge
from benchmarks.themes.page import write_page
from benchmarks.themes.variants import variants
from training.fitting.encoding import encoding_of

PAGE = ROOT / "docs" / "themes.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command."""
    asked = _parser().parse_args(arguments)
    began = time.monotonic()
    console = Console(stderr=True)
    at_hand = [name for name in asked.examples if has_data(name)]
    with Progress(console=console) as bar:
        task = bar.add_task("books", total=None)
        exams = list(
            _exams(asked, at_hand, lambda said: bar.update(task, description=said))
        )
        fits = [
            variant.seeds
            for exam in exams
            for variant in variants(encoding_of(exam.past).columns, asked.growings)
        ]
        bar.update(task, total=sum(map(len, fits)))
        results = [
            judge(
                exam,
                asked.growings,
                asked.draws,
                seed,
                lambda said: bar.update(task, description=said, advance=1),
            )
            for seed, exam in enumerate(exams)
        ]
    page = write_page(
        asked, results, [name for name in asked.examples if name not in at_hand]
    )
    asked.out.write_text(page)
    console.print(
        f"{asked.out}: {time.monotonic() - began:.0f} s, of which CPU {time.process_time():.0f} s"
    )


def _parser() -> argparse.ArgumentParser:
    summary = "Measures what each theme of features is worth."
    parser = page_parser("themes", summary, PAGE)
    parser.add_argument(
        "--accounts", type=int, default=2000, help="accounts of each simulated company"
    )
    parser.add_argument(
        "--seeds", type=int, nargs="*", default=[11, 12], help="simulated companies"
    )
    parser.add_argument(
        "--examples",
        nargs="*",
        default=list(EXAMPLES),
        choices=EXAMPLES,
        help="public books",
    )
    parser.add_argument(
        "--growings",
        type=int,
        default=3,
        help="times that each model is grown, by seeds of its own",
    )
    parser.add_argument(
        "--draws", type=int, default=1000, help="times that accounts are resampled"
    )
    return parser


def _exams(
    asked: argparse.Namespace, examples: Sequence[str], step: Step
) -> Iterator[Exam]:
    for seed in asked.seeds:
        step(f"simulated company {seed}")
        yield company_exam(asked.accounts, asked.months, seed)
    for name in examples:
        step(EXAMPLES[name].title)
        yield example_exam(name)


if __name__ == "__main__":
    main()
