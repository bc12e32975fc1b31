"""What a training costs, by part, and what one setting is worth against another.

    .venv/bin/python -m benchmarks.training --accounts 10000
    .venv/bin/python -m benchmarks.training --against trees=120,learning_rate=0.05,columns_per_tree=0.4,bins=127

CPU of the whole process, so that others who use the machine matter little. With ``--against`` the models of every test
date are fitted with both settings, one after the other, and their log losses compared on the same rows.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from unittest import mock

import pandas as pd
import typer

from company import write_sample
from features.book.book import Book, open_book
from models.fitted.boosting import Setting
from pages.training.page import page
from training import train as training
from training.evaluation.comparison import (
    compare_pairs,
    compare_states,
    loss_of,
    state_loss_of,
)
from training.evaluation.outcomes import Evaluation, said, states_said
from training.evaluation.walk_forward import Walk, evaluate_at
from training.fitting.rivals import MODEL
from training.gate import judge
from training.past.as_of_dates import fold_dates, horizons_of, training_dates
from training.past.observed import observe
from training.past.panel import make_panel

PARTS: Mapping[str, str] = {
    "suspicious_facts": "suspicious facts",
    "make_panel": "features",
    "exams": "labels of the exams",
    "half_life_days": "how fast the past fades",
    "evaluate_at": "walk forward",
    "certify": "leakage certificate",
    "with_outcomes": "labels of the training set",
    "fit_models": "models",
    "noise_moves": "noise of moves",
}
"""What a training calls, and what its part is called."""


class Cost:
    """Seconds of CPU by part."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def of(self, part: str) -> Iterator[None]:
        """Counts what is spent until the end of the block."""
        began = time.process_time()
        yield
        self.seconds[part] += time.process_time() - began

    @contextmanager
    def by_part(self) -> Iterator[None]:
        """Counts what a training spends in each of `PARTS` until the end of the block."""
        replaced = {name: self._counted(name, part) for name, part in PARTS.items()}
        with mock.patch.multiple(training, **replaced):
            yield

    def _counted(self, name: str, part: str) -> Callable[..., Any]:
        called = getattr(training, name)

        def counted(*arguments: Any, **named: Any) -> Any:
            with self.of(part):
                return called(*arguments, **named)

        return counted


def cost_of(folder: Path) -> pd.Series:
    """Seconds of CPU of a training and of its page, by part, and of the whole."""
    cost = Cost()
    with cost.of("whole"):
        with cost.of("opening"):
            book = open_book(folder)
        with cost.by_part():
            trained = training.train(observe(book))
        with cost.of("figures"):
            trained.figures()
        with cost.of("gate and page"):
            page(trained, judge(trained))
    return pd.Series(cost.seconds, name="CPU, s").round(1)


def walked(
    book: Book, settings: Mapping[str, Setting]
) -> tuple[dict[str, list[Evaluation]], pd.Series]:
    """The evaluations of every test date with each setting, and the seconds of CPU of each."""
    observed, cost = observe(book), Cost()
    until, meaning = observed.until, observed.meaning
    folds = fold_dates(book, until, meaning.judged_horizon, meaning.delay_days)
    panel = make_panel(observed, training_dates(book, until), folds)
    found: dict[str, list[Evaluation]] = {name: [] for name in settings}
    walk = Walk(observed, panel, horizons_of(book))
    for date in folds:
        for name, setting in settings.items():
            with cost.of(name):
                found[name].append(evaluate_at(replace(walk, setting=setting), date))
    return found, pd.Series(cost.seconds, name="CPU, s").round(1)


def compared(ours: list[Evaluation], theirs: list[Evaluation]) -> pd.DataFrame:
    """The log loss of both at each horizon and of migration, and the difference over accounts."""
    rows = {}
    for horizon in dict.fromkeys(
        outcome.horizon for evaluation in ours for outcome in evaluation.outcomes
    ):
        one, other = said(ours, MODEL, horizon), said(theirs, MODEL, horizon)
        pairs = list(zip(one, other, strict=True))
        rows[f"defection {horizon} d"] = (
            loss_of(one),
            loss_of(other),
            compare_pairs(pairs).short,
        )
    moved, theirs_moved = states_said(ours, MODEL), states_said(theirs, MODEL)
    if moved:
        difference = compare_states(moved, theirs_moved).short
        rows["migration"] = (
            state_loss_of(moved),
            state_loss_of(theirs_moved),
            difference,
        )
    return pd.DataFrame(rows, index=["log loss", "against", "difference (95%)"]).T


def read_setting(text: str) -> Setting:
    """A setting of which some values are named.

    Example:
        >>> read_setting("trees=120,learning_rate=0.05").facts()["trees"]
        120
    """
    kinds = {name: type(value) for name, value in Setting().facts().items()}
    named = (change.split("=") for change in text.split(","))
    return Setting().changed(**{name: kinds[name](value) for name, value in named})


def main(
    book: Annotated[
        Path | None, typer.Option(help="A book; a simulated company where left out.")
    ] = None,
    accounts: int = 2000,
    months: int = 24,
    seed: int = 7,
    against: Annotated[
        str, typer.Option(help="A setting to compare with, such as trees=120,bins=127.")
    ] = "",
) -> None:
    """Prints the CPU by part; with another setting, the log losses of both instead."""
    with tempfile.TemporaryDirectory() as folder:
        if book is None:
            book = Path(folder)
            write_sample(book, accounts, months, seed)
        if not against:
            print(cost_of(book).to_string())
            return
        settings = {"ours": Setting(), "against": read_setting(against)}
        with open_book(book) as opened:
            found, cost = walked(opened, settings)
        print(cost.to_string())
        print(compared(found["ours"], found["against"]).to_string())


if __name__ == "__main__":
    typer.run(main)
