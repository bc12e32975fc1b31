"""The page of the trend: HTML with its charts inside, no scripts, nothing fetched."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from models.score.bands import BANDS
from pages.shell import render
from pages.trend import charts
from pages.trend.trend import Line, Trend

PAGE = "trend.html"
SHOWN = 90
"""Nights that the table has; the charts have all."""
_TEMPLATE = Path(__file__).with_name("page.html.j2")
_UNKNOWN = float("nan")

Chart = dict[str, Any]


def page(trend: Trend) -> str:
    """The page of published nights, the oldest first; at least one."""
    last = trend[-1]
    drawn = _charts(trend)
    return render(
        _TEMPLATE,
        told=f"Pinch nights, {trend[0].as_of} to {last.as_of}",
        headline=_headline(trend),
        notes=[],
        cards=_cards(last, trend),
        findings=[finding["sentence"] for finding in last.findings],
        rows=[drawn[place : place + 2] for place in range(0, len(drawn), 2)],
        columns=["night", *_COLUMNS],
        lines=[_line(line) for line in list(trend)[: -SHOWN - 1 : -1]],
        earlier=max(len(trend) - SHOWN, 0),
    )


def _headline(trend: Trend) -> str:
    last = trend[-1]
    if not last.red:
        return f"The night of {last.as_of} is as usual"
    things = (
        "1 thing is" if len(last.findings) == 1 else f"{len(last.findings)} things are"
    )
    return f"The night of {last.as_of}: {things} not as usual"


def _cards(last: Line, trend: Trend) -> list[dict[str, str]]:
    """The figures of the last night, beside those of the night before."""
    cards = []
    if last.summary is not None:
        before = trend[-2].summary if len(trend) > 1 else None
        beside = "" if before is None else f"{before['accounts']:,} the night before"
        cards.append(_card("Accounts", f"{last.summary['accounts']:,}", beside))
    if last.expected is not None:
        said = f"by {last.horizon} days; {last.expected['low']:,.0f} to {last.expected['high']:,.0f}"
        cards.append(_card("Expected to leave", f"{last.expected['mean']:,.0f}", said))
    over = [line for line in trend if line.came is not None]
    if over:
        cards.append(_came(over[-1]))
    red = sum(line.red for line in trend)
    cards.append(_card("Nights not as usual", f"{red:,}", f"of {len(trend):,}"))
    return cards


def _card(title: str, value: str, beside: str) -> dict[str, str]:
    return {"title": title, "value": value, "beside": beside}


def _came(line: Line) -> dict[str, str]:
    assert line.came is not None
    said = (
        f"of the night of {line.as_of}, {line.came['expected']['mean']:,.0f} expected"
    )
    return _card("Left", f"{line.came['left']:,}", said)


def _charts(trend: Trend) -> list[Chart]:
    return [
        _losses(trend),
        _performance(trend),
        _beside_limits(trend),
        _accounts(trend),
        _bands(trend),
        _missing_values(trend),
        _set_aside(trend),
    ]


def _performance(trend: Trend) -> Chart:
    estimated = [_of(line.estimated, "auc") for line in trend]
    came = [_of(line.came, "auc") for line in trend]
    return _chart(
        "How good the risks are",
        "The AUC that is to be expected of each night's risks if they are calibrated, and that which came.",
        f"AUC of the last night, estimated: {_text(estimated[-1], '.2f')}.",
        charts.estimated_and_realised(_days(trend), _array(estimated), _array(came)),
    )


def _beside_limits(trend: Trend) -> Chart:
    farthest = [line.farthest for line in trend]
    red = [line.red for line in trend]
    return _chart(
        "Beside their limits",
        "How far the feature, fact or risk that moved most is from its training, as a share of its limit. "
        "A square is a night of which something is not as usual.",
        f"Last night: {_text(farthest[-1], '.0%')} of the limit.",
        charts.beside_limits(_days(trend), _array(farthest), red),
    )


def _accounts(trend: Trend) -> Chart:
    accounts = [_of(line.summary, "accounts") for line in trend]
    return _chart(
        "Accounts",
        "Accounts that were scored.",
        f"Last night: {_text(accounts[-1], ',.0f')}.",
        charts.one_line(_days(trend), _array(accounts)),
    )


def _missing_values(trend: Trend) -> Chart:
    missing = [_missing(line) for line in trend]
    return _chart(
        "Missing values",
        "The mean share of accounts without a value, over all that the models read.",
        f"Last night: {_text(missing[-1], '.1%')}.",
        charts.one_line(_days(trend), _array(missing), share=True),
    )


def _set_aside(trend: Trend) -> Chart:
    rows = [line.quarantined for line in trend]
    return _chart(
        "Rows set aside",
        "Rows of the book that were not fit to be read.",
        f"Last night: {rows[-1]:,}.",
        charts.one_line(_days(trend), _array(rows)),
    )


def _days(trend: Trend) -> list[date]:
    return [line.as_of for line in trend]


def _losses(trend: Trend) -> Chart:
    ends = ("low", "mean", "high")
    expected = [_array(_of(line.expected, end) for line in trend) for end in ends]
    left = _array(_of(line.came, "left") for line in trend)
    known = int((~np.isnan(left)).sum())
    return _chart(
        "Expected and realised",
        "Leavers that each night expected by its horizon, the range of nine times of ten, and those that left. "
        "Who was called and stayed lowers what is realised.",
        f"Last night expects {_text(_of(trend[-1].expected, 'mean'), ',.0f')}; {known:,} nights are known by now.",
        charts.expected_and_realised(_days(trend), np.array(expected), left),
    )


def _bands(trend: Trend) -> Chart:
    names = [band.name for band in BANDS]
    counts = [
        [(line.summary or {}).get("bands", {}).get(name, 0) for line in trend]
        for name in names
    ]
    last = ", ".join(
        f"{name} {one[-1]:,}" for name, one in zip(names, counts, strict=True)
    )
    return _chart(
        "Risks",
        "Accounts by band of risk.",
        f"Last night: {last}.",
        charts.bands(_days(trend), np.array(counts, dtype=np.float64)),
    )


def _chart(title: str, says: str, words: str, image: str) -> Chart:
    return {"title": title, "says": says, "images": [(words, image)], "beside": words}


_COLUMNS = (
    *("models", "accounts", "expected", "left", "AUC estimated", "AUC realised"),
    *("lift of the list", "set aside", "not as usual"),
)


def _line(line: Line) -> dict[str, Any]:
    """A night in the table; what came is marked where it is out of the range that was expected."""
    revision = f" r{line.revision}" if line.revision > 1 else ""
    said = [finding["sentence"] for finding in line.findings]
    more = f" and {len(said) - 3} more" if len(said) > 3 else ""
    return {
        "name": f"{line.as_of}{revision}",
        "red": line.red,
        "cells": [
            line.model_version,
            _text(_of(line.summary, "accounts"), ",.0f"),
            _text(_of(line.expected, "mean"), ",.0f"),
            _text(_of(line.came, "left"), ",.0f"),
            _text(_of(line.estimated, "auc"), ".2f"),
            _text(_of(line.came, "auc"), ".2f"),
            _text(_of(line.came, "lift_of_list"), ".1f"),
            f"{line.quarantined:,}",
        ],
        "beyond": line.came is not None and not line.came["as_expected"],
        "findings": "; ".join(said[:3]) + more,
    }


def _of(figures: Any, name: str) -> float | None:
    return None if figures is None else figures[name]


def _missing(line: Line) -> float | None:
    missing = None if line.summary is None else line.summary["missing"]
    return _of(missing, "tonight")


def _array(values: Any) -> charts.Array:
    return np.array([_UNKNOWN if value is None else value for value in values], float)


def _text(value: float | None, form: str) -> str:
    return "\N{EN DASH}" if value is None else format(value, form)
