"""What was done about an account: the last outcome of it on a list, in a sentence."""

from __future__ import annotations

from features.book.outcomes import Outcome
from features.engine import day_of
from pages.spreadsheet import unguarded


def done(last: Outcome) -> str:
    """What came of it, when, by whom, on which list, and the note.

    Example:
        >>> done(Outcome("A1", 1_770_336_000_000_000, "saved", "likes the offer", "Ann"))
        'Saved on 2026-02-06 by Ann: likes the offer'
    """
    said = f"{last.outcome.capitalize()} on {day_of(last.occurred_us)}"
    if last.said_by is not None:
        said += f" by {unguarded(last.said_by)}"
    if last.list_us is not None:
        said += f", from the list of {day_of(last.list_us)}"
    if last.until_us is not None:
        said += f", until {day_of(last.until_us)}"
    return said if last.note is None else f"{said}: {unguarded(last.note)}"
