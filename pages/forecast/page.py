"""The page of ``pinch forecast``: what the next quarter brings, and how past forecasts did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pages.forecast.charts import forecasts_beside
from pages.intervals import within
from pages.shell import render

_TEMPLATE = Path(__file__).with_name("page.html.j2")
_NOTES = [
    "A quarter is 90 days. In brackets the interval that holds four times of five.",
    "Accounts that open within the quarter are in none of the figures.",
]


def page(told: Mapping[str, Any]) -> str:
    """The page, as HTML that needs nothing else.

    Args:
        told: as of `training.forecasts.forecast.forecast`.
    """
    lost = [each for each in told["past"] if each["figure"] == "lost"]
    trends = [each["sentence"] for each in told["trends"] if each["sure"]]
    return render(
        _TEMPLATE,
        told=f"Pinch, forecast, {told['as_of']} to {told['until']}",
        headline=f"{within(told['lost'])} of {told['accounts']:,} accounts will be lost within 90 days",
        notes=_NOTES,
        cards=_cards(told),
        chart=forecasts_beside(lost, {**told["lost"], "as_of": told["as_of"]}),
        verdicts=[each["sentence"] for each in told["verdicts"]],
        past=_past(told["past"]),
        mix=_mix(told["mix"]),
        matrix=_matrix(told["matrix"]),
        segments=_segments(told["segments"]),
        trends=trends,
        looks=len(told["trends"]),
    )


def _plain(name: str) -> str:
    return name.replace("_", "-")


def _cards(told: Mapping[str, Any]) -> list[dict[str, str]]:
    value = told["lost"]["value"]
    cards = [
        ("Accounts", f"{told['accounts']:,}", told["as_of"]),
        ("Lost", within(told["lost"]), f"by {told['until']}"),
        ("Worth", within(value), "a year, of those lost"),
        *(
            (_plain(each["quadrant"]), within(each), f"{each['today']:,} today")
            for each in told["mix"]
        ),
    ]
    return [
        {"title": title, "value": shown, "beside": beside}
        for title, shown, beside in cards
    ]


def _past(past: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    lines = []
    for each in past:
        cells = [
            _plain(each["figure"]),
            f"{each['accounts']:,}",
            within(each["forecast"]),
            f"{each['happened']:,.0f}",
            "yes" if each["within"] else "no",
            _number(each["as_last"]),
            _number(each["markov"]),
        ]
        lines.append(
            {"name": each["as_of"], "cells": cells, "strong": each["figure"] == "lost"}
        )
    heads = ["from", "figure", "accounts", "forecast", "happened", "within"]
    return {"columns": [*heads, "as last quarter", "Markov chain"], "lines": lines}


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _mix(mix: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    lines = [
        {
            "name": _plain(each["quadrant"]),
            "cells": [f"{each['today']:,}", within(each)],
        }
        for each in mix
    ]
    return (
        {"columns": ["quadrant", "today", "in 90 days"], "lines": lines}
        if mix
        else None
    )


def _matrix(matrix: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    if not matrix:
        return None
    ends = list(dict.fromkeys(each["to"] for each in matrix))
    lines = []
    for begun in dict.fromkeys(each["from"] for each in matrix):
        cells = [within(each) for each in matrix if each["from"] == begun]
        lines.append({"name": _plain(begun), "cells": cells})
    return {"columns": ["from", *(_plain(end) for end in ends)], "lines": lines}


def _segments(segments: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    if not segments:
        return None
    lines = []
    for each in sorted(segments, key=lambda each: -each["lost"]["mean"]):
        lost = each["lost"]
        cells = [f"{each['accounts']:,}", within(lost), within(lost["value"])]
        lines.append({"name": f"{each['fact']} {each['segment']}", "cells": cells})
    return {"columns": ["segment", "accounts", "lost", "worth a year"], "lines": lines}
