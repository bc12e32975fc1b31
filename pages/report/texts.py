"""Figures of a report in words and cells."""

from __future__ import annotations

import pandas as pd

from pages.report.quarterly_figures import FIGURES
from pages.report.report import Report

FEW = 30
"""Rates of fewer accounts than this are marked."""
DASH = "\N{EN DASH}"
"""What is not known."""

OF_NAME = {figure.name: figure for figure in FIGURES}

_FORMATS = {
    "share": "{:.1%}",
    "accounts": "{:,.0f}",
    "money": "{:,.0f}",
    "days": "{:,.1f}",
    "hours": "{:,.1f}",
}
_EXACTLY = "{:,.2f}"

Series = dict[str, pd.DataFrame]
"""Value and n of each figure of the whole book, a row for each quarter by its title."""


def series_of(report: Report) -> Series:
    """Each figure of `FIGURES` over the quarters of a report."""
    return {name: _series(report, name) for name in OF_NAME}


def _series(report: Report, name: str) -> pd.DataFrame:
    rows = report.of_book(name).set_index("quarter")[["value", "n"]]
    by_quarter = rows.reindex([str(quarter) for quarter in report.quarters])
    return by_quarter.set_axis([quarter.title for quarter in report.quarters], axis=0)


def text(name: str, value: float) -> str:
    """The value of a figure in its unit; small sums of money to the cent."""
    if pd.isna(value):
        return DASH
    unit = OF_NAME[name].unit
    if unit == "money" and abs(value) < 100:
        return _EXACTLY.format(value)
    return _FORMATS.get(unit, _EXACTLY).format(value)


def tone(value: float, n: float | None) -> str:
    """How a cell looks: what is not known, and what rests on few accounts; None where that does not matter."""
    if pd.isna(value):
        return "unknown"
    return "few" if n is not None and n < FEW else ""


def spoken(series: pd.Series, template: str) -> str:
    """The values of a series in words, for those who do not see the chart.

    Example:
        >>> spoken(pd.Series({"Q1 2026": 0.25, "Q2 2026": float("nan")}), "{:.0%}")
        'Q1 2026 25%, Q2 2026 not known'
    """
    said = []
    for title, value in series.items():
        known = "not known" if pd.isna(value) else template.format(value)
        said.append(f"{title} {known}")
    return ", ".join(said)


def plain(name: str) -> str:
    """A name in code as people read it: ``people_carried`` is people-carried."""
    return name.replace("_", "-")
