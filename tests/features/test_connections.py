"""Tables put together of several systems whose ids collide."""

import pytest

from features.book.book import open_book
from features.book.given import given_of
from features.book.script import script
from features.book.statements import statements
from features.errors import BookError

TOML = '''
[connections.desk]
prefix = "zd:"
[connections.desk.tables]
interactions = """select account as account_id, day as occurred_at, 'question' as kind,
    ticket as interaction_id, rep as rep_id from 'desk.csv'"""

[connections.shop]
prefix = "s:"
shared = ["rep_id"]
[connections.shop.tables]
accounts = "select distinct account as account_id, date '2024-01-01' as opened_at from 'shop.csv'"
interactions = """select account as account_id, day as occurred_at, 'purchase' as kind,
    ordered as interaction_id, rep as rep_id from 'shop.csv'"""

[tables]
merges = """select 'zd:' || account as from_id, 's:' || account as into_id,
    date '2024-01-02' as known_at from 'desk.csv'"""
'''


def write(folder, toml=TOML):
    (folder / "desk.csv").write_text("account,day,ticket,rep\n1,2024-02-01T10:00,7,\n")
    (folder / "shop.csv").write_text(
        "account,day,ordered,rep\n1,2024-02-03T10:00,7,ann\n2,2024-02-04T10:00,8,ann\n"
    )
    (folder / "book.toml").write_text(toml)
    return folder


def test_ids_that_collide_are_told_apart_and_merges_put_accounts_together(tmp_path):
    with open_book(write(tmp_path), max_bad_share=0) as book:
        assert (book.rows["accounts"], book.rows["interactions"]) == (2, 3)
        told = book.ask(
            "select account_id, kind, rep_id from interactions order by all"
        )
        assert told == [
            ("s:1", "purchase", "ann"),
            ("s:1", "question", None),
            ("s:2", "purchase", "ann"),
        ]
        printed = script("interactions", statements(given_of(book)))
    assert "'zd:' ||" in printed.replace("(", "").replace(")", "")


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("connections = 1", "a table for each"),
        ("[connections.desk]\nprefix = 1", 'a text, such as "zd:"'),
        ('[connections.desk]\nshared = ["name"]', "a list of any of account_id"),
        ("[connections.desk]\nprefixes = 1", "any of prefix, shared, tables"),
        ('[connections.desk]\ntables.orders = "select 1"', "found orders"),
        ('[connections."no name"]\nprefix = "x"', "a name of small letters"),
    ],
)
def test_a_connection_that_cannot_be_is_refused(tmp_path, toml, said):
    with pytest.raises(BookError) as refused:
        open_book(write(tmp_path, toml))
    assert said in str(refused.value)
