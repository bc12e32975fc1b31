"""What tonight's page says at its top."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

PROMISED = ("at_risk", "saved", "kept")


def headline(told: Mapping[str, Any]) -> str:
    """The page's title.

    Example:
        >>> headline({"listed": 50, "as_of": "2026-11-21"})
        '50 accounts to contact first, Saturday 21 November 2026'
    """
    day = date.fromisoformat(told["as_of"])
    said = f"{day:%A} {day.day} {day:%B %Y}"
    return f"{_counted(told['listed'], 'account')} to contact first, {said}"


def notes(told: Mapping[str, Any]) -> list[str]:
    """How the list is made, and who is not on it."""
    made = told.get("promises", [])
    of_the_list = [one["sentence"] for one in made if one["calls"] == told["listed"]]
    said = [*(f"{sentence}." for sentence in of_the_list), _ranked(told)]
    if told["held_out"]:
        kept = _counted(told["held_out"], "account")
        said.append(f"Left off: {kept} of the holdout, whom nobody may contact.")
    if told.get("drawn"):
        drawn = f"{told['drawn']:,} drawn at random"
        said.append(f"Of the holdout {drawn}, to see what contact saves.")
    if told.get("resting"):
        accounts = _counted(told["resting"], "account")
        said.append(f"Resting: {accounts} that asked to be left in peace for now.")
    if told["not_shown"]:
        more = _counted(told["not_shown"], "more account")
        said.append(f"{more} of less are in scores.parquet and not on this page.")
    return said


def promised(told: Mapping[str, Any]) -> list[list[str]]:
    """What calls bring by the length of the list, a row for each, every figure with its range.

    Example:
        >>> few = {"mean": 0.64, "low": 0.0, "high": 2.0}
        >>> promised({"promises": [{"calls": 10, "at_risk": few, "saved": few, "kept": None}]})
        [['10', '0.6 (0 to 2)', '0.6 (0 to 2)', '']]
    """
    return [
        [f"{made['calls']:,}", *(_range(made[of]) for of in PROMISED)]
        for made in told.get("promises", [])
    ]


def cards(told: Mapping[str, Any]) -> list[dict[str, str]]:
    """The figures at the top, of the list alone."""
    listed = told["accounts"][: told["listed"]]
    worth = [one["value"] for one in listed if one["value"] is not None]
    worse = [m for m in told["movers"] if m["days_back"] == 1 and m["way"] == "worse"]
    acute = sum(one["band"] == "acute" for one in listed)
    silent = sum(one["silent"] is True for one in listed)
    owed = sum(one["owed"] is not None for one in listed)
    found = [
        ("On the list", f"{len(listed):,}", f"of {told['accounts_in_all']:,} accounts"),
        ("Acute", f"{acute:,}", "more likely to leave than to stay"),
        ("Would go silently", f"{silent:,}", "without a complaint"),
        ("We owe", f"{owed:,}", "something to make good first"),
        ("Worth", f"{sum(worth):,.0f}", "what they spend in a year"),
        ("Worse since last night", f"{len(worse):,}", "lines crossed, whole book"),
    ]
    if told["horizon"] is None:
        found = [
            card for card in found if card[0] not in ("Acute", "Would go silently")
        ]
    return [{"title": a, "value": b, "beside": c} for a, b, c in found]


def _range(expected: Mapping[str, float] | None) -> str:
    if expected is None:
        return ""
    mean, low, high = expected["mean"], expected["low"], expected["high"]
    return f"{mean:,.{0 if mean >= 10 else 1}f} ({low:,.0f} to {high:,.0f})"


def _ranked(told: Mapping[str, Any]) -> str:
    if told["horizon"] is None:
        return "Ranked by rules: first an unlikely silence, then what calls for us. No probabilities."
    return (
        f"Risk is the chance of having left in {told['horizon']} days. Changes compare with the same models looking at "
        "what was known last night and 30 days ago."
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
