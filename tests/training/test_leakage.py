"""No leakage: a snapshot does not depend on what became known later, and a feature that does is named."""

import random
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from features.book.book import open_book
from features.engine import MICROS_PER_DAY, instant
from features.past.declaration import Feature
from features.past.measure import count, largest, mean
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from features.timeline.expression import of
from features.timeline.histories import Source
from features.timeline.rows import spread
from features.timeline.things import Things
from training.leakage import certify


def us(text):
    return instant(datetime.fromisoformat(text))


FEW = {name: FEATURES[name] for name in ("days_silent", "product_level")}


def planted(name, measure):
    """A feature under test, beside two honest ones."""
    feature = Feature(
        name,
        meaning="Planted.",
        unit="rows",
        says=(),
        bad="either",
        theme="planted",
        seeds=("S1",),
        how=measure,
    )
    return {
        "days_silent": FEATURES["days_silent"],
        name: feature,
        "product_level": FEATURES["product_level"],
    }


def peek(table, until=None, value=None):
    """A source that looks past the histories, at the rows of a ledger's table that by a column are not too late."""

    def make(past):
        rows = getattr(past.ledger, table)
        first = np.searchsorted(rows.account, np.arange(past.ledger.size + 1))
        pair, place = spread(
            first[past.account], first[past.account + 1] - first[past.account]
        )
        kept = (
            np.ones(len(pair), bool)
            if until is None
            else getattr(rows, until)[place] <= past.as_of[pair]
        )
        columns = {"value": rows.columns[value][place][kept]} if value else {}
        return Things(
            pair[kept], {"age": np.zeros(kept.sum()), **columns}, len(past.as_of)
        )

    return Source("peek", make)


@pytest.mark.parametrize("days", [0.5, 90, 365])
def test_the_snapshot_of_the_sample_does_not_depend_on_the_future(sample_book, days):
    as_of = sample_book.watermark - int(days * MICROS_PER_DAY)
    certificate = certify(sample_book, as_of)
    assert certificate.leaking == ()
    assert certificate.clean
    assert certificate.accounts == len(
        snapshot(sample_book, [as_of], {"days_silent": FEATURES["days_silent"]})
    )
    assert certificate.features == len(FEATURES) + len(sample_book.facts)
    assert certificate.accounts > 100


def test_the_certificate_counts_what_was_known_later(make_book):
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": "2024-01-01"}],
        interactions=[
            {"account_id": "a", "occurred_at": day, "known_at": known, "kind": "visit"}
            for day, known in [
                ("2024-02-01", None),
                ("2024-02-02", "2024-04-01"),
                ("2024-05-01", None),
            ]
        ],
        surveys=[
            {
                "account_id": "a",
                "occurred_at": "2024-03-02",
                "item": "product",
                "score": 5.0,
            }
        ],
        departures=[{"account_id": "a", "occurred_at": "2024-06-01"}],
    )
    certificate = certify(book, us("2024-03-01"), FEW)
    assert (certificate.later_rows, certificate.accounts, certificate.clean) == (
        4,
        1,
        True,
    )


def test_a_certificate_without_any_future_proves_nothing(make_book):
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": "2024-01-01"}],
        interactions=[
            {"account_id": "a", "occurred_at": "2024-02-01", "kind": "visit"}
        ],
    )
    certificate = certify(book, us("2024-03-01"), FEW)
    assert (certificate.later_rows, certificate.leaking, certificate.clean) == (
        0,
        (),
        False,
    )


def test_one_row_that_became_known_later_is_a_future(make_book):
    visit = {"account_id": "a", "kind": "visit"}
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": "2024-01-01"}],
        interactions=[
            {**visit, "occurred_at": "2024-02-01"},
            {**visit, "occurred_at": "2024-03-02"},
        ],
    )
    certificate = certify(book, us("2024-03-01"), FEW)
    assert (certificate.later_rows, certificate.clean) == (1, True)


def test_a_row_known_at_the_date_itself_is_of_the_past(make_book):
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": "2024-01-01"}],
        interactions=[
            {"account_id": "a", "occurred_at": "2024-03-01", "kind": "visit"}
        ],
    )
    seen = count(peek("interactions"))
    certificate = certify(book, us("2024-03-01"), planted("seen", seen))
    assert (certificate.later_rows, certificate.leaking) == (0, ())


def test_a_cohort_that_changes_with_the_future_is_named(make_book, monkeypatch):
    book = make_book(
        accounts=[{"account_id": name, "opened_at": "2024-01-01"} for name in "ab"],
        interactions=[
            {"account_id": name, "occurred_at": "2024-02-01", "kind": "visit"}
            for name in "ab"
        ],
    )
    whole = snapshot(book, [us("2024-03-01")], FEW)
    seen = iter([whole, whole.iloc[:1], whole])
    monkeypatch.setattr("training.leakage.snapshot", lambda *_: next(seen))
    assert certify(book, us("2024-03-01"), FEW).leaking == ("the cohort",)


def test_who_was_hired_or_left_at_the_date_itself_is_of_the_past(make_book):
    visit = {"account_id": "a", "kind": "visit"}
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": "2024-01-01"}],
        interactions=[
            {**visit, "occurred_at": "2024-02-01", "rep_id": "gone"},
            {**visit, "occurred_at": "2024-02-02", "rep_id": "new"},
            {**visit, "occurred_at": "2024-04-01", "rep_id": "new"},
        ],
        reps=[
            {"rep_id": "gone", "hired_at": "2020-01-01", "left_at": "2024-03-01"},
            {"rep_id": "new", "hired_at": "2024-03-01", "left_at": None},
        ],
    )
    assert certify(book, us("2024-03-01")).leaking == ()


def recorded(table, columns, kept):
    """A feature that writes down the later rows of a table, as a leak might read them: (when known, values)."""

    def make(past):
        rows = getattr(past.ledger, table)
        later = rows.known_us > past.as_of.max(initial=0)
        values = [rows.account, *(rows.columns[name] for name in columns)]
        kept.append(
            list(zip(rows.known_us[later], *(v[later] for v in values), strict=True))
        )
        return Things(np.arange(0), {"one": np.zeros(0)}, len(past.as_of))

    return count(Source("recorded", make))


LATER_SURVEYS = [
    {
        "account_id": f"a{place:02}",
        "occurred_at": f"2024-05-{place + 1:02}",
        "item": item,
        "score": place / 4,
        "weight": 1.0 + place,
    }
    for place in range(20)
    for item in (["product", "people"][place % 2],)
]


def test_of_later_rows_account_score_and_weight_are_all_taken_apart(make_book):
    """Which value was known when tells one row from another: of each column most must have changed places."""
    book = make_book(
        accounts=[
            {"account_id": row["account_id"], "opened_at": "2024-01-01"}
            for row in LATER_SURVEYS
        ],
        interactions=[
            {"account_id": "a00", "occurred_at": "2024-02-01", "kind": "visit"}
        ],
        surveys=LATER_SURVEYS,
    )
    kept = []
    measure = recorded("surveys", ["score", "weight"], kept)
    certify(book, us("2024-03-01"), planted("recorded", measure))
    as_it_is, dropped, scrambled = (sorted(rows) for rows in kept[-3:])
    assert (len(as_it_is), dropped, len(scrambled)) == (20, [], 20)
    for column in range(1, 4):
        before, after = (
            [row[column] for row in rows] for rows in (as_it_is, scrambled)
        )
        stayed = sum(one == other for one, other in zip(before, after, strict=True))
        assert stayed <= 6


def test_a_certificate_takes_no_other_database_and_leaves_the_book_as_it_was(
    make_book, monkeypatch
):
    visits = [
        {"account_id": "a", "occurred_at": f"2024-0{month}-01", "kind": "visit"}
        for month in range(2, 6)
    ]
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": "2024-01-01"}], interactions=visits
    )

    def tables():
        said = """
            select table_name from duckdb_tables() where not temporary
            union all select view_name from duckdb_views()"""
        return sorted(book.connection.execute(said).fetchall())

    before = tables()
    monkeypatch.setattr(
        "features.engine.connect", None
    )  # another database would not be under the book's memory limit
    assert certify(book, us("2024-03-15"), FEW).clean
    assert tables() == before
    assert book.connection.execute("select count(*) from interactions").fetchall() == [
        (4,)
    ]


def events_to_come(past):
    """How many events of markets there will ever be."""
    count = np.full(len(past.as_of), len(past.ledger.markets["known_us"]), dtype=float)
    return Things(np.arange(len(past.as_of)), {"events": count}, len(past.as_of))


LEAKS = {
    "all_there_will_be": count(peek("interactions")),
    "happened_but_not_known": count(peek("interactions", until="occurred_us")),
    "scores_to_come": mean(peek("surveys", value="score"), of.value),
    "events_to_come": largest(Source("peek", events_to_come), of.events),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_planted_leak_is_caught_and_named_and_nothing_else_is(sample_book, name):
    certificate = certify(
        sample_book,
        sample_book.watermark - 365 * MICROS_PER_DAY,
        planted(name, LEAKS[name]),
    )
    assert certificate.leaking == (name,)
    assert not certificate.clean


def test_a_feature_that_cuts_at_what_was_known_is_not_accused(sample_book):
    honest = count(peek("interactions", until="known_us"))
    assert certify(
        sample_book,
        sample_book.watermark - 90 * MICROS_PER_DAY,
        planted("honest", honest),
    ).clean


AS_OF = us("2024-06-01")
PAST = {
    "interactions": [
        {
            "account_id": name,
            "occurred_at": f"2024-0{month}-05",
            "kind": kind,
            "matter_id": "m",
            "value": 3.0,
        }
        for name in "ab"
        for month, kind in enumerate(
            ["purchase", "question", "answer", "visit"], start=1
        )
    ],
    "surveys": [
        {"account_id": "a", "occurred_at": "2024-03-01", "item": item, "score": 6.0}
        for item in ("product", "people")
    ],
    "departures": [{"account_id": "c", "occurred_at": "2024-02-01", "reason": "price"}],
}
CASES = range(60)
"""Futures of which each is that of four accounts of its own."""


def random_future(chance):
    """Rows of four accounts that became known later, and happened before or after."""

    def day():
        return f"-{chance.randint(1, 28):02}"

    def rows(most, **columns):
        return [
            {
                "known_at": chance.choice(["2024-06", "2024-07", "2025-01"])
                + f"{day()}T00:00:01",
                "occurred_at": chance.choice(
                    ["2023-12", "2024-03", "2024-05", "2024-06", "2025-02"]
                )
                + day(),
                "account_id": chance.choice("abcd"),
                **{name: chance.choice(of) for name, of in columns.items()},
            }
            for _ in range(chance.randint(0, most))
        ]

    kinds = ["purchase", "question", "resolution", "reopen", "return", "visit"]
    return {
        "interactions": rows(4, kind=[*kinds, "nonsense"], matter_id=["m"]),
        "surveys": rows(3, item=["product", "people"], score=range(11)),
        "departures": rows(2),
    }


def of_case(rows, case):
    return [{**row, "account_id": f"{row['account_id']}{case:02}"} for row in rows]


def written(folder, futures, with_departures):
    accounts = [{"account_id": name, "opened_at": "2023-01-01"} for name in "abcd"]
    tables = {"accounts": accounts, **PAST}
    if not with_departures:
        del tables["departures"]
    for table, rows in tables.items():
        of_all = [
            row
            for case, future in zip(CASES, futures, strict=True)
            for row in of_case([*rows, *future.get(table, [])], case)
        ]
        pd.DataFrame(of_all).to_csv(folder / f"{table}.csv", index=False)
    return open_book(folder, max_bad_share=0.0)


@pytest.mark.parametrize("with_departures", [True, False])
def test_whatever_becomes_known_later_the_snapshot_and_its_cohort_stay_as_they_are(
    tmp_path_factory, with_departures
):
    futures = [random_future(random.Random(case)) for case in CASES]
    none = [{} for _ in CASES]
    without = written(tmp_path_factory.mktemp("without"), none, with_departures)
    with_future = written(tmp_path_factory.mktemp("with"), futures, with_departures)
    expected = snapshot(without, [AS_OF])
    pd.testing.assert_frame_equal(
        snapshot(with_future, [AS_OF]), expected, check_exact=True
    )
    seen = "abd" if with_departures else "ab"
    names = sorted(f"{name}{case:02}" for name in seen for case in CASES)
    assert expected["account_id"].tolist() == names
