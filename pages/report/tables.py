"""The tables of the report: every figure by quarter, the last quarter by segment, and who moved where."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pages.colours import ACCENT, ON_DARK, SECOND, shade
from pages.report.report import Report
from pages.report.segments import ALL, OTHER
from pages.report.standing import DEPARTED, QUADRANTS
from pages.report.texts import DASH, OF_NAME, Series, plain, text, tone

Cell = dict[str, Any]

_SEGMENT_COLUMNS = (
    "accounts",
    "churn",
    "churn_by_revenue",
    "purchases",
    "spend",
    "survey_answer_rate",
)
_BARS = {"churn": "", "churn_by_revenue": "second"}
"""Figures of segments that have a bar, by its style."""
_LONGEST = 60
"""The width of a column's longest bar, in percent of the cell."""


def line(series: Series, name: str) -> dict[str, Any]:
    """A figure of the whole book over the quarters."""
    figure = OF_NAME[name]
    counted = figure.whole is not None
    cells = []
    for value, n in series[name].to_numpy():
        beside = f"n {n:,.0f}" if counted and n == n else ""
        look = tone(value, n if counted else None)
        cells.append({"text": text(name, value), "n": beside, "tone": look})
    of = figure.of if counted else ""
    return {"title": figure.title, "says": figure.says, "of": of, "cells": cells}


def matrix(report: Report) -> dict[str, Any] | None:
    """The migration matrix of the last quarter, as a heat table."""
    rows = report.latest()
    rows = rows[rows["figure"] == "moves"]
    if rows.empty:
        return None
    moves = rows.pivot(index="detail", columns="moved_to", values="value")
    *known, unknown = QUADRANTS
    order = [*known[::-1], unknown]
    begun = [state for state in order if state in moves.index]
    counts = moves.reindex(index=begun, columns=[*order, DEPARTED])
    lines = [_moves_from(str(state), row) for state, row in counts.iterrows()]
    return {"columns": [plain(str(to)) for to in counts], "lines": lines}


def _moves_from(begun: str, moved: pd.Series) -> dict[str, Any]:
    """A line of the matrix: how many moved from a state to each."""
    n = moved.sum()
    cells = [_heat(value, n, str(to), begun) for to, value in moved.items()]
    return {"name": plain(begun), "cells": cells, "n": f"{n:,.0f}"}


def _heat(value: float, n: float, to: str, begun: str) -> Cell:
    """A cell of the matrix, the more in colour the more moved; a tenth leaving is much, a tenth moving is not."""
    stayed, departed = to == begun, to == DEPARTED
    cell = {"count": DASH, "share": "", "colour": "transparent", "ink": "inherit"}
    if pd.isna(value):
        return {**cell, "stayed": stayed}
    share = value / n
    strength = min(1.0, 4 * share) if departed else share
    colour = ACCENT if departed else SECOND
    return {
        "count": f"{value:,.0f}",
        "share": f"{share:.0%}" if value else "",
        "colour": shade(colour, 0.85 * strength),
        "ink": ON_DARK if strength > 0.6 else "inherit",
        "stayed": stayed,
    }


def segments(report: Report) -> dict[str, Any] | None:
    """The last quarter by segment, the largest first, with the whole book below."""
    if report.fact is None:
        return None
    values = _by_segment(report)
    shown = [name for name in _SEGMENT_COLUMNS if values[name].notna().any()]
    most = values[list(_BARS)].max()
    lines = []
    for name, row in values.iterrows():
        cells = [_cell(each, row[each], row["accounts"], most) for each in shown]
        lines.append({"name": name, "cells": cells})
    book = report.latest().drop_duplicates("figure").set_index("figure")
    value, n = book["value"], book["n"]["churn"]
    whole = [_cell(each, value[each], n, most) for each in shown]
    lines.append({"name": f"{ALL} accounts", "cells": whole})
    columns = [OF_NAME[name].title for name in shown]
    return {"fact": report.fact, "columns": columns, "lines": lines}


def _by_segment(report: Report) -> pd.DataFrame:
    """The figures of the last quarter, a row for each segment; those pooled come last."""
    rows, last = report.figures, str(report.quarters[-1])
    rows = rows[rows["quarter"] == last]
    rows = rows[rows["fact"] != ""]
    rows = rows[rows["figure"].isin(_SEGMENT_COLUMNS)]
    values = rows.pivot(index="segment", columns="figure", values="value")
    values = values.sort_values("accounts", ascending=False, kind="stable")
    return values.sort_index(key=lambda names: names == OTHER, kind="stable")


def _cell(name: str, value: float, accounts: float, most: pd.Series) -> Cell:
    look = tone(value, None if name == "accounts" else accounts)
    cell = {"text": text(name, value), "tone": look, "width": None}
    if name not in _BARS or pd.isna(value):
        return cell
    width = round(_LONGEST * value / most[name]) if most[name] > 0 else 0
    bar = f"{_BARS[name]} {look}".strip()
    return {**cell, "tone": bar, "width": min(width, _LONGEST)}
