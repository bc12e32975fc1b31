"""Days left to act, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.score.days_left import days_left


@pytest.mark.parametrize(
    ("risks", "renewal", "expected"),
    [
        # Half of 0.4 is reached at 30 days itself.
        ({14: 0.1, 30: 0.2, 60: 0.3, 90: 0.4}, None, 30),
        # Half of 0.4 lies midway between 0.1 at 30 and 0.3 at 60 days.
        ({30: 0.1, 60: 0.3, 90: 0.4}, None, 45),
        # From none today: half of 0.6 is 0.3 of 0.6 at 14 days, seven days from now.
        ({14: 0.6, 90: 0.6}, None, 7),
        # A later horizon than the one looked to tells nothing.
        ({90: 0.4, 180: 0.9}, None, 45),
        ({90: 0.4}, 12.4, 12),
        ({90: 0.4}, 200.0, 45),
        ({90: 0.4}, -3.0, 45),
        ({90: 0.0}, None, None),
        ({90: 0.0}, 12.0, 12),
        ({30: 0.4}, None, None),
        ({}, None, None),
    ],
)
def test_half_of_those_who_will_leave_or_a_nearer_renewal(risks, renewal, expected):
    assert days_left(risks, 90, renewal) == expected


@given(st.lists(st.floats(0.001, 1), min_size=5, max_size=5))
def test_they_lie_within_the_horizon(steps):
    risks = dict(zip((14, 30, 60, 90, 180), sorted(steps), strict=True))
    assert 0 <= days_left(risks, 90, None) <= 90
