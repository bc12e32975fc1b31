"""What a book's facts are, and its labels: as book.toml declares them, or as their values show."""

import pandas as pd
import pytest

from features.book.book import open_book
from features.book.labels import account_labels
from features.engine import instant
from features.errors import BookError
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from training.past.observed import observe
from training.past.telltale_facts import suspicious_facts

FEW = {name: FEATURES[name] for name in ("purchases_ever", "days_silent")}
DAY = instant(pd.Timestamp("2024-03-01").to_pydatetime())


def write(folder, header, rows, toml=""):
    accounts = [f"a{number},2024-01-01,{row}" for number, row in enumerate(rows)]
    (folder / "accounts.csv").write_text(
        "\n".join([f"account_id,opened_at,{header}", *accounts])
    )
    (folder / "interactions.csv").write_text(
        "account_id,occurred_at,kind\na0,2024-02-01,purchase\n"
    )
    if toml:
        (folder / "book.toml").write_text(toml)
    return folder


def values(book, fact):
    query = f'select "{fact}" from accounts order by account_id'
    return [value for (value,) in book.connection.execute(query).fetchall()]


def blanked(book):
    return {blank.column: (blank.rows, blank.of) for blank in book.blanks}


def test_a_fact_is_a_number_where_nine_of_ten_values_are_and_the_others_are_blanked_and_counted(
    tmp_path,
):
    book = open_book(write(tmp_path, "employees", ["unknown", *"123456789", ""]))
    assert book.facts == {"employees": "number"}
    assert values(book, "employees")[:2] == [None, 1.0]
    assert blanked(book) == {"employees": (1, 10)}


def test_a_fact_of_which_more_are_no_numbers_is_a_text_and_nothing_is_blanked(tmp_path):
    book = open_book(write(tmp_path, "code", ["x7", *"12345678"]))
    assert (book.facts, blanked(book)) == ({"code": "text"}, {})
    assert values(book, "code")[:2] == ["x7", "1"]


@pytest.mark.parametrize("number", ["12,50", "n/a", "inf", "NaN", "2024-01-01"])
def test_what_is_no_finite_number_is_blanked_in_a_declared_number(tmp_path, number):
    book = open_book(
        write(tmp_path, "size", [f'"{number}"', "7"], '[facts.size]\ntype = "number"')
    )
    assert (book.facts, blanked(book)) == ({"size": "number"}, {"size": (1, 2)})
    assert values(book, "size") == [None, 7.0]


def test_blanks_are_missing_and_do_not_make_a_text_of_a_number(tmp_path):
    book = open_book(write(tmp_path, "size", ["  ", "7"]))
    assert (book.facts, blanked(book), values(book, "size")) == (
        {"size": "number"},
        {},
        [None, 7.0],
    )


def test_digits_that_are_declared_a_text_stay_as_they_are_written(tmp_path):
    book = open_book(
        write(tmp_path, "zip", ["01067", "80331"], '[facts.zip]\ntype = "text"')
    )
    assert (book.facts, values(book, "zip")) == ({"zip": "text"}, ["01067", "80331"])


def test_an_ignored_fact_is_none_and_neither_is_what_features_read_of_it(tmp_path):
    toml = "[facts.tier]\nignore = true\n[facts.'Odd (name)']\nignore = true"
    book = open_book(write(tmp_path, "tier,plan,Odd (name)", ["key,x,1"], toml))
    assert book.facts == {"plan": "text"}
    assert values(book, "tier") == [None]


def test_facts_are_vouched_for_one_by_one_or_at_once(tmp_path):
    toml = 'vouched = ["plan"]\n[facts.tier]\nvouched = true\n[facts.size]\nvouched = false'
    assert open_book(write(tmp_path, "plan,tier,size", ["x,y,1"], toml)).vouched == (
        "plan",
        "tier",
    )


LABELS = '[labels]\nowner = "Looked after by"\nname = "company"\nlink = "crm"'


def test_labels_are_shown_and_are_no_facts(tmp_path):
    rows = ["Ann,=ACME,https://crm/1,x", "Bob, ,https://crm/2,y"]
    book = open_book(write(tmp_path, "Looked after by,company,crm,plan", rows, LABELS))
    assert book.labels == {"owner": "Looked after by", "name": "company", "link": "crm"}
    labels = account_labels(book)
    assert labels.columns.tolist() == ["name", "link", "owner"]
    assert labels.to_dict("index") == {
        "a0": {"name": "=ACME", "link": "https://crm/1", "owner": "Ann"},
        "a1": {"name": None, "link": "https://crm/2", "owner": "Bob"},
    }
    assert book.facts == {"plan": "text"}
    assert snapshot(book, [DAY], FEW).columns.tolist() == [
        "account_id",
        "as_of_us",
        *FEW,
        "plan",
    ]


def test_a_label_that_tells_who_left_is_not_even_looked_at(tmp_path):
    rows = [f"{number < 10},x" for number in range(20)]
    write(tmp_path, "gone,plan", rows, '[labels]\nowner = "gone"')
    departures = [f"a{number},2024-02-02" for number in range(10)]
    (tmp_path / "departures.csv").write_text(
        "\n".join(["account_id,occurred_at", *departures])
    )
    book = open_book(tmp_path)
    assert suspicious_facts(observe(book)) == []


def test_an_account_that_is_there_twice_has_one_name(tmp_path):
    write(tmp_path, "company", ["B"], '[labels]\nname = "company"')
    with (tmp_path / "accounts.csv").open("a") as file:
        file.write("\na0,2024-01-01,A\nno-date,,C")
    labels = account_labels(open_book(tmp_path, max_bad_share=1.0))
    assert labels.to_dict("index") == {"a0": {"name": "A"}}


def test_without_labels_there_is_a_row_for_every_account_and_no_column(tmp_path):
    labels = account_labels(open_book(write(tmp_path, "plan", ["x", "y"])))
    assert (labels.index.tolist(), labels.columns.tolist()) == (["a0", "a1"], [])


@pytest.mark.parametrize("index", ["__index_level_0__", "Unnamed: 0", "Unnamed: 0.1"])
def test_the_index_of_a_data_frame_is_no_fact_and_is_told(tmp_path, index):
    book = open_book(write(tmp_path, f"{index},plan", ["158,x", "7,y"]))
    assert (book.facts, book.unread) == ({"plan": "text"}, (index,))


def test_the_index_that_pandas_keeps_in_parquet_is_no_fact(tmp_path):
    (write(tmp_path, "plan", ["x"]) / "accounts.csv").unlink()
    accounts = {
        "account_id": ["a0", "a1"],
        "opened_at": pd.Timestamp("2024-01-01"),
        "plan": ["x", "y"],
    }
    pd.DataFrame(accounts, index=[158, 7]).to_parquet(tmp_path / "accounts.parquet")
    book = open_book(tmp_path)
    assert (book.facts, book.unread) == ({"plan": "text"}, ("__index_level_0__",))


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("facts = 3", "facts: .*a table for each fact"),
        ('facts.plan = "text"', "facts: .*a table for each fact"),
        (
            '[facts.plan]\ntype = "date"',
            'facts.plan.type: .*expected "number" or "text"',
        ),
        (
            "[facts.plan]\ntype = ['text']",
            'facts.plan.type: .*expected "number" or "text"',
        ),
        ('[facts.market]\ntype = "number"', 'facts.market.type: .*expected "text"'),
        (
            "[facts.plan]\nignored = true",
            "facts.plan: found ignored; expected any of type, ignore, vouched",
        ),
        ("[facts.plan]\nignore = 1", "facts.plan.ignore: .*true or false"),
        (
            "[facts.plam]\nignore = true",
            "facts: found plam, which is no fact of this book; expected any of plan",
        ),
        (
            "[facts.account_id]\nignore = true",
            "facts: found account_id, which is no fact",
        ),
        (
            '[facts.plan]\ntype = "text"\n[labels]\nname = "nome"',
            "labels: found nome, which is no fact",
        ),
        (
            '[labels]\nnome = "plan"',
            "labels: found nome; expected any of name, link, owner, contact",
        ),
        ("[labels]\nname = ['plan']", "labels: .*a column of accounts in quotes"),
    ],
)
def test_a_mistaken_declaration_is_an_error_that_names_its_place(tmp_path, toml, said):
    write(tmp_path, "plan,market", ["x,n"], toml)
    with pytest.raises(BookError, match=said):
        open_book(tmp_path)
