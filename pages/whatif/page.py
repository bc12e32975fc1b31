"""The page of ``pinch whatif``: what would be lost, who moves, to whom they go, and what that rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pages.intervals import within
from pages.shell import render

_TEMPLATE = Path(__file__).with_name("page.html.j2")
_HOLDERS = {"rep_leaves": "rep", "competitor_enters": "market"}
_SURE = "In brackets the interval that holds four times of five."


def page(told: Mapping[str, Any]) -> str:
    """The page, as HTML that needs nothing else.

    Args:
        told: as of `serving.whatif.answer.answer`, or ``as_of``, ``evidence`` and ``everybody``.
    """
    asked = "questions" in told
    lost = told["lost"][-1] if asked else None
    return render(
        _TEMPLATE,
        told=f"Pinch, what if, from {told['as_of']}",
        headline=_headline(told, lost),
        notes=[_SURE],
        cards=[] if lost is None else _cards(told, lost),
        lost=_lost(told["lost"]) if asked else None,
        moved=_moved(told) if asked else None,
        everybody=[] if asked else _everybody(told["everybody"]),
        evidence=[kind["sentences"] for kind in told["evidence"]],
    )


def _headline(told: Mapping[str, Any], lost: Mapping[str, Any] | None) -> str:
    if lost is None:
        return "Who the book hangs on"
    asked = " and ".join(told["questions"])
    return f"If {asked}: {within(lost['more'], '.1f')} more lost within {lost['days']} days"


def _cards(told: Mapping[str, Any], lost: Mapping[str, Any]) -> list[dict[str, str]]:
    days = f"within {lost['days']} days"
    cards = (
        ("Accounts met", f"{told['accounts']:,}", told["as_of"]),
        ("Lost anyway", f"{lost['before']:.1f}", days),
        ("Lost more", f"{lost['more']['mean']:.1f}", days),
        ("By the models alone", f"{lost['more_by_edit']:.1f}", days),
        ("Value", within(lost["value_more"], ",.0f"), "a year, of those lost more"),
    )
    return [
        {"title": title, "value": value, "beside": beside}
        for title, value, beside in cards
    ]


def _lost(lost: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    lines = []
    for each in lost:
        cells = [
            f"{each['before']:.1f}",
            within(each["more"], ".1f"),
            f"{each['more_by_edit']:.1f}",
            within(each["value_more"], ",.0f"),
        ]
        lines.append({"name": f"{each['days']} days", "cells": cells})
    heads = ["within", "lost anyway", "lost more", "by the models alone"]
    return {"columns": [*heads, "value a year"], "lines": lines}


def _moved(told: Mapping[str, Any]) -> dict[str, Any]:
    to = {each["account_id"]: each for each in told["hand_over"]}
    lines = []
    for account in told["moved"]:
        risks = [
            f"{risk['before']:.1%} to {within(risk['after'], '.1%')}"
            for risk in account["risks"]
            if risk["days"] >= _TOLD_FROM
        ]
        goes = to.get(account["account_id"], _STAYS)
        headings = (account["heading_before"], account["heading_after"])
        cells = [account["quadrant"], " to ".join(dict.fromkeys(headings)), *risks]
        if to:
            cells += [goes["to"] or "nobody", goes["why"]]
        lines.append({"name": account["account_id"], "cells": _plain(cells)})
    return {"columns": _heads(told), "lines": lines}


_STAYS = {"to": "-", "why": ""}
"""Of an account that nobody hands over, where others are."""
_TOLD_FROM = 90
"""Horizons of which the risk of each account is shown."""


def _heads(told: Mapping[str, Any]) -> list[str]:
    days = [each["days"] for each in told["lost"] if each["days"] >= _TOLD_FROM]
    heads = ["account", "quadrant", "heading", *(f"risk in {d} days" for d in days)]
    return [*heads, "hand to", "since"] if told["hand_over"] else heads


def _plain(cells: Sequence[str]) -> list[str]:
    return [cell.replace("_", "-") for cell in cells]


def _everybody(
    everybody: Mapping[str, Sequence[Mapping[str, Any]]],
) -> list[dict[str, Any]]:
    return [_table(_HOLDERS[name], rows) for name, rows in everybody.items()]


def _table(holder: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    lines = []
    for row in rows:
        cells = [
            f"{row['accounts']:,}",
            f"{row['before']:.1f}",
            within(row["more"], ".1f"),
            within(row["people_carried"]["more"], ".1f"),
            within(row["others"]["more"], ".1f"),
            within(row["value_more"], ",.0f"),
            row["first"],
        ]
        lines.append({"name": row["holder"], "cells": cells})
    days = rows[0]["days"] if rows else 0
    heads = [holder, "accounts", "lost anyway", f"lost more in {days} days"]
    parts = ["of people-carried", "of others", "value a year", "most to lose"]
    return {"columns": [*heads, *parts], "lines": lines}
