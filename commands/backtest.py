"""``pinch backtest``, with its tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.opening import open_here
from commands.options import (
    CAPACITY,
    USUAL,
    Acceptance,
    AsJson,
    BadShare,
    BookFolder,
    ContactCost,
    Memory,
    NoSync,
    OfferCost,
    Quiet,
    Value,
)
from commands.output import (
    Parts,
    counted,
    errors,
    numbers,
    progress,
    records,
    table,
    tell,
    wrote,
)
from commands.worklist import account_cell, held_out_told
from models.score.campaign import Campaign

if TYPE_CHECKING:
    import pandas as pd

    from features.book.book import Book
    from training.lists.surprises import Ledger

MISSES_SHOWN = 10
"""Departures on no list that are shown to people; all are in the JSON."""

_MISS = ["account_id", "left_on", "best_rank", "reason"]
_PROFIT = {
    "worklist": "worklist",
    "worklist_happened": "happened",
    "at_capacity": "by gain",
    "at_capacity_happened": "happened",
    "left_on_table": "left on table",
    "best": "best",
}
"""Columns of the profits, by the names they have in the table."""


def backtest(
    book: BookFolder,
    capacity: Annotated[
        int, typer.Option(min=1, help="How many accounts your team works on each list.")
    ] = CAPACITY,
    contact_cost: ContactCost = USUAL.contact_cost,
    offer_cost: OfferCost = USUAL.offer_cost,
    acceptance: Acceptance = USUAL.acceptance,
    value: Value = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write ledger.csv and profit.csv here."),
    ] = None,
    quiet: Quiet = None,
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    no_sync: NoSync = False,
    as_json: AsJson = False,
) -> None:
    """Tells who of those who left had been on a list, how long before, and what contacting would have brought.

    Walks through the dates of the past year, 30 days apart, with models trained only on what was known before each.
    """
    campaign = Campaign(
        contact_cost=contact_cost,
        offer_cost=offer_cost,
        acceptance=acceptance,
        value=value,
    )
    with (
        errors(as_json),
        open_here(book, max_bad_share, memory_limit, no_sync=no_sync) as opened,
    ):
        from features.book.held_out import held_out
        from training.lists import backtest as past
        from training.lists.profit import profits
        from training.lists.surprises import keep_ledger
        from training.past.observed import observe

        with progress(as_json, steps=1 + past.DATES) as said:
            observed = observe(opened, quiet_days=quiet)
            lists = past.backtest(observed, campaign, progress=said)
        ledger = keep_ledger(lists, capacity)
        profit = profits(lists, campaign, capacity).astype({"as_of": str})
        facts = {
            "capacity": capacity,
            "quarantined": len(opened.quarantine),
            "campaign": vars(campaign),
            "held_out": len(held_out(opened)),
            "departures": len(ledger.departures),
            "recall": records(ledger.recall()),
            "profit": records(profit),
            "misses": _misses(ledger, opened),
            "files": [] if out is None else _write(ledger, profit, opened, out),
        }
        tell(facts, as_json, lambda: _tables(facts))


def _misses(ledger: Ledger, book: Book) -> list[dict[str, Any]]:
    """Departures on no list, with what people know the accounts by."""
    from features.book.labels import account_labels
    from serving.night.worklist import labelled

    named = labelled(ledger.misses[_MISS], account_labels(book))
    return records(named.astype({"left_on": str}))


def _write(ledger: Ledger, profit: pd.DataFrame, book: Book, folder: Path) -> list[str]:
    from features.book.labels import account_labels
    from serving.night.atomic_files import spreadsheet, write_whole
    from serving.night.worklist import labelled

    departures = labelled(ledger.departures, account_labels(book))
    writers = {
        "ledger.csv": spreadsheet(departures),
        "profit.csv": spreadsheet(profit),
    }
    return [str(file) for file in write_whole(folder, writers)]


def _tables(facts: dict[str, Any]) -> Parts:
    left, capacity = counted(facts["departures"], "account"), facts["capacity"]
    return [
        *held_out_told(facts["held_out"]),
        *_shorter(facts["profit"]),
        f"Of {left} that left, on a list of {capacity:,} at least so long before:",
        _recall_table(facts["recall"]),
        _campaign_told(facts["campaign"]),
        _profit_table(facts["profit"]),
        f"{len(facts['misses']):,} were on no list, the first of them:",
        _misses_table(facts["misses"][:MISSES_SHOWN]),
        *wrote(facts["files"]),
    ]


def _shorter(profit: list[dict[str, Any]]) -> list[str]:
    """Which lists plan for another horizon than usual."""
    from models.score.horizon import MIGRATION_HORIZON

    others = [
        f"{row['horizon']} days on {row['as_of']}"
        for row in profit
        if row["horizon"] != MIGRATION_HORIZON
    ]
    if not others:
        return []
    return [f"Lists that rank by the longest risk known then: at {', '.join(others)}."]


def _recall_table(recall: list[dict[str, Any]]) -> Any:
    rows = []
    for row in recall:
        counts = [f"{row['leavers']:,}", f"{row['listed']:,}"]
        shares = numbers(row, ".0%", ["recall", "by_chance"])
        rows.append([f"{row['days_ahead']} days", *counts, *shares])
    return table(["before", "left", "listed", "recall", "by chance"], rows)


def _campaign_told(campaign: dict[str, Any]) -> str:
    worth = campaign["value"] or "contracts, or else its spending of a year"
    return (
        f"Expected profit of contacting, at {campaign['contact_cost']:,g} a contact, {campaign['offer_cost']:,g} an "
        f"offer, {campaign['acceptance']:.0%} of leavers kept, an account being worth its {worth}:"
    )


def _profit_table(profit: list[dict[str, Any]]) -> Any:
    rows = []
    for row in profit:
        sums = numbers(row, ",.0f", _PROFIT)
        rows.append([row["as_of"], *sums, f"{row['best_length']:,}"])
    return table(["list of", *_PROFIT.values(), "length"], rows)


def _misses_table(misses: list[dict[str, Any]]) -> Any:
    rows = []
    for row in misses:
        rank, known = f"{row['best_rank']:,}", row["reason"] or ""
        rows.append([account_cell(row), row["left_on"], rank, known])
    return table(["account", "left on", "best rank", "what was known"], rows)
