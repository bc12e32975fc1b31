"""The holdout: who may not be contacted, as a book declares it."""

from hashlib import sha256

import pandas as pd
import pytest

from features.book.book import open_book
from features.book.held_out import drawn, held_out, set_apart
from features.engine import instant
from features.errors import BookError
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from serving.night.without_models import rule_night

DAY = instant(pd.Timestamp("2024-03-01").to_pydatetime())


def write(folder, column, values, toml):
    accounts = [f"a{number},2024-01-01,{value}" for number, value in enumerate(values)]
    (folder / "accounts.csv").write_text(
        "\n".join([f"account_id,opened_at,{column}", *accounts])
    )
    rows = [f"a{number},2024-02-01,purchase" for number in range(len(values))]
    (folder / "interactions.csv").write_text(
        "\n".join(["account_id,occurred_at,kind", *rows])
    )
    (folder / "book.toml").write_text(toml)
    return folder


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("yes", "no"),
        ("TRUE", "False"),
        ("1", "0"),
        ("1.0", "0.0"),
        (" Y ", "n"),
        ("t", ""),
    ],
)
def test_a_column_that_says_yes_or_no_tells_who_may_not_be_contacted(tmp_path, yes, no):
    book = open_book(write(tmp_path, "apart", [yes, no, yes], 'holdout = "apart"'))
    assert held_out(book) == {"a0", "a2"}


@pytest.mark.parametrize("value", [True, 1, 1.0, "yes"])
def test_the_column_may_be_of_any_type(tmp_path, make_book, value):
    book = make_book(
        accounts=[
            {"account_id": name, "opened_at": "2024-01-01", "apart": its}
            for name, its in [("a", value), ("b", None)]
        ],
        interactions=[
            {"account_id": "a", "occurred_at": "2024-02-01", "kind": "visit"}
        ],
    )
    assert held_out(book) == set()  # nothing declares it
    (tmp_path / "book" / "book.toml").write_text('holdout = "apart"')
    assert held_out(open_book(tmp_path / "book")) == {"a"}


@pytest.mark.parametrize("declared", ['"Control"', '["control", "opted out"]'])
def test_the_values_of_a_column_that_mean_it_may_be_named(tmp_path, declared):
    book = open_book(
        write(
            tmp_path,
            "arm",
            ["control", "treatment", ""],
            f"holdout = {{ arm = {declared} }}",
        )
    )
    assert held_out(book) == {"a0"}


def test_an_account_is_held_out_where_any_of_its_rows_says_so(tmp_path):
    write(tmp_path, "apart", ["no", "no"], 'holdout = "apart"')
    with (tmp_path / "accounts.csv").open("a") as file:
        file.write("\na0,2024-01-01,yes")
    assert held_out(open_book(tmp_path, max_bad_share=1.0)) == {"a0"}


def test_it_is_no_fact_so_that_no_model_reads_it(tmp_path):
    book = open_book(write(tmp_path, "apart", ["yes", "no"], 'holdout = "apart"'))
    assert book.facts == {}
    frame = snapshot(book, [DAY], {"days_silent": FEATURES["days_silent"]})
    assert "apart" not in frame
    assert frame["account_id"].tolist() == ["a0", "a1"]


def test_they_are_scored_and_left_off_the_list(tmp_path):
    book = open_book(write(tmp_path, "apart", ["yes", "no", "no"], 'holdout = "apart"'))
    night, listed = rule_night(book, DAY)
    assert night.scores["account_id"].tolist() == ["a0", "a1", "a2"]
    assert listed["account_id"].tolist() == ["a1", "a2"]


def test_what_is_neither_yes_nor_no_is_refused_without_its_value(tmp_path):
    with pytest.raises(
        BookError, match=r"1 row that says neither yes nor no.*holdout = \{ arm = "
    ) as caught:
        open_book(write(tmp_path, "arm", ["yes", "secret"], 'holdout = "arm"'))
    assert caught.value.where == "table accounts, field arm"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "toml",
    [
        "holdout = 1",
        "holdout = {}",
        'holdout = { a = "x", b = "y" }',
        "holdout = { arm = [] }",
    ],
)
def test_another_declaration_is_refused(tmp_path, toml):
    with pytest.raises(BookError, match=r"book.toml, holdout"):
        open_book(write(tmp_path, "arm", ["yes"], toml))


def test_a_column_that_the_accounts_do_not_have_is_refused_by_name(tmp_path):
    with pytest.raises(BookError, match=r"book.toml, holdout: found aprt"):
        open_book(write(tmp_path, "apart", ["yes"], 'holdout = "aprt"'))


def test_a_value_that_no_account_has_is_warned_of(tmp_path):
    (warning,) = open_book(
        write(tmp_path, "arm", ["treated", "treated"], 'holdout = { arm = "contrl" }')
    ).warnings
    assert (
        warning
        == "book.toml, holdout: no account has contrl as arm, so nobody is kept off the lists"
    )


def test_a_column_that_says_no_of_all_is_not_warned_of(tmp_path):
    assert (
        open_book(write(tmp_path, "apart", ["no", "no"], 'holdout = "apart"')).warnings
        == []
    )


# Drawn at random


def many(folder, toml, size=400):
    return open_book(write(folder, "apart", ["no"] * size, toml))


def test_a_share_is_drawn_by_the_salt_and_the_id_alone(tmp_path):
    book = many(tmp_path, 'holdout_share = 0.25\nholdout_salt = "spring"')
    places = {f"a{n}": sha256(f"spring:a{n}".encode()).hexdigest() for n in range(400)}
    expected = {name for name, place in places.items() if place < "4"}
    assert held_out(book) == drawn(book) == expected
    assert 70 < len(expected) < 130


def test_another_salt_draws_others_and_a_larger_share_draws_more_beside_them(tmp_path):
    few, more = (
        held_out(many(tmp_path, f"holdout_share = {share}")) for share in (0.05, 0.2)
    )
    assert few < more
    others = many(tmp_path, 'holdout_share = 0.2\nholdout_salt = "autumn"')
    assert not more >= held_out(others)


def test_without_a_share_nobody_is_drawn(tmp_path):
    assert held_out(many(tmp_path, "")) == set()


def test_who_is_set_apart_by_a_column_is_not_among_those_drawn(tmp_path):
    toml = 'holdout = "apart"\nholdout_share = 0.999999999'
    book = open_book(write(tmp_path, "apart", ["yes", "no"], toml))
    assert held_out(book) == {"a0", "a1"}
    assert (set_apart(book), drawn(book)) == ({"a0"}, {"a1"})


def test_those_drawn_are_scored_and_on_no_list(tmp_path):
    book = many(tmp_path, "holdout_share = 0.25", 40)
    night, listed = rule_night(book, DAY)
    assert len(night.scores) == 40
    assert set(listed["account_id"]) == set(night.scores["account_id"]) - drawn(book)


@pytest.mark.parametrize(
    "toml",
    [
        "holdout_share = 1",
        "holdout_share = -0.1",
        'holdout_share = "5%"',
        "holdout_share = true",
        "holdout_salt = 5",
        'holdout_salt = ""',
    ],
)
def test_a_share_that_is_none_or_an_empty_salt_is_a_mistake(tmp_path, toml):
    with pytest.raises(BookError, match=r"holdout_(share|salt)"):
        open_book(write(tmp_path, "apart", ["no"], toml))
