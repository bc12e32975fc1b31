"""Limits: how far the rows of a book may be from those of the night before."""

import pytest

from features.errors import LimitError
from serving.publishing.limits import Change, Limits, changes, require_within


@pytest.mark.parametrize(
    ("then", "now", "beyond"),
    [
        (1000, 900, False),
        (1000, 899, True),
        (1000, 1500, False),
        (1000, 1501, True),
        (20, 10, False),  # ten rows are no reason
        (20, 9, True),
        (5, 0, True),  # all are gone
        (0, 5000, False),  # a table that is new
        (0, 0, False),
    ],
)
def test_a_tenth_fewer_and_half_as_many_more_are_within(then, now, beyond):
    assert Change("surveys", then, now).beyond(Limits()) is beyond


def test_limits_are_what_night_toml_says():
    narrow = Limits(shrink=0.0, grow=0.0, rows=0)
    assert Change("surveys", 1000, 999).beyond(narrow)
    assert Change("surveys", 1000, 1001).beyond(narrow)
    assert not Change("surveys", 1000, 1000).beyond(narrow)
    assert not Change("surveys", 1000, 100).beyond(Limits(shrink=0.9))


def test_changes_are_of_the_tables_that_differ():
    then, now = {"a": 1, "b": 2, "gone": 3}, {"a": 1, "b": 4, "new": 5}
    assert changes(then, now) == [
        Change("b", 2, 4),
        Change("gone", 3, 0),
        Change("new", 0, 5),
    ]


def test_all_tables_beyond_are_told_at_once():
    found = [Change("a", 1000, 10), Change("b", 1000, 1001), Change("c", 100, 900)]
    with pytest.raises(LimitError) as refused:
        require_within(found, Limits(), "2026-11-20/rules")
    assert refused.value.found == (
        "a had 1,000 rows and have 10 (-99%); c had 100 rows and have 900 (+800%)"
    )
    assert "2026-11-20/rules" in refused.value.where
