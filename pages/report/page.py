"""The report as people read it: one HTML page that needs nothing else, and a table for a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from pages import render
from pages.report import charts as report_charts
from pages.report.charts import OPERATIONS, plain
from pages.report.ratios import FIGURES
from pages.report.report import ALL, DEPARTED, OTHER, QUADRANTS, Report
from serving.night.whole_files import spreadsheet, write_whole

PAGE = "report.html"
_TEMPLATE = Path(__file__).with_name("page.html.j2")
TABLE = "figures.csv"
FEW = 30
"""Rates of fewer accounts than this are marked."""

_CARDS = (
    *(
        "accounts",
        "churn",
        "churn_by_revenue",
        "spend",
        "referral_rate",
        "survey_answer_rate",
    ),
    *("purchases", "days_to_resolution", "accounts_won"),
)
_CARDS_SHOWN = 6
_SEGMENT_COLUMNS = (
    "accounts",
    "churn",
    "churn_by_revenue",
    "purchases",
    "spend",
    "survey_answer_rate",
)
_BARS = {"churn": "", "churn_by_revenue": "second"}
_OF = {figure.name: figure for figure in FIGURES}
_FORMATS = {
    "share": "{:.1%}",
    "accounts": "{:,.0f}",
    "money": "{:,.0f}",
    "days": "{:,.1f}",
    "hours": "{:,.1f}",
}
_DASH = "\N{EN DASH}"


def write_report(report: Report, folder: Path) -> list[Path]:
    """Writes the page for people and the table for a spreadsheet; each appears whole or not at all.

    Returns:
        The files written.
    """
    html = page(report)
    return write_whole(
        folder,
        {
            PAGE: lambda file: file.write_text(html, encoding="utf-8"),
            TABLE: spreadsheet(report.figures),
        },
    )


def page(report: Report) -> str:
    """The page: HTML with its charts inside, no scripts, nothing fetched."""
    charts = [
        _churn(report),
        _reasons(report),
        _mix(report, "quadrant"),
        _operations(report),
        _mix(report, "zone"),
    ]
    drawn = [chart for chart in charts if chart is not None]
    known = [name for name in _OF if report.of_book(name)["value"].notna().any()]
    first, last = report.quarters[0].title, report.quarters[-1].title
    span = last if first == last else f"{first} to {last}"
    return render(
        _TEMPLATE,
        told=f"Pinch report, as known on {report.as_of} \N{MIDDLE DOT} {span}",
        headline=report.headline(),
        latest=last,
        notes=report.notes,
        cards=[_card(report, name) for name in _CARDS if name in known][:_CARDS_SHOWN],
        rows=[drawn[place : place + 2] for place in range(0, len(drawn), 2)],
        matrix=_matrix(report),
        segments=_segments(report),
        few=FEW,
        quarters=[quarter.title for quarter in report.quarters],
        table=[_line(report, name) for name in known],
        unknown=[
            figure.title.lower() for figure in FIGURES if figure.name not in known
        ],
    )


def _series(report: Report, name: str) -> pd.DataFrame:
    """Value and n of a figure of the whole book, a row for each quarter by its title."""
    rows = report.of_book(name).set_index("quarter")[["value", "n"]]
    return rows.reindex([str(q) for q in report.quarters]).set_axis(
        [q.title for q in report.quarters], axis=0
    )


def _text(name: str, value: float) -> str:
    unit = _OF[name].unit
    template = (
        "{:,.2f}"
        if unit == "money" and abs(value) < 100
        else _FORMATS.get(unit, "{:,.2f}")
    )
    return _DASH if pd.isna(value) else template.format(value)


def _card(report: Report, name: str) -> dict[str, str]:
    series = _series(report, name)
    value, before = series["value"].iloc[-1], series["value"].iloc[:-1]
    beside = f"{_text(name, before.iloc[-1])} the quarter before" if len(before) else ""
    if _OF[name].unit != "accounts":
        beside += f"{'; ' if beside else ''}n {_text('accounts', series['n'].iloc[-1])}"
    return {"title": _OF[name].title, "value": _text(name, value), "beside": beside}


def _line(report: Report, name: str) -> dict[str, Any]:
    """A figure of the whole book over the quarters, as a line of the table."""
    figure, series = _OF[name], _series(report, name)
    counted = figure.whole is not None
    cells = [
        {
            "text": _text(name, value),
            "n": f"n {n:,.0f}" if counted and n == n else "",
            "tone": "unknown"
            if pd.isna(value)
            else "few"
            if counted and n < FEW
            else "",
        }
        for value, n in series.to_numpy()
    ]
    return {
        "title": figure.title,
        "says": figure.says,
        "of": figure.of if counted else "",
        "cells": cells,
    }


def _spoken(series: pd.Series, template: str) -> str:
    """The values of a series in words, for those who do not see the chart."""
    return ", ".join(
        f"{title} {'not known' if pd.isna(value) else template.format(value)}"
        for title, value in series.items()
    )


def _churn(report: Report) -> dict[str, Any] | None:
    count, revenue = _series(report, "churn"), _series(report, "churn_by_revenue")
    if count["value"].isna().all():
        return None
    alt = f"Churn by count: {_spoken(count['value'], '{:.1%}')}."
    if revenue["value"].notna().any():
        alt += f" Churn by revenue: {_spoken(revenue['value'], '{:.1%}')}."
    n = f"Customers at the start of each quarter: {_spoken(count['n'], '{:,.0f}')}."
    return {
        "title": "How many left, and what they were worth",
        "says": "By count: accounts lost in the quarter, of the customers at its start. By revenue: what those "
        "accounts had spent in the year before, less what they took back, of what all customers had.",
        "images": [(alt, report_charts.churn_lines(count["value"], revenue["value"]))],
        "beside": n,
    }


def _reasons(report: Report) -> dict[str, Any] | None:
    rows = report.of_book("reason")
    if rows.empty:
        return None
    departed = rows["n"].where(rows["detail"] == rows["detail"].iloc[0]).sum()
    counted = (rows["value"] * rows["n"]).groupby(rows["detail"]).sum()
    shares = (counted[counted > 0] / departed).rename("value")
    silent = _series(report, "silent_share")
    told = silent["n"].sum()
    without = (
        f" {(silent['value'] * silent['n']).sum() / told:.0%} of {told:,.0f} left without a word."
        if told
        else ""
    )
    return {
        "title": "Why they left",
        "says": "Reasons on record for all departures of these quarters, beside a common rule of thumb for them: "
        "of a hundred customers who leave, 68 go because they feel that nobody cares. It is no measurement.",
        "images": [
            (
                f"Share of departures by reason: {_spoken(shares, '{:.0%}')}.",
                report_charts.reasons_beside_the_rule_of_thumb(shares),
            )
        ],
        "beside": f"n = {departed:,.0f} departures with a reason.{without}",
    }


def _mix(report: Report, of: str) -> dict[str, Any] | None:
    rows = report.of_book(of)
    if rows.empty:
        return None
    shares = rows.pivot(index="quarter", columns="detail", values="value").reindex(
        [str(q) for q in report.quarters]
    )
    shares = shares.set_axis([q.title for q in report.quarters], axis=0)
    n = (
        rows.drop_duplicates("quarter")
        .set_index("quarter")["n"]
        .rename(lambda name: f"{name[5:]} {name[:4]}")
    )
    said = {
        "quadrant": (
            "Where accounts stand",
            "Customers at each quarter's end, by quadrant of the Customer Service Index; unknown lacks a score.",
        ),
        "zone": (
            "Which zone they are in",
            "Customers at each quarter's end in need of recovery, met, or surprised.",
        ),
    }
    last = shares.iloc[-1].rename(plain)
    return {
        "title": said[of][0],
        "says": said[of][1],
        "images": [
            (
                f"Shares at the end of {shares.index[-1]}: {_spoken(last, '{:.0%}')}.",
                report_charts.stacked(shares),
            )
        ],
        "beside": f"Customers at the end of each quarter: {_spoken(n, '{:,.0f}')}.",
    }


def _operations(report: Report) -> dict[str, Any] | None:
    series = {name: _series(report, name) for name in OPERATIONS}
    values = pd.DataFrame({name: its["value"] for name, its in series.items()}).dropna(
        axis=1, how="all"
    )
    if values.empty:
        return None
    last = ", ".join(
        f"{_OF[name].title.lower()} {_text(name, values[name].iloc[-1])}"
        for name in OPERATIONS
        if name in values
    )
    matters = series["still_open"]["n"]
    return {
        "title": "How we answered",
        "says": "Matters by the quarter in which they were opened. Open matters are counted apart: they have no "
        "duration yet, so the latest quarter's times will still grow.",
        "images": [
            (
                f"Operational figures of {values.index[-1]}: {last}.",
                report_charts.operations(values),
            )
        ],
        "beside": f"Matters opened: {_spoken(matters, '{:,.0f}')}."
        if matters.notna().any()
        else "",
    }


def _matrix(report: Report) -> dict[str, Any] | None:
    """The migration matrix of the last quarter, as a heat table."""
    rows = report.of_book("moves")
    rows = rows[rows["quarter"] == str(report.quarters[-1])]
    if rows.empty:
        return None
    moves = rows.pivot(index="detail", columns="moved_to", values="value")
    order = [*QUADRANTS[::-1][1:], QUADRANTS[-1]]
    counts = moves.reindex(
        index=[state for state in order if state in moves.index],
        columns=[*order, DEPARTED],
    )
    lines = []
    for begun, row in counts.iterrows():
        n = row.sum()
        cells = [
            _heat(value, n, to == begun, to == DEPARTED) for to, value in row.items()
        ]
        lines.append({"name": plain(str(begun)), "cells": cells, "n": f"{n:,.0f}"})
    return {"columns": [plain(str(to)) for to in counts], "lines": lines}


def _heat(value: float, n: float, stayed: bool, departed: bool) -> dict[str, Any]:
    if pd.isna(value):
        return {
            "count": _DASH,
            "share": "",
            "colour": "transparent",
            "ink": "inherit",
            "stayed": stayed,
        }
    share = value / n
    hue = "179, 64, 42" if departed else "47, 102, 144"
    strength = min(
        1.0, share * (4 if departed else 1)
    )  # a tenth of a quadrant leaving is much, a tenth moving is not
    return {
        "count": f"{value:,.0f}",
        "share": f"{share:.0%}" if value else "",
        "colour": f"rgba({hue}, {0.85 * strength:.2f})",
        "ink": "#ffffff" if strength > 0.6 else "inherit",
        "stayed": stayed,
    }


def _segments(report: Report) -> dict[str, Any] | None:
    """The last quarter by segment, the largest first, with the whole book below."""
    if report.fact is None:
        return None
    last = report.figures[report.figures["quarter"] == str(report.quarters[-1])]
    last = last[last["figure"].isin(_SEGMENT_COLUMNS)]
    book = last[last["fact"] == ""].set_index("figure")
    by_segment = last[last["fact"] != ""]
    values = by_segment.pivot(index="segment", columns="figure", values="value")
    values = values.sort_values("accounts", ascending=False, kind="stable")
    values = values.sort_index(key=lambda names: names == OTHER, kind="stable")
    shown = [name for name in _SEGMENT_COLUMNS if values[name].notna().any()]
    most = values[[*_BARS]].max()
    lines = [
        {
            "name": name,
            "cells": [
                _cell(figure, row[figure], row["accounts"], most) for figure in shown
            ],
        }
        for name, row in values.iterrows()
    ]
    whole = [
        _cell(figure, book["value"][figure], book["n"]["churn"], most)
        for figure in shown
    ]
    lines.append({"name": f"{ALL} accounts", "cells": whole})
    return {
        "fact": report.fact,
        "columns": [_OF[name].title for name in shown],
        "lines": lines,
    }


def _cell(name: str, value: float, accounts: float, most: pd.Series) -> dict[str, Any]:
    tone = (
        "unknown"
        if pd.isna(value)
        else "few"
        if name != "accounts" and accounts < FEW
        else ""
    )
    if name not in _BARS or pd.isna(value):
        return {"text": _text(name, value), "tone": tone, "width": None}
    width = round(60 * value / most[name]) if most[name] > 0 else 0
    return {
        "text": _text(name, value),
        "tone": f"{_BARS[name]} {tone}".strip(),
        "width": min(width, 60),
    }
