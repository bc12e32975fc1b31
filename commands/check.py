"""``pinch check``, with its tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.opening import beyond, beyond_told, losses, open_here
from commands.options import AsJson, BadShare, BookFolder, Memory, NoSync, Quiet
from commands.output import (
    Parts,
    counted,
    errors,
    records,
    table,
    tell,
    told,
    with_sentences,
)

if TYPE_CHECKING:
    from features.book.book import Book
    from features.calendar.recorded import Recorded


def check(
    book: BookFolder,
    max_bad_share: BadShare = 0.05,
    quarantine: Annotated[
        Path | None,
        typer.Option(
            help="Write the bad rows here, as CSV: table, row, field, what was expected."
        ),
    ] = None,
    quiet: Quiet = None,
    memory_limit: Memory = None,
    no_sync: NoSync = False,
    as_json: AsJson = False,
) -> None:
    """Says what is in a book, what is bad, what is missing, and what can be trained on it."""
    with (
        errors(as_json),
        open_here(book, max_bad_share, memory_limit, no_sync=no_sync) as opened,
    ):
        if quarantine is not None:
            from serving.night.atomic_files import spreadsheet

            spreadsheet(opened.quarantine)(quarantine)
        facts = checked(opened, quiet)
        tell(facts, as_json, lambda: told_of_check(opened, facts))


def checked(book: Book, quiet: int | None = None) -> dict[str, Any]:
    """What is in a book, what is bad or missing, and what can be trained."""
    return {**_described(book, quiet), **_ready(book, quiet)}


def told_of_check(book: Book, facts: dict[str, Any]) -> Parts:
    """The facts of `checked` for people."""
    return [*_check_tables(book, facts), *_ready_tables(facts)]


def _described(book: Book, quiet: int | None) -> dict[str, Any]:
    """What is in a book, what is bad and what is missing."""
    from features.book.coming_and_going import oddities
    from features.book.held_out import held_out
    from features.engine import day_of

    bad = book.quarantine.groupby(["table", "field", "expected"]).size()
    return {
        "rows": dict(book.rows),
        "synced_at": None if book.synced_at is None else book.synced_at.isoformat(),
        "facts": dict(book.facts),
        "labels": dict(book.labels),
        "unread_columns": list(book.unread),
        "hints": dict(book.hints),
        "held_out": len(held_out(book)),
        "first_day": str(day_of(book.beginning)),
        "watermark": str(day_of(book.watermark)),
        "beyond_the_end": beyond(book),
        "erased": dict(book.erased),
        "quarantined": len(book.quarantine),
        "quarantine": records(bad.rename("rows").reset_index()),
        "merged": {**vars(book.merged), "sentence": book.merged.sentence},
        "oddities": with_sentences(oddities(book)),
        **losses(book),
        "missing": book.missing(),
        "suspicious_facts": _suspicious(book, quiet),
    }


def _suspicious(book: Book, quiet: int | None) -> list[dict[str, Any]]:
    """The suspicious facts of a book; none where nothing tells who has left."""
    from features.errors import EvidenceError
    from training.past.observed import observe
    from training.past.telltale_facts import suspicious_facts

    try:
        return with_sentences(suspicious_facts(observe(book, quiet_days=quiet)))
    except EvidenceError:
        return []


def _ready(book: Book, quiet: int | None) -> dict[str, Any]:
    """How each table is recorded, and what can be trained."""
    from training.readiness import readiness

    found = readiness(book, quiet)
    verdict = {
        "trainable": found.trainable,
        "snapshot": found.snapshot,
        "test_dates": found.test_dates,
        "predictions": [prediction.facts() for prediction in found.predictions],
        "sentences": found.sentences,
    }
    return {"recorded": _recorded(book.recorded), "readiness": verdict}


def _recorded(recorded: Recorded) -> list[dict[str, Any]]:
    """How each table is recorded, with its age today."""
    from datetime import UTC, datetime

    today = datetime.now(UTC).date()
    rows = []
    for each in recorded.tables:
        row = dict(vars(each))
        for name in ("first_day", "last_day", "latest"):
            row[name] = str(row[name])
        row["days_old"] = (today - each.last_day).days
        rows.append(row)
    return rows


def _check_tables(book: Book, facts: dict[str, Any]) -> Parts:
    rows = [[name, f"{number:,}"] for name, number in facts["rows"].items()]
    return [
        table(["table", "good rows"], rows),
        f"From {facts['first_day']} to {facts['watermark']}.",
        *beyond_told(facts["beyond_the_end"]),
        _quarantine_told(facts["quarantine"]),
        *_erased_told(facts["erased"]),
        *_merged_told(facts["merged"]),
        *told(facts["oddities"]),
        *told(facts["unknown_names"]),
        *told(facts["blanked"]),
        *_scales_told(book),
        *told(facts["misnamed_columns"]),
        *_unread_told(book),
        *_held_out_told(facts["held_out"]),
        *told(facts["suspicious_facts"]),
        *(f"Warning: {doubt}." for doubt in book.doubts),
        *facts["missing"],
    ]


def _merged_told(merged: dict[str, Any]) -> list[str]:
    return told([merged]) if merged["sentence"] else []


def _erased_told(erased: dict[str, int]) -> list[str]:
    if not erased:
        return []
    rows = ", ".join(f"{name} {number:,}" for name, number in erased.items())
    return [f"Not read, as their accounts are erased: rows of {rows}."]


def _quarantine_told(quarantine: list[dict[str, Any]]) -> Any:
    if not quarantine:
        return "Nothing is in quarantine."
    bad = [
        [row["table"], row["field"], row["expected"], f"{row['rows']:,}"]
        for row in quarantine
    ]
    return table(["quarantined in", "field", "expected", "rows"], bad)


def _scales_told(book: Book) -> Parts:
    """Scores without a scale, and on which they are taken to lie."""
    if not book.scales:
        return []
    rows = []
    for scale in book.scales:
        seen = f"{scale.lowest:g} to {scale.highest:g}"
        assumed = f"{scale.low:g} to {scale.high:g}"
        rows.append([scale.item, f"{scale.scores:,}", seen, assumed])
    doubted = [scale for scale in book.scales if scale.likely is not None]
    return [
        table(["scores without a scale of", "scores", "lie in", "assumed"], rows),
        *(f"{scale.sentence}." for scale in doubted),
    ]


def _unread_told(book: Book) -> list[str]:
    """Columns that were not read, and hints about tables."""
    said = [
        f"Not read, as an index or without a name: {column} of accounts."
        for column in book.unread
    ]
    for name, hints in book.hints.items():
        said += [f"Table {name}: {hint}." for hint in hints]
    return said


def _held_out_told(held_out: int) -> list[str]:
    if not held_out:
        return []
    accounts = counted(held_out, "account")
    return [f"The holdout, whom nobody may contact and no list names: {accounts}."]


def _ready_tables(facts: dict[str, Any]) -> Parts:
    recorded = []
    for row in facts["recorded"]:
        span = [row["table"], row["first_day"], row["last_day"]]
        lag = str(row["usual_lag"] or "")
        recorded.append([*span, lag, f"{row['days_old']:,}"])
    verdict = facts["readiness"]
    predictions = [
        [row["name"], "yes" if row["ready"] else f"no: {row['missing']}"]
        for row in verdict["predictions"]
    ]
    return [
        table(["recorded", "from", "to", "usual lag", "days old today"], recorded),
        table(["prediction", "can it be trained"], predictions),
        *verdict["sentences"],
    ]
