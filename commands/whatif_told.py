"""What ``pinch whatif`` tells people: tables and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.opening import warned
from commands.output import Parts, counted, table, wrote
from pages.intervals import within

SHOWN = 15
"""Accounts that are printed; all of them are in the JSON document and on the page."""
_NAMES = {"rep_leaves": "rep", "competitor_enters": "market"}


def answer_told(facts: Mapping[str, Any]) -> Parts:
    """The answer to some questions."""
    asked = " and ".join(facts["questions"])
    met = counted(facts["accounts"], "account")
    return [
        f"If {asked} on {facts['as_of']}, {met} would be met.",
        _lost(facts["lost"]),
        *_evidence(facts),
        _moved(facts),
        *warned(dict(facts)),
        *wrote(facts["files"]),
    ]


def everybody_told(facts: Mapping[str, Any]) -> Parts:
    """What each rep or market would cost."""
    tables = [_everybody(name, rows) for name, rows in facts["everybody"].items()]
    return [
        f"What would be lost beyond what is lost anyway, from {facts['as_of']}; 80% intervals.",
        *tables,
        *_evidence(facts),
        *warned(dict(facts)),
        *wrote(facts["files"]),
    ]


def _evidence(facts: Mapping[str, Any]) -> list[str]:
    return [said for kind in facts["evidence"] for said in kind["sentences"]]


def _lost(lost: list[dict[str, Any]]) -> Any:
    rows = [
        [
            f"{each['days']} days",
            f"{each['before']:.1f}",
            within(each["more"], ".1f"),
            f"{each['more_by_edit']:.1f}",
            within(each["value_more"], unknown=""),
        ]
        for each in lost
    ]
    names = ["within", "lost anyway", "lost more", "by the models alone", "value"]
    return table(names, rows)


def _moved(facts: Mapping[str, Any]) -> Any:
    to = {each["account_id"]: each for each in facts["hand_over"]}
    rows = []
    for account in facts["moved"][:SHOWN]:
        risk = next(r for r in account["risks"] if r["days"] >= 90)
        goes = to.get(account["account_id"], {"to": "", "why": ""})
        rows.append(
            [
                account["account_id"],
                account["quadrant"].replace("_", "-"),
                f"{risk['before']:.1%}",
                within(risk["after"], ".1%"),
                goes["to"] or "",
                goes["why"],
            ]
        )
    heads = ["account", "quadrant", "risk now", f"{risk['days']} days after"]
    return table([*heads, "hand to", "since"], rows)


def _everybody(name: str, rows: list[dict[str, Any]]) -> Any:
    cells = [
        [
            row["holder"],
            str(row["accounts"]),
            f"{row['before']:.1f}",
            within(row["more"], ".1f"),
            f"{row['people_carried']['more']['mean']:.1f}",
            f"{row['others']['more']['mean']:.1f}",
            within(row["value_more"], unknown=""),
        ]
        for row in rows
    ]
    days = rows[0]["days"] if rows else 0
    heads = [_NAMES[name], "accounts", "anyway", f"more in {days} days"]
    return table([*heads, "people-carried", "others", "value"], cells)
