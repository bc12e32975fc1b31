"""A book from PostgreSQL: what is read, as of which moment, and what is said where it cannot be."""

import traceback
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import adbc_driver_postgresql.dbapi as driver
import pytest
from postgres_server import PASSWORD

from features.book.book import open_book
from features.engine import connect
from features.errors import BookError
from features.sources.postgres import snapshot
from features.sources.postgres_wanted import DATABASE
from features.sources.references import Reference, references

SALES = (
    "create schema shop",
    "create table shop.clients (id text, since timestamptz)",
    "insert into shop.clients values ('a', '2024-01-01 01:00+01'), ('b', '2024-01-03 00:00+00')",
    "create table shop.sales (client text, paid timestamptz, amount numeric(12, 2))",
    "insert into shop.sales values ('a', '2024-02-01 01:30+02', 12.50)",
)
BOOK = '''
[source]
postgres = "$DATABASE_URL"
[tables]
accounts = "select id as account_id, since as opened_at from pg.shop.clients"
interactions = """
select client as account_id, paid as occurred_at, 'purchase' as kind, amount as value from pg.shop.sales"""
'''
NOON = datetime.fromisoformat("2024-02-29T12:00:00.000001")
ALL = Reference("views.t", None)


@pytest.fixture(scope="module")
def shop(postgres):
    postgres.run("create database shop")
    postgres.run(*SALES, database="shop")
    return postgres


@pytest.fixture
def written(tmp_path, shop, monkeypatch):
    """Writes a ``book.toml`` whose database is the shop's."""
    monkeypatch.setenv("DATABASE_URL", shop.address("shop"))

    def write(toml=BOOK):
        (tmp_path / "book.toml").write_text(toml)
        return tmp_path

    return write


def with_view(query):
    return BOOK.replace("[tables]", f'[views]\nt = "{query}"\n[tables]')


def refusal(folder):
    with pytest.raises(BookError) as refused:
        open_book(folder)
    assert PASSWORD not in "".join(traceback.format_exception(refused.value))
    return str(refused.value)


def test_a_book_is_read_from_its_tables(written):
    with open_book(written(), max_bad_share=0) as book:
        assert book.ask("select account_id, opened_us from accounts order by all") == [
            ("a", 19_723 * 86_400_000_000),  # 2024-01-01T00:00Z
            ("b", 19_725 * 86_400_000_000),
        ]
        # 2024-01-31T23:30Z: the 19,753rd day since 1970, and 23.5 hours
        assert book.ask("select account_id, occurred_us, value from interactions") == [
            ("a", 19_753 * 86_400_000_000 + 84_600_000_000, 12.5)
        ]


def test_values_are_what_they_were(written, shop):
    values = {
        "numeric(12, 2)": ("'NaN'", None),
        "numeric(20, 0)": ("12345678901234567890", Decimal("12345678901234567890")),
        "numeric": ("0.1", 0.1),
        "money_of_ours": ("7.25", Decimal("7.25")),
        "bigint": ("9007199254740993", 9007199254740993),
        "double precision": ("0.1", 0.1),
        "boolean": ("true", True),
        "date": ("'2024-02-29'", date(2024, 2, 29)),
        "timestamp": (
            "'2024-02-29 12:00:00.000001'",
            NOON,
        ),
        "timestamptz": (
            "'2024-02-29 12:00+05:30'",
            "2024-02-29 06:30:00+00",
        ),
        "timestamptz(0)": ("'infinity'", None),
        "timestamp(0)": ("'-infinity'", None),
        "text": ("'Ä ''\"'", "Ä '\""),
        "char(5)": ("'ab'", "ab"),
        "jsonb": ('\'{"plan": {"name": "pro"}}\'', '{"plan": {"name": "pro"}}'),
        "uuid": ("'00000000-0000-0000-0000-00000000000a'", UUID(int=10)),
        "stage": ("'won'", "won"),
        "stage[]": ("'{won,lost}'", ["won", "lost"]),
        "integer[]": ("'{1,null}'", [1, None]),
        "real[]": ("'{0.5}'", [0.5]),
        "boolean[]": ("'{true,false}'", [True, False]),
        "numeric(4, 1)[]": ("'{1.5}'", ["1.5"]),
        "interval": ("'36 hours'", "36:00:00"),
        "inet": ("'10.0.0.1'", "10.0.0.1/32"),
    }
    columns = [f"c{place} {type_}" for place, type_ in enumerate(values)]
    literals = ", ".join(literal for literal, _ in values.values())
    shop.run(
        "create type stage as enum ('won', 'lost')",
        "create domain money_of_ours as numeric(9, 2)",
        f"create table shop.typed ({', '.join(columns)})",
        f"insert into shop.typed values ({literals})",
        database="shop",
    )
    with open_book(written(with_view("from pg.shop.typed"))) as book:
        zoned = "c9::text as c9, c10::text as c10"
        (found,) = book.ask_files(f"select * replace ({zoned}) from t")
        assert dict(zip(values, found, strict=True)) == {
            type_: expected for type_, (_, expected) in values.items()
        }
        assert book.ask_files("select c14.plan.name from t") == [('"pro"',)]


def test_a_view_of_the_database_in_capitals_and_a_materialized_one_are_read(
    written, shop
):
    shop.run(
        'create view shop."Big Sales" as select client as "Client" from shop.sales',
        "create materialized view shop.kept as select count(*) as n from shop.sales",
        database="shop",
    )
    query = 'select s.client, k.n from pg.shop.\\"Big Sales\\" s, pg.shop.kept k'
    with open_book(written(with_view(query))) as book:
        assert book.ask_files("from t") == [("a", 1)]


def test_texts_of_a_database_in_another_encoding_are_read(shop, written, monkeypatch):
    shop.run("create database old encoding 'LATIN1' locale 'C' template template0")
    shop.run(*SALES, "update shop.clients set id = chr(233)", database="old")
    monkeypatch.setenv("DATABASE_URL", shop.address("old"))
    with open_book(written(), max_bad_share=1) as book:
        assert book.ask_files("select distinct account_id from raw_accounts") == [
            ("é",)
        ]


@pytest.fixture
def reader(shop, monkeypatch):
    """A user who may read all of the shop but the amounts of sales."""
    shop.run(
        "drop owned by reader" if _there(shop) else "create role reader login",
        f"alter role reader password '{PASSWORD}'",
        "grant usage on schema shop to reader",
        "grant select on shop.clients to reader",
        "grant select (client, paid) on shop.sales to reader",
        database="shop",
    )
    monkeypatch.setenv("DATABASE_URL", shop.address("shop", user="reader"))


def _there(shop):
    with driver.connect(shop.address()) as session, session.cursor() as cursor:
        cursor.execute("select count(*) from pg_roles where rolname = 'reader'")
        return cursor.fetchone()[0]


def test_only_the_columns_that_are_named_are_asked_for(written, reader):
    with open_book(written(BOOK.replace(", amount as value", ""))) as book:
        assert book.rows["interactions"] == 1


def test_a_column_that_may_not_be_read_is_told(written, reader):
    said = refusal(written())
    assert "tables.interactions, pg.shop.sales: found no right to read it" in said


@pytest.mark.parametrize(
    ("query", "tables"),
    [
        ("select a.x, count(*) from pg.s.t a where y = 1", {("s", "t"): {"x", "y"}}),
        ("from pg.s.t", {("s", "t"): None}),
        ("select * from pg.s.t", {("s", "t"): None}),
        ("select t from pg.s.t", {("s", "t"): None}),
        ("select #1 from pg.s.t", {("s", "t"): None}),
        ("select x from pg.s.t as a(x)", {("s", "t"): None}),
        (
            "select x from pg.s.t natural join pg.s.u",
            {("s", "t"): None, ("s", "u"): None},
        ),
        ('select x from PG."S x"."t"', {("S x", "t"): {"x"}}),
        ("with w as (select z from pg.s.t) select max(q) from w", {("s", "t"): {"z"}}),
        ("select x from a join b using (x) -- from pg.s.t", {}),
        ("select 'from pg.s.t' as x from pgs.s.t", {}),
        ("selec x from pg.s.t", {}),
    ],
)
def test_what_a_query_reads(query, tables):
    with connect() as connection:
        found = references(connection, DATABASE, {"views.v": query})
    assert found.keys() == tables.keys()
    for table, columns in tables.items():
        words = found[table].words
        assert words is None if columns is None else columns <= words
    assert not any("unread" in (its.words or ()) for its in found.values())


def test_two_queries_read_what_either_names(written):
    with connect() as connection:
        queries = {"views.v": "select x from pg.s.t", "views.w": "select y from pg.s.t"}
        found = references(connection, DATABASE, queries)[("s", "t")]
    assert found.place == "views.v"
    assert {"x", "y"} <= found.words


def test_all_tables_are_of_one_moment(shop, monkeypatch):
    monkeypatch.setenv("SHOP", shop.address("shop"))
    shop.run(
        "create table shop.first as select 1 as n",
        "create table shop.second as select 1 as n",
        database="shop",
    )
    with connect() as connection, snapshot("SHOP") as database:
        connection.execute("attach ':memory:' as pg")
        database.load(connection, ("shop", "first"), ALL)
        shop.run("insert into shop.second values (2)", database="shop")
        database.load(connection, ("shop", "second"), ALL)
        assert connection.execute("from pg.shop.second").fetchall() == [(1,)]


def test_nothing_can_be_written(shop, written):
    shop.run(
        "create table shop.seen (n int)",
        "create function shop.see() returns int language sql as"
        " 'insert into shop.seen values (1) returning n'",
        "create view shop.sees as select shop.see() as n",
        database="shop",
    )
    said = refusal(written(with_view("from pg.shop.sees")))
    assert "views.t, pg.shop.sees" in said
    with open_book(written(with_view("from pg.shop.seen"))) as book:
        assert book.ask_files("from t") == []


def test_a_connection_that_is_lost_half_way_leaves_nothing(shop, monkeypatch):
    monkeypatch.setenv("SHOP", shop.address("shop"))
    shop.run(
        "create view shop.lost as select i, case when i = 150000"
        " then pg_terminate_backend(pg_backend_pid()) end as ends"
        " from generate_series(1, 200000) i",
        database="shop",
    )
    with connect() as connection:
        connection.execute("attach ':memory:' as pg")
        with (
            pytest.raises(BookError, match="stopped half-way; what was read is not"),
            snapshot("SHOP") as database,
        ):
            database.load(connection, ("shop", "lost"), ALL)
        assert (
            connection.execute("select table_name from duckdb_tables()").fetchall()
            == []
        )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("open-", "opened-"), "a user or password that it refuses"),
        (("/shop", "/nowhere"), "no such database or user"),
        (("127.0.0.1", "no-host.invalid"), "a host that nobody knows"),
        (("postgresql://", "postgresql//"), "an address that does not lead to"),
        ((":open-sesame@", ":open-@sesame@"), "a host that nobody knows"),
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_its_address(
    shop, written, monkeypatch, change, said
):
    monkeypatch.setenv("DATABASE_URL", shop.address("shop").replace(*change))
    told = refusal(written())
    assert f"source.postgres, $DATABASE_URL: found {said}" in told
    for part in ("sesame", "127.0.0.1", "no-host", "nowhere"):
        assert part not in told


def test_no_server_is_told(shop, written, monkeypatch):
    # port 1 needs rights that no server of a test has
    nobody = shop.address("shop").replace(f":{shop.port}/", ":1/")
    monkeypatch.setenv("DATABASE_URL", nobody)
    assert "no server at its host and port" in refusal(written())


def test_a_setting_that_is_missing_is_told(written, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    assert "mend: export DATABASE_URL=postgresql://USER" in refusal(written())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from pg.shop.orders", "found no such table or view; expected one of"),
        ("from pg.orders", "views.t: found pg.orders; expected pg.SCHEMA.TABLE"),
        ("select nothing from pg.shop.sales", 'column "nothing" not found'),
    ],
)
def test_a_query_that_names_what_is_not_there_is_told_its_place(written, query, said):
    told = refusal(written(with_view(query)))
    assert said.lower() in told.lower()
    assert "views.t" in told


def test_long_numbers_without_a_length_are_refused(shop, written):
    shop.run(
        "create table shop.long as select 9007199254740993::numeric as id",
        database="shop",
    )
    told = refusal(written(with_view("select id from pg.shop.long")))
    assert "pg.shop.long, column id: found a number of more than 15 digits" in told
    assert "9007199254740993" not in told


def test_a_table_of_a_database_needs_a_source(written):
    told = refusal(written(BOOK.replace('[source]\npostgres = "$DATABASE_URL"\n', "")))
    assert 'add [source] with postgres = "$DATABASE_URL"' in told


@pytest.mark.parametrize(
    "said",
    [f"postgresql://pinch:{PASSWORD}@host/shop", f"$DATABASE_URL?p={PASSWORD}", "$"],
)
def test_an_address_in_the_file_is_refused_and_not_told(written, said):
    told = refusal(written(BOOK.replace("$DATABASE_URL", said)))
    assert 'source: found another value; expected postgres = "$DATABASE_URL"' in told


def test_a_book_without_such_tables_connects_to_nothing(written, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    book = """
    [source]
    postgres = "$DATABASE_URL"
    [tables]
    accounts = "select 'a' as account_id, date '2024-01-01' as opened_at"
    interactions = "select 'a' as account_id, date '2024-02-01' as occurred_at, 'use' as kind"
    """
    with open_book(written(book)) as opened:
        assert opened.rows["interactions"] == 1
