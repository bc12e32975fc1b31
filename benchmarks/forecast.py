"""How forecasts of a quarter do: past quarters of simulated companies, beside what happened and what is naive.

    .venv/bin/python -m benchmarks.forecast --accounts 1000 --months 36 --seeds 81 82 83

Prints a table in Markdown: of the losses and of the mix, how many of the 80% intervals held what happened, and the mean
absolute errors in accounts of the models, *as last quarter* and the Markov chain.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.knowable.known import company_of
from benchmarks.shared.say import say
from company import Knobs
from training.forecasts.past_quarters import past_quarters
from training.forecasts.record import Recorded, Verdict, record_of, verdicts
from training.past.observed import observe


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command."""
    asked = _parser().parse_args(arguments)
    print("| company | figure | held | error | as last quarter | Markov chain |")
    print("| --- | --- | --- | --- | --- | --- |")
    everything = []
    for seed in asked.seeds:
        record = recorded(seed, asked.accounts, asked.months)
        _print(f"seed {seed}", verdicts(record))
        everything += record
    _print("all", verdicts(everything))


def recorded(seed: int, accounts: int, months: int) -> list[Recorded]:
    """What was forecast of the past quarters of a company, and what happened."""
    say(f"seed {seed}")
    with company_of(seed, accounts, months, Knobs()) as firm:
        observed = observe(firm.book, firm.book.watermark)
        quarters = past_quarters(observed, progress=say)
        return record_of(quarters, observed.meaning.delay_days)


def _print(company: str, found: Sequence[Verdict]) -> None:
    for verdict in found:
        errors = (verdict.error, verdict.as_last, verdict.markov)
        shown = ["-" if error is None else f"{error:.1f}" for error in errors]
        held = f"{verdict.held} of {verdict.told}"
        print("| " + " | ".join([company, verdict.figure, held, *shown]) + " |")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measures forecasts of a quarter.")
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--seeds", type=int, nargs="+", default=[81, 82, 83])
    return parser


if __name__ == "__main__":
    main()
