"""The next answer: the quadrant that the first response after the as-of date shows by itself."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.book.book import open_book
from features.engine import MICROS_PER_DAY, instant
from features.snapshot.answers import answers
from training.past.labels import next_answer

AS_OF = datetime.fromisoformat("2024-06-01")
MICROSECOND = timedelta(microseconds=1)
FAR = instant(datetime.fromisoformat("2030-01-01"))
POOR, PEOPLE_CARRIED, PRODUCT_CARRIED, EXCEPTIONAL = range(4)
NONE = -1
MANY = "abcdefghij"
"""Accounts that are looked at together, since a book takes longer to open than to ask."""


def after(days=0, more=timedelta()):
    """The moment some days after the as-of date, as a text."""
    return (AS_OF + timedelta(days=days) + more).isoformat()


def us(days=0):
    return instant(AS_OF) + int(days * MICROS_PER_DAY)


def response(when, product, people, account="a", **rest):
    """A response that scores both axes at one moment."""
    scored = {"account_id": account, "occurred_at": when, **rest}
    return [
        {**scored, "item": "product", "score": product},
        {**scored, "item": "people", "score": people},
    ]


@pytest.fixture
def book_of(make_book):
    def made(*responses, accounts="a"):
        return make_book(
            accounts=[
                {"account_id": name, "opened_at": "2020-01-01"} for name in accounts
            ],
            interactions=[
                {"account_id": accounts[0], "occurred_at": after(-900), "kind": "visit"}
            ],
            surveys=[score for one in responses for score in one],
        )

    return made


def shown(book, *names, horizon=90, until=FAR):
    cohort = pd.DataFrame({"account_id": list(names or "a"), "as_of_us": us()})
    return next_answer(book, cohort, horizon, until).fillna(NONE).astype(int).tolist()


def test_it_is_the_quadrant_of_the_first_response_after_the_date_by_its_own_scores_alone(
    book_of,
):
    poor_for_years = [response(after(-days), 1.0, 1.0) for days in (700, 400, 100, 0)]
    book = book_of(
        *poor_for_years, response(after(20), 9.0, 8.0), response(after(40), 2.0, 9.0)
    )
    assert shown(book) == [EXCEPTIONAL]


@pytest.mark.parametrize(
    ("product", "people", "quadrant"),
    [
        (5.1, 5.1, EXCEPTIONAL),
        (5.05, 9.0, PEOPLE_CARRIED),
        (5.0, 4.9, PRODUCT_CARRIED),
        (4.9, 4.9, POOR),
        (7.0, 7.0, EXCEPTIONAL),
        (5.0, 5.0, PEOPLE_CARRIED),
    ],
)
def test_the_rule_is_that_of_the_quadrants(book_of, product, people, quadrant):
    assert shown(book_of(response(after(1), product, people))) == [quadrant]


def test_it_lies_after_the_date_and_up_to_the_horizon(book_of):
    moments = {
        "a": after(),
        "b": after(0, MICROSECOND),
        "c": after(30),
        "d": after(30, MICROSECOND),
    }
    book = book_of(
        *(response(when, 1.0, 9.0, account=name) for name, when in moments.items()),
        accounts="abcde",
    )
    assert shown(book, *"abcde", horizon=30) == [
        NONE,
        PEOPLE_CARRIED,
        PEOPLE_CARRIED,
        NONE,
        NONE,
    ]
    assert shown(book, *"edcba", horizon=60) == [
        NONE,
        PEOPLE_CARRIED,
        PEOPLE_CARRIED,
        PEOPLE_CARRIED,
        NONE,
    ]


def test_a_response_that_scores_one_axis_alone_is_passed_over(book_of):
    book = book_of(response(after(10), 9.0, 9.0)[:1], response(after(20), 1.0, 1.0))
    assert shown(book) == [POOR]
    assert shown(book, horizon=15) == [NONE]


def test_the_score_of_an_axis_is_the_mean_of_its_items_in_the_response(book_of):
    better = {
        "account_id": "a",
        "occurred_at": after(10),
        "item": "better",
        "score": 2.0,
    }
    assert shown(book_of([*response(after(10), 9.0, 3.0), better])) == [
        PRODUCT_CARRIED
    ]  # (9 + 2) / 2 = 5.5
    heavier = [*response(after(10), 9.0, 3.0), {**better, "weight": 3.0}]
    assert shown(book_of(heavier)) == [POOR]  # (9 + 3 * 2) / 4 = 3.75


def test_what_is_answered_in_parts_is_one_answer_when_it_is_complete(book_of):
    product, people = response(after(-2), 9.0, 9.0, response_id="one")
    book = book_of([product, {**people, "occurred_at": after(5)}])
    assert shown(book) == [EXCEPTIONAL]
    assert answers(book, FAR)["answered_us"].tolist() == [us(5)]


@pytest.mark.parametrize("source", ["mystery_shopping", "focus_group"])
def test_mystery_shopping_and_focus_groups_are_nobodys_answer(book_of, source):
    book = book_of(
        response(after(10), 1.0, 1.0, source=source),
        response(after(20), 9.0, 9.0, source="panel"),
    )
    assert shown(book) == [EXCEPTIONAL]


def test_it_counts_once_it_is_known_and_for_all_of_a_date_when_the_horizon_is_over(
    book_of,
):
    late = response(after(10), 1.0, 1.0, known_at=after(95))
    book = book_of(
        late,
        response(after(20), 9.0, 9.0),
        response(after(1), 9.0, 1.0, account="b"),
        accounts="ab",
    )
    assert shown(book, *"ab", until=us(90) - 1) == [NONE, NONE]
    assert shown(book, *"ab", until=us(90)) == [EXCEPTIONAL, PRODUCT_CARRIED]
    assert shown(book, *"ab", until=us(95)) == [POOR, PRODUCT_CARRIED]


def test_rows_stay_in_the_order_of_the_cohort_under_its_own_index(book_of):
    book = book_of(
        response(after(1), 9.0, 9.0), response(after(5), 1.0, 1.0), accounts="ab"
    )
    cohort = pd.DataFrame(
        {"account_id": ["a", "b", "a", "a"], "as_of_us": [us(2), us(), us(5), us()]},
        index=[7, 3, 9, 1],
    )
    found = next_answer(book, cohort, 90, FAR)
    assert found.index.tolist() == [7, 3, 9, 1]
    assert found.fillna(NONE).tolist() == [POOR, NONE, NONE, EXCEPTIONAL]


def test_without_any_answer_nothing_is_known(book_of):
    assert shown(
        book_of(
            [
                {
                    "account_id": "a",
                    "occurred_at": after(1),
                    "item": "effort",
                    "score": 3.0,
                }
            ]
        )
    ) == [NONE]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(MANY),
            st.integers(-40, 120),
            st.sampled_from([None, *range(11)]),
            st.sampled_from([None, *range(11)]),
        ),
        min_size=1,
        max_size=50,
        unique_by=lambda said: said[:2],
    )
)
@settings(max_examples=6, deadline=None)
def test_it_is_what_a_look_at_each_response_in_turn_finds(tmp_path_factory, said):
    folder = tmp_path_factory.mktemp("said")
    pd.DataFrame({"account_id": list(MANY), "opened_at": "2020-01-01"}).to_csv(
        folder / "accounts.csv", index=False
    )
    visit = pd.DataFrame(
        {"account_id": ["a"], "occurred_at": [after(-900)], "kind": ["visit"]}
    )
    visit.to_csv(folder / "interactions.csv", index=False)
    rows = [
        {
            "account_id": name,
            "occurred_at": after(day),
            "item": item,
            "score": points,
            "response_id": f"{name}{day}",
        }
        for name, day, product, people in said
        for item, points in (("product", product), ("people", people), ("effort", 3))
        if points is not None
    ]
    pd.DataFrame(rows).to_csv(folder / "surveys.csv", index=False)

    def expected(account):
        for _, product, people in sorted(
            (day, product, people)
            for name, day, product, people in said
            if name == account and 0 < day <= 90
            if product is not None and people is not None
        ):
            if min(product, people) >= 5.1:
                return EXCEPTIONAL
            if max(product, people) < 5:
                return POOR
            return PEOPLE_CARRIED if people >= product else PRODUCT_CARRIED
        return NONE

    with open_book(folder) as book:
        assert shown(book, *MANY) == [expected(name) for name in MANY]


def test_the_sample_company_answers(sample_book):
    said = answers(sample_book, sample_book.watermark)
    assert len(said) > 500
    assert set(said["quadrant"]) == {0.0, 1.0, 2.0, 3.0}
    assert (np.diff(said["answered_us"]) >= 0).all()
    assert said["answered_us"].max() <= sample_book.watermark
