"""The page on forms of files: each of its examples makes a book of the same sale."""

import gzip
import json
import re
import sqlite3
import tomllib
from pathlib import Path

import duckdb
import pytest
from workbooks import write_workbook

from features.book.book import open_book
from features.errors import BookError

PAGE = Path(__file__).parents[2] / "docs" / "sources.md"
CSV = "client,day,amount\na,2024-02-01,1250\n"


SALES = (
    "create table sales (client text, day date, amount int)",
    "insert into sales values ('a', '2024-02-01', 1250)",
)


def examples():
    text = PAGE.read_text(encoding="utf-8")
    titled = re.findall(
        r"^## ([^\n]+)$(?:(?!^## ).)*?```toml\n(.*?)```", text, re.M | re.S
    )
    return [pytest.param(toml, id=title) for title, toml in titled]


@pytest.fixture
def folder(tmp_path):
    """A book's accounts, and one sale in every form."""
    (tmp_path / "accounts.csv").write_text("account_id,opened_at\na,2024-01-01\n")
    (tmp_path / "sales.csv.gz").write_bytes(gzip.compress(CSV.encode()))
    sale = {"client": {"id": "a"}, "day": "2024-02-01"}
    (tmp_path / "sales.jsonl").write_text(json.dumps(sale) + "\n")
    lines = [line.split(",") for line in CSV.splitlines()]
    write_workbook(tmp_path / "sales.xlsx", **{"2024": lines, "2023": [["none"]]})
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("create table sales (client text, day text, amount integer)")
        shop.execute("insert into sales values ('a', '2024-02-01', 1250)")
    shop.close()
    with duckdb.connect(tmp_path / "shop.duckdb") as shop:
        shop.execute(
            "create table sales as select 'a' as client, date '2024-02-01' as day"
        )
        shop.execute("create table others as select 1 as one")
        shop.execute(f"copy sales to '{tmp_path / 'sales.parquet'}'")
    return tmp_path


@pytest.fixture
def source(request, toml):
    """The database that an example reads, if it does."""
    if "[source]" in toml:
        server = request.getfixturevalue("postgres")
        server.run("create database page")
        server.run(*SALES, database="page")
        setting = request.getfixturevalue("monkeypatch")
        setting.setenv("DATABASE_URL", server.address("page"))


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize("toml", examples())
def test_each_example_reads_the_same_sale(folder, toml):
    (folder / "book.toml").write_text(toml)
    with open_book(folder, max_bad_share=0) as book:
        # 2024-02-01 is the 19,754th day since 1970
        assert book.ask("select account_id, occurred_us, kind from interactions") == [
            ("a", 19_754 * 86_400_000_000, "purchase")
        ]
        value = (
            12.5 if "amount" in tomllib.loads(toml)["tables"]["interactions"] else None
        )
        assert book.ask("select value from interactions") == [(value,)]


def test_every_form_has_an_example():
    forms = [parameter.id for parameter in examples()]
    assert forms == [
        "CSV, also in gzip",
        "Parquet",
        "JSON lines",
        "Excel",
        "SQLite",
        "DuckDB",
        "PostgreSQL",
    ]


def test_values_of_sqlite_are_the_texts_of_a_csv_file(folder):
    with sqlite3.connect(folder / "types.db") as types:
        types.execute("create table t (id, share, gap, blob)")
        types.execute("insert into t values (7, 0.1, null, x'ff00')")
    types.close()
    query = "select * from sqlite_scan('types.db', 't')"
    (folder / "book.toml").write_text(
        '[views]\nt = "' + query + '"\n[tables]\n'
        "interactions = \"select 'a' as account_id, '2024-01-01' as occurred_at, 'use' as kind, * from t\"\n"
    )
    with open_book(folder) as book:
        found = book.ask_files("select id, share, gap, blob from raw_interactions")
        assert found == [("7", "0.1", None, "ff00")]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("sqlite_scan('nowhere.db', 'sales')", "no file nowhere.db"),
        (
            "sqlite_scan('shop.db', 'orders')",
            "found no table orders; expected one of sales",
        ),
        ("sqlite_scan('sales.jsonl', 'sales')", "no SQLite database that can be read"),
    ],
)
def test_a_database_that_cannot_be_read_is_an_error_with_its_place(folder, call, said):
    (folder / "book.toml").write_text(f'[tables]\ninteractions = "from {call}"\n')
    with pytest.raises(BookError, match=re.escape(said)) as refused:
        open_book(folder)
    assert "tables.interactions" in str(refused.value)
