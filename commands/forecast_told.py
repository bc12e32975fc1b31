"""What ``pinch forecast`` tells people: tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commands.opening import warned
from commands.output import Parts, table, wrote
from pages.intervals import within

SHOWN = 12
"""Segments that are printed; all of them are in the JSON document and on the page."""
TRENDS = 5
"""Trends that are printed."""


def forecast_told(facts: Mapping[str, Any]) -> Parts:
    """The forecast, beside what past ones were."""
    lost = facts["lost"]
    said = f"{within(lost)} of {facts['accounts']:,} accounts will be lost from {facts['as_of']} to {facts['until']}"
    value = f", worth {within(lost['value'])} a year" if lost["value"] else ""
    return [
        f"{said}{value}; 80% intervals.",
        *_mix(facts["mix"]),
        *_segments(facts["segments"]),
        *_past(facts["past"]),
        *(verdict["sentence"] for verdict in facts["verdicts"]),
        *trends_told(facts["trends"]),
        *warned(dict(facts)),
        *wrote(facts["files"]),
    ]


def trends_told(trends: Sequence[Mapping[str, Any]]) -> list[str]:
    """The trends that are sure, or that there is none."""
    if not trends:
        return []
    sure = [trend["sentence"] for trend in trends if trend["sure"]]
    looks = f"{len(trends)} looks at segments and quadrants"
    if not sure:
        return [
            f"No segment moved otherwise than the rest, as far as {looks} can tell."
        ]
    return [*sure[:TRENDS], f"Trends stand where {looks} are allowed for."]


def _mix(mix: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    if mix:
        rows = [
            [_plain(each["quadrant"]), f"{each['today']:,}", within(each)]
            for each in mix
        ]
        yield table(["quadrant", "today", "in 90 days, of those"], rows)


def _segments(segments: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    if not segments:
        return
    first = sorted(segments, key=lambda each: -each["lost"]["mean"])[:SHOWN]
    rows = [
        [
            f"{each['fact']} {each['segment']}",
            f"{each['accounts']:,}",
            within(each["lost"]),
            within(each["lost"]["value"]),
        ]
        for each in first
    ]
    yield table(["segment", "accounts", "lost", "worth a year"], rows)


def _past(past: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    lost = [each for each in past if each["figure"] == "lost"]
    if not lost:
        yield "No past quarter can be looked back on: the history is too short."
        return
    rows = [
        [
            each["as_of"],
            f"{each['accounts']:,}",
            within(each["forecast"]),
            f"{each['happened']:,.0f}",
            _number(each["as_last"]),
            _number(each["markov"]),
        ]
        for each in lost
    ]
    names = ["from", "accounts", "forecast", "lost", "as last quarter", "Markov chain"]
    yield table(names, rows)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _plain(name: str) -> str:
    return name.replace("_", "-")
