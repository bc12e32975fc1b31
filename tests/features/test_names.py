"""Vocabularies: names that ours do not have are counted, named and compared with near ones, in a book and a request."""

from datetime import UTC, datetime

import pytest

from features.engine import SPARK, instant
from features.snapshot.of_request import LiveBook
from features.vocabulary.items import ITEMS
from features.vocabulary.kinds import KINDS
from features.vocabulary.names import NAMED, near_name, unknown_names, unknown_sql
from features.vocabulary.vocabularies import REASONS, Vocabulary
from pages.report.reasons import SEED_MIX

ACCOUNT = {
    "account_id": "a",
    "opened_at": "2024-01-01",
    "market": "x",
    "tier": "Key",
    "style": "nurturer",
}
VISIT = {"account_id": "a", "occurred_at": "2025-01-01", "kind": "visit", "rep_id": "r"}
REP = {"rep_id": "r", "style": "pounder"}


def score(item, day=1):
    return {
        "account_id": "a",
        "occurred_at": f"2025-01-{day:02}",
        "item": item,
        "score": 8.0,
    }


def told(book):
    return {
        f"{names.vocabulary.table}.{names.vocabulary.column}": names
        for names in book.unknown
    }


def test_a_book_of_known_names_has_none_to_tell(make_book):
    book = make_book(
        accounts=[ACCOUNT],
        interactions=[VISIT],
        surveys=[score("product")],
        departures=[
            {"account_id": "a", "occurred_at": "2025-02-01", "reason": "moved"}
        ],
        reps=[REP],
        markets=[
            {"market": "x", "occurred_at": "2025-01-01", "kind": "competitor_entered"}
        ],
    )
    assert book.unknown == ()
    assert book.warnings == []


def test_names_of_every_table_are_counted_and_the_near_one_is_told(make_book):
    book = make_book(
        accounts=[{**ACCOUNT, "tier": "gold", "style": "Pounder"}],
        interactions=[
            VISIT,
            {**VISIT, "kind": "Visit"},
            {**VISIT, "kind": "Bezoek", "rep_id": "R"},
        ],
        surveys=[
            score("Product"),
            score("csat"),
            score("csat", 2),
            score("nps"),
            score("people"),
        ],
        departures=[
            {"account_id": "a", "occurred_at": "2025-02-01", "reason": "Better product"}
        ],
        reps=[{**REP, "style": "analyst"}],
        markets=[
            {"market": "X", "occurred_at": "2025-01-01", "kind": "Competitor entered"}
        ],
    )
    found = told(book)
    assert {
        where: (dict(names.names), dict(names.near)) for where, names in found.items()
    } == {
        "accounts.tier": ({"gold": 1}, {}),
        "accounts.style": ({"Pounder": 1}, {"Pounder": "pounder"}),
        "interactions.kind": ({"Bezoek": 1, "Visit": 1}, {"Visit": "visit"}),
        "interactions.rep_id": ({"R": 1}, {"R": "r"}),
        "surveys.item": (
            {"csat": 2, "Product": 1, "nps": 1},
            {"Product": "product", "nps": "recommend"},
        ),
        "departures.reason": (
            {"Better product": 1},
            {"Better product": "better_product"},
        ),
        "reps.style": ({"analyst": 1}, {}),
        "markets.market": ({"X": 1}, {"X": "x"}),
        "markets.kind": (
            {"Competitor entered": 1},
            {"Competitor entered": "competitor_entered"},
        ),
    }
    assert (found["surveys.item"].rows, found["surveys.item"].named_rows) == (4, 5)
    assert found["surveys.item"].sentence == (
        "table surveys, item: 4 of 5 rows have unknown names, which belong to no axis and no feature: "
        "csat (2), Product (1, like product), nps (1, like recommend)"
    )


def test_another_case_is_another_name_and_is_told(make_book):
    book = make_book(accounts=[ACCOUNT], interactions=[{**VISIT, "kind": "Purchase"}])
    assert book.connection.execute("select kind_code from interactions").fetchall() == [
        (0,)
    ]
    assert book.warnings == [
        "table interactions, kind: 1 of 1 rows have unknown names, which count as other: Purchase (1, like purchase)"
    ]


def test_of_many_names_the_most_frequent_are_told_and_how_many_more(make_book):
    rows = [{**VISIT, "kind": f"kind {number:03}"} for number in range(100)]
    rows += [{**VISIT, "kind": "kind 050", "occurred_at": "2025-01-02"}]
    (kinds,) = make_book(accounts=[ACCOUNT], interactions=rows).unknown
    assert list(kinds.names.items())[:3] == [
        ("kind 050", 2),
        ("kind 000", 1),
        ("kind 001", 1),
    ]
    assert (len(kinds.names), kinds.more, kinds.rows) == (NAMED, 90, 101)
    assert kinds.sentence.endswith("and 90 more")


def test_only_a_large_share_of_what_models_read_is_warned_of(make_book):
    visits = [
        {**VISIT, "occurred_at": f"2025-01-01 00:00:{second:02}"}
        for second in range(39)
    ]
    few = make_book(
        accounts=[ACCOUNT],
        interactions=[*visits, {**VISIT, "kind": "seance"}],
        departures=[
            {"account_id": "a", "occurred_at": "2025-02-01", "reason": "price"}
        ],
    )
    assert set(told(few)) == {"interactions.kind", "departures.reason"}
    assert few.warnings == []
    many = make_book(
        accounts=[ACCOUNT], interactions=[*visits[:19], {**VISIT, "kind": "seance"}]
    )
    assert [warning[:38] for warning in many.warnings] == [
        "table interactions, kind: 1 of 20 rows"
    ]


def test_without_reps_no_rep_is_unknown_and_missing_names_are_none(make_book):
    accounts = [{**ACCOUNT, "tier": None, "style": None, "market": None}]
    assert make_book(accounts=accounts, interactions=[VISIT]).unknown == ()


def test_a_long_name_is_cut_and_a_line_break_is_none(make_book):
    (kinds,) = make_book(
        accounts=[ACCOUNT], interactions=[{**VISIT, "kind": "so\nlong" + "g" * 500}]
    ).unknown
    assert kinds.sentence.endswith("so long" + "g" * 53 + "… (1)")


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("PURCHASE", KINDS, "purchase"),
        ("purchases", KINDS, "purchase"),
        ("Survey-Sent", KINDS, "survey_sent"),
        ("  promise kept ", KINDS, "promise_kept"),
        ("cost-effective", ITEMS, "cost_effective"),
        ("Net Promoter Score", ITEMS, "recommend"),
        ("teleportation", KINDS, None),
        ("", KINDS, None),
        ("£%&", KINDS, None),
        ("nps", ["price"], None),
    ],
)
def test_a_near_name_differs_by_case_marks_or_few_letters(name, known, near):
    assert near_name(name, known) == near


def test_names_with_quotes_and_backslashes_are_values_and_nothing_else(make_book):
    quoted = ("it's", 'so "so"', "back\\slash")
    book = make_book(
        accounts=[{**ACCOUNT, "plan": plan, "account_id": plan} for plan in quoted],
        interactions=[VISIT],
    )
    plans = (Vocabulary("accounts", "plan", "are new", quoted[:2]),)
    (found,) = unknown_names(
        unknown_sql(plans),
        lambda query: book.connection.execute(query).fetchall(),
        plans,
    )
    assert dict(found.names) == {"back\\slash": 1}
    assert SPARK.literal("it's a back\\slash") == "'it\\'s a back\\\\slash'"


def test_a_request_is_told_the_same(make_book):
    live = LiveBook({"market": "text"}, {})
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    account = {"account_id": "a", "opened_at": moment, "market": "x"}
    visits = [
        {"account_id": "a", "occurred_at": moment, "kind": kind}
        for kind in ("Visit", "visit")
    ]
    market = {"market": "X", "occurred_at": moment, "kind": "competitor_entered"}
    asked = {"accounts": [account], "interactions": visits, "markets": [market]}
    of_request = live.measure(instant(moment), asked).unknown
    of_book = make_book(**asked).unknown
    assert [names.facts() for names in of_request] == [
        names.facts() for names in of_book
    ]
    assert len(of_book) == 2
    assert live.measure(instant(moment), {"accounts": [account]}).unknown == ()


def test_the_reasons_of_leaving_are_those_of_the_report():
    assert tuple(SEED_MIX) == REASONS
