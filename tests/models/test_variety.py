"""Variety: which of its reasons each line of a list leads with, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.score.variety import NEAR, leading

QUIET, OPEN, PRICE = "indifference.days_silent", "voice.complaints", "value.spent"


def test_lines_alike_take_turns_among_reasons_of_near_equal_weight():
    alike = [(QUIET, 1.0), (OPEN, 0.9), (PRICE, 0.8)]
    assert leading([alike] * 6) == [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize(("weight", "second"), [(0.75, 1), (0.74, 0)])
def test_a_reason_that_weighs_less_does_not_lead(weight, second):
    assert leading([[(QUIET, 1.0), (OPEN, weight)]] * 2) == [0, second]


def test_the_stronger_leads_where_both_lead_as_many_lines():
    assert leading([[(QUIET, 1.0), (OPEN, 1.0)], [(OPEN, 1.0), (QUIET, 1.0)]]) == [0, 0]


def test_a_line_without_a_choice_keeps_its_reason_and_counts():
    lines = [[(QUIET, 1.0)], [], [(QUIET, 1.0), (OPEN, 0.8)]]
    assert leading(lines) == [0, 0, 1]


_REASONS = st.lists(
    st.tuples(st.sampled_from("abc"), st.floats(0.01, 9.0)),
    max_size=3,
    unique_by=lambda reason: reason[0],
).map(lambda some: sorted(some, key=lambda reason: -reason[1]))


@given(st.lists(_REASONS, max_size=12))
def test_what_leads_is_never_much_weaker_than_the_strongest(lines):
    for reasons, place in zip(lines, leading(lines), strict=True):
        assert not reasons or reasons[place][1] >= NEAR * reasons[0][1]
