"""The files that a table may be in, and what is said of those that cannot be read."""

import gzip
import os
import sqlite3

import pandas as pd
import pytest
from workbooks import write_workbook

from features.book.book import open_book
from features.book.coming_and_going import oddities
from features.calendar.recorded import rows_beyond
from features.errors import BookError
from features.sources.copies import copied_parts

ACCOUNTS = "account_id,opened_at,market\na,2024-01-01,north\nb,2024-01-01,Köln\n"
VISITS = "account_id,occurred_at,kind,value\na,2024-02-01,visit,\nb,2024-02-02 10:30:00,purchase,3.5\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "accounts.csv").write_text(ACCOUNTS)
    (tmp_path / "interactions.csv").write_text(VISITS)
    return tmp_path


def put(folder, table, form, content):
    """Replaces a table's file by one of another form."""
    (folder / f"{table}.csv").unlink()
    (folder / f"{table}{form}").write_bytes(
        content if isinstance(content, bytes) else content.encode()
    )


def rows(book, table="interactions", columns="account_id, kind, value"):
    return book.connection.execute(
        f"select {columns} from {table} order by all"
    ).fetchall()


def refusal(folder):
    with pytest.raises(BookError) as refused:
        open_book(folder)
    assert "SECRET" not in str(refused.value)
    return str(refused.value)


# Forms


JSON = (
    '{"account_id":"a","occurred_at":"2024-02-01","kind":"visit"}\n\n'
    '{"kind":"purchase","value":3.5,"account_id":"b","occurred_at":"2024-02-02T10:30:00Z","more":{"x":[1]}}\n'
)


@pytest.mark.parametrize(
    ("form", "content"),
    [
        (".csv.gz", gzip.compress(VISITS.encode())),
        (".jsonl", JSON),
        (".ndjson", JSON),
        (".jsonl.gz", gzip.compress(JSON.encode())),
    ],
    ids=["csv.gz", "jsonl", "ndjson", "jsonl.gz"],
)
def test_a_table_is_read_alike_in_every_form(folder, form, content):
    expected = rows(open_book(folder), columns="*")
    put(folder, "interactions", form, content)
    assert rows(open_book(folder, max_bad_share=0.0), columns="*") == expected


def test_a_sheet_is_read_as_a_csv_of_it_would_be(tmp_path):
    write_workbook(
        tmp_path / "accounts.xlsx",
        accounts=[
            ["account_id", "opened_at", "seats", "key", "zip"],
            [1001, pd.Timestamp(2024, 1, 1), 12.5, True, "01067"],
            [None, None, None, None, None],
            [1002, pd.Timestamp(2024, 1, 2, 12, 0), None, False, 80331],
        ],
        notes=[["not read"]],
    )
    write_workbook(
        tmp_path / "interactions.xlsx",
        Sheet1=[
            ["account_id", "occurred_at", "kind"],
            ["1001", "2024-02-01", "visit"],
            [1002, "2024-02-02", "visit"],
        ],
    )
    book = open_book(tmp_path, max_bad_share=0.0)
    assert book.facts == {"seats": "number", "key": "text", "zip": "number"}
    assert rows(
        book, "accounts", "account_id, opened_us // 3600000000, seats, key, zip"
    ) == [
        ("1001", 473352, 12.5, "true", 1067.0),
        ("1002", 473388, None, "false", 80331.0),
    ]
    assert rows(book) == [("1001", "visit", None), ("1002", "visit", None)]


def test_the_one_sheet_that_is_filled_is_read_beside_empty_ones(folder):
    told = [
        ["account_id", "occurred_at", "kind"],
        ["a", pd.Timestamp(2024, 2, 1), "visit"],
    ]
    (folder / "interactions.csv").unlink(missing_ok=True)
    write_workbook(folder / "interactions.xlsx", Sheet1=[], Sheet2=told, Sheet3=[])
    assert [kind for _, kind, _ in rows(open_book(folder, max_bad_share=0.0))] == [
        "visit"
    ]


def test_a_query_reads_sheets_beside_files(folder):
    write_workbook(
        folder / "crm.xlsx",
        Customers=[["Id", "Since"], [7, "2024-01-01"]],
        Other=[["Id", "m"], [7, "north"]],
    )
    (folder / "book.toml").write_text(
        "[tables]\naccounts = '''select Id as account_id, Since as opened_at, m as market\n"
        "from read_xlsx('crm.xlsx', sheet = 'Customers') join read_xlsx('crm.xlsx', sheet='Other') using (Id)'''\n"
        "interactions = \"select Id as account_id, date '2024-03-01' as occurred_at, 'use' as kind from 'one.xlsx'\"\n"
    )
    write_workbook(folder / "one.xlsx", Any=[["Id"], [7]])
    assert rows(open_book(folder), "accounts", "account_id, market") == [("7", "north")]


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        (
            {"One": [["a"]], "Two": [["a"]]},
            "found the sheets One, Two; expected one named accounts, or a single sheet",
        ),
        ({"One": []}, "a first line without names"),
        ({"One": [["account_id", "account_id"]]}, "account_id more than once"),
    ],
)
def test_a_workbook_that_does_not_tell_its_table_is_refused(folder, sheets, said):
    write_workbook(folder / "accounts.xlsx", **sheets)
    (folder / "accounts.csv").unlink()
    assert said in refusal(folder)


def test_a_file_that_is_no_workbook_is_refused(folder):
    put(folder, "accounts", ".xlsx", "SECRET")
    assert "accounts.xlsx: found no workbook" in refusal(folder)


def test_two_files_of_one_table_are_refused_since_nothing_tells_which_to_read(folder):
    (folder / "accounts.jsonl").write_text("{}")
    assert "found accounts.csv and accounts.jsonl; expected one of them" in refusal(
        folder
    )


# Parts


def write_parts(folder, **parts):
    (folder / "interactions.csv").unlink(missing_ok=True)
    (folder / "interactions").mkdir(exist_ok=True)
    for name, part in parts.items():
        pd.DataFrame(part).to_parquet(
            folder / "interactions" / f"{name}.parquet", index=False
        )
    return folder


OLD = {
    "account_id": ["a"],
    "occurred_at": [pd.Timestamp("2024-02-01")],
    "kind": ["visit"],
}
NEW = {
    "account_id": ["b"],
    "kind": ["purchase"],
    "occurred_at": [pd.Timestamp("2024-02-02")],
    "value": [3.0],
}


@pytest.mark.parametrize("names", [("p1", "p2"), ("p2", "p1")])
def test_a_column_of_any_part_is_read_whatever_their_order(folder, names):
    write_parts(folder, **dict(zip(names, (OLD, NEW), strict=True)))
    assert rows(open_book(folder)) == [("a", "visit", None), ("b", "purchase", 3.0)]


def test_ids_stay_as_each_part_has_them_and_numbers_become_one_type(folder):
    (folder / "accounts.csv").write_text(
        "account_id,opened_at\n7,2024-01-01\nx8,2024-01-01\n"
    )
    whole = {**OLD, "account_id": [7], "value": [2], "rep_id": [1]}
    broken = {**OLD, "account_id": ["x8"], "value": [2.5], "rep_id": [1.5]}
    days = {
        **OLD,
        "account_id": [7],
        "occurred_at": ["2024-03-01"],
        "value": ["4"],
        "rep_id": [None],
    }
    book = open_book(
        write_parts(folder, p1=whole, p2=broken, p3=days), max_bad_share=0.0
    )
    assert rows(book, columns="account_id, value, rep_id") == [
        ("7", 2.0, "1"),
        ("7", 4.0, None),
        ("x8", 2.5, "1.5"),
    ]


def test_a_part_that_lacks_a_required_column_is_named(folder):
    write_parts(folder, p1=OLD, p2={"account_id": ["a"], "kind": ["visit"]})
    assert (
        "part p2.parquet: found the columns account_id, kind; expected occurred_at"
        in refusal(folder)
    )


def test_a_part_that_is_another_one_again_is_told_by_name(folder):
    days = {
        "account_id": ["a"] * 3,
        "occurred_at": ["2024-02-01", "2024-02-02", "2024-02-02"],
        "kind": ["visit"] * 3,
    }
    write_parts(folder, p1=days, p2={**days, "kind": ["order"] * 3}, p3=days)
    book = open_book(folder)
    assert len(rows(book)) == 9
    assert [caution for caution in book.warnings if "part" in caution] == [
        "table interactions: part p3.parquet is part p1.parquet again, byte for byte; remove one of them, as rows with "
        "a date only and without an id may count twice"
    ]


def test_small_parts_and_those_of_other_folders_may_be_the_same(tmp_path):
    for part, content in (
        ("1/a.csv", "x" * 2000),
        ("2/a.csv", "x" * 2000),
        ("1/b.csv", "y"),
        ("1/c.csv", "y"),
    ):
        (tmp_path / part).parent.mkdir(exist_ok=True)
        (tmp_path / part).write_text(content)
    assert copied_parts("interactions", sorted(tmp_path.rglob("*.csv"))) == ()


def test_parts_may_be_csv_with_headers_of_their_own(folder):
    (folder / "interactions.csv").unlink()
    parts = folder / "interactions"
    (parts / "2024").mkdir(parents=True)
    (parts / "one.csv").write_text("account_id,occurred_at,kind\na,2024-02-01,visit\n")
    (parts / "2024" / "two.csv.gz").write_bytes(
        gzip.compress(b"kind;value;account_id;occurred_at\npurchase;3;b;2024-02-02\n")
    )
    (parts / "_SUCCESS").write_text("")
    assert rows(open_book(folder, max_bad_share=0.0)) == [
        ("a", "visit", None),
        ("b", "purchase", 3.0),
    ]


def test_parts_of_two_forms_are_refused(folder):
    write_parts(folder, p1=OLD)
    (folder / "interactions" / "p2.csv").write_text(VISITS)
    assert "parts that end in .csv and .parquet" in refusal(folder)


@pytest.mark.parametrize("name", ["bök 1, zwei", "st #1 50%", "a=1", "[b]*?", "it's"])
def test_a_book_is_found_by_a_relative_path_of_any_name(tmp_path, monkeypatch, name):
    book = tmp_path / name
    book.mkdir()
    write_parts(book, p1=OLD, p2=NEW)
    (book / "accounts.csv").write_text(ACCOUNTS)
    monkeypatch.chdir(tmp_path)
    opened = open_book(name)
    assert (opened.rows["interactions"], opened.facts) == (2, {"market": "text"})


def test_relative_paths_of_queries_start_at_the_book_whatever_lies_in_the_working_directory(
    tmp_path, monkeypatch
):
    book, here = tmp_path / "book, one", tmp_path / "here"
    book.mkdir(), here.mkdir()
    for place, day in ((book, "2024-02-01"), (here, "2024-05-01")):
        (place / "visits.csv").write_text(
            f"account_id,occurred_at,kind\na,{day},visit\n"
        )
    (book / "accounts.csv").write_text(ACCOUNTS)
    (book / "book.toml").write_text(
        "[tables]\ninteractions = \"select * from 'visits.csv'\""
    )
    monkeypatch.chdir(here)
    opened = open_book(f"..{os.sep}book, one")
    assert rows(opened, columns="month(make_timestamp(occurred_us))") == [(2,)]
    assert os.getcwd() == str(here)


# What cannot be read


@pytest.mark.parametrize("table", ["accounts", "interactions"])
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (
            b"a,SECRET\n",
            "line 2 of {0}.csv: found a row of 2 fields; expected {1} fields, as the header has",
        ),
        (
            b"a,2,3,4,5,SECRET\n",
            "line 2 of {0}.csv: found a row of more than {1} fields; expected {1} fields, as the header has",
        ),
        (
            b'a,2024-02-01,"SECRET\n',
            "line 2 of {0}.csv: found a quote that is not closed",
        ),
        (
            "a,2024-02-01,SECRET Köln,\n".encode("latin-1"),
            "line 2 of {0}.csv: found bytes that are no UTF-8",
        ),
    ],
    ids=["short", "long", "quote", "latin-1"],
)
def test_a_broken_row_is_told_by_its_line_and_not_shown(folder, table, broken, said):
    text = (folder / f"{table}.csv").read_bytes().split(b"\n", 1)
    (folder / f"{table}.csv").write_bytes(b"\n".join([text[0], broken + text[1]]))
    assert said.format(table, text[0].count(b",") + 1) in refusal(folder)


def test_the_query_that_is_told_for_another_encoding_works(folder):
    put(folder, "accounts", ".csv", ACCOUNTS.encode("latin-1"))
    said = refusal(folder)
    query = said.split("book.toml: ")[1]
    (folder / "book.toml").write_text(f'[tables]\naccounts = "{query}"')
    assert rows(open_book(folder), "accounts", "market") == [("Köln",), ("north",)]


def test_utf_16_is_told_apart(folder):
    put(folder, "accounts", ".csv", ACCOUNTS.encode("utf-16"))
    assert "encoding = 'utf-16'" in refusal(folder)


def test_a_broken_line_of_json_is_told_and_not_shown(folder):
    put(folder, "interactions", ".jsonl", JSON + '{"account_id": SECRET}\n')
    assert "a line that is no JSON" in refusal(folder)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("account_id,opened_at,market,Market", "found market more than once"),
        ("account_id,account_id,opened_at,x", "found account_id more than once"),
        (",,,", "a first line without names"),
        ("", "a first line without names"),
        (
            "1001,2024-01-01,SECRET,x",
            "found 2 numbers, dates or addresses where names should be",
        ),
        (
            "SECRET@example.org,x,y,z",
            "found 1 numbers, dates or addresses where names should be",
        ),
    ],
)
def test_a_header_that_is_none_is_refused_in_a_sentence(folder, header, said):
    put(folder, "accounts", ".csv", f"{header}\na,2024-01-01,north,x\n")
    assert said in refusal(folder)


def test_a_column_without_a_name_is_left_out_and_told(folder):
    put(
        folder,
        "accounts",
        ".csv",
        ",account_id,opened_at,plan, \n0,a,2024-01-01,x,\n1,b,2024-01-01,y,\n",
    )
    book = open_book(folder)
    assert (book.facts, book.unread) == (
        {"plan": "text"},
        ("column 1 without a name", "column 5 without a name"),
    )


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", "sep=;;;"])
def test_the_line_that_tells_excel_the_delimiter_is_heeded(folder, line):
    put(
        folder,
        "accounts",
        ".csv",
        f"{line}\r\naccount_id;opened_at;a,b\r\na;2024-01-01;x\r\nb;2024-01-01;y\r\n",
    )
    (folder / "book.toml").write_text('[facts."a,b"]\nignore = true')
    assert rows(open_book(folder), "accounts", "account_id") == [("a",), ("b",)]


def test_a_header_may_run_over_lines(folder):
    put(
        folder,
        "accounts",
        ".csv",
        'account_id,opened_at,"size\nof it"\na,2024-01-01,1\n',
    )
    (folder / "book.toml").write_text('[facts."size\\nof it"]\nignore = true')
    assert rows(open_book(folder, max_bad_share=1.0), "accounts", "account_id") == [
        ("a",)
    ]


# Queries


def ask(folder, query):
    (folder / "book.toml").write_text(f"[tables]\ninteractions = '''{query}'''")
    return folder


VISIT = "select 'a' as account_id, date '2024-02-01' as occurred_at, 'visit' as kind"


@pytest.mark.parametrize(
    "query",
    [
        f"{VISIT};",
        f"{VISIT} -- a comment",
        f"{VISIT} ; -- one\n/* two */ -- three",
        f"-- before\n{VISIT}\n;\n",
    ],
)
def test_a_query_may_end_as_queries_do(folder, query):
    assert open_book(ask(folder, query)).rows["interactions"] == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (f"{VISIT}; select 2", "found 2 statements; expected one query"),
        ("-- nothing", "found 0 statements"),
        ("drop table accounts", "found another statement"),
        ("select a,\n  b frm c\nfrom d", "LINE 2:   b frm c\n                ^"),
        (f"{VISIT},\n  nothing + 1 as x", "LINE 2:   nothing + 1 as x\n          ^"),
        (
            f"{VISIT},\n  cast(secret as int) as value\nfrom (select 'SECRET' as secret)",
            "LINE 2:   cast(secret as int) as value",
        ),
        (
            f"{VISIT},\n  cast(m as int) as value\nfrom read_csv('far.csv', header = true)",
            "LINE 2:   cast(m as int) as value",
        ),
    ],
)
def test_an_error_of_a_query_keeps_its_line_and_caret_and_holds_no_data(
    folder, query, said
):
    (folder / "far.csv").write_text("m,n\nSECRET,x\n")
    assert said in refusal(ask(folder, query))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("'s3://bucket/x.parquet'", "an address on the network"),
        ("read_parquet('https://example.org/x.parquet')", "an address on the network"),
        ("read_csv('gs://bucket/x.csv')", "an address on the network"),
        ("'az://bucket/x.csv'", "an address on the network"),
        ("'shop.db'", "a SQLite database"),
        ("'shop.sqlite'", "a SQLite database"),
        ("sqlite_scan('shop.db')", "a SQLite database"),
        (
            "read_xlsx('crm.xlsx', range = 'A1:B2')",
            "a workbook that is read in another way",
        ),
        ("'crm.xlsx'", "no file crm.xlsx"),
        ("read_csv('accounts.csv', encoding = 'cp1252')", "an encoding other than"),
        ("delta_scan('x')", "what needs DuckDB's extension delta"),
    ],
)
def test_what_duckdb_would_fetch_an_extension_for_is_named_with_what_to_do(
    folder, source, said
):
    for name in ("shop.db", "shop.sqlite"):
        with sqlite3.connect(folder / name) as shop:
            shop.execute("create table t (a)")
    message = refusal(ask(folder, f"select * from {source}"))
    assert said in message
    assert "found Error" not in message


def test_nothing_is_fetched_from_the_internet(folder):
    connection = open_book(folder).connection
    settings = ("autoinstall_known_extensions", "autoload_known_extensions")
    assert [
        connection.sql(f"select current_setting('{name}')").fetchall()
        for name in settings
    ] == [[(False,)]] * 2


# What is there, and not as it should be


@pytest.mark.parametrize("header", ["score,weight,known_at", "score"])
def test_a_table_of_a_header_alone_has_no_rows(folder, header):
    (folder / "surveys.csv").write_text(f"account_id,occurred_at,item,{header}\n")
    (folder / "departures.csv").write_text("account_id,occurred_at,known_at,overt\n")
    (folder / "reps.csv").write_text("rep_id,hired_at,left_at\n")
    assert open_book(folder).rows == {
        "accounts": 2,
        "interactions": 2,
        "surveys": 0,
        "departures": 0,
        "reps": 0,
    }


def test_accounts_without_a_good_row_are_told(folder):
    (folder / "accounts.csv").write_text("account_id,opened_at\n")
    assert "table accounts: found no good row" in refusal(folder)


@pytest.mark.parametrize(
    "name",
    ["Surveys.csv", "surveys.tsv", "surveys.json", "surveys.xls", "SURVEYS.PARQUET"],
)
def test_a_table_in_another_form_is_not_taken_for_absent(folder, name):
    (folder / name).write_text("x")
    assert f"found {name}; expected surveys.parquet, surveys.csv" in refusal(folder)


def test_a_folder_without_parts_is_told(folder):
    (folder / "surveys").mkdir()
    assert "found surveys/ without such files" in refusal(folder)


@pytest.mark.parametrize(
    ("form", "content", "said"),
    [
        (".csv", "", "interactions.csv: found an empty file"),
        (
            ".csv",
            VISITS.replace("\n", "\r"),
            "interactions.csv: found a header that cannot be read, or lines that end",
        ),
        (
            ".csv",
            "\n" + VISITS,
            "interactions.csv, header: found a first line without names",
        ),
        (".jsonl", "", "found no object in any line"),
        (".jsonl", '[{"account_id": "a"}]', "found no object in any line"),
    ],
)
def test_a_file_without_rows_to_read_is_told_by_name(folder, form, content, said):
    put(folder, "interactions", form, content)
    assert said in refusal(folder)


def test_fields_may_be_parted_by_bars(folder):
    put(folder, "interactions", ".csv", VISITS.replace(",", "|"))
    assert rows(open_book(folder)) == [("a", "visit", None), ("b", "purchase", 3.5)]


@pytest.mark.parametrize(
    ("form", "content"),
    [
        (".csv", "account_id,occurred_at,value\na,2024-02-01,3\n"),
        (".jsonl", '{"account_id":"a","occurred_at":"2024-02-01","value":3}'),
        (".parquet", None),
    ],
)
def test_folders_of_parts_may_name_values(folder, form, content):
    (folder / "interactions.csv").unlink()
    for kind in ("purchase", "visit"):
        part = folder / "interactions" / f"kind={kind}" / f"part{form}"
        part.parent.mkdir(parents=True)
        if content is None:
            frame = pd.DataFrame(
                {"account_id": ["a"], "occurred_at": ["2024-02-01"], "value": [3.0]}
            )
            (frame if kind == "visit" else frame.assign(minutes=1.0)).to_parquet(
                part, index=False
            )
        else:
            part.write_text(content)
    assert rows(open_book(folder)) == [("a", "purchase", 3.0), ("a", "visit", 3.0)]


# What is read again after opening


def test_rows_are_named_from_the_files_of_a_query_with_relative_paths(folder):
    (folder / "far.csv").write_text(
        "account_id,opened_at,plan\na,2024-01-01,x\na,2024-01-01,y\nb,2024-01-01,x\n"
    )
    (folder / "near.csv").write_text(
        VISITS
        + "".join(f"a,2024-02-{day:02d},visit,\n" for day in range(3, 29))
        + "a,2066-01-01,visit,\n"
    )
    (folder / "book.toml").write_text(
        "[tables]\naccounts = \"from 'far.csv'\"\ninteractions = \"from 'near.csv'\"\n"
    )
    book = open_book(folder, max_bad_share=1.0)
    assert [(oddity.name, oddity.first) for oddity in oddities(book)] == [
        ("ids_with_other_facts", ("a",))
    ]
    assert rows_beyond(book.ask_files, book.recorded) == [
        {"table": "interactions", "row": 29, "date": "2066-01-01"}
    ]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (
            "strptime(secret, '%d/%m/%Y')",
            "found a value that is not in the form %d/%m/%Y",
        ),
        (
            "strptime(secret, '%d/%m/%Y')",
            "with try_strptime what does not fit is set aside and counted",
        ),
        ("cast(secret as date)", "with try_cast what cannot be converted is missing"),
    ],
)
def test_how_a_query_goes_on_in_spite_of_what_does_not_fit_is_told(
    folder, expression, said
):
    visit = f"({VISIT}, 'SECRET' as secret, null as known_at)"
    asked = f"select * exclude (known_at), {expression} as known_at from {visit}"
    assert said in refusal(ask(folder, asked))


def test_tables_beside_those_of_a_query_are_read_from_a_relative_path(
    folder, monkeypatch
):
    (folder / "surveys.csv").write_text(
        "account_id,occurred_at,item,score\na,2024-02-01,product,5\n"
    )
    ask(folder, VISIT)
    monkeypatch.chdir(folder.parent)
    assert open_book(folder.name).rows == {
        "accounts": 2,
        "interactions": 1,
        "surveys": 1,
    }
