"""Blanks: an optional value that cannot be read is left out and counted; only what a row needs sets it aside."""

import pytest

from features.book.book import open_book
from features.errors import QuarantineError

ACCOUNTS = "account_id,opened_at\na,2024-01-01\n"
HEADERS = {
    "interactions": "account_id,occurred_at,kind,value,minutes,sentiment",
    "surveys": "account_id,occurred_at,item,score,weight",
    "departures": "account_id,occurred_at,overt",
    "reps": "rep_id,hired_at,left_at",
}


def open_rows(folder, max_bad_share=1.0, **tables):
    """Opens a book of the given lines, to which the account, the day and a second of its own are put where needed."""
    tables = {"interactions": ["visit,,,"], **tables}
    (folder / "accounts.csv").write_text(ACCOUNTS)
    for table, rows in tables.items():
        dated = "" if table == "reps" else "a,2024-02-02 00:00:{:02},"
        lines = [dated.format(second) + row for second, row in enumerate(rows)]
        (folder / f"{table}.csv").write_text("\n".join([HEADERS[table], *lines]) + "\n")
    return open_book(folder, max_bad_share=max_bad_share)


def kept(book, table, column):
    return [
        value
        for (value,) in book.connection.execute(
            f"select {column} from {table}"
        ).fetchall()
    ]


@pytest.mark.parametrize(
    ("table", "column", "row", "expected"),
    [
        (
            "interactions",
            "value",
            "purchase,nan,,",
            "a finite number from -1,000,000,000,000 to 1,000,000,000,000",
        ),
        (
            "interactions",
            "value",
            "purchase,inf,,",
            "a finite number from -1,000,000,000,000 to 1,000,000,000,000",
        ),
        (
            "interactions",
            "value",
            "purchase,-inf,,",
            "a finite number from -1,000,000,000,000 to 1,000,000,000,000",
        ),
        (
            "interactions",
            "value",
            "purchase,1.1e12,,",
            "a finite number from -1,000,000,000,000 to 1,000,000,000,000",
        ),
        (
            "interactions",
            "value",
            "purchase,much,,",
            "a finite number from -1,000,000,000,000 to 1,000,000,000,000",
        ),
        (
            "interactions",
            "sentiment",
            "complaint,,,-1.01",
            "a finite number from -1 to 1",
        ),
        (
            "interactions",
            "sentiment",
            "complaint,,,85%",
            "a finite number from -1 to 1",
        ),
        ("departures", "overt", "perhaps", "true or false"),
        (
            "reps",
            "hired_at",
            "r,long ago,",
            "a time between 1900 and 2100, and not in 1970",
        ),
        (
            "reps",
            "left_at",
            "r,,1970-01-01",
            "a time between 1900 and 2100, and not in 1970",
        ),
    ],
)
def test_an_optional_value_that_cannot_be_read_is_missing_and_counted_and_its_row_is_kept(
    tmp_path, table, column, row, expected
):
    book = open_rows(tmp_path, **{table: [row]})
    assert book.quarantine.empty
    clean = {"hired_at": "hired_us", "left_at": "left_us"}.get(column, column)
    assert kept(book, table, clean) == [None]
    (blank,) = book.blanks
    assert (blank.table, blank.column, blank.expected, blank.rows, blank.of) == (
        table,
        column,
        expected,
        1,
        1,
    )


@pytest.mark.parametrize("weight", ["0", "-1", "1000", "nan", "heavy"])
def test_a_weight_that_cannot_be_read_is_as_good_as_none(tmp_path, weight):
    book = open_rows(tmp_path, surveys=[f"product,8,{weight}"])
    assert kept(book, "surveys", "weight") == [1.0]
    assert [(blank.column, dict(blank.kinds)) for blank in book.blanks] == [
        ("weight", {"product": 1})
    ]


def test_blanks_are_told_with_the_kinds_that_they_hit(tmp_path):
    tones = [
        "complaint,,,-3",
        "complaint,,,-2",
        "complaint,,,-1",
        "compliment,,,5",
        "visit,,,",
        "question,,,0.5",
    ]
    book = open_rows(tmp_path, interactions=tones)
    assert sorted(kept(book, "interactions", "sentiment"), key=str) == [
        -1.0,
        0.5,
        None,
        None,
        None,
        None,
    ]
    assert [blank.sentence for blank in book.blanks] == [
        "table interactions, sentiment: 3 of 5 values are not a finite number from -1 to 1 and count as missing: "
        "complaint (2), compliment (1)"
    ]
    assert book.warnings == [blank.sentence for blank in book.blanks]


def test_of_many_kinds_the_first_ten_are_told_and_few_blanks_are_no_warning(tmp_path):
    rows = [f"kind {number:02},,,{2 if number < 12 else 0}" for number in range(12)]
    (blank,) = open_rows(tmp_path, interactions=rows).blanks
    assert (len(blank.kinds), blank.more, blank.rows) == (10, 2, 12)
    book = open_rows(tmp_path, interactions=["visit,,,2", *["visit,,,0"] * 40])
    assert [blank.rows for blank in book.blanks] == [1]
    assert book.warnings == []


def test_what_is_blanked_in_a_row_that_is_set_aside_is_not_counted(tmp_path):
    book = open_rows(tmp_path, interactions=["visit,,,", ",,,9"])
    assert (len(book.quarantine), book.blanks) == (1, ())


def test_blank_texts_are_no_values(tmp_path):
    assert open_rows(tmp_path, interactions=["visit, ,  , "]).blanks == ()


@pytest.mark.parametrize("value", ['"12,50"', "€ 12", "1 250"])
def test_a_column_of_values_of_another_type_is_refused_with_the_first_row(
    tmp_path, value
):
    rows = ["purchase,1,,", f"purchase,{value},,", f"purchase,{value},,"]
    with pytest.raises(QuarantineError) as refused:
        open_rows(tmp_path, max_bad_share=0.5, interactions=rows)
    said = str(refused.value)
    assert said.startswith(
        "table interactions, first in row 2, field value: found 2 bad rows of 3"
    )
    assert "12" not in said


def test_a_column_of_values_out_of_bounds_is_blanked_and_warned_of(tmp_path):
    book = open_rows(
        tmp_path, max_bad_share=0.0, interactions=["complaint,,,-80", "compliment,,,90"]
    )
    assert kept(book, "interactions", "sentiment") == [None, None]
    assert len(book.warnings) == 1


@pytest.mark.parametrize("said", ["n/a", "-", "NULL", "unknown", "maybe"])
def test_a_text_without_a_digit_is_no_other_notation_and_refuses_no_table(
    tmp_path, said
):
    book = open_rows(
        tmp_path,
        max_bad_share=0.0,
        interactions=[f"purchase,{said},{said},{said}"],
        departures=[said],
        surveys=[f"product,5,{said}"],
        reps=[f"r,{said},{said}"],
    )
    assert {(blank.column, blank.rows, blank.of) for blank in book.blanks} == {
        (column, 1, 1)
        for column in (
            "value",
            "minutes",
            "sentiment",
            "overt",
            "weight",
            "hired_at",
            "left_at",
        )
    }
    assert len(book.warnings) == 7


@pytest.mark.parametrize("said", ["12;50", "31.12.2020"])
def test_another_notation_refuses_the_table(tmp_path, said):
    with pytest.raises(
        QuarantineError, match="1 rows where value is not a finite number"
    ):
        open_rows(tmp_path, max_bad_share=0.5, interactions=[f"purchase,{said},,"])
