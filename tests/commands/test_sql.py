"""``pinch sql``: what it prints DuckDB runs as it stands, and the rows are those of the book."""

import duckdb
import pytest
from command_line import run
from conftest import write_book
from contracted import company

from commands.sql import statements_of
from features.book.book import open_book
from features.book.given import CONTRACT
from features.book.script import script
from features.book.statements import statements
from features.snapshot.cohort import cohort_at
from features.vocabulary.contract import TABLES

KEPT_OTHERWISE = {"account", "matter_id", "response_id"}
"""Columns that a book adds, or of which it keeps a hash alone."""


def printed(*arguments):
    """What the command prints."""
    result = run("sql", *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def names(*arguments):
    return [line.split()[0] for line in printed(*arguments).splitlines()]


def pasted(text, connection=None):
    """The rows of a script, run by a DuckDB that knows nothing of us."""
    return (connection or duckdb.connect()).execute(text).fetchall()


@pytest.fixture
def folder(tmp_path):
    """A book with a bad row, a row twice and an account that left in May."""
    (tmp_path / "accounts.csv").write_text(
        "account_id,opened_at,plan\na,2024-01-01,gold\nb,2024-02-01,\n"
    )
    (tmp_path / "interactions.csv").write_text(
        "account_id,occurred_at,kind,value\n"
        "a,2024-03-01 10:00:00,purchase,12.5\n"
        "a,2024-03-01 10:00:00,purchase,12.5\n"
        "b,2024-04-01 00:00:00+02:00,purchase,-5\n"
        "b,soon,visit,\n"
        "a,2024-06-01,visit,\n"
    )
    (tmp_path / "departures.csv").write_text("account_id,occurred_at\nb,2024-05-01\n")
    return tmp_path


def test_without_a_name_it_lists_the_statements():
    assert {"accounts", "cohort", "labels", "when_left", "first_records"} <= set(
        names()
    )


def test_another_name_is_misuse():
    result = run("sql", "customers")
    assert result.exit_code == 2
    assert "cohort" in result.stderr


def test_a_clean_table_is_printed_down_to_its_file(folder):
    select = "select account_id, kind, occurred_us, value from interactions order by occurred_us"
    text = printed("interactions", folder, "--max-bad-share", "1")
    views, _, query = text.rpartition("-- ")
    connection = duckdb.connect()
    pasted(views, connection)
    body = query.partition("\n")[2]
    connection.execute(f"create temp view interactions as {body}")
    # 2024-03-01 10:00 UTC is 19783 days and 10 hours; 2024-04-01 in +02:00 is 22:00 of the day before, day 19813
    assert pasted(select, connection) == [
        ("a", "purchase", (19783 * 24 + 10) * 3_600_000_000, 12.5),
        ("b", "cancellation", (19813 * 24 + 22) * 3_600_000_000, 5.0),
        ("a", "visit", 19875 * 24 * 3_600_000_000, None),
    ]


def test_the_cohort_is_that_of_the_last_moment(folder):
    # a's visit of 2024-06-01, day 19875, is the last thing known; b has left by then
    assert pasted(printed("cohort", folder, "--max-bad-share", "1")) == [
        ("a", 19875 * 86_400_000_000)
    ]


def test_who_has_left_is_printed(folder):
    assert pasted(printed("has_left", folder, "--max-bad-share", "1")) == [
        ("a", 0),
        ("b", 1),
    ]


def rows_of(folder, name, columns):
    """Some columns of what a statement gives, in order."""
    connection = duckdb.connect()
    views, _, query = printed(name, folder, "--max-bad-share", "1").rpartition("-- ")
    pasted(views, connection)
    body = query.partition("\n")[2].rstrip().removesuffix(";")
    return pasted(f"select {columns} from ({body}) order by all", connection)


def test_departures_are_those_on_record_and_the_terms_that_lapsed(folder):
    (folder / "departures.csv").write_text(
        "account_id,occurred_at,reason\nb,2024-05-01,moved\n"
    )
    (folder / "contracts.csv").write_text(
        "account_id,starts_at,ends_at\n"
        "a,2024-01-01,2024-04-15\n"  # no term of a follows by 2024-05-15
        "b,2024-02-01,2024-04-01\n"
        "b,2024-04-15,2024-12-01\n"
    )
    told = "account_id, make_timestamp(occurred_us)::date::text, reason, lapsed"
    assert rows_of(folder, "departures", told) == [
        ("a", "2024-04-15", None, True),
        ("b", "2024-05-01", "moved", False),
    ]
    assert rows_of(folder, "times_left", "account_id, reason") == [
        ("a", None),
        ("b", "moved"),
    ]
    assert rows_of(folder, "has_left", "account_id, has_left") == [("a", 1), ("b", 1)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_what_contracts_tell_is_what_the_book_counts(tmp_path, seed):
    with open_book(write_book(tmp_path / "book", **company(seed=seed))) as book:
        lapsed = book.ask(
            "select account_id, occurred_us, known_us from departures order by all"
        )
        signed = book.ask("from signed order by all")
    assert len(lapsed) > 3 and len(signed) > 30
    dated = "account_id, occurred_us, known_us"
    assert rows_of(tmp_path / "book", "departures", dated) == lapsed
    assert rows_of(tmp_path / "book", "signed", f"{dated}, undoes_us") == signed


@pytest.mark.parametrize("name", statements(CONTRACT))
def test_without_a_book_a_statement_reads_raw_tables_of_the_contract(name):
    connection = duckdb.connect()
    for table in TABLES.values():
        columns = ", ".join(f'"{column.name}" varchar' for column in table.columns)
        connection.execute(f"create table raw_{table.name} ({columns})")
    assert len(pasted(printed(name), connection)) == (1 if name == "as_ofs" else 0)


@pytest.fixture(scope="session")
def of_sample(sample_folder):
    return statements_of(sample_folder, 0.05)


def test_every_statement_of_the_sample_runs(of_sample):
    for name in of_sample:
        pasted(script(name, of_sample))


def test_every_statement_of_a_book_without_departures_runs(purchases):
    known = statements_of(purchases, 0.05)
    assert {"usual_gap", "came_back"} < set(known)
    for name in known:
        pasted(script(name, known))


@pytest.mark.parametrize("table", TABLES)
def test_a_printed_table_has_the_rows_of_the_book(sample_book, of_sample, table):
    described = sample_book.ask(f"describe {table}")
    kept = ", ".join(column for column, *_ in described if column not in KEPT_OTHERWISE)
    connection = duckdb.connect()
    views, _, query = script(table, of_sample).rpartition(";\n\n-- ")
    connection.execute(views)
    body = query.partition("\n")[2].rstrip(";")
    printed_rows = pasted(f"select {kept} from ({body})", connection)
    rows = sample_book.ask(f"select {kept} from {table}")
    assert sorted(map(str, printed_rows)) == sorted(map(str, rows))


def test_the_printed_cohort_is_that_of_the_snapshot(sample_book, of_sample):
    cohort = cohort_at(sample_book, [sample_book.watermark])
    pairs = set(zip(cohort["account_id"], cohort["as_of_us"], strict=True))
    assert set(pasted(script("cohort", of_sample))) == pairs
