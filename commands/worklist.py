"""Tonight's list as people read it, for ``pinch score``; ``backtest`` names accounts in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commands.opening import warned
from commands.output import Parts, counted, table, wrote

SHOWN = 10
"""Accounts of the list that are shown to people; all are in its file and in the JSON."""
UNHEARD_SHOWN = 10
"""Accounts never heard from that are shown to people."""

_NO_MONEY = "Nothing tells what they are worth, so each counts the same."
_REASONS = ("reason_1", "reason_2", "reason_3")
_KNOWN_BY = ("name", "account_id", "owner")


def worklist_told(facts: dict[str, Any]) -> Parts:
    """The list by models."""
    ranked_by, listed = facts["ranked_by"], facts["worklist"]
    money = any(row["gain"] is not None for row in listed)
    rows = [
        [account_cell(row), _risk(row, ranked_by), _quadrants(row), _why(row)]
        for row in listed[:SHOWN]
    ]
    horizon = "risk" if ranked_by is None else _words(ranked_by)
    columns = ["account", horizon, "quadrant", "what to do, and why"]
    accounts, as_of = counted(facts["accounts"], "account"), facts["as_of"]
    return [
        f"Of {accounts} on {as_of}, these {len(listed):,} have most to save:",
        *_not_scored(facts["not_scored"]),
        *_ranking(ranked_by),
        *([] if money else [_NO_MONEY]),
        *_promised(facts["promises"]),
        *held_out_told(facts["held_out"], facts["drawn"]),
        *_resting_told(facts["resting"]),
        *warned(facts),
        *_dated(facts),
        table(columns, rows, lines=True),
        *_more(listed),
        *wrote(facts["files"]),
    ]


def rules_told(facts: dict[str, Any]) -> Parts:
    """The list by rules, which knows no risks."""
    listed = facts["worklist"]
    rows = [
        [account_cell(row), _plain(row["quadrant"]), _why(row)]
        for row in listed[:SHOWN]
    ]
    accounts, as_of = counted(facts["accounts"], "account"), facts["as_of"]
    return [
        f"Of {accounts} on {as_of}, these {len(listed):,} first.",
        *_not_scored(facts["not_scored"]),
        *held_out_told(facts["held_out"], facts["drawn"]),
        *_resting_told(facts["resting"]),
        facts["rules"],
        *_dated(facts),
        *warned(facts),
        table(["account", "quadrant", "why"], rows, lines=True),
        *_more(listed),
        *wrote(facts["files"]),
    ]


def account_cell(row: Mapping[str, Any]) -> str:
    """The account as people know it: its name and who looks after it, where the book says, and its id."""
    return "\n".join(str(row[known]) for known in _KNOWN_BY if row.get(known))


def held_out_told(held_out: int, drawn: int = 0) -> list[str]:
    """How many accounts no list names, where there are any, and how many of them were drawn at random."""
    if not held_out:
        return []
    accounts = counted(held_out, "account")
    said = f"Left off: {accounts} of the holdout, whom nobody may contact"
    if not drawn:
        return [f"{said}."]
    return [f"{said}; {drawn:,} of them drawn at random, to see what contact saves."]


def _resting_told(resting: int) -> list[str]:
    """How many accounts rest, where any do."""
    if not resting:
        return []
    accounts = counted(resting, "account")
    return [f"Resting: {accounts} that asked to be left in peace for now."]


def _risk(row: Mapping[str, Any], ranked_by: str | None) -> str:
    """The risk, and below it in money what the account is worth and what a call gains, where that is known."""
    risk = [] if ranked_by is None else [f"{row[ranked_by]:.0%}"]
    money = [
        f"{said} {row[amount]:,.0f}"
        for said, amount in (("worth", "value"), ("gain", "gain"))
        if row[amount] is not None
    ]
    return "\n".join([*risk, *money])


def _quadrants(row: Mapping[str, Any]) -> str:
    """The quadrant, and below it where the account is heading."""
    return f"{_plain(row['quadrant'])}\n→ {_plain(row['heading'])}"


def _why(row: Mapping[str, Any]) -> str:
    said = ("done", "owed", "action", *_REASONS)
    return "\n".join(row[name] for name in said if row.get(name))


def _promised(promises: Sequence[Mapping[str, Any]]) -> list[str]:
    """What so many calls bring, each in a sentence."""
    if not promises:
        return []
    return [
        "What calling the first of them brings, and in nine of ten cases between:"
    ] + [f"{promise['sentence']}." for promise in promises]


def _more(listed: Sequence[object]) -> list[str]:
    more = len(listed) - SHOWN
    return [f"{more:,} more are in the list's file."] if more > 0 else []


def _plain(state: str) -> str:
    return state.replace("_", "-")


def _dated(facts: dict[str, Any]) -> list[str]:
    """Which tables are old, and what is dated after the end of the data."""
    beyond = facts["beyond"]
    return [*facts["stale"], *([beyond] if beyond else [])]


def _ranking(ranked_by: str | None) -> list[str]:
    """What the list looks to, where it is not the usual horizon."""
    from models.score.horizon import MIGRATION_HORIZON, risk_column

    if ranked_by == risk_column(MIGRATION_HORIZON):
        return []
    if ranked_by is None:
        return ["No risk is known, so they stand in the order of their ids."]
    return [
        f"Ranked by {_words(ranked_by)}, the longest that is known: the history was too short for one at "
        f"{MIGRATION_HORIZON} days."
    ]


def _words(column: str) -> str:
    return column.replace("_", " ")


def _not_scored(missing: dict[str, Any]) -> list[str]:
    """How many accounts are not scored and why, with those that nobody ever heard from by name."""
    if missing["sentence"] is None:
        return []
    said = [f"{missing['sentence']}."]
    shown = missing["never_heard_from"][:UNHEARD_SHOWN]
    if not shown:
        return said
    more = missing["accounts"].get("never heard from", 0) - len(shown)
    others = f" and {more:,} more" if more else ""
    return [*said, f"Never heard from: {', '.join(shown)}{others}."]
