"""The charts of the report with what stands beside them: title, what they say, the same in words, and n."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pages.report import charts
from pages.report.charts import OPERATIONS
from pages.report.report import Report
from pages.report.texts import OF_NAME, Series, plain, spoken, text

Chart = dict[str, Any]
"""``title``, ``says``, ``images`` (each its words and its address) and ``beside``, as the template shows them."""

_STANDING = {
    "quadrant": (
        "Where accounts stand",
        "Customers at each quarter's end, by quadrant of the Customer Service Index; unknown lacks a score.",
    ),
    "zone": (
        "Which zone they are in",
        "Customers at each quarter's end in need of recovery, met, or surprised.",
    ),
}


def charted(report: Report, series: Series) -> list[Chart]:
    """Every chart that the report knows the numbers of."""
    found = [
        _churn(series),
        _reasons(report, series["silent_share"]),
        _standing(report, "quadrant"),
        _operations(series),
        _standing(report, "zone"),
    ]
    return [chart for chart in found if chart is not None]


def _churn(series: Series) -> Chart | None:
    count, revenue = series["churn"], series["churn_by_revenue"]
    if count["value"].isna().all():
        return None
    words = f"Churn by count: {spoken(count['value'], '{:.1%}')}."
    if revenue["value"].notna().any():
        words += f" Churn by revenue: {spoken(revenue['value'], '{:.1%}')}."
    n = spoken(count["n"], "{:,.0f}")
    return {
        "title": "How many left, and what they were worth",
        "says": "By count: accounts lost in the quarter, of the customers at its start. By revenue: what those "
        "accounts had spent in the year before, less what they took back, of what all customers had.",
        "images": [(words, charts.churn_lines(count["value"], revenue["value"]))],
        "beside": f"Customers at the start of each quarter: {n}.",
    }


def _reasons(report: Report, silent: pd.DataFrame) -> Chart | None:
    rows = report.of_book("reason")
    if rows.empty:
        return None
    first = rows["detail"] == rows["detail"].iloc[0]
    departed = rows.loc[first, "n"].sum()
    counted = (rows["value"] * rows["n"]).groupby(rows["detail"]).sum()
    shares = (counted[counted > 0] / departed).rename("value")
    words = f"Share of departures by reason: {spoken(shares, '{:.0%}')}."
    return {
        "title": "Why they left",
        "says": "Reasons on record for all departures of these quarters, beside a common rule of thumb for them: "
        "of a hundred customers who leave, 68 go because they feel that nobody cares. It is no measurement.",
        "images": [(words, charts.reasons_beside_the_rule_of_thumb(shares))],
        "beside": f"n = {departed:,.0f} departures with a reason.{_silently(silent)}",
    }


def _silently(silent: pd.DataFrame) -> str:
    """How many left without a word, of those of whom it is told."""
    told = silent["n"].sum()
    if not told:
        return ""
    without = (silent["value"] * silent["n"]).sum()
    return f" {without / told:.0%} of {told:,.0f} left without a word."


def _standing(report: Report, of: str) -> Chart | None:
    rows = report.of_book(of)
    if rows.empty:
        return None
    titles = {str(quarter): quarter.title for quarter in report.quarters}
    shares = rows.pivot(index="quarter", columns="detail", values="value")
    shares = shares.reindex(list(titles)).set_axis(list(titles.values()), axis=0)
    n = rows.drop_duplicates("quarter").set_index("quarter")["n"].rename(titles)
    last = shares.iloc[-1].rename(plain)
    words = f"Shares at the end of {shares.index[-1]}: {spoken(last, '{:.0%}')}."
    title, says = _STANDING[of]
    return {
        "title": title,
        "says": says,
        "images": [(words, charts.stacked(shares))],
        "beside": f"Customers at the end of each quarter: {spoken(n, '{:,.0f}')}.",
    }


def _operations(series: Series) -> Chart | None:
    values = pd.DataFrame({name: series[name]["value"] for name in OPERATIONS})
    values = values.dropna(axis=1, how="all")
    if values.empty:
        return None
    matters = series["still_open"]["n"]
    opened = spoken(matters, "{:,.0f}")
    return {
        "title": "How we answered",
        "says": "Matters by the quarter in which they were opened. Open matters are counted apart: they have no "
        "duration yet, so the latest quarter's times will still grow.",
        "images": [(_operations_in_words(values), charts.operations(values))],
        "beside": f"Matters opened: {opened}." if matters.notna().any() else "",
    }


def _operations_in_words(values: pd.DataFrame) -> str:
    said = []
    for name in values.columns:
        title = OF_NAME[str(name)].title.lower()
        said.append(f"{title} {text(str(name), values[name].iloc[-1])}")
    return f"Operational figures of {values.index[-1]}: {', '.join(said)}."
