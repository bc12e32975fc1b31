"""Axis scores, worked out by hand."""

import random
from datetime import datetime

import pytest

from features.engine import instant
from features.quadrants import Quadrant, of_code
from features.snapshot.frame import snapshot
from features.themes.dictionary import THEMES
from features.vocabulary.contract import LEAST_WEIGHT, MOST_WEIGHT

FEATURES = {
    feature.name: feature
    for theme in THEMES
    if theme.name == "axis_scores"
    for feature in theme.features
}
AS_OF = "2024-06-01"


def us(text):
    return instant(datetime.fromisoformat(text))


def row(*scores, **rest):
    """Scores of account a: (day of 2024, item, score)."""
    return [
        {
            "account_id": "a",
            "occurred_at": f"2024-{day}",
            "item": item,
            "score": points,
            **rest,
        }
        for day, item, points in scores
    ]


@pytest.fixture
def measured(make_book):
    def measure(surveys, as_of=AS_OF):
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": "2024-01-01"}],
            interactions=[
                {"account_id": "a", "occurred_at": "2024-01-02", "kind": "visit"}
            ],
            surveys=surveys,
        )
        (found,) = snapshot(book, [us(as_of)], FEATURES).to_dict("records")
        return found

    return measure


def test_an_occasion_is_the_mean_of_its_items_and_a_level_the_mean_of_the_last_three(
    measured,
):
    found = measured(
        row(
            ("01-10", "product", 1.0),
            ("02-10", "better", 6.0),
            ("02-10", "faster", 8.0),
            ("03-10", "process", 4.0),
            ("04-10", "product", 9.0),
            ("04-10", "cost_effective", 8.0),
            ("04-10", "different", 7.0),
            ("04-10", "attitude", 3.0),
        )
    )
    # Occasions of the product: 1, 7, 4, 8. The level is (7 + 4 + 8) / 3, the one before it (1 + 7 + 4) / 3 = 4.
    assert found["product_last"] == 8.0
    assert (
        found["product_level"]
        == found["product_settled"]
        == pytest.approx(19 / 3, abs=1e-6)
    )
    assert found["product_change"] == 4.0
    assert (found["people_last"], found["people_level"]) == (3.0, 3.0)
    assert of_code(found["quadrant"]) is Quadrant.PRODUCT_CARRIED
    # Standard deviation of 1, 7, 4, 8: mean 5, squares 16 + 4 + 1 + 9.
    assert found["product_spread_365d"] == pytest.approx((30 / 4) ** 0.5)
    assert found["scores_365d"] == 8.0
    assert found["days_since_survey"] == 52.0


def test_a_survey_with_a_weight_counts_so_many_times_in_its_occasion_and_in_the_level(
    measured,
):
    found = measured(
        row(("01-10", "product", 2.0), ("02-10", "product", 8.0))
        + row(("03-10", "product", 9.0), weight=2.0, source="mystery_shopping")
        + row(("03-10", "better", 3.0), weight=1.0)
    )
    # The last occasion: (2 * 9 + 3) / 3 = 7, with the weight (2 + 1) / 2 = 1.5. The level: (2 + 8 + 1.5 * 7) / 3.5.
    assert found["product_last"] == pytest.approx(7.0, abs=1e-6)
    assert found["product_level"] == pytest.approx(20.5 / 3.5, abs=1e-6)


def test_equal_weights_are_as_good_as_none(measured):
    scores = (
        ("01-10", "product", 2.0),
        ("02-10", "product", 8.0),
        ("02-10", "people", 4.0),
    )
    heavy, plain = measured(row(*scores, weight=5.0)), measured(row(*scores))
    same = (
        "product_last",
        "product_level",
        "people_level",
        "product_change",
        "quadrant",
    )
    assert [heavy[name] for name in same] == pytest.approx(
        [plain[name] for name in same]
    )


def test_equal_scores_stay_what_they_are_whatever_they_weigh(make_book):
    chance = random.Random(0)
    points_of = {
        f"a{number:02}": chance.choice([9.0, 5.0, 5.1, 4.9, 7.3, 10.0, 0.1])
        for number in range(80)
    }
    asked = [
        {
            **row((f"01-{day:02}", item, points))[0],
            "account_id": name,
            "weight": weight,
        }
        for name, points in points_of.items()
        for day in range(1, chance.randint(2, 13))
        for weight in [chance.uniform(LEAST_WEIGHT, MOST_WEIGHT)]
        for item in ("product", "better", "recommend")
    ]
    book = make_book(
        accounts=[{"account_id": a, "opened_at": "2024-01-01"} for a in points_of],
        interactions=[
            {"account_id": a, "occurred_at": "2024-01-02", "kind": "visit"}
            for a in points_of
        ],
        surveys=asked,
    )
    found = snapshot(book, [us(AS_OF)], FEATURES).set_index("account_id")
    for told in ("product_last", "product_level", "product_settled", "recommend_last"):
        assert found[told].to_dict() == points_of


def test_levels_at_the_cut_are_exactly_there(measured):
    cut = measured(
        row(
            *(
                (f"0{month}-10", item, 5.1)
                for month in (1, 2, 3)
                for item in ("product", "people")
            )
        )
    )
    assert of_code(cut["quadrant"]) is Quadrant.EXCEPTIONAL
    mixed = measured(
        row(
            ("01-10", "product", 5.3),
            ("02-10", "product", 5.1),
            ("03-10", "product", 4.9),
        )
    )
    assert mixed["product_level"] == 5.1
    low = row(
        ("01-10", "product", 51.0),
        ("01-10", "people", 51.0),
        scale_min=0.0,
        scale_max=100.0,
    )
    assert of_code(measured(low)["quadrant"]) is Quadrant.EXCEPTIONAL


def test_equal_scores_do_not_vary(measured):
    thirds = row(
        *((f"0{month}-10", "product", 7.0) for month in (1, 2, 3)),
        scale_min=1.0,
        scale_max=10.0,
    )
    found = measured(thirds)
    assert (found["product_spread_365d"], found["product_change"]) == (0.0, 0.0)


def test_what_one_occasion_cannot_tell_is_missing(measured):
    found = measured(row(("04-10", "people", 6.0)))
    assert (found["people_level"], found["people_settled"], found["people_last"]) == (
        6.0,
        6.0,
        6.0,
    )
    unknown = (
        "people_change",
        "people_spread_365d",
        "product_level",
        "product_settled",
        "quadrant",
        "recommend_last",
    )
    assert all(found[name] != found[name] for name in unknown)


def test_items_of_no_axis_are_kept_apart_from_both(measured):
    found = measured(
        row(
            ("03-10", "recommend", 9.0),
            ("04-10", "recommend", 2.0),
            ("04-10", "effort", 1.0),
            ("04-11", "effort", 5.0),
            ("04-11", "parking", 0.0),
            ("04-11", "product", 7.0),
            ("04-11", "people", 7.0),
        )
    )
    assert (found["recommend_last"], found["ease_last"]) == (2.0, pytest.approx(10 / 3))
    assert (found["product_level"], found["people_level"]) == (7.0, 7.0)
    assert of_code(found["quadrant"]) is Quadrant.EXCEPTIONAL


def test_a_level_in_the_band_leaves_the_account_where_it_settled(measured):
    falls = row(
        ("01-10", "product", 8.0), ("02-10", "product", 2.0), ("03-10", "product", 5.0)
    )
    found = measured([*falls, *row(("01-10", "people", 9.0))])
    # Levels of the product: 8, then 5 in the band, then 5 in the band.
    assert (found["product_level"], found["product_settled"]) == (5.0, 8.0)
    assert of_code(found["quadrant"]) is Quadrant.EXCEPTIONAL


def test_scores_of_more_than_a_year_ago_still_give_the_level_but_not_the_spread(
    measured,
):
    found = measured(
        row(("01-10", "product", 8.0), ("02-10", "product", 6.0)), as_of="2025-06-01"
    )
    assert found["product_level"] == 7.0
    assert found["product_spread_365d"] != found["product_spread_365d"]
    assert found["scores_365d"] == 0.0


def test_a_trend_is_the_change_in_ninety_days_by_least_squares(measured):
    # Thirty days apart: 2, 3 and 7 rise by 2.5 in thirty days.
    rising = row(
        ("04-02", "product", 2.0), ("05-02", "product", 3.0), ("06-01", "product", 7.0)
    )
    assert measured(rising)["product_trend_365d"] == pytest.approx(7.5)
    assert measured(rising)["product_occasions_365d"] == 3.0
    two = measured(rising[:2])
    assert two["product_trend_365d"] != two["product_trend_365d"]


def test_scores_of_one_month_tell_no_trend(measured):
    found = measured(
        row(
            ("05-02", "better", 5.0),
            ("05-03", "faster", 6.0),
            ("05-31", "process", 8.0),
        )
    )
    assert found["product_occasions_365d"] == 3.0
    assert found["product_trend_365d"] != found["product_trend_365d"]


def test_scores_of_more_than_a_year_ago_are_no_part_of_the_trend(measured):
    # Of the last year: 6, 5 and 4, thirty days apart.
    falling = row(
        ("05-31", "people", 0.0),
        ("06-10", "people", 6.0),
        ("07-10", "people", 5.0),
        ("08-09", "people", 4.0),
    )
    found = measured(falling, as_of="2025-06-01")
    assert found["people_trend_365d"] == pytest.approx(-3.0)
    assert found["people_occasions_365d"] == 3.0


def test_each_item_keeps_its_own_last_score(measured):
    found = measured(
        row(
            ("03-01", "faster", 2.0),
            ("04-01", "faster", 7.0),
            ("04-01", "skills", 3.0),
            ("05-01", "better", 9.0),
        )
    )
    assert (found["faster_last"], found["skills_last"], found["better_last"]) == (
        7.0,
        3.0,
        9.0,
    )
    assert found["attitude_last"] != found["attitude_last"]
    assert (found["days_since_product_score"], found["days_since_people_score"]) == (
        31.0,
        61.0,
    )


def test_the_distance_to_the_cut_is_that_of_the_nearer_axis(measured):
    found = measured(row(("05-01", "product", 8.0), ("05-01", "people", 4.0)))
    assert found["distance_to_cut"] == pytest.approx(1.05)
    alone = measured(row(("05-01", "product", 8.0)))
    assert alone["distance_to_cut"] != alone["distance_to_cut"]
