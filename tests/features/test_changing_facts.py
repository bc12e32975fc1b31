"""Facts that change: joined as they were known, typed as those of the accounts are, and never from later."""

import pandas as pd
import pytest

from features.book.book import open_book
from features.book.trained_facts import TrainedFacts
from features.engine import instant
from features.errors import BookError, ModelError
from features.snapshot.frame import snapshot
from features.snapshot.of_request import LiveBook
from features.themes.dictionary import FEATURES
from training.leakage import certify
from training.past.observed import observe
from training.past.telltale_facts import suspicious_facts

FEW = {name: FEATURES[name] for name in ("days_silent", "profile_filled")}
ACCOUNTS = [
    {"account_id": "a", "opened_at": "2024-01-01", "region": "north"},
    {"account_id": "b", "opened_at": "2024-01-01", "region": None},
]
VISITS = [
    {"account_id": id_, "occurred_at": "2024-01-02T10:00", "kind": "visit"}
    for id_ in ("a", "b")
]


def fact(account_id, name, value, known_at):
    return {
        "account_id": account_id,
        "name": name,
        "value": value,
        "known_at": pd.Timestamp(known_at),
    }


CHANGES = [
    fact("a", "plan", "basic", "2024-01-10"),
    fact("a", "plan", "gold", "2024-03-01T12:00"),
    fact("a", "seats", "5", "2024-01-10"),
    fact("a", "seats", None, "2024-02-15"),
    fact("a", "seats", "12.5", "2024-03-15"),
    fact("b", "plan", "basic", "2024-06-01"),
]


def day(text):
    return instant(pd.Timestamp(text).to_pydatetime())


def known(book, when, account="a"):
    frame = snapshot(book, [day(when)], FEW).set_index("account_id")
    told = frame.loc[account, ["plan", "seats"]]
    return [None if pd.isna(value) else value for value in told]


def known_plans(book, when, name="plan"):
    told = snapshot(book, [day(when)], FEW)[name]
    return [None if pd.isna(value) else value for value in told]


@pytest.fixture
def book(make_book):
    return make_book(accounts=ACCOUNTS, interactions=VISITS, facts=CHANGES)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("2024-01-09", [None, None]),
        ("2024-01-10", ["basic", 5.0]),
        ("2024-02-15", ["basic", None]),
        ("2024-03-01", ["basic", None]),
        ("2024-03-01T12:00", ["gold", None]),
        ("2024-03-15", ["gold", 12.5]),
        ("2024-07-01", ["gold", 12.5]),
    ],
)
def test_a_fact_is_joined_as_it_was_known_at_the_date(book, when, told):
    assert book.facts == {"region": "text", "plan": "text", "seats": "number"}
    assert known(book, when) == told


def test_dates_of_one_snapshot_see_each_their_own_value(book):
    dates = [day(when) for when in ("2024-01-10", "2024-03-15", "2024-06-01")]
    frame = snapshot(book, dates, FEW)
    rows = frame[["account_id", "plan", "seats"]].astype(object)
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [
        ["a", "basic", 5.0],
        ["b", None, None],
        ["a", "gold", 12.5],
        ["b", None, None],
        ["a", "gold", 12.5],
        ["b", "basic", None],
    ]


def test_facts_that_change_are_no_part_of_a_profile(book):
    frame = snapshot(book, [day("2024-07-01")], FEW)
    assert frame["profile_filled"].tolist() == [1.0, 0.0]


def test_a_request_holds_the_values_of_now_and_gives_the_snapshot_of_the_book(book):
    live = LiveBook(book.facts, FEW, changing=book.changing)
    now = {"region": "north", "plan": "gold", "seats": 12.5}
    asked = {
        "accounts": [
            {
                "account_id": "a",
                "opened_at": pd.Timestamp("2024-01-01", tz="UTC"),
                **now,
            }
        ],
        "interactions": [
            {**VISITS[0], "occurred_at": pd.Timestamp("2024-01-02T10:00", tz="UTC")}
        ],
    }
    answered = live.snapshot(day("2024-07-01"), asked)
    expected = snapshot(book, [day("2024-07-01")], FEW).head(1)
    pd.testing.assert_frame_equal(answered, expected, check_exact=True)


def test_the_certificate_covers_facts_that_change(book):
    certificate = certify(book, day("2024-02-01"), FEW)
    assert (certificate.later_rows, certificate.leaking) == (4, ())
    assert certificate.clean


def test_a_fact_that_changes_is_proved_by_its_dates_and_not_looked_at_for_telling_too_much(
    make_book,
):
    ids = [f"a{number}" for number in range(40)]
    gone = ids[:20]
    book = make_book(
        accounts=[{"account_id": id_, "opened_at": "2024-01-01"} for id_ in ids],
        interactions=[{**VISITS[0], "account_id": id_} for id_ in ids],
        departures=[{"account_id": id_, "occurred_at": "2024-02-01"} for id_ in gone],
        facts=[fact(id_, "plan", str(id_ in gone), "2024-01-03") for id_ in ids],
    )
    assert suspicious_facts(observe(book, day("2024-03-01"))) == []


def test_two_values_of_one_moment_are_told_and_one_stays(make_book):
    rows = [fact("a", "plan", value, "2024-01-10") for value in ("b", "a")]
    book = make_book(accounts=ACCOUNTS, interactions=VISITS, facts=rows)
    (aside,) = book.quarantine.to_dict("records")
    assert (aside["field"], aside["expected"]) == ("known_at", "one row for each id")
    assert known_plans(book, "2024-02-01") == ["a", None]


def test_values_that_are_no_numbers_are_counted(make_book):
    rows = [
        fact("a", "seats", value, f"2024-02-{place:02d}")
        for place, value in enumerate(["7"] * 9 + ["many"], start=1)
    ]
    book = make_book(accounts=ACCOUNTS, interactions=VISITS, facts=rows)
    (blank,) = book.blanks
    assert (blank.table, blank.column, blank.rows, blank.of) == (
        "facts",
        "seats",
        1,
        10,
    )
    seats = snapshot(book, [day("2024-02-09"), day("2024-02-10")], FEW)["seats"]
    assert seats.isna().tolist() == [False, True, True, True]


def test_rows_of_accounts_that_are_not_there_and_without_a_moment_are_set_aside(
    make_book,
):
    rows = [fact("z", "plan", "x", "2024-01-10"), fact("a", "plan", "x", None)]
    book = make_book(accounts=ACCOUNTS, interactions=VISITS, facts=rows)
    assert book.quarantine[["table", "field"]].to_numpy().tolist() == [
        ["facts", "account_id"],
        ["facts", "known_at"],
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("region", "found region, which is in accounts as well"),
        ("tier", "found tier; expected market, style, tier as columns of accounts"),
        ("days_silent", "found days_silent; expected facts with names"),
    ],
)
def test_a_name_that_is_taken_is_refused(make_book, name, said):
    rows = [fact("a", name, "x", "2024-01-10")]
    with pytest.raises(BookError, match=f"table facts: {said}"):
        make_book(accounts=ACCOUNTS, interactions=VISITS, facts=rows)


def with_toml(tmp_path, toml):
    (tmp_path / "accounts.csv").write_text("account_id,opened_at\na,2024-01-01")
    (tmp_path / "interactions.csv").write_text(
        "account_id,occurred_at,kind\na,2024-01-02,visit"
    )
    (tmp_path / "facts.csv").write_text(
        "account_id,name,value,known_at\na,code,7,2024-01-10\na,secret,x,2024-01-10"
    )
    (tmp_path / "book.toml").write_text(toml)
    return open_book(tmp_path)


def test_book_toml_declares_the_type_of_a_fact_that_changes_and_ignores_another(
    tmp_path,
):
    with with_toml(
        tmp_path, '[facts.code]\ntype = "text"\n[facts.secret]\nignore = true'
    ) as book:
        assert book.facts == {"code": "text"}
        assert snapshot(book, [day("2024-02-01")], FEW)["code"].tolist() == ["7"]


def test_a_fact_that_models_read_must_be_there(tmp_path, make_book):
    make_book(accounts=ACCOUNTS, interactions=VISITS, facts=CHANGES)
    trained = TrainedFacts({"seats": "text"}, read=frozenset(["seats"]))
    with open_book(tmp_path / "book", trained=trained) as book:
        assert (book.facts, book.lacking) == ({"seats": "text"}, ())
        assert known_plans(book, "2024-03-15", "seats") == ["12.5", None]
    other = TrainedFacts({"owner": "text"}, read=frozenset(["owner"]))
    with pytest.raises(ModelError, match="no column owner"):
        open_book(tmp_path / "book", trained=other)
