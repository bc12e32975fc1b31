"""The way of the sample company through exports of Salesforce and Zendesk and back: no row is lost, or made up."""

import pytest

from benchmarks.fivetran.__main__ import SOURCES, differing_rows
from benchmarks.fivetran.exports import write_exports
from company import write_sample
from features.book.book import open_book
from features.sources.connectors.making import make_book

pytestmark = pytest.mark.slow
SCORES = "select count(*), round(sum(score), 6), sum(known_us) from surveys"
LEFT = "select count(*), sum(occurred_us // 86400000000) from departures"


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """A company of 60 accounts, and the same by the way of its exports."""
    folder = tmp_path_factory.mktemp("fivetran")
    write_sample(folder / "book", 60, 12, 1)
    with open_book(folder / "book") as original:
        write_exports(original, folder / "back")
        make_book(folder / "back", dict.fromkeys(SOURCES), match_domains=True)
        with open_book(folder / "back", max_bad_share=0) as back:
            yield original, back


def test_every_interaction_comes_back_once(books):
    original, back = books
    assert back.rows["accounts"] == 60
    assert original.rows["interactions"] == back.rows["interactions"] > 1000
    assert differing_rows(original, back) == 0
    kinds = "select distinct cast(kind as varchar) from interactions where matter_id is not null order by all"
    assert original.ask(kinds) == back.ask(kinds)


def test_scores_and_departures_come_back(books):
    original, back = books
    assert original.ask(SCORES) == back.ask(SCORES)
    assert original.ask(LEFT) == back.ask(LEFT)
    assert original.rows["departures"] > 0


def test_a_row_that_is_lost_is_noticed(books):
    _, back = books
    back.connection.execute("begin")
    back.connection.execute(
        "delete from interactions where rowid = (select max(rowid) from interactions)"
    )
    try:
        assert differing_rows(books[0], back) == 1
    finally:
        back.connection.execute("rollback")
