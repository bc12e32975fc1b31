"""The trend page: what it says of nights, with and without what only some of them have."""

import re

import pytest
from nights_shown import CAME, FINDING, line

from pages.trend.page import page


def test_a_usual_night_says_so():
    html = page([line(1), line(2)])
    assert "<h1>The night of 2026-05-02 is as usual</h1>" in html
    assert "1,202" in html and "1,201 the night before" in html
    assert 'class="red"' not in html and 'class="over"' not in html
    assert 'src="http' not in html and "<script" not in html


def test_what_is_not_as_usual_is_named_and_red():
    html = page([line(1), line(2, [FINDING])])
    assert "<h1>The night of 2026-05-02: 1 thing is not as usual</h1>" in html
    assert "<li>no interactions of kind &lt;visit&gt; since 2026-05-03.</li>" in html
    assert html.count('<tr class="red">') == 1
    assert "of 2</small>" in html


def test_what_came_is_beside_what_was_expected_and_marked_where_it_is_beyond():
    html = page([line(1, came=CAME), line(2)])
    assert '<td class="beyond">9</td>' in html
    assert "of the night of 2026-05-01, 4 expected" in html
    assert "1 nights are known by now" in html


def test_the_newest_night_is_first_and_only_so_many_are_in_the_table():
    lines = [line(1 + place % 28) for place in range(95)]
    html = page(lines)
    assert len(re.findall(r'<th scope="row">', html)) == 90
    assert "5 earlier nights" in html


@pytest.mark.parametrize(
    "without", [{"summary": None}, {"drift": {}}, {"summary": None, "drift": {}}]
)
def test_a_night_by_rules_or_from_before_has_dashes(without):
    html = page([line(1, **without)])
    assert "nan" not in html.lower().replace("finance", "")
    assert "\N{EN DASH}" in html
