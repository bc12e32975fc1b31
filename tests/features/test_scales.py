"""Scales: the lowest and highest score of each item beside the assumed scale, and what they look like."""

import pytest

from features.book.book import open_book
from features.cleaning.scales import FEWEST_SCORES, Scale
from features.errors import QuarantineError

ACCOUNT = {"account_id": "a", "opened_at": "2024-01-01"}
VISIT = {"account_id": "a", "occurred_at": "2024-02-01", "kind": "visit"}


def surveys(*scores, item="product", **more):
    return [
        {
            "account_id": "a",
            "occurred_at": f"2024-02-01 00:{minute:02}:00",
            "item": item,
            "score": score,
            **more,
        }
        for minute, score in enumerate(scores)
    ]


def open_scores(make_book, *rows):
    return make_book(accounts=[ACCOUNT], interactions=[VISIT], surveys=list(rows))


def test_scores_without_a_scale_are_told_beside_the_assumed_one(make_book):
    rows = [
        *surveys(2.0, 5.0, 4.0),
        *surveys(7.0, item="effort"),
        *surveys(3.0, item="people", scale_max=5.0),
    ]
    for row in rows:
        row.setdefault("scale_min", 0.0 if row["item"] == "people" else None)
        row.setdefault("scale_max", None)
    book = open_scores(make_book, *rows)
    assert book.scales == (
        Scale("product", 0.0, 10.0, 2.0, 5.0, 3),
        Scale("effort", 1.0, 7.0, 7.0, 7.0, 1),
    )
    assert [scale.likely for scale in book.scales] == [(1, 5), None]
    assert book.scales[0].sentence == (
        "table surveys, product: all 3 scores without a scale lie in 2 to 5, while 0 to 10 is assumed; "
        "if they were asked on 1 to 5, say so: 1 as scale_min, 5 as scale_max"
    )
    assert book.warnings == []  # three are few


def test_scores_beyond_the_assumed_scale_are_among_those_told_though_set_aside(
    make_book,
):
    book = open_scores(make_book, *surveys(0.0, 55.0, 100.0))
    assert len(book.quarantine) == 2
    assert [(scale.highest, scale.likely) for scale in book.scales] == [
        (100.0, (0, 100))
    ]


@pytest.mark.parametrize(
    ("item", "lowest", "highest", "scores", "likely"),
    [
        ("product", 1, 5, 89, (1, 5)),
        ("product", 0, 5, 89, (0, 5)),
        ("product", 0, 1, 89, (0, 1)),
        ("product", 0.2, 0.9, 2, (0, 1)),
        ("product", -1, 1, 89, (-1, 1)),
        ("product", 1, 7, FEWEST_SCORES, (1, 7)),
        ("product", 1, 7, FEWEST_SCORES - 1, None),
        ("product", 0, 10, 89, None),
        ("product", 2, 10, 89, None),
        ("product", 0, 9, 89, None),
        ("product", 3, 100, 89, (0, 100)),
        ("recommend", -100, 60, 89, (-100, 100)),
        ("product", 0, 5000, 89, None),
        ("csat", 1, 5, 2, (1, 5)),
        ("effort", 1, 3, 5, None),
        ("effort", 1, 5, 89, (1, 5)),
        ("effort", 1, 9, 5, (0, 10)),
    ],
)
def test_the_narrowest_common_scale_that_holds_the_scores_is_likely_where_the_assumed_one_is_not(
    item, lowest, highest, scores, likely
):
    low, high = (1.0, 7.0) if item == "effort" else (0.0, 10.0)
    assert Scale(item, low, high, lowest, highest, scores).likely == likely


def test_many_scores_on_another_scale_are_warned_of_in_training_and_at_night(make_book):
    book = open_scores(make_book, *surveys(*[1.0, 3.0, 5.0] * 10))
    assert [warning.split(",")[0] for warning in book.warnings] == ["table surveys"]


def test_scores_beyond_the_assumed_scale_are_refused_with_the_scale_that_they_look_like(
    tmp_path,
):
    (tmp_path / "accounts.csv").write_text("account_id,opened_at\na,2024-01-01\n")
    (tmp_path / "interactions.csv").write_text(
        "account_id,occurred_at,kind\na,2024-02-01,visit\n"
    )
    (tmp_path / "surveys.csv").write_text(
        "account_id,occurred_at,item,score\na,2024-02-01,product,80\na,2024-02-02,product,40\n"
    )
    with pytest.raises(QuarantineError, match="if they were asked on 0 to 100, say so"):
        open_book(tmp_path)
