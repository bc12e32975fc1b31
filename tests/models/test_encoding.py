"""Encoding: columns by name, text as codes, and an error where a column is lacking."""

import json

import numpy as np
import pandas as pd
import pytest

from features.errors import ModelError
from models.fitted.bgnbd import BgNbd
from models.fitted.encoding import Encoding, of_description
from models.fitted.quiet import Quiet
from training.fitting.encoding import MOST_CATEGORIES, learn_encoding

ENCODING = Encoding(("a", "market", "b"), {"market": ("north", "south")})


def test_columns_are_taken_by_name_whatever_their_order_and_others_are_passed_over():
    frame = pd.DataFrame({"extra": [9.0], "b": [2.0], "market": ["south"], "a": [1.0]})
    assert ENCODING.matrix(frame).tolist() == [[1.0, 1.0, 2.0]]
    assert ENCODING.matrix(frame[["market", "a", "b"]]).tolist() == [[1.0, 1.0, 2.0]]


def test_values_that_were_not_seen_are_one_category_of_their_own_and_not_missing():
    frame = pd.DataFrame(
        {"a": 1.0, "b": 2.0, "market": ["moon", "mars", "south", None]}
    )
    np.testing.assert_array_equal(ENCODING.matrix(frame)[:, 1], [2.0, 2.0, 1.0, np.nan])


def test_a_text_in_a_number_is_an_error_and_not_shown():
    with pytest.raises(
        ModelError, match="a fact that is a text, and was a number"
    ) as refused:
        ENCODING.matrix(
            pd.DataFrame({"a": ["secret"], "b": [1.0], "market": ["north"]})
        )
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("market", [None, np.nan, pd.NA])
def test_a_category_that_is_not_known_is_missing(market):
    frame = pd.DataFrame(
        {"a": [1.0, 3.0], "b": [2.0, 4.0], "market": ["north", market]}
    )
    np.testing.assert_array_equal(
        ENCODING.matrix(frame), [[1.0, 0.0, 2.0], [3.0, np.nan, 4.0]]
    )


def test_missing_numbers_stay_missing_and_whole_numbers_become_doubles():
    frame = pd.DataFrame(
        {
            "a": pd.array([1, None], dtype="Int64"),
            "b": [None, 4.0],
            "market": ["north", "south"],
        }
    )
    matrix = ENCODING.matrix(frame)
    assert matrix.dtype == np.float64
    np.testing.assert_array_equal(matrix, [[1.0, 0.0, np.nan], [np.nan, 1.0, 4.0]])


def test_no_rows_give_no_rows():
    assert ENCODING.matrix(pd.DataFrame({"a": [], "b": [], "market": []})).shape == (
        0,
        3,
    )


def test_lacking_columns_are_named():
    with pytest.raises(ModelError, match="without market, b;") as caught:
        ENCODING.matrix(pd.DataFrame({"a": [1.0]}))
    assert "train again" in caught.value.mend


def test_text_positions_say_where_codes_stand():
    assert ENCODING.text_positions == [1]


def test_columns_that_are_the_same_in_every_row_are_not_learned():
    frame = pd.DataFrame(
        {
            "varies": [1.0, 2.0, 2.0],
            "constant": [3.0, 3.0, 3.0],
            "never_known": [np.nan, np.nan, np.nan],
            "sometimes_known": [5.0, np.nan, 5.0],
            "market": ["south", "north", "south"],
            "country": ["x", "x", "x"],
            "employees": [1.0, 2.0, 3.0],
        }
    )
    features = ["varies", "constant", "never_known", "sometimes_known"]
    learned = learn_encoding(
        frame, features, {"market": "text", "country": "text", "employees": "number"}
    )
    assert learned.columns == ("varies", "sometimes_known", "market", "employees")
    assert learned.categories == {"market": ("north", "south")}


def test_only_the_most_frequent_categories_have_a_code_of_their_own():
    often = [f"often_{place:03}" for place in range(MOST_CATEGORIES)]
    frame = pd.DataFrame({"market": [*often, *often, "seldom"]})
    learned = learn_encoding(frame, [], {"market": "text"})
    assert learned.categories["market"] == tuple(often)
    assert learned.matrix(pd.DataFrame({"market": ["seldom", "never"]})).tolist() == [
        [100.0],
        [100.0],
    ]


QUIET = Quiet(30, BgNbd(r=1.0, alpha=10.0, a=1.0, b=3.0))


def test_the_chance_of_a_quiet_period_is_the_last_column_and_is_made_of_features():
    """Active once, 10 days ago: 20 / 50 to pause for 30 days. Never active: not known."""
    frame = pd.DataFrame(
        {
            "active_days": [1.0, 0.0],
            "active_span": [0.0, np.nan],
            "days_silent": [10.0, np.nan],
        }
    )
    learned = learn_encoding(frame, ["days_silent"], {}, QUIET)
    assert learned.columns == ("days_silent", "quiet_chance")
    assert set(learned.reads) == {"days_silent", "active_days", "active_span"}
    assert learned.matrix(frame)[0].tolist() == pytest.approx([10.0, 0.4])
    assert np.isnan(learned.matrix(frame)[1]).all()
    assert learned.completed(frame)["quiet_chance"].tolist() == pytest.approx(
        [0.4, np.nan], nan_ok=True
    )
    with pytest.raises(ModelError, match="a snapshot without active_span"):
        learned.matrix(frame.drop(columns="active_span"))


@pytest.mark.parametrize("quiet", [None, QUIET])
def test_its_description_is_all_of_it(quiet):
    encoding = Encoding(("a", "market"), {"market": ("north",)}, quiet)
    described = json.loads(json.dumps(encoding.described()))
    assert of_description(described) == encoding


def test_a_description_from_before_there_was_a_quiet_chance_is_read():
    assert of_description({"columns": ["a"], "categories": {}}) == Encoding(("a",), {})
