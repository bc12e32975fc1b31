"""The report as people read it: one HTML page that needs nothing else, and a table for a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from pages.report.charted import charted
from pages.report.quarterly_figures import FIGURES
from pages.report.report import Report
from pages.report.tables import line, matrix, segments
from pages.report.texts import FEW, OF_NAME, Series, series_of, text
from pages.shell import render
from serving.night.atomic_files import spreadsheet, write_whole

PAGE = "report.html"
TABLE = "figures.csv"
_TEMPLATE = Path(__file__).with_name("page.html.j2")

_CARDS = (
    "accounts",
    "churn",
    "churn_by_revenue",
    "spend",
    "referral_rate",
    "survey_answer_rate",
    "purchases",
    "days_to_resolution",
    "accounts_won",
)
"""Figures for the cards, of which the first that are known are shown."""
_CARDS_SHOWN = 6


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
    series = series_of(report)
    charts = charted(report, series)
    known = [name for name, its in series.items() if its["value"].notna().any()]
    unknown = [figure.title.lower() for figure in FIGURES if figure.name not in known]
    cards = [name for name in _CARDS if name in known][:_CARDS_SHOWN]
    first, last = report.quarters[0].title, report.quarters[-1].title
    span = last if first == last else f"{first} to {last}"
    return render(
        _TEMPLATE,
        told=f"Pinch report, as known on {report.as_of} \N{MIDDLE DOT} {span}",
        headline=report.headline(),
        latest=last,
        notes=[f"{report.contact_sentence}.", *report.notes],
        cards=[_card(series, name) for name in cards],
        rows=[charts[place : place + 2] for place in range(0, len(charts), 2)],
        matrix=matrix(report),
        segments=segments(report),
        few=FEW,
        quarters=[quarter.title for quarter in report.quarters],
        table=[line(series, name) for name in known],
        unknown=unknown,
    )


def _card(series: Series, name: str) -> dict[str, str]:
    """A figure of the last quarter, beside that of the quarter before."""
    figure, values = OF_NAME[name], series[name]["value"]
    beside = []
    if len(values) > 1:
        beside.append(f"{text(name, values.iloc[-2])} the quarter before")
    if figure.unit != "accounts":
        beside.append(f"n {text('accounts', series[name]['n'].iloc[-1])}")
    shown = text(name, values.iloc[-1])
    return {"title": figure.title, "value": shown, "beside": "; ".join(beside)}
