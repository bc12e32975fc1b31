"""What evidence says, in words: the event study, its checks, and whether the usual claim holds here (S3, S4)."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.effects.evidence import SURE_Z, Count, Evidence, e_value

FEW = 10
"""Past events below which they are said to be few."""


def facts(evidence: Evidence) -> dict[str, Any]:
    """What evidence says, as plain data."""
    count, before = evidence.count(), evidence.before
    low, high = count.within(evidence.spread)
    near = low if count.ratio >= 1 else high
    spans_one = low <= 1 <= high
    return {
        "events": evidence.events,
        "accounts": count.accounts,
        "left": count.left,
        "expected": round(count.expected, 1),
        "ratio": count.ratio if evidence.events else None,
        "low": low if evidence.events else None,
        "high": high if evidence.events else None,
        "before": {
            "accounts": before.accounts,
            "left": float(before.left),
            "expected": round(float(before.expected), 1),
            "differed": before.surely_apart,
        },
        "e_value": e_value(count.ratio) if evidence.events else None,
        "e_value_of_the_nearer_edge": 1.0 if spans_one else e_value(near),
        "claim": claim(evidence),
    }


def claim(evidence: Evidence) -> dict[str, Any]:
    """Whether those carried by what is struck follow it more than others do: ``holds``, ``does not hold``, ``unknown``.

    Asked of the accounts whose two axes are known; sure are four of five.
    """
    struck, other = (
        evidence.count(part) for part in (evidence.side > 0, evidence.side <= 0)
    )
    apart = np.log(struck.ratio / other.ratio)
    width = SURE_Z * evidence.spread * np.hypot(struck.error, other.error)
    verdict = "unknown"
    if min(struck.accounts, other.accounts) and abs(apart) > width:
        verdict = "holds" if apart > 0 else "does not hold"
    return {"verdict": verdict, "carried": _ratio(struck), "others": _ratio(other)}


def _ratio(count: Count) -> dict[str, float]:
    return {
        "accounts": count.accounts,
        "left": count.left,
        "expected": round(count.expected, 1),
        "ratio": count.ratio,
    }


def sentences(evidence: Evidence, events: str, carried: str) -> list[str]:
    """What evidence says, for people.

    Args:
        evidence: of past events.
        events: what they are called, such as ``departures of reps``.
        carried: who is said to follow, such as ``people-carried accounts``.

    Example:
        >>> from models.effects.evidence import NOTHING_SEEN
        >>> print(*sentences(NOTHING_SEEN, "departures of reps", "people-carried accounts"))
        Out of what this book has seen: no departures of reps. What is told is what the models expect, and no more.
    """
    if not evidence.events:
        return [
            f"Out of what this book has seen: no {events}. What is told is what the models expect, and no more."
        ]
    said, checks = facts(evidence), facts(evidence)["before"]
    few = ", few" if evidence.events < FEW else ""
    told = [
        f"Past {events}: {said['events']}{few}. Of {said['accounts']:,} accounts that they met {said['left']:.0f} left"
        f" within 180 days; of accounts like them {said['expected']:.1f} would have:"
        f" {said['ratio']:.1f} times as many ({said['low']:.1f} to {said['high']:.1f}).",
        _before(checks),
        f"Only a hidden cause that goes {said['e_value']:.1f} times as often with the event, and with leaving, explains"
        f" all of it away; for the nearer edge {said['e_value_of_the_nearer_edge']:.1f} times is enough.",
    ]
    return [*told, _claimed(said["claim"], carried)]


def _before(checks: dict[str, Any]) -> str:
    if not checks["accounts"]:
        return "Whether they differed before the events cannot be told: the records begin too late."
    counted = f"{checks['left']:.0f} left in the 90 days before, of others like them {checks['expected']:.1f}"
    if checks["differed"]:
        return f"They differed before the events already ({counted}): the evidence counts for less."
    return f"Before the events there was no effect, as should be: {counted}."


def _claimed(told: dict[str, Any], carried: str) -> str:
    ratios = f"{told['carried']['ratio']:.1f} times as many as expected, of the others {told['others']['ratio']:.1f}"
    verdict = {
        "holds": f"In this book {carried} are struck more",
        "does not hold": f"In this book {carried} are not struck more, against the usual claim",
        "unknown": f"Whether {carried} are struck more this book cannot tell",
    }[told["verdict"]]
    return f"{verdict}: of them left {ratios}."
