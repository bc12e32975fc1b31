"""What contact saves: the estimate of the report beside the truth, on simulated companies.

    .venv/bin/python -m benchmarks.contact_effect --companies 50

Each company has four lists by rules, four weeks apart. A share of the accounts is withheld at random; all others on a
list are reached in the week after it, which wins over a known share of those who have turned away, and rest then. The
truth is of the very same accounts: how many leave if none of them is reached, less how many if all are, lived with the
same random numbers. The figures are in docs/adr/0042-what-contact-saves.md.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

from company import Knobs, World, simulate
from company.arrays import Flags, Floats
from features.book.book import Book, open_book
from features.book.held_out import drawn
from features.engine import instant
from models.score.arms import LISTED
from serving.night.standing import parted
from serving.night.without_models import rule_night
from training.lists.contact_effect import ContactEffect, contact_effect
from training.past.observed import observe

WEEKS_BEFORE_END = (36, 32, 28, 24)
"""When the lists are made: early enough that what happens in 90 days is known."""
HORIZON = 90


def main(
    companies: Annotated[int, typer.Option(help="How many.")] = 50,
    accounts: Annotated[int, typer.Option(help="Of each company.")] = 800,
    months: Annotated[int, typer.Option(help="Of records.")] = 18,
    capacity: Annotated[int, typer.Option(help="Calls of a list.")] = 80,
    share: Annotated[float, typer.Option(help="Of the accounts, withheld.")] = 0.2,
    wins: Annotated[float, typer.Option(help="Share that contact wins over.")] = 0.5,
    leaving: Annotated[float, typer.Option(help="Share that leaves in a year.")] = 0.4,
) -> None:
    """Prints a row for each company, and how often the interval held the truth."""
    knobs = Knobs(annual_departures=leaving, holdout=0.0, contracts=0.0, list_wins=wins)
    rows = []
    for seed in range(1, companies + 1):
        world = simulate(accounts, months, seed, knobs=knobs)
        rows.append({"company": seed, **_judged(world, capacity, share)})
        typer.echo(rows[-1])
    table = pd.DataFrame(rows)
    typer.echo(table.drop(columns="company").astype(float).mean().round(4).to_string())
    typer.echo(f"held the truth: {table['held'].sum()} of {len(table)}")


def _judged(world: World, capacity: int, share: float) -> dict[str, float]:
    with _book(world, share) as book:
        entries = _entries(world, book, capacity)
    worked = _reached(world, entries[entries["arm"] == LISTED])
    with _book(worked, share) as book:
        effect = contact_effect(observe(book), entries, HORIZON)
    alone, all_reached = _left(world, entries), _left(_reached(world, entries), entries)
    truth = float(alone.mean() - all_reached.mean())
    return {**_figures(effect), "truth": truth, "held": _holds(effect, truth)}


def _figures(effect: ContactEffect) -> dict[str, float]:
    low, high = effect.interval()
    return {
        "listed": effect.listed.accounts,
        "withheld": effect.withheld.accounts,
        "withheld left": effect.withheld.share,
        "saved": effect.saved,
        "low": low,
        "high": high,
        "known": effect.known,
    }


def _holds(effect: ContactEffect, truth: float) -> bool:
    low, high = effect.interval()
    return low <= truth <= high


@contextmanager
def _book(world: World, share: float) -> Iterator[Book]:
    with tempfile.TemporaryDirectory() as folder:
        for name, table in world.tables().items():
            table.to_parquet(Path(folder, f"{name}.parquet"), index=False)
        Path(folder, "book.toml").write_text(f"holdout_share = {share}\n")
        with open_book(folder, threads=1) as book:
            yield book


def _entries(world: World, book: Book, capacity: int) -> pd.DataFrame:
    """Who was listed or withheld, and when first; whoever was is on no later list."""
    found = pd.DataFrame({"account_id": [], "arm": [], "week": []})
    for before in WEEKS_BEFORE_END:
        as_of = instant(world.calendar.end - timedelta(weeks=before))
        rest = frozenset(found["account_id"])
        _, everybody = rule_night(book, as_of, left_off=rest)
        _, standing = parted(everybody, drawn(book), capacity)
        week = world.calendar.weeks - before
        new = standing.assign(week=week, as_of_us=as_of)
        found = pd.concat([found, new], ignore_index=True) if len(found) else new
    return found


def _reached(world: World, entries: pd.DataFrame) -> World:
    """The company that reaches some accounts in the week of their list."""
    (branch,) = world.branches
    listed: dict[int, Flags] = {}
    for week, these in entries.groupby("week"):
        flags = np.zeros(branch.accounts, dtype=bool)
        flags[_places(these)] = True
        listed[int(str(week))] = flags
    return replace(world, branches=(replace(branch, listed=listed),))


def _left(world: World, entries: pd.DataFrame) -> Floats:
    """Whether each account that was there left within the horizon of its list."""
    (branch,) = world.branches
    lived = list(branch.live(branch.found(), branch.weeks))
    left = []
    for place, week in zip(_places(entries), entries["week"], strict=True):
        if lived[week].present[place]:
            after = enumerate(lived[week : week + 1 + HORIZON // 7])
            days = [7 * n + w.leave_day[place] for n, w in after if w.leaves[place]]
            left.append(min(days, default=np.inf) <= HORIZON)
    return np.array(left, dtype=np.float64)


def _places(entries: pd.DataFrame) -> list[int]:
    return [int(account[1:]) for account in entries["account_id"]]


if __name__ == "__main__":
    typer.run(main)
