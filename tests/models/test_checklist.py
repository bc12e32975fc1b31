"""The checklist as four lights."""

import pytest

from features.themes.dictionary import FEATURES
from models.score.checklist import CHECKLIST, lights

NAN = float("nan")
WELL = {
    "product_settled": 8.0,
    "people_settled": 5.1,
    "promises_overdue": 0.0,
    "promises_broken_365d": 0.0,
    "promises_365d": 2.0,
    "failures_not_fixed_365d": 0.0,
    "to_make_good_180d": 0.0,
    "waiting_180d": 0.0,
}


@pytest.mark.parametrize(
    ("but", "expected"),
    [
        ({}, ["good", "good", "good", "good"]),
        ({"product_settled": 4.99}, ["bad", "good", "good", "good"]),
        ({"product_settled": 5.05}, ["mixed", "good", "good", "good"]),
        ({"product_settled": NAN}, ["unknown", "good", "good", "good"]),
        ({"promises_overdue": 1.0}, ["good", "bad", "good", "good"]),
        ({"promises_broken_365d": 1.0}, ["good", "mixed", "good", "good"]),
        ({"promises_365d": 0.0}, ["good", "unknown", "good", "good"]),
        ({"people_settled": 2.0}, ["good", "good", "bad", "good"]),
        ({"waiting_180d": 1.0}, ["good", "good", "good", "mixed"]),
        ({"failures_not_fixed_365d": 1.0}, ["good", "good", "good", "bad"]),
        ({"to_make_good_180d": 1.0}, ["good", "good", "good", "bad"]),
    ],
)
def test_each_line_has_its_own_light(but, expected):
    assert lights({**WELL, **but}) == expected


def test_of_an_account_of_which_nothing_is_known_every_light_is_off():
    assert lights(dict.fromkeys(WELL, NAN)) == ["unknown"] * 4


def test_lines_read_columns_of_the_snapshot_and_no_other():
    assert {column for line in CHECKLIST for column in line.reads} == set(WELL)
    assert set(WELL) <= set(FEATURES)
