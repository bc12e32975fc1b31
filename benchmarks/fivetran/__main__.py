"""How the sample company fares by the way of exports: the same rows, and how well models tell who leaves.

Run it as ``.venv/bin/python -m benchmarks.fivetran``; ``--help`` tells its settings.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from statistics import fmean

import pandas as pd
import typer

from benchmarks.fivetran.exports import write_exports
from benchmarks.shared.say import say
from company import write_sample
from features.book.book import Book, open_book
from features.engine import instant
from features.sources.connectors.making import make_book
from training.evaluation.walk_forward import evaluate
from training.past.observed import observe

SOURCES = ("salesforce", "zendesk", "csv")
HORIZON = 90
DATES = [date(2026, month, 1) for month in range(2, 8)]
_TOLD = """
    select regexp_replace(cast(account_id as varchar), '^[a-z]+:', '') as account_id, cast(kind as varchar) as kind,
        occurred_us // 86400000000 as day, round(value, 6) as value
    from interactions"""


def auc(book: Book, day: date) -> float:
    """The AUC of our model at a date, of who leaves within the horizon."""
    found = evaluate(observe(book, instant(day), None), [HORIZON])
    (ours,) = [row for row in found.defection if row["model"] == "pinch"]
    return float(ours["auc"])


def differing_rows(one: Book, other: Book) -> int:
    """How many interactions are in one book and not in the other, by account, kind, day and value."""
    counted = [pd.Series(book.ask(_TOLD)).value_counts() for book in (one, other)]
    gap = counted[0].sub(counted[1], fill_value=0)
    return int(gap.abs().sum())


def main(accounts: int = 1200, months: int = 24, seed: int = 1) -> None:
    """Measures it on a sample company."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_sample(folder / "book", accounts, months, seed)
        with open_book(folder / "book") as original:
            for name, number in write_exports(original, folder / "back").items():
                print(f"{name:34}{number:9,}")
            sources = dict.fromkeys(SOURCES)
            make_book(folder / "back", sources, match_domains=True)
            with open_book(folder / "back") as back:
                print("good rows:", dict(original.rows), dict(back.rows))
                print("differing interactions:", differing_rows(original, back))
                aucs = []
                for day in DATES:
                    say(f"evaluating {day}")
                    aucs.append((auc(original, day), auc(back, day)))
                    print(
                        f"AUC at {HORIZON} days, {day}: {aucs[-1][0]:.3f} and back {aucs[-1][1]:.3f}"
                    )
                means = [fmean(each) for each in zip(*aucs, strict=True)]
                print(f"mean: {means[0]:.3f} and back {means[1]:.3f}")


if __name__ == "__main__":
    typer.run(main)
