"""The tables of a night: a column has the same type every night, whatever is known."""

import pandas as pd
import pyarrow as pa
from editions import edition, scores

from pages.tonight.sheet import NUMBERS, list_sheet
from serving.delivery.edition import edition_of
from serving.delivery.tables import scores_of, worklist_of


def types(listed):
    """The types of the list's columns where it was read from CSV with these values."""
    rows = pd.concat([scores({"a": 0.5}), pd.DataFrame([listed])], axis=1)
    table = worklist_of(edition_of(scores({"a": 0.5}), rows))
    return {name: str(table.schema.field(name).type) for name in ("place", *listed)}


def test_a_column_of_the_list_has_one_type_whatever_its_values_are():
    whole = {"worth_a_year": 12, "owner": "Ann", "done": None, "last_contact": "x"}
    other = {"worth_a_year": 1.5, "owner": 7, "done": "called", "last_contact": None}
    none = dict.fromkeys(whole)
    expected = {
        "place": "int64",
        "worth_a_year": "double",
        **dict.fromkeys(("owner", "done", "last_contact"), "string"),
    }
    assert types(whole) == types(other) == types(none) == expected


def test_columns_that_the_scores_have_are_of_their_type():
    night = edition({"a": None}, listed=["a"])
    table, listed = scores_of(night), worklist_of(night)
    for name in ("as_of", "risk_90d", "reason_1", "cold_start"):
        assert listed.schema.field(name).type == table.schema.field(name).type
    assert table.schema.field("reason_1").type == pa.string()


def test_the_numbers_of_the_list_are_columns_of_it():
    assert {*list_sheet([])} > NUMBERS
