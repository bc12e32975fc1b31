"""Where a book ends: told by where its activity does, whatever single rows say, and for books of every rhythm."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.book.book import open_book
from features.calendar.end_of_data import last_day
from features.calendar.recorded import rows_beyond
from features.engine import instant
from features.errors import BookError

JUNE = date(2024, 6, 1)
DAILY = dict.fromkeys(range(200), 9)
WEEKDAYS = {day: 10 if day % 7 < 5 else 1 for day in range(300)}
WEEKLY = {7 * week: 5 for week in range(40)}
MONTHLY = {30 * month: 40 for month in range(14)}
QUARTERLY = {91 * quarter: 150 for quarter in range(12)}
TWELVE_ROWS = {30 * month: 1 for month in range(12)}
IN_2066 = 15_000


def end(activity):
    days = sorted(activity)
    return last_day(days, [activity[day] for day in days])


@pytest.mark.parametrize(
    "book",
    [DAILY, WEEKDAYS, WEEKLY, MONTHLY, QUARTERLY, TWELVE_ROWS, {5: 1}, {5: 1, 400: 1}],
)
def test_a_book_of_any_rhythm_ends_with_its_last_day(book):
    assert end(book) == max(book)


@pytest.mark.parametrize(
    "book", [DAILY, WEEKDAYS, WEEKLY, MONTHLY, QUARTERLY, TWELVE_ROWS]
)
@pytest.mark.parametrize(
    "later", [{IN_2066: 1}, {IN_2066: 1, IN_2066 + 1: 1}], ids=["one row", "two rows"]
)
def test_rows_of_a_year_mistyped_do_not_move_it(book, later):
    assert end({**book, **later}) == max(book)


@pytest.mark.parametrize(
    ("book", "ahead"),
    [
        (DAILY, {30: 1}),
        (WEEKLY, {30: 1}),
        (MONTHLY, {31: 1}),
        (DAILY, dict.fromkeys(range(1, 60), 2)),
        (WEEKDAYS, {day: 2 for day in range(2, 120) if (299 + day) % 7 < 5}),
        (WEEKDAYS, {50: 150}),
    ],
    ids=[
        "a meeting",
        "weekly",
        "monthly",
        "118 meetings",
        "168 meetings",
        "renewals of one day",
    ],
)
def test_what_is_planned_does_not_move_it(book, ahead):
    assert end(
        {**book, **{max(book) + day: accounts for day, accounts in ahead.items()}}
    ) == max(book)


def test_a_feed_of_which_little_is_left_ends_where_it_thins_out():
    left = {day: 1 if day % 3 else 2 for day in range(200, 500)}
    assert end({**DAILY, **left}) == 199


def test_a_pause_and_then_the_usual_is_all_data():
    assert end({**DAILY, **dict.fromkeys(range(230, 300), 9)}) == 299


def test_an_import_at_the_beginning_is_not_what_is_usual():
    assert end({0: 5_000, **dict.fromkeys(range(1, 100), 10)}) == 99


def test_business_that_shrinks_to_a_quarter_over_a_year_goes_on_to_the_end():
    assert end({day: round(40 * 0.25 ** (day / 365)) for day in range(366)}) == 365


@given(
    st.lists(st.integers(1, 50), min_size=30, max_size=120),
    st.integers(1, 20_000),
    st.integers(0, 10_000),
)
def test_a_single_row_later_than_the_end_by_much_never_moves_it(accounts, after, start):
    days = list(range(start, start + len(accounts)))
    found = last_day(days, accounts)
    assert found in days
    assert last_day([*days, days[-1] + 200 + after], [*accounts, 1]) == found


@given(
    st.dictionaries(
        st.integers(0, 30_000), st.integers(1, 1_000), min_size=1, max_size=60
    )
)
def test_the_end_is_a_day_with_activity_and_has_most_of_it_behind_it(activity):
    days = np.array(sorted(activity))
    counts = np.array([activity[day] for day in days])
    found = last_day(days, counts)
    assert found in activity
    assert counts[days <= found].sum() >= 0.75 * counts.sum()


def on(day, account="a", **rest):
    return {
        "account_id": account,
        "occurred_at": str(JUNE + timedelta(days=day)),
        "kind": "visit",
        **rest,
    }


ACCOUNTS = [{"account_id": name, "opened_at": "2024-01-01"} for name in "ab"]
JUNE_VISITS = [on(day, name) for day in range(28) for name in "ab"]


def test_rows_beyond_the_end_of_a_book_are_kept_and_named_by_table_row_and_date(
    make_book,
):
    book = make_book(
        accounts=ACCOUNTS,
        interactions=[on(60), *JUNE_VISITS, on(3, known_at="2066-06-04")],
        surveys=[
            {
                "account_id": "a",
                "occurred_at": "2024-09-01",
                "item": "product",
                "score": 5.0,
            }
        ],
        departures=[{"account_id": "b", "occurred_at": "2024-08-01"}],
    )
    assert book.recorded.last_day == date(2024, 6, 28)
    assert book.end == instant(date(2024, 6, 29))
    assert book.watermark == instant(date(2024, 6, 28))
    assert {table.table: table.beyond for table in book.recorded.tables} == {
        "interactions": 2,
        "surveys": 1,
        "departures": 1,
    }
    assert rows_beyond(book.ask, book.recorded) == [
        {"table": "interactions", "row": 58, "date": "2066-06-04"},
        {"table": "surveys", "row": 1, "date": "2024-09-01"},
        {"table": "departures", "row": 1, "date": "2024-08-01"},
        {"table": "interactions", "row": 1, "date": "2024-07-31"},
    ]
    assert book.rows["interactions"] == 58
    assert "interactions 2, surveys 1, departures 1" in book.recorded.sentence


def test_ten_rows_beyond_are_named_and_all_are_counted(make_book):
    book = make_book(
        accounts=ACCOUNTS,
        interactions=[*JUNE_VISITS, *(on(100 + 10 * n) for n in range(12))],
    )
    assert book.recorded.beyond == 12
    assert [row["row"] for row in rows_beyond(book.ask, book.recorded)] == list(
        range(68, 58, -1)
    )


def test_a_book_with_nothing_beyond_its_end_says_nothing_of_it(make_book):
    book = make_book(accounts=ACCOUNTS, interactions=JUNE_VISITS)
    assert (book.recorded.sentence, rows_beyond(book.ask, book.recorded)) == (None, [])


def write(folder, last):
    visits = [f"a,{JUNE + timedelta(days=day)},visit" for day in [*range(28), 90]]
    (folder / "accounts.csv").write_text("account_id,opened_at\na,2024-01-01\n")
    (folder / "interactions.csv").write_text(
        "\n".join(["account_id,occurred_at,kind", *visits])
    )
    (folder / "book.toml").write_text(f"last_day = {last}")
    return folder


def test_book_toml_may_say_the_last_day(tmp_path):
    book = open_book(write(tmp_path, "2024-08-30"))
    assert (book.recorded.last_day, book.recorded.beyond) == (date(2024, 8, 30), 0)
    assert book.watermark == instant(date(2024, 8, 30))


@pytest.mark.parametrize("last", ['"2024-08-30"', "2024-08-30T10:00:00", "20240830"])
def test_a_last_day_that_is_no_date_is_refused(tmp_path, last):
    with pytest.raises(BookError, match="a date without quotes"):
        open_book(write(tmp_path, last))


def test_a_last_day_before_the_first_is_refused(tmp_path):
    with pytest.raises(BookError, match="a day from 2024-06-01 on"):
        _ = open_book(write(tmp_path, "2024-05-01")).end
