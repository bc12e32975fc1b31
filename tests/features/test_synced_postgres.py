"""A copy of tables of PostgreSQL: the same book, whether all rows were read or the new ones alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.book.book import open_book
from features.errors import BookError
from features.sources.synced.sync import sync

SALES = (
    "create schema s",
    "create table s.clients (id text, since timestamptz)",
    "insert into s.clients values ('a', '2024-01-01')",
    """create table s.sales (
        client text, paid timestamptz, amount numeric, number int primary key, written timestamptz)""",
    """insert into s.sales values
        ('a', '2024-02-01 10:00', 2, 1, '2024-02-01'),
        ('a', '2024-03-01 10:00', 3, 2, '2024-03-01'),
        ('a', '2024-03-01 10:00', 3, 3, '2024-03-02 12:00'),
        ('nobody', '2024-03-05', 1, 4, '2024-03-05')""",
)
BOOK = '''
[source]
postgres = "$DATABASE_URL"
[tables]
accounts = "select id as account_id, since as opened_at from pg.s.clients"
interactions = """
select client as account_id, paid as occurred_at, 'purchase' as kind, amount as value from pg.s.sales"""
'''
BY_WRITTEN = BOOK.replace("[tables]", 'sync_by."s.sales" = "written"\n[tables]')


@pytest.fixture(scope="module")
def server(postgres):
    postgres.run("create database kept")
    return postgres


@pytest.fixture
def sales(tmp_path, server, monkeypatch):
    """The folder of a book, and what runs statements in its database."""
    again = ["drop schema if exists s cascade", *SALES]
    server.run(*again, database="kept")
    monkeypatch.setenv("DATABASE_URL", server.address("kept"))
    (tmp_path / "book.toml").write_text(BY_WRITTEN)
    return tmp_path, lambda *statements: server.run(*statements, database="kept")


def counted(folder, synced):
    """The clean rows of a book, and its quarantine without the numbers of rows."""
    with open_book(folder, max_bad_share=1, synced=synced) as book:
        assert (book.synced_at is not None) == synced
        set_aside = book.quarantine.groupby(["table", "field", "expected"]).size()
        return book.ask("select * from interactions order by all"), dict(set_aside)


def require_same(folder):
    assert counted(folder, synced=True) == counted(folder, synced=False)


def test_a_copy_is_the_same_book_and_needs_no_database(sales, monkeypatch):
    folder, _ = sales
    sync(folder)
    expected = counted(folder, synced=False)
    monkeypatch.delenv("DATABASE_URL")
    assert counted(folder, synced=True) == expected
    assert expected[1] == {
        ("interactions", "account_id", "the id of an account in accounts"): 1,
        ("interactions", "row", "each row once"): 1,
    }


@pytest.mark.slow
def test_without_a_column_that_tells_all_rows_are_read_and_changes_found(sales):
    folder, run = sales
    (folder / "book.toml").write_text(BOOK)
    assert sync(folder).read == {}
    run(
        "update s.sales set amount = 7 where number = 1",
        "delete from s.sales where client = 'nobody'",
    )
    assert sync(folder).changed("interactions") == ["2024-02", "2024-03"]
    require_same(folder)


def test_rows_written_since_a_day_before_the_latest_are_read_alone(sales):
    folder, run = sales
    assert sync(folder).read == {"s.sales": 4}
    run(
        "update s.sales set amount = 7, written = '2024-03-06' where number = 1",
        "insert into s.sales values ('a', '2024-03-06 10:00', 1, 5, '2024-03-06')",
        # began before the latest row that was read, and ended after it
        "insert into s.sales values ('a', '2024-03-04 10:00', 1, 6, '2024-03-04 12:00')",
        "insert into s.sales values ('a', '2024-03-04 11:00', 1, 7, null)",
    )
    # numbers 1, 5, 6, 7, and 4, which was written within the day before
    assert sync(folder).read == {"s.sales": 5}
    require_same(folder)


def test_rows_that_are_gone_are_told_by_their_number_and_all_are_read(sales):
    folder, run = sales
    sync(folder)
    run("delete from s.sales where number = 1")
    assert sync(folder).read == {"s.sales": 3}
    require_same(folder)


def test_a_change_that_its_column_does_not_tell_is_found_by_reading_the_whole(sales):
    folder, run = sales
    sync(folder)
    run("update s.sales set amount = 8 where number = 1")
    assert sync(folder).read == {"s.sales": 1}
    assert sync(folder, whole=True).read == {"s.sales": 4}
    require_same(folder)


@pytest.mark.slow
def test_another_table_of_the_name_is_read_whole(sales):
    folder, run = sales
    sync(folder)
    run(
        "alter table s.sales rename to old",
        "create table s.sales (like s.old including indexes)",
        "insert into s.sales select client, paid, amount + 1, number, written from s.old",
    )
    assert sync(folder).read == {"s.sales": 4}
    require_same(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"s.sales" = "written"', '"s.sales" = "amount"', "found amount: DOUBLE"),
        ('"s.sales" = "written"', '"s.sales" = "when"', "no column of that name"),
        ('"s.sales" = "written"', '"s.clients" = "since"', "no primary key"),
        ('"s.sales" = "written"', '"s.Sales" = "written"', "which no query reads"),
        ('"s.sales" = "written"', '"sales" = "written"', "names such as"),
        ('"s.sales" = "written"', '"s.sales" = 3', "names such as"),
    ],
)
def test_what_cannot_tell_new_rows_is_refused(sales, old, new, said):
    folder, _ = sales
    (folder / "book.toml").write_text(BY_WRITTEN.replace(old, new))
    with pytest.raises(BookError, match=said):
        sync(folder)


CHANGES = st.lists(
    st.sampled_from(
        [
            "insert into s.sales select 'a', '2024-02-09', 5, max(number) + 1, now() from s.sales",
            "insert into s.sales select 'b', paid, 1, number + 50, now() from s.sales limit 1",
            "update s.sales set amount = amount + 1, written = now() where number % 2 = 0",
            "update s.sales set paid = paid - interval '40 days', written = now() where number = 2",
            "delete from s.sales where number = (select max(number) from s.sales)",
            "insert into s.clients select 'b', '2024-02-01'",
        ]
    ),
    max_size=4,
)


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(st.lists(CHANGES, min_size=1, max_size=3))
def test_any_changes_that_the_column_tells_are_found(
    server, tmp_path_factory, deliveries
):
    folder = tmp_path_factory.mktemp("changes")
    (folder / "book.toml").write_text(BY_WRITTEN)
    server.run("drop schema if exists s cascade", *SALES, database="kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", server.address("kept"))
        sync(folder)
        for statements in deliveries:
            for statement in statements:
                _try(server, statement)
            sync(folder)
        require_same(folder)


def _try(server, statement):
    """Runs a statement, which may insert a number that is there."""
    server.run(
        f"do $$ begin {statement}; exception when unique_violation then null; end $$",
        database="kept",
    )
