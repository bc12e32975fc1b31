"""The page of the report: self-contained, safe, and complete even where little is known."""

import re
import warnings
from base64 import b64decode
from datetime import date
from html import unescape
from xml.etree import ElementTree

import pandas as pd
import pytest

from pages.report.charts import churn_lines
from pages.report.page import page, write_report
from pages.report.report import make_report

SVG = re.compile(
    r'<img class="chart" alt="([^"]+)" src="data:image/svg\+xml;base64,([^"]+)">'
)


def small_book(make_book, market="coast", **tables):
    """Four accounts of one market, one of which leaves in the last quarter."""
    return make_book(
        accounts=[
            {"account_id": name, "opened_at": "2024-01-01", "market": market}
            for name in "abcd"
        ],
        interactions=[
            {"account_id": name, "occurred_at": day, "kind": "visit"}
            for name in "abcd"
            for day in ("2026-04-01", "2026-06-30", "2026-07-01", "2026-09-30")
        ],
        **tables,
    )


DEPARTURES = [
    {
        "account_id": "d",
        "occurred_at": "2026-08-01",
        "reason": "indifference",
        "overt": False,
    }
]
AS_OF = date(2026, 10, 1)


def text_of(html):
    """What the page says, without its marks."""
    return " ".join(
        unescape(
            re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
        ).split()
    )


@pytest.fixture(scope="module")
def report(sample_book):
    return make_report(sample_book)


@pytest.fixture(scope="module")
def html(report):
    return page(report)


def test_the_page_needs_nothing_else_and_runs_nothing(html):
    assert "<script" not in html
    assert "default-src 'none'" in html
    # Addresses are of images in the page itself; a chart of SVG names its own vocabulary and no more.
    assert set(re.findall(r'(?:src|href)="([a-z]+):', html)) == {"data"}
    assert not re.search(r"https?://|url\(|@import", html)


def test_each_chart_is_svg_with_words_for_those_who_do_not_see_it(html):
    charts = SVG.findall(html)
    assert len(charts) == html.count("<img") >= 4
    for words, drawn in charts:
        assert (
            ElementTree.fromstring(b64decode(drawn)).tag
            == "{http://www.w3.org/2000/svg}svg"
        )
        assert len(words) > 30
    assert charts[0][0].startswith("Churn by count: ")


def test_the_page_begins_with_the_headline_and_tells_every_figure_with_its_n(
    report, html
):
    said = text_of(html)
    assert report.headline() in said
    for title in (
        "Churn by revenue",
        "First-contact resolution",
        "Outreach answer rate",
        "Who moved where in",
    ):
        assert title in said
    for note in report.notes:
        assert note in said
    assert re.search(r"n \d", said)


def test_charts_fit_a_telephone_and_page_and_charts_follow_the_readers_scheme(html):
    assert "color-scheme: light dark" in html
    assert "prefers-color-scheme: dark" in html
    for _, drawn in SVG.findall(html):
        svg = b64decode(drawn).decode()
        assert (
            float(ElementTree.fromstring(svg).get("width").removesuffix("pt"))
            <= 4.4 * 72 + 1
        )
        dark = re.search(
            r"@media screen and \(prefers-color-scheme: dark\) \{ :root \{(.*?)\} \}",
            svg,
        )[1]
        assert set(re.findall(r"var\((--c\w+), #", svg)) <= set(
            re.findall(r"--c\w+", dark)
        )
        assert not re.search(
            r"(fill|stroke): #(1d2733|5b6775)", svg
        )  # ink that the dark would swallow


def test_a_book_of_which_no_churn_is_known_draws_without_a_warning():
    nothing = pd.Series([float("nan")] * 2, index=["Q1 2026", "Q2 2026"])
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        assert churn_lines(nothing, nothing).startswith("data:image/svg+xml")


def test_the_chart_of_reasons_says_what_they_are_compared_with(make_book):
    report = make_report(small_book(make_book, departures=DEPARTURES), AS_OF)
    drawn = {
        words: b64decode(image).decode() for words, image in SVG.findall(page(report))
    }
    (reasons,) = (
        image
        for words, image in drawn.items()
        if words.startswith("Share of departures by reason")
    )
    assert "rule of thumb" in unescape(reasons)
    assert "a common rule of thumb" in text_of(page(report))
    assert "seed" not in text_of(page(report))


def test_few_accounts_are_marked_and_what_is_not_known_is_a_dash(make_book):
    html = page(make_report(small_book(make_book, departures=DEPARTURES), AS_OF))
    assert re.search(r'<td class="few">25\.0%<br><small>n 4</small>', html)
    assert re.search(r'<td class="unknown">\N{EN DASH}', html)


def test_a_book_without_departures_and_surveys_has_a_page_that_says_so(make_book):
    html = page(make_report(small_book(make_book), AS_OF))
    said = text_of(html)
    assert "The book has no departures" in said
    assert "The book has no surveys" in said
    assert "Who moved where" not in said
    assert "<img" not in html  # visits alone make no chart
    assert "nan" not in said.lower().split()


def test_the_text_of_a_book_is_text_in_the_page(make_book):
    html = page(
        make_report(
            small_book(make_book, market='<img src="x"> & "co"', departures=DEPARTURES),
            AS_OF,
        )
    )
    assert "&lt;img src=&#34;x&#34;&gt; &amp; &#34;co&#34;" in html
    assert '<img src="x">' not in html


def test_the_same_numbers_give_the_same_page(report, html):
    assert page(report) == html


def test_the_table_opens_in_a_spreadsheet_and_holds_every_row(report, tmp_path):
    files = write_report(report, tmp_path / "new" / "folder")
    assert [file.name for file in files] == ["report.html", "figures.csv"]
    assert sorted(file.name for file in files[0].parent.iterdir()) == [
        "figures.csv",
        "report.html",
    ]
    assert files[1].read_bytes().startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(
        files[1],
        encoding="utf-8-sig",
        keep_default_na=False,
        na_values={"value": [""], "n": [""]},
    )
    assert table.columns.tolist() == [
        *(
            "quarter",
            "fact",
            "segment",
            "figure",
            "detail",
            "moved_to",
            "value",
            "unit",
            "n",
            "of",
        )
    ]
    assert len(table) == len(report.figures)
    keys = ["quarter", "fact", "segment", "figure", "detail", "moved_to"]
    assert not table.duplicated(keys).any()
    shares = table.loc[table["unit"] == "share", "value"].dropna()
    assert shares.between(0, 1).all()


def test_departures_and_those_kept_are_all_the_customers(report):
    value = report.figures[report.figures["detail"] == ""].pivot(
        index=["quarter", "fact", "segment"], columns="figure", values="value"
    )
    assert (value["churn"] + value["retention"]).dropna().to_list() == pytest.approx(
        [1.0] * len(value)
    )
