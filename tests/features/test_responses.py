"""Responses: which scores were given together."""

from datetime import timedelta

import pytest
from histories import AS_OF, SECOND, ago, measured_row, score

from features.engine import instant
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES

HOUR = 1 / 24
RATED = {name: FEATURES[name] for name in ("surveys_answered_365d", "product_level")}


@pytest.fixture
def measured(make_book):
    def measure(*surveys):
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": "2020-01-01"}],
            interactions=[
                {"account_id": "a", "occurred_at": ago(900), "kind": "visit"}
            ],
            surveys=list(surveys),
        )
        return measured_row(book, "attention", "axis_scores", "movement")

    return measure


def responses(found):
    return found["surveys_answered_365d"]


def test_the_questions_of_one_response_are_one_answer_and_one_occasion(measured):
    found = measured(
        *(
            score(10, "product", 8.0),
            score(10 - 40 * SECOND, "people", 2.0),
            score(10 - 90 * SECOND, "better", 6.0),
        )
    )
    assert responses(found) == 1.0
    assert (
        found["product_last"],
        found["product_occasions_365d"],
        found["people_occasions_365d"],
    ) == (7.0, 1.0, 1.0)
    # Both axes are known from its end on: there is no moment with one of them alone.
    assert (
        found["days_since_product_score"]
        == found["days_since_people_score"]
        == found["days_in_quadrant"]
    )


def test_a_response_may_pass_midnight(measured):
    assert (
        responses(
            measured(
                score(10 + 20 * SECOND, "product"), score(10 - 20 * SECOND, "people")
            )
        )
        == 1.0
    )


def test_a_day_apart_is_another_response_and_so_is_another_source(measured):
    assert responses(measured(score(10, "product"), score(9, "product"))) == 2.0
    assert (
        responses(measured(score(10, "product"), score(9 + SECOND, "product"))) == 1.0
    )
    assert (
        responses(
            measured(
                score(10, "product", source="web"), score(10, "people", source="call")
            )
        )
        == 2.0
    )
    assert (
        responses(measured(score(10, "product", source="web"), score(10, "people")))
        == 2.0
    )


def test_no_chain_of_scores_is_a_response_of_more_than_a_day(measured):
    # At 0, 20, 40 and 60 hours: within a day of the first are two, then one each in the second and the third day.
    found = measured(
        *(score(10 - hours * HOUR, "product") for hours in (0, 20, 40, 60))
    )
    assert responses(found) == 3.0


def test_an_id_tells_a_response_however_long_it_took_and_however_near_another_is(
    measured,
):
    found = measured(
        score(10, "product", 4.0, response_id="1"),
        score(7, "people", 6.0, response_id="1", source="call"),
        score(7, "product", 8.0, response_id="2"),
    )
    assert responses(found) == 2.0
    assert (found["product_last"], found["people_last"]) == (
        6.0,
        6.0,
    )  # both were complete at one instant


def test_mystery_shopping_and_focus_groups_answer_no_survey_of_ours(measured):
    asked = [
        score(10, "product", source=source)
        for source in ("mystery_shopping", "focus_group", "panel")
    ]
    assert responses(measured(*asked)) == 1.0


def test_what_is_not_known_yet_joins_no_responses(make_book):
    # At 0, 20 and 40 hours, the second known four days later: till then the others are 40 hours apart.
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": "2020-01-01"}],
        interactions=[{"account_id": "a", "occurred_at": ago(900), "kind": "visit"}],
        surveys=[
            score(10, "product", 8.0),
            score(10 - 20 * HOUR, "product", 2.0, known_at=ago(5)),
            score(10 - 40 * HOUR, "product", 5.0),
        ],
    )
    before, after = snapshot(
        book, [instant(AS_OF - timedelta(days=days)) for days in (6, 4)], RATED
    ).to_dict("records")
    assert (before["surveys_answered_365d"], before["product_level"]) == (2.0, 6.5)
    assert (after["surveys_answered_365d"], after["product_level"]) == (2.0, 5.0)
