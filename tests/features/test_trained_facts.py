"""Facts of a night are read by the types that the models were trained on; what does not fit is missing and counted."""

import pandas as pd
import pytest

from features.book.book import open_book
from features.book.trained_facts import TrainedFacts
from features.engine import instant
from features.errors import ModelError
from features.snapshot.frame import snapshot
from features.snapshot.of_request import LiveBook
from features.themes.dictionary import FEATURES

TRAINED = TrainedFacts(
    {"employees": "number", "plan": "text", "region": "text"},
    {"plan": ("basic", "pro")},
    frozenset({"employees", "plan"}),
)
FILLED = {"profile_filled": FEATURES["profile_filled"]}


@pytest.fixture
def open_accounts(tmp_path):
    def open_(trained=TRAINED, **facts):
        rows = max(len(values) for values in facts.values() if isinstance(values, list))
        accounts = {
            "account_id": [f"a{row}" for row in range(rows)],
            "opened_at": pd.Timestamp("2024-01-01"),
            **facts,
        }
        pd.DataFrame(accounts).to_parquet(tmp_path / "accounts.parquet", index=False)
        visits = {
            "account_id": ["a0"],
            "occurred_at": pd.Timestamp("2024-02-01"),
            "kind": "visit",
        }
        pd.DataFrame(visits).to_parquet(tmp_path / "interactions.parquet", index=False)
        return open_book(tmp_path, trained=trained)

    return open_


def values(book, fact):
    return [
        value
        for (value,) in book.connection.execute(
            f"select {fact} from accounts order by account_id"
        ).fetchall()
    ]


def blanked(book):
    return {blank.column: blank.rows for blank in book.blanks}


def unseen(book):
    return {names.vocabulary.column: dict(names.names) for names in book.unknown}


def test_texts_in_a_number_are_missing_and_counted_however_many(open_accounts):
    book = open_accounts(employees=["unknown", "n/a", "12"], plan="pro", region="west")
    assert book.facts == TRAINED.types
    assert values(book, "employees") == [None, None, 12.0]
    assert blanked(book) == {"employees": 2}
    assert (
        "table accounts, employees: 2 of 3 values are not a finite number and count as missing"
        in book.warnings
    )


@pytest.mark.parametrize(
    "employees",
    [
        [True, False],
        [pd.Timestamp("2024-01-01"), None],
        [pd.Timestamp("2024-01-01").date(), None],
        [[1.0], None],
        [{"of": 1}, None],
        ["inf", "NaN"],
    ],
    ids=["flags", "times", "dates", "lists", "structs", "no finite numbers"],
)
def test_a_number_of_any_other_type_does_not_stop_the_night(open_accounts, employees):
    book = open_accounts(employees=employees, plan="pro", region="west")
    assert book.facts == TRAINED.types
    lost = [value is None for value in values(book, "employees")]
    assert blanked(book).get("employees", 0) == sum(lost) - sum(
        value is None for value in employees
    )


@pytest.mark.parametrize(
    "plans",
    [[1, 2, 3], [1.0, 2.0, 3.0], ["1", "2", "3"]],
    ids=["whole", "doubles", "texts"],
)
def test_digits_of_a_text_stay_a_text_and_are_values_that_the_models_do_not_know(
    open_accounts, plans
):
    book = open_accounts(employees=7.0, plan=plans, region="west")
    assert book.facts["plan"] == "text"
    assert values(book, "plan") == ["1", "2", "3"]
    assert unseen(book) == {"plan": {"1": 1, "2": 1, "3": 1}}


def test_whole_numbers_beside_gaps_are_the_texts_that_they_were(open_accounts):
    known = TrainedFacts({"plan": "text"}, {"plan": ("1", "2")}, frozenset({"plan"}))
    book = open_accounts(trained=known, plan=[1.0, None, 2.0])
    assert values(book, "plan") == ["1", None, "2"]
    assert book.unknown == ()


def test_a_value_that_is_new_to_the_models_is_told_with_the_near_one(open_accounts):
    book = open_accounts(employees=7.0, plan=["pro", "Basic", None], region="west")
    assert [names.sentence for names in book.unknown] == [
        "table accounts, plan: 1 of 2 rows have unknown names, which the models do not know and take for one category, "
        "other: Basic (1, like basic)"
    ]
    assert book.warnings == [names.sentence for names in book.unknown]


def test_without_a_fact_that_models_read_the_night_is_refused_by_its_name(
    open_accounts,
):
    with pytest.raises(
        ModelError,
        match="table accounts: found no column employees; expected every fact",
    ):
        open_accounts(plan=["pro"], region="west")


def test_without_a_fact_that_no_model_reads_the_night_is_told(open_accounts):
    book = open_accounts(employees=[7.0], plan="pro")
    assert book.lacking == ("region",)
    assert book.warnings == [
        "table accounts: no column region, which the models were trained on and do not read",
    ]
    assert values(book, "region") == [None]


def test_facts_that_models_read_and_nobody_has_tonight_are_told_by_name(open_accounts):
    book = open_accounts(employees=[None, None], plan=["", " "], region=None)
    assert book.warnings == [
        "table accounts: no value in any row of employees, plan, which the models read"
    ]
    assert book.losses.facts()["empty_facts"] == ["employees", "plan"]


def test_the_profile_is_as_full_as_the_trained_facts_are_whatever_else_there_is(
    open_accounts,
):
    book = open_accounts(employees=[7.0], plan="pro", colour="red", size=[None])
    as_of = instant(pd.Timestamp("2024-03-01").to_pydatetime())
    assert snapshot(book, [as_of], FILLED)["profile_filled"].tolist() == [2 / 3]
    account = {
        "account_id": "a0",
        "opened_at": "2024-01-01",
        "employees": 7.0,
        "plan": "pro",
    }
    live = LiveBook(TRAINED.types, FILLED, TRAINED.vocabularies)
    assert live.snapshot(as_of, {"accounts": [account]})["profile_filled"].tolist() == [
        2 / 3
    ]


def test_a_request_is_told_of_values_that_are_new_to_the_models():
    live = LiveBook(TRAINED.types, FILLED, TRAINED.vocabularies)
    accounts = [
        {"account_id": plan, "opened_at": "2024-01-01", "plan": plan}
        for plan in ("basic", "gold")
    ]
    (names,) = live.measure(
        instant(pd.Timestamp("2024-03-01").to_pydatetime()), {"accounts": accounts}
    ).unknown
    assert (names.vocabulary.column, dict(names.names)) == ("plan", {"gold": 1})
