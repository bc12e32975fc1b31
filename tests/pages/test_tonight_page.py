"""Tonight's page as a file: what stands at its top, and that nothing of the data can run or reach outside."""

import json
import re
from html import unescape

from told import account, told

from pages.tonight.page import as_data, digest, page
from pages.tonight.texts import cards, headline, notes

NASTY = "</script><script>alert(1)</script><!--"


def script_of(html, type_=""):
    return re.search(rf"<script{type_}>(.*?)</script>", html, re.DOTALL)[1]


def test_only_its_own_script_may_run_and_nothing_is_fetched():
    html = page(told([account("a")], 1))
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]+)', html)[1])
    script = script_of(html)
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src '{digest(script)}'"
    )
    assert html.count("<script") == 2
    assert not re.search(r"url\(|@import|src=", html)
    assert "innerHTML" not in script


def test_no_text_of_the_data_ends_the_script_that_holds_it():
    given = told([account("a", name=NASTY, reasons=[NASTY])], 1)
    html = page(given)
    assert html.count("</script>") == 2
    data = script_of(html, ' type="application/json" id="data"')
    assert "<" not in data
    assert json.loads(data) == given == json.loads(as_data(given))


def test_what_stands_at_the_top_is_of_the_list_alone():
    accounts = [
        account(
            "a", value=100.0, band="acute", silent=True, owed="We owe them: a failure"
        ),
        account("b", value=None, silent=False),
        account("c", value=900.0, band="acute", silent=True),
    ]
    given = told(
        accounts,
        2,
        movers=[
            {"days_back": 1, "way": "worse"},
            {"days_back": 1, "way": "better"},
            {"days_back": 30, "way": "worse"},
        ],
    )
    found = {card["title"]: card["value"] for card in cards(given)}
    assert found == {
        "On the list": "2",
        "Acute": "1",
        "Would go silently": "1",
        "We owe": "1",
        "Worth": "100",
        "Worse since last night": "1",
    }
    assert headline(given) == "2 accounts to contact first, Saturday 21 November 2026"


def test_by_rules_no_card_speaks_of_a_risk():
    given = told([account("a", risk=None, band="unknown")], 1, horizon=None)
    titles = [card["title"] for card in cards(given)]
    assert titles == ["On the list", "We owe", "Worth", "Worse since last night"]
    assert "No probabilities" in notes(given)[0]


def test_who_is_left_off_and_who_has_no_room_is_said():
    made = [{"calls": 1, "sentence": "1 call: ..."}, {"calls": 10, "sentence": "10"}]
    given = told([account("a")], 1, held_out=1, not_shown=1200, promises=made)
    assert notes(given)[0] == "1 call: ...."
    assert notes(given)[2:] == [
        "Left off: 1 account of the holdout, whom nobody may contact.",
        "1,200 more accounts of less are in scores.parquet and not on this page.",
    ]
