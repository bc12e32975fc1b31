"""Moves between quadrants by noise alone: none without scatter, many near the cut, whatever is true of the level."""

import pandas as pd
import pytest

from features.engine import instant
from features.snapshot.frame import snapshot
from training.evaluation.survey_noise import Moves, item_scatter, noise_moves
from training.past.leaving import Leaving
from training.past.observed import Observed

AS_OF = instant(pd.Timestamp("2024-06-01").to_pydatetime())
UNTIL = instant(pd.Timestamp("2024-10-01").to_pydatetime())
STAYS = Leaving(None, 0, None)
DAYS = (
    "2024-02-01",
    "2024-03-01",
    "2024-04-01",
    "2024-07-01",
    "2024-07-15",
    "2024-08-01",
)


def book_of(make_book, **points):
    """Accounts that give the people these points on six days, three before the as-of date and three after."""
    said = [
        (name, day, value)
        for name, values in points.items()
        for day, value in zip(DAYS, values, strict=True)
    ]
    return make_book(
        accounts=[{"account_id": name, "opened_at": "2024-01-01"} for name in points],
        interactions=[
            {"account_id": name, "occurred_at": "2024-01-02", "kind": "visit"}
            for name in points
        ]
        + [
            {"account_id": name, "occurred_at": "2024-10-01", "kind": "visit"}
            for name in points
        ],
        surveys=[
            {"account_id": name, "occurred_at": day, "item": item, "score": value}
            for name, day, value in said
            for item in ("people", "product")
        ],
        departures=[{"account_id": "nobody", "occurred_at": "2024-01-05"}],
    )


def moves(book):
    cohort = snapshot(book, [AS_OF])
    return noise_moves(Observed(book, UNTIL, STAYS), cohort, 90)


def test_accounts_that_always_say_the_same_do_not_move_by_noise(make_book):
    assert moves(book_of(make_book, a=[8.0] * 6, b=[2.0] * 6)) == Moves(2, 0.0, 0.0)


def test_an_account_that_truly_moved_is_seen_to_and_far_from_the_cut_noise_moves_nobody(
    make_book,
):
    found = moves(
        book_of(
            make_book,
            a=[9.0, 9.0, 9.0, 1.0, 1.0, 1.0],
            b=[9.0] * 6,
            c=[9.0] * 6,
            d=[9.0] * 6,
        )
    )
    assert (found.n, found.seen) == (4, 0.25)
    steady = moves(
        book_of(
            make_book,
            a=[9.0, 8.9, 9.0, 8.9, 9.0, 8.9],
            b=[1.0, 1.1, 1.0, 1.1, 1.0, 1.1],
        )
    )
    assert steady == Moves(2, 0.0, 0.0)


def test_near_the_cut_noise_alone_moves_many(make_book):
    up_and_down = {f"a{place}": [3.0, 7.0, 3.0, 7.0, 3.0, 7.0] for place in range(20)}
    found = moves(book_of(make_book, **up_and_down))
    assert found.noise > 0.2
    assert moves(book_of(make_book, **up_and_down)) == found


def test_the_book_keeps_its_surveys(make_book):
    book = book_of(make_book, a=[3.0, 7.0, 3.0, 7.0, 3.0, 7.0])
    before = book.connection.execute(
        "select sum(score), count(*) from surveys"
    ).fetchone()
    moves(book)
    assert (
        book.connection.execute("select sum(score), count(*) from surveys").fetchone()
        == before
    )


def test_without_two_answers_by_anybody_nothing_is_known_of_noise(make_book):
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": "2024-01-01"}],
        interactions=[
            {"account_id": "a", "occurred_at": "2024-01-02", "kind": "visit"}
        ],
        surveys=[
            {"account_id": "a", "occurred_at": "2024-02-01", "item": i, "score": 7.0}
            for i in ("people", "product")
        ],
        departures=[{"account_id": "nobody", "occurred_at": "2024-01-05"}],
    )
    assert moves(book) is None


def test_the_noise_of_an_item_is_half_the_mean_square_of_steps_within_accounts():
    said = pd.DataFrame(
        {
            "account_id": ["a", "b", "a", "b", "b"],
            "item": ["people", "people", "people", "people", "effort"],
            "occurred_us": [1, 2, 3, 4, 5],
            "score": [2.0, 9.0, 4.0, 9.0, 1.0],
        }
    )
    # Steps of 2 and 0: half of (4 + 0) / 2 is 1. Effort was answered once.
    assert item_scatter(said).to_dict() == pytest.approx({"people": 1.0})
