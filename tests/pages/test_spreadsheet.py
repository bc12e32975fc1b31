"""Spreadsheets: no text acts as a formula, numbers stay numbers, and every table reads back exactly."""

import csv
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.spreadsheet import ENCODING, as_csv, read_table

FORMULAS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)


def written_and_read(frame, folder):
    file = folder / "table.csv"
    file.write_text(as_csv(frame), encoding=ENCODING, newline="")
    return read_table(file)


def cells(text):
    """The cells of a table of one column, as any reader of CSV sees them, without the header."""
    return [
        row[0]
        for row in csv.reader(
            as_csv(pd.DataFrame({"name": [text]})).splitlines(keepends=True)
        )
    ][1:]


@pytest.mark.parametrize("begins", FORMULAS)
def test_a_text_that_a_spreadsheet_would_take_for_a_formula_gets_an_apostrophe(begins):
    (cell,) = cells(f"{begins}1+1")
    assert cell.startswith(f"'{begins}")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("  =1+1", "'  =1+1"),
        ("'=1+1", "''=1+1"),
        ("name;=1+1", "name;'=1+1"),
        ("name,@SUM(A1)", "name,'@SUM(A1)"),
        ('name"=1+1', "name\"'=1+1"),
        ("-12", "'-12"),
        ("Hagen - Boele", "Hagen - Boele"),
        ("a=b", "a=b"),
        ("O'Neill", "O'Neill"),
        ("'tis", "'tis"),
        ("reasons: silent, -3 points", "reasons: silent, -3 points"),
        ("", ""),
    ],
)
def test_an_apostrophe_stands_only_where_a_cell_could_begin_with_a_formula(text, safe):
    assert cells(text) == [safe]


def test_headers_are_as_safe_as_cells(tmp_path):
    frame = pd.DataFrame({"=risk": ["a"], "x;+y": ["b"]})
    assert as_csv(frame).splitlines()[0] == '"\'=risk","x;\'+y"'
    assert written_and_read(frame, tmp_path).columns.tolist() == ["=risk", "x;+y"]


def test_numbers_days_and_flags_stand_without_quotes_and_what_is_missing_is_nothing():
    frame = pd.DataFrame(
        {
            "change": [-0.5, np.nan],
            "rank": pd.array([-3, None], dtype="Int64"),
            "left_on": [date(2026, 8, 1), None],
            "listed": [True, False],
            "reason": ["-5", None],
        }
    )
    assert as_csv(frame).splitlines()[1:] == [
        '-0.5,-3,2026-08-01,True,"\'-5"',
        ",,,False,",
    ]


def test_a_table_reads_back_with_its_types(tmp_path):
    frame = pd.DataFrame(
        {
            "account_id": ["007", "1e5"],
            "plan": ["", None],
            "value": [12.0, -0.1],
            "n": [3, -4],
            "listed": [True, False],
            "first_listed": [None, date(2026, 8, 1)],
            "nothing": [np.nan, np.nan],
        }
    ).astype({"account_id": "str", "plan": "str"})
    found = written_and_read(frame, tmp_path)
    pd.testing.assert_frame_equal(
        found, frame.astype({"n": "Int64", "listed": "boolean"})
    )


def test_a_table_without_rows_keeps_its_header(tmp_path):
    assert written_and_read(
        pd.DataFrame(columns=["a", "b"]), tmp_path
    ).columns.tolist() == ["a", "b"]


TEXTS = st.text(st.sampled_from([*FORMULAS, *"'\",;| a1\u00e4"]), max_size=8) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=8
)


@given(
    st.lists(
        st.tuples(TEXTS | st.none(), st.floats(allow_infinity=False)),
        min_size=1,
        max_size=5,
    ),
    TEXTS,
)
def test_whatever_the_texts_they_read_back_and_none_begins_as_a_formula(
    tmp_path_factory, rows, name
):
    frame = pd.DataFrame(
        {
            f"text{name}": [text for text, _ in rows],
            "number": [number for _, number in rows],
        }
    )
    found = written_and_read(frame, tmp_path_factory.getbasetemp())
    texts = [None if pd.isna(text) else text for text in found.iloc[:, 0]]
    assert texts == [text for text, _ in rows]
    assert found.columns[0] == f"text{name}"
    assert np.array_equal(found["number"], frame["number"], equal_nan=True)
    for cell in [
        cell
        for row in csv.reader(as_csv(frame).splitlines(keepends=True))
        for cell in row[:1]
    ]:
        assert not cell.lstrip(" ").startswith(FORMULAS)
