"""Opening a book: from files or queries, with what it lacks said in words and what is wrong said with its place."""

from datetime import datetime

import pandas as pd
import pytest

from features.book.book import open_book
from features.engine import day_of, instant
from features.errors import BookError, QuarantineError
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from features.vocabulary.contract import TABLES

ACCOUNT = {"account_id": "a", "opened_at": "2024-01-01"}
PURCHASE = {
    "account_id": "a",
    "occurred_at": "2024-02-01",
    "kind": "purchase",
    "value": 5.0,
}
ACCOUNTS_CSV = "account_id,opened_at\na,2024-01-01\n"
VISIT_CSV = "account_id,occurred_at,kind\na,2024-02-01,visit\n"


FEW = {
    name: FEATURES[name]
    for name in ("purchases_ever", "spent_ever", "days_silent", "ease_last")
}


def us(text):
    return instant(datetime.fromisoformat(text))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "accounts.csv").write_text(ACCOUNTS_CSV)
    (tmp_path / "interactions.csv").write_text(VISIT_CSV)
    return tmp_path


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(BookError, match="check the path"):
        open_book(tmp_path / "nowhere")


@pytest.mark.parametrize("table", ["accounts", "interactions"])
def test_a_missing_required_table_is_said_with_its_possible_names(folder, table):
    (folder / f"{table}.csv").unlink()
    with pytest.raises(
        BookError, match=f"no table {table}.*{table}.parquet, {table}.csv"
    ):
        open_book(folder)


@pytest.mark.parametrize(
    ("table", "text", "lacking"),
    [
        ("accounts", "account_id\na\n", "opened_at"),
        ("interactions", "account_id,kind\na,visit\n", "occurred_at"),
        ("surveys", "account_id,occurred_at,item\na,2024-02-01,product\n", "score"),
        ("departures", "occurred_at\n2024-02-01\n", "account_id"),
    ],
)
def test_a_missing_required_column_is_said_with_its_table(folder, table, text, lacking):
    (folder / f"{table}.csv").write_text(text)
    with pytest.raises(
        BookError, match=f"table {table}: .*expected {lacking}; to mend: add or rename"
    ):
        open_book(folder)


def test_a_file_that_is_not_what_its_name_says_is_an_error_of_the_book(folder):
    (folder / "surveys.parquet").write_text("not a table of any kind")
    with pytest.raises(BookError, match=r"table surveys.*a table that can be read"):
        open_book(folder)


def test_more_bad_rows_than_the_share_stop_with_the_place_and_without_a_customers_value(
    folder,
):
    (folder / "interactions.csv").write_text(
        "account_id,occurred_at,kind\n"
        "a,2024-02-01,visit\n"
        "a,2024-02-02,visit\n"
        "a,SECRET-7,visit\n"
        "SECRET-8,2024-02-04,visit\n"
    )
    with pytest.raises(QuarantineError) as stopped:
        open_book(folder, max_bad_share=0.49)
    said = str(stopped.value)
    assert "table interactions, first in row 3, field occurred_at" in said
    assert "2 bad rows of 4" in said
    assert (
        "1 rows where occurred_at is not a time between 1900 and 2100, and not in 1970"
        in said
    )
    assert "1 rows where account_id is not the id of an account in accounts" in said
    assert "at most 49.0% bad rows" in said
    assert "SECRET" not in said


def test_exactly_the_share_of_bad_rows_is_let_through(folder):
    (folder / "interactions.csv").write_text(
        "account_id,occurred_at,kind\na,2024-02-01,visit\na,2024-02-02,visit\na,2024-02-03,visit\na,soon,visit\n"
    )
    assert open_book(folder, max_bad_share=0.25).rows["interactions"] == 3
    with pytest.raises(QuarantineError):
        open_book(folder, max_bad_share=0.24)


def test_one_bad_row_in_a_hundred_is_let_through_unless_told_otherwise(folder):
    rows = [f"a,2024-02-01 00:{minute:02}:00,visit\n" for minute in range(50)]
    (folder / "interactions.csv").write_text(
        "account_id,occurred_at,kind\n" + "".join([*rows, "a,soon,visit\n"])
    )
    book = open_book(folder)
    assert (book.rows["interactions"], len(book.quarantine)) == (50, 1)


def test_a_book_of_csv_is_the_same_as_one_of_parquet(tmp_path, make_book):
    tables = {
        "accounts": [{**ACCOUNT, "market": "north", "employees": 12.0}],
        "interactions": [
            PURCHASE,
            {**PURCHASE, "occurred_at": "2024-02-03T10:30:00", "value": None},
        ],
        "surveys": [
            {
                "account_id": "a",
                "occurred_at": "2024-02-04",
                "item": "effort",
                "score": 3.0,
            }
        ],
        "departures": [{"account_id": "a", "occurred_at": "2024-06-01", "overt": True}],
    }
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(tmp_path / f"{name}.csv", index=False)
    of_csv, of_parquet = open_book(tmp_path), make_book(**tables)
    for table in TABLES:
        assert (
            of_csv.connection.execute(f"select * from {table} order by all").fetchall()
            == of_parquet.connection.execute(
                f"select * from {table} order by all"
            ).fetchall()
        )
    assert (of_csv.facts, of_csv.rows) == (of_parquet.facts, of_parquet.rows)
    one, other = (
        snapshot(book, [us("2024-03-01")], FEW) for book in (of_csv, of_parquet)
    )
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_a_table_may_be_a_folder_of_parquet_files(tmp_path):
    (tmp_path / "accounts.csv").write_text(ACCOUNTS_CSV)
    for month in (2, 3):
        part = tmp_path / "interactions" / f"month={month}"
        part.mkdir(parents=True)
        row = {
            "account_id": "a",
            "occurred_at": pd.Timestamp(2024, month, 1),
            "kind": "visit",
        }
        pd.DataFrame([row]).to_parquet(part / "part.parquet")
    book = open_book(tmp_path)
    assert book.rows["interactions"] == 2
    assert (day_of(book.beginning).month, day_of(book.watermark).month) == (2, 3)


def test_missing_optional_tables_are_told_in_a_sentence_each(make_book):
    book = make_book(accounts=[ACCOUNT], interactions=[PURCHASE])
    assert book.missing() == [
        TABLES[name].without
        for name in (
            *("surveys", "departures", "contracts", "scheduled"),
            *("reps", "markets"),
        )
    ]
    assert all(
        sentence.endswith(".") and " " in sentence for sentence in book.missing()
    )
    assert not book.has("surveys")
    (row,) = snapshot(book, [us("2024-03-01")]).to_dict("records")
    assert pd.isna(row["quadrant"])
    assert row["purchases_ever"] == 1.0


def test_a_table_of_bad_rows_alone_counts_as_missing(make_book):
    score = {
        "account_id": "a",
        "occurred_at": "2024-02-01",
        "item": "product",
        "score": 11.0,
    }
    book = make_book(accounts=[ACCOUNT], interactions=[PURCHASE], surveys=[score])
    assert TABLES["surveys"].without in book.missing()


def test_kinds_outside_the_vocabulary_are_counted(make_book):
    kinds = ["teleportation", "visit", "seance", "teleportation"]
    rows = [
        {**PURCHASE, "occurred_at": f"2024-02-0{day}", "kind": kind}
        for day, kind in enumerate(kinds, start=1)
    ]
    (kinds,) = make_book(accounts=[ACCOUNT], interactions=rows).unknown
    assert dict(kinds.names) == {"teleportation": 2, "seance": 1}


def test_columns_of_accounts_beyond_the_contract_are_facts_with_a_type(folder):
    (folder / "accounts.csv").write_text(
        "account_id,opened_at,market,employees,code,nothing\na,2024-01-01,north,12,7,\nb,2024-01-02,south,,x7,\n"
    )
    book = open_book(folder)
    assert book.facts == {
        "market": "text",
        "employees": "number",
        "code": "text",
        "nothing": "text",
    }
    found = book.connection.execute(
        "select market, employees, code, nothing from accounts order by account_id"
    )
    assert found.fetchall() == [("north", 12.0, "7", None), ("south", None, "x7", None)]


@pytest.mark.parametrize("size", ["inf", "-inf", "nan"])
def test_a_fact_that_is_no_finite_number_is_set_aside_or_not_known(folder, size):
    (folder / "accounts.csv").write_text(
        f"account_id,opened_at,employees\na,2024-01-01,12\nb,2024-01-01,{size}\n"
    )
    book = open_book(folder, max_bad_share=1.0)
    assert book.facts == {"employees": "number"}
    (found,) = book.connection.execute(
        "select list(employees order by account_id) from accounts"
    ).fetchall()
    assert found[0] in ([12.0], [12.0, None])


def test_facts_stand_in_the_snapshot_under_their_own_names(make_book):
    account = {**ACCOUNT, "market": "north", "Key account": "yes", "employees": 12}
    book = make_book(accounts=[account], interactions=[PURCHASE])
    (row,) = snapshot(book, [us("2024-03-01")], FEW).to_dict("records")
    assert (row["market"], row["Key account"], row["employees"]) == (
        "north",
        "yes",
        12.0,
    )


def test_a_column_beyond_the_contract_of_another_table_is_passed_over(make_book):
    book = make_book(accounts=[ACCOUNT], interactions=[{**PURCHASE, "colour": "red"}])
    assert (book.rows["interactions"], book.facts) == (1, {})


def test_beginning_and_watermark_are_the_first_moment_and_the_last_thing_known(
    make_book,
):
    book = make_book(
        accounts=[ACCOUNT],
        interactions=[
            {**PURCHASE, "known_at": "2024-02-05"},
            {**PURCHASE, "occurred_at": "2024-02-03", "known_at": None},
        ],
        surveys=[
            {
                "account_id": "a",
                "occurred_at": "2024-02-04",
                "item": "product",
                "score": 5.0,
            }
        ],
    )
    assert (book.beginning, book.watermark) == (us("2024-02-01"), us("2024-02-05"))


QUERY = """
quiet_days = 45
[tables]
interactions = "select who as account_id, day as occurred_at, 'purchase' as kind from '$SALES_FOLDER/sales.csv'"
"""


def test_book_toml_makes_a_table_of_a_query_over_files_of_a_setting(
    tmp_path, monkeypatch
):
    book, elsewhere = tmp_path / "book", tmp_path / "elsewhere"
    book.mkdir(), elsewhere.mkdir()
    (book / "book.toml").write_text(QUERY)
    (book / "accounts.csv").write_text(ACCOUNTS_CSV)
    (elsewhere / "sales.csv").write_text("who,day\na,2024-02-01\na,2024-02-02\n")
    monkeypatch.setenv("SALES_FOLDER", str(elsewhere))
    opened = open_book(book)
    assert (opened.rows["interactions"], opened.quiet_days) == (2, 45)


def test_a_setting_that_is_not_set_is_named(folder, monkeypatch):
    monkeypatch.delenv("SALES_FOLDER", raising=False)
    (folder / "book.toml").write_text(QUERY)
    with pytest.raises(
        BookError,
        match=r"book.toml, tables.interactions: found \$SALES_FOLDER, which is not set",
    ):
        open_book(folder)


def test_a_query_goes_before_a_file_of_the_same_table(folder):
    (folder / "book.toml").write_text(
        "[tables]\ninteractions = \"select 'a' as account_id, date '2024-05-01' as occurred_at, 'use' as kind\""
    )
    assert day_of(open_book(folder).beginning).month == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("quite_days = 90", "quite_days"),
        ("[tables]\ninteraction = 'select 1'", "interaction"),
        ("quiet_days = 0", "a whole number of days above 0"),
        ("quiet_days = -5", "a whole number of days above 0"),
        ("quiet_days = 'long'", "a whole number of days above 0"),
        ("quiet_days = 1.5", "a whole number of days above 0"),
        ("quiet_days =", "expected TOML"),
        ("[tables]\nsurveys = 'selec t'", "table surveys"),
        ("[tables]\nsurveys = \"select * from 'nowhere.csv'\"", "table surveys"),
    ],
)
def test_a_mistake_in_book_toml_is_an_error_of_the_book(folder, text, said):
    (folder / "book.toml").write_text(text)
    with pytest.raises(BookError, match=said):
        open_book(folder)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("quiet_days = true", id="a flag where a number is expected"),
        pytest.param("tables = 3", id="tables that is no table"),
        pytest.param("[tables]\nsurveys = 3", id="a query that is no text"),
        pytest.param(
            "[tables]\nsurveys = \"select 1 where regexp_matches('x', '^x$')\"",
            id="a lonely dollar sign",
        ),
        pytest.param(
            "[tables]\nsurveys = \"select 'a' as account_id, date '2024-01-01' as occurred_at, 'product' as item, "
            "cast(item as int) as score from (select 'seven' as item)\"",
            id="a query that fails when it runs",
        ),
    ],
)
def test_every_mistake_in_book_toml_is_an_error_of_the_book(folder, text):
    (folder / "book.toml").write_text(text)
    with pytest.raises(BookError):
        open_book(folder)


def test_relative_paths_in_book_toml_start_at_the_books_folder(folder):
    (folder / "sales.csv").write_text(VISIT_CSV)
    (folder / "book.toml").write_text(
        "[tables]\ninteractions = \"select * from 'sales.csv'\""
    )
    assert open_book(folder).rows["interactions"] == 1


def test_a_csv_with_a_row_of_too_many_fields_is_refused_without_a_customers_value(
    folder,
):
    (folder / "interactions.csv").write_text(
        f"{VISIT_CSV}a,2024-02-02,visit,SECRET-9,more\n"
    )
    with pytest.raises(BookError) as refused:
        open_book(folder)
    assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize(
    "fact", ["problem", "quadrant", "days_silent", "as_of_us", "opened_us", 'say "so"']
)
def test_a_fact_may_not_take_the_place_of_a_column_of_ours(make_book, fact):
    try:
        book = make_book(accounts=[{**ACCOUNT, fact: "north"}], interactions=[PURCHASE])
    except BookError as refused:
        assert fact in str(refused)  # to refuse the name in words is as good
        assert "field north" not in str(refused)
        return
    found = snapshot(book, [us("2024-03-01")])
    assert found.columns.is_unique
    assert set(found.columns) == {"account_id", "as_of_us", *FEATURES, fact}
    assert found[fact].tolist() == ["north"]


def test_a_fact_in_capitals_does_not_take_the_place_of_a_column_of_ours_either(
    make_book,
):
    try:
        book = make_book(
            accounts=[{**ACCOUNT, "Quadrant": "north"}], interactions=[PURCHASE]
        )
    except BookError as refused:
        assert "Quadrant" in str(refused)
        return
    assert "Quadrant" in snapshot(book, [us("2024-03-01")])


@pytest.mark.parametrize("place", ["header", "row"])
def test_a_csv_that_is_not_utf_8_is_an_error_of_the_book(folder, place):
    header, value = ("straße", "x") if place == "header" else ("channel", "straße")
    text = f"account_id,occurred_at,kind,{header}\na,2024-02-01,visit,{value}\n"
    (folder / "interactions.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(BookError, match="table interactions"):
        open_book(folder)


CSV_FORMS = {
    "as a spreadsheet writes it": b"\xef\xbb\xbfaccount_id;occurred_at;kind;channel\r\na;2024-02-01;visit;x\r\n",
    "quoted": b'"account_id","occurred_at","kind","channel"\n"a","2024-02-01","visit","x"\n',
    "tabs and an empty line": b"account_id\toccurred_at\tkind\tchannel\na\t2024-02-01\tvisit\tx\n\n",
    "another order": b"channel,kind,occurred_at,account_id\nx,visit,2024-02-01,a\n",
}


def test_a_csv_is_read_however_it_was_exported(folder):
    for form, content in CSV_FORMS.items():
        (folder / "interactions.csv").write_bytes(content)
        book = open_book(folder, max_bad_share=0.0)
        found = book.connection.execute(
            "select account_id, kind, channel from interactions"
        ).fetchall()
        assert found == [("a", "visit", "x")], form


def test_a_text_that_holds_delimiters_quotes_and_lines_is_one_text(folder):
    (folder / "interactions.csv").write_text(
        'account_id,occurred_at,kind,channel\na,2024-02-01,visit,"mail, ""fast""\nand safe"\na,2024-02-02,visit,shop\n'
    )
    book = open_book(folder, max_bad_share=0.0)
    found = book.connection.execute(
        "select channel from interactions order by occurred_us"
    ).fetchall()
    assert found == [('mail, "fast"\nand safe',), ("shop",)]


@pytest.mark.parametrize(
    "text",
    ["", "account_id,occurred_at,kind,kind\na,2024-02-01,visit,visit\n"],
    ids=["empty", "twice"],
)
def test_a_csv_without_a_proper_header_is_an_error_of_the_book(folder, text):
    (folder / "interactions.csv").write_text(text)
    with pytest.raises(BookError, match="table interactions"):
        open_book(folder)


def test_a_book_without_any_good_interaction_is_refused_in_words(folder):
    (folder / "interactions.csv").write_text("account_id,occurred_at,kind\n")
    with pytest.raises(BookError):
        book = open_book(folder)
        assert book.watermark >= book.beginning
