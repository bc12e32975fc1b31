"""``pinch done``: rows that several write at once, and the list that tells them."""

from concurrent.futures import ProcessPoolExecutor
from datetime import date

import pandas as pd
import pytest
from command_line import answered, refused, run

from features.book.book import open_book
from features.book.outcomes import last_outcomes, resting
from features.engine import instant
from features.errors import BookError
from serving.outcomes_file import append, outcome_row


@pytest.fixture
def folder(tmp_path):
    """A book of three accounts that visit, the last time on 30 May 2026."""
    book = tmp_path / "book"
    book.mkdir()
    (book / "accounts.csv").write_text(
        "account_id,opened_at\na,2026-01-01\nb,2026-01-01\nc,2026-01-01\n"
    )
    days = ["2026-05-01", "2026-05-12", "2026-05-30"]
    visits = [f"{name},{day},visit" for name in "abc" for day in days]
    (book / "interactions.csv").write_text(
        "\n".join(["account_id,occurred_at,kind", *visits])
    )
    return book


def done(folder, account, *options):
    return run("done", account, "--book", folder, *options)


def rules(folder, *options):
    out = folder.parent / "night"
    said = run("score", folder, "--rules", "--out", out, "--json", *options)
    return answered(said)


def test_the_next_list_tells_what_was_done_by_whom_when_and_from_which_list(folder):
    options = ("--note", "=likes, it", "--by", "Ann", "--list", "2026-05-30")
    done(folder, "a", "--outcome", "saved", "--on", "2026-05-31", *options)
    facts = rules(folder)
    of = {row["account_id"]: row["done"] for row in facts["worklist"]}
    said = "Saved on 2026-05-31 by Ann, from the list of 2026-05-30: =likes, it"
    assert of == {"a": said, "b": None, "c": None}
    listed = pd.read_csv(folder.parent / "night" / "worklist.csv")
    assert listed.set_index("account_id")["done"].dropna().to_dict() == {"a": said}
    people = run("score", folder, "--rules", "--out", folder.parent / "night")
    assert "Saved on 2026-05-31 by Ann" in people.stdout


def test_the_note_is_no_formula_in_the_file(folder):
    done(folder, "a", "--outcome", "reached", "--note", "=1+1")
    assert ",'=1+1," in (folder / "outcomes.csv").read_text()


def test_who_is_snoozed_is_on_no_list_before_that_day_and_it_is_said_how_many(folder):
    done(folder, "b", "--outcome", "snoozed", "--until", "2026-06-03")
    facts = rules(folder)
    assert facts["as_of"] == "2026-05-31"
    assert {row["account_id"] for row in facts["worklist"]} == {"a", "c"}
    assert (facts["resting"], facts["accounts"]) == (1, 3)
    told = run("score", folder, "--rules", "--out", folder.parent / "night").stdout
    assert "Resting: 1 account " in told
    page = (folder.parent / "night" / "tonight.html").read_text()
    assert "Resting: 1 account " in page


def test_a_past_date_that_is_asked_for_is_as_it_was_known_then(folder):
    done(folder, "b", "--outcome", "snoozed", "--until", "2099-01-01")
    assert rules(folder)["resting"] == 1
    assert rules(folder, "--as-of", "2026-05-31")["resting"] == 0


def _append(place):
    folder, number = place
    append(folder, outcome_row("a", "reached", note=f"call {number}"))


def test_of_many_that_write_at_once_none_is_lost(folder):
    with ProcessPoolExecutor(4) as several:
        list(several.map(_append, [(folder, number) for number in range(40)]))
    written = pd.read_csv(folder / "outcomes.csv")
    assert sorted(written["note"]) == sorted(f"call {number}" for number in range(40))
    assert written["outcome_id"].is_unique
    with open_book(folder) as book:
        assert book.rows["outcomes"] == 40


def test_a_table_by_hand_keeps_its_columns_its_delimiter_and_its_rows(folder):
    file = folder / "outcomes.csv"
    file.write_text(
        'account_id;occurred_at;outcome;mood\na;2026-05-02;lost;"so; so"\n', "utf-8-sig"
    )
    until = date(2026, 7, 1)
    append(folder, outcome_row("b", "snoozed", on=date(2026, 5, 3), until=until))
    first, second, third = file.read_text().splitlines()
    assert first.startswith("account_id;occurred_at;outcome;mood;outcome_id;")
    assert second.startswith('a;2026-05-02;lost;"so; so";')
    assert third.startswith("b;2026-05-03;snoozed;;")
    with open_book(folder) as book:
        found = {name: its.outcome for name, its in last_outcomes(book).items()}
        assert found == {"a": "lost", "b": "snoozed"}
        assert resting(book, instant(date(2026, 6, 30))) == {"b"}


def test_a_folder_of_parts_gets_a_part_of_its_own(folder):
    (folder / "outcomes").mkdir()
    part = folder / "outcomes" / "crm.csv"
    part.write_text("account_id,occurred_at,outcome\na,2026-05-02,lost\n")
    assert append(folder, outcome_row("b", "reached")).name == "done.csv"
    append(folder, outcome_row("c", "reached"))
    with open_book(folder) as book:
        assert book.rows["outcomes"] == 3


def test_a_table_that_is_no_csv_or_made_by_a_query_is_not_written_beside(folder):
    rows = [{"account_id": "a", "occurred_at": "2026-05-02", "outcome": "lost"}]
    pd.DataFrame(rows).to_parquet(folder / "outcomes.parquet")
    with pytest.raises(BookError, match=r"in the form \.parquet.*outcomes\.csv"):
        append(folder, outcome_row("a", "reached"))
    (folder / "book.toml").write_text('[tables]\noutcomes = "from crm"')
    with pytest.raises(BookError, match="a query that makes it"):
        append(folder, outcome_row("a", "reached"))


def test_an_account_that_is_none_is_refused_and_nothing_is_written(folder):
    assert "no account z" in refused(
        done(folder, "z", "--outcome", "reached"), "BookError"
    )
    assert not (folder / "outcomes.csv").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--outcome", "snoozed"),
        ("--outcome", "reached", "--until", "2026-07-01"),
        ("--outcome", "forgotten"),
        ("--outcome", "snoozed", "--until", "soon"),
    ],
)
def test_misuse_is_told_and_nothing_is_written(folder, options):
    assert done(folder, "a", *options).exit_code == 2
    assert not (folder / "outcomes.csv").exists()


def test_the_row_is_given_as_json(folder):
    said = done(folder, "a", "--outcome", "saved", "--on", "2026-05-31", "--json")
    facts = answered(said)
    assert (facts["account_id"], facts["outcome"]) == ("a", "saved")
    assert facts["file"] == str(folder / "outcomes.csv")
