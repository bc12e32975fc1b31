"""Movement between quadrants, worked out by hand."""

import pytest
from histories import ago, known, measured_row

from features.engine import MICROS_PER_DAY
from features.snapshot.frame import snapshot

MOVED = (
    "quadrant_before",
    "quadrant",
    "last_move",
    "quadrant_moves_365d",
    "days_in_quadrant",
)


def scored(days, product=None, people=None, **rest):
    """The scores of one occasion."""
    told = (("product", product), ("people", people))
    when = {"account_id": "a", "occurred_at": ago(days), **rest}
    return [
        {**when, "item": item, "score": score}
        for item, score in told
        if score is not None
    ]


@pytest.fixture
def measured(make_book):
    def measure(*occasions):
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": "2020-01-01"}],
            interactions=[
                {"account_id": "a", "occurred_at": "2024-01-02", "kind": "visit"}
            ],
            surveys=[row for occasion in occasions for row in occasion],
        )
        return known(measured_row(book, "movement", "axis_scores"))

    return measure


def test_an_account_that_never_moved_is_where_it_first_was(measured):
    found = measured(scored(200, 8.0, 8.0), scored(100, 7.0, 9.0))
    assert [found[name] for name in MOVED] == [None, 3.0, None, 0.0, 200.0]


def test_without_scores_nothing_is_known_and_nothing_moved(measured):
    found = measured(scored(200, product=8.0))
    assert [found[name] for name in MOVED] == [None, None, None, 0.0, None]


def test_it_has_a_quadrant_once_both_axes_are_told(measured):
    found = measured(
        scored(200, product=8.0), scored(150, people=2.0), scored(20, product=9.0)
    )
    assert [found[name] for name in MOVED] == [None, 2.0, None, 0.0, 150.0]


def test_levels_carry_it_down_and_up_again(measured):
    # Levels of the product: 8, (8 + 1) / 2 = 4.5, (8 + 1 + 3) / 3 = 4, (1 + 3 + 9) / 3 = 4.33, (3 + 9 + 9) / 3 = 7.
    product = ((400, 8.0), (300, 1.0), (200, 3.0), (100, 9.0), (50, 9.0))
    found = measured(*(scored(days, score, 2.0) for days, score in product))
    # Product-carried, then poor from day 300, then product-carried again from day 50.
    assert [found[name] for name in MOVED] == [0.0, 2.0, 1.0, 2.0, 50.0]


def test_moves_older_than_a_year_are_remembered_and_not_counted(measured):
    found = measured(scored(800, 2.0, 2.0), scored(500, 9.0, 9.0), scored(10, 9.0, 9.0))
    # 2, then (2 + 9) / 2 = 5.5 on both axes.
    assert [found[name] for name in MOVED] == [0.0, 3.0, 1.0, 0.0, 500.0]


def test_from_one_side_to_the_other_is_neither_up_nor_down(measured):
    found = measured(scored(300, 8.0, 1.0), scored(100, 1.0, 9.6))
    # (8 + 1) / 2 = 4.5 and (1 + 9.6) / 2 = 5.3.
    assert [found[name] for name in MOVED] == [2.0, 1.0, 0.0, 1.0, 100.0]


def test_a_level_in_the_band_around_the_cut_is_no_move(measured):
    found = measured(scored(300, 4.0, 8.0), scored(100, 6.0, 8.0))
    # The product's level is (4 + 6) / 2 = 5: within the band, so it stays where it was.
    assert [found[name] for name in MOVED] == [None, 1.0, None, 0.0, 300.0]


def test_every_axis_has_its_own_days(measured):
    days = (
        (300, 8.0, None),
        (200, None, 9.0),
        (150, 1.0, None),
        (60, None, 0.0),
        (20, 10.0, None),
    )
    found = measured(*(scored(*occasion) for occasion in days))
    # Product 8, 4.5, 6.33; people 9, 4.5: exceptional from day 200, people-carried 150, poor 60, product-carried 20.
    assert [found[name] for name in MOVED] == [0.0, 2.0, 1.0, 3.0, 20.0]


def test_in_the_sample_whoever_has_a_quadrant_came_from_another_or_never_moved(
    sample_book,
):
    found = snapshot(sample_book, [sample_book.watermark - 40 * MICROS_PER_DAY])
    assert found["quadrant"].notna().equals(found["days_in_quadrant"].notna())
    moved = found[found["quadrant_before"].notna()]
    assert len(moved) > 20
    assert (moved["quadrant"] != moved["quadrant_before"]).all()
    assert (moved.loc[moved["quadrant"] == 3, "last_move"] == 1).all()
    assert (moved.loc[moved["quadrant"] == 0, "last_move"] == -1).all()


def test_scores_known_later_move_nothing_yet(measured):
    found = measured(scored(300, 8.0, 8.0), scored(100, 0.0, 0.0, known_at=ago(-1)))
    assert [found[name] for name in MOVED] == [None, 3.0, None, 0.0, 300.0]
