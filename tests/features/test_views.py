"""Views of a ``book.toml``: queries that its tables and later views read."""

import duckdb
import pytest
from command_line import run

from features.book.book import open_book
from features.errors import BookError

SALES = "customer,day,cancelled\na,2024-01-05,false\nb,2024-02-01,true\na,2024-03-01,false\n"
BOOK = """
[views]
sales = "select customer, cast(day as timestamp) as day from 'sales.csv' where not cancelled"
first_sales = "select customer, min(day) as day from sales group by customer"

[tables]
accounts = "select customer as account_id, day as opened_at from first_sales"
interactions = "select customer as account_id, day as occurred_at, 'purchase' as kind from sales"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sales.csv").write_text(SALES)
    (tmp_path / "book.toml").write_text(BOOK)
    return tmp_path


def test_tables_and_later_views_read_a_view(folder):
    book = open_book(folder)
    # b's only sale is cancelled
    assert book.rows == {"accounts": 1, "interactions": 2}
    assert book.ask("select account_id from accounts") == [("a",)]


def test_a_printed_statement_has_the_views_that_it_rests_on(folder, monkeypatch):
    printed = run("sql", "interactions", folder)
    assert printed.exit_code == 0, printed.stderr
    monkeypatch.chdir(folder)
    assert len(duckdb.connect().execute(printed.stdout).fetchall()) == 2


@pytest.mark.parametrize(
    ("views", "said"),
    [
        ("views = 3", "book.toml, views"),
        ("[views]\naccounts = 'select 1'", "found the name accounts"),
        ("[views]\nraw_sales = 'select 1'", "found the name raw_sales"),
        ("[views]\n'my sales' = 'select 1'", "found the name my sales"),
        ("[views]\nsales = 'drop table x'", "book.toml, views.sales: found another"),
        ("[views]\nsales = 'selec 1'", "correct views.sales in book.toml"),
        ("[views]\nsales = \"from 'nowhere.csv'\"", "correct views.sales"),
        (
            "[views]\nsales = \"from read_xlsx('no.xlsx')\"",
            "views.sales: found no file",
        ),
    ],
)
def test_a_mistake_in_a_view_is_an_error_of_the_book(folder, views, said):
    (folder / "book.toml").write_text(views)
    with pytest.raises(BookError, match=said):
        open_book(folder)
