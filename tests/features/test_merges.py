"""Merged accounts: two accounts until the merge is known, one from then on, and nothing of it earlier."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.calendar.merges import merged_sql, require_no_circle
from features.calendar.unscored import find_unscored
from features.engine import MICROS_PER_DAY, connect, instant, runner
from features.errors import BookError
from features.snapshot.cohort import cohort_at
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from training.leakage import certify
from training.past.labels import left_by
from training.past.observed import observe

FEW = {name: FEATURES[name] for name in ("purchases_ever", "days_silent")}


def day(text):
    return instant(pd.Timestamp(text).to_pydatetime())


def account(id_, opened="2024-01-01"):
    return {"account_id": id_, "opened_at": opened}


def bought(id_, *days):
    return [
        {"account_id": id_, "occurred_at": f"{when}T10:00", "kind": "purchase"}
        for when in days
    ]


def merge(from_id, into_id, known_at):
    return {
        "from_id": from_id,
        "into_id": into_id,
        "known_at": pd.Timestamp(known_at),
    }


def purchases(book, when):
    frame = snapshot(book, [day(when)], FEW)
    return dict(zip(frame["account_id"], frame["purchases_ever"], strict=True))


CHAIN = {
    "accounts": [account(id_) for id_ in "abc"],
    "interactions": [
        *bought("a", "2024-01-10", "2024-02-10"),
        *bought("b", "2024-01-20"),
        *bought("c", "2024-01-15", "2024-04-15"),
    ],
    "merges": [merge("b", "c", "2024-04-01"), merge("a", "b", "2024-03-01")],
}


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("2024-02-15", {"a": 2, "b": 1, "c": 1}),
        ("2024-02-29", {"a": 2, "b": 1, "c": 1}),
        ("2024-03-01", {"b": 3, "c": 1}),
        ("2024-04-01", {"c": 4}),
        ("2024-05-01", {"c": 5}),
    ],
)
def test_rows_of_a_merged_id_count_for_the_other_from_when_it_is_known_through_chains(
    make_book, when, told
):
    assert purchases(make_book(**CHAIN), when) == told


def test_a_merge_known_before_the_one_that_leads_to_it_waits_for_that(make_book):
    book = make_book(
        **{
            **CHAIN,
            "merges": [merge("a", "b", "2024-03-01"), merge("b", "c", "2024-02-01")],
        }
    )
    assert purchases(book, "2024-02-20") == {"a": 2, "c": 2}
    assert purchases(book, "2024-03-01") == {"c": 4}


def test_an_id_that_is_no_account_any_more_counts_for_the_one_that_stayed(make_book):
    book = make_book(
        accounts=[account("new")],
        interactions=[*bought("old", "2024-01-10"), *bought("new", "2024-02-10")],
        merges=[merge("old", "new", "2024-03-01")],
    )
    assert len(book.quarantine) == 0
    assert purchases(book, "2024-02-20") == {"new": 1}
    assert purchases(book, "2024-03-01") == {"new": 2}
    assert book.merged.sentence == (
        "Merged ids: 1; rows that count for another account since then: 1"
    )


def test_a_row_that_became_known_after_the_merge_counts_from_then(make_book):
    (row,) = bought("a", "2024-02-10")
    book = make_book(
        accounts=[account("a"), account("b")],
        interactions=[
            {**row, "known_at": "2024-05-01"},
            {**bought("b", "2024-01-10")[0], "known_at": None},
        ],
        merges=[merge("a", "b", "2024-03-01")],
    )
    assert purchases(book, "2024-04-30") == {"b": 1}
    assert purchases(book, "2024-05-01") == {"b": 2}


def test_surveys_and_departures_of_a_merged_id_follow_it(make_book):
    score = {"account_id": "a", "occurred_at": "2024-02-01T09:00", "item": "product"}
    book = make_book(
        accounts=[account("a"), account("b")],
        interactions=[*bought("a", "2024-01-10"), *bought("b", "2024-01-10")],
        surveys=[{**score, "score": 8.0}],
        departures=[{"account_id": "a", "occurred_at": "2024-02-20"}],
        merges=[merge("a", "b", "2024-03-01")],
    )
    told = book.ask("select account_id, known_us from surveys order by account_id")
    assert [(str(id_), known) for id_, known in told] == [
        ("a", day("2024-02-01T09:00")),
        ("b", day("2024-03-01")),
    ]
    cohort = cohort_at(
        book, [day(d) for d in ("2024-02-10", "2024-02-25", "2024-03-02")]
    )
    assert cohort["account_id"].tolist() == ["a", "b", "b"]


def test_a_merged_account_is_not_scored_and_it_is_said_why(make_book):
    book = make_book(**CHAIN)
    assert find_unscored(book, day("2024-05-01")).sentence == (
        "Not scored: 2 merged into another"
    )
    assert book.merged.sentence == (
        "Merged ids: 2, of which 1 through others; "
        "rows that count for another account since then: 3"
    )


def test_merges_into_ids_that_are_no_accounts_change_nothing_and_are_told(make_book):
    book = make_book(**{**CHAIN, "merges": [merge("a", "z", "2024-03-01")]})
    assert purchases(book, "2024-05-01") == {"a": 2, "b": 1, "c": 2}
    assert book.merged.sentence == (
        "Merged ids: 0; rows that count for another account since then: 0; "
        "ids merged into what is no account: 1"
    )


@pytest.mark.parametrize(
    ("merges", "ids"),
    [
        ([("a", "a")], 1),
        ([("a", "b"), ("b", "a")], 2),
        ([("c", "a"), ("a", "b"), ("b", "a")], 2),
    ],
)
def test_circles_are_refused_without_a_word_on_whose_they_are(make_book, merges, ids):
    rows = [merge(*ends, "2024-03-01") for ends in merges]
    with pytest.raises(BookError) as refused:
        make_book(**{**CHAIN, "merges": rows})
    assert str(refused.value).startswith(
        f"table merges: found ids that are merged into themselves, at once or through others: {ids}"
    )


def test_of_two_merges_of_one_id_the_latest_known_stays(make_book):
    rows = [merge("a", "b", "2024-03-01"), merge("a", "c", "2024-04-01")]
    book = make_book(**{**CHAIN, "merges": rows})
    assert purchases(book, "2024-05-01") == {"b": 1, "c": 4}
    assert book.quarantine[["table", "row", "field"]].to_numpy().tolist() == [
        ["merges", 1, "from_id"]
    ]


def test_the_certificate_covers_merges(make_book):
    book = make_book(**CHAIN)
    certificate = certify(book, day("2024-02-15"), FEW)
    assert certificate.clean
    assert certificate.accounts == 3


def test_what_a_merged_account_did_is_known_until_the_merge(make_book):
    book = make_book(
        accounts=[account("a"), account("b")],
        interactions=[*bought("a", "2024-01-10"), *bought("b", "2024-06-30")],
        departures=[
            {"account_id": "b", "occurred_at": "2024-06-20", "known_at": "2024-06-20"}
        ],
        merges=[merge("a", "b", "2024-03-01")],
    )
    cohort = pd.DataFrame({"account_id": ["a", "b"], "as_of_us": day("2024-02-01")})
    left = left_by(observe(book, day("2024-06-30")), cohort, [28, 60])
    assert left.astype(object).where(left.notna(), None).to_numpy().tolist() == [
        [0.0, None],
        [0.0, 0.0],
    ]


def test_the_days_of_merges_are_no_days_of_the_record(make_book):
    recorded = make_book(
        **{**CHAIN, "merges": [merge("a", "z", "2024-06-01")]}
    ).recorded
    book = make_book(**{**CHAIN, "merges": [merge("a", "c", "2024-06-01")]})
    assert (book.recorded, book.merged.rows) == (recorded, 2)


STEPS = st.dictionaries(
    st.integers(0, 7), st.tuples(st.integers(0, 8), st.integers(1, 9)), max_size=8
)


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_chains_are_followed_as_by_hand(steps):
    rows = [
        (f"{one}", f"{other}", known * MICROS_PER_DAY)
        for one, (other, known) in steps.items()
    ]
    with connect(threads=1) as connection:
        connection.execute("create table accounts as select '8' as account_id")
        connection.execute(
            "create table merges (from_id varchar, into_id varchar, known_us bigint)"
        )
        if rows:
            connection.executemany("insert into merges values ($1, $2, $3)", rows)
        expected, circle = _by_hand(steps)
        if circle:
            with pytest.raises(BookError):
                require_no_circle(runner(connection))
            return
        require_no_circle(runner(connection))
        found = connection.execute(merged_sql()).fetchall()
    assert sorted(found) == expected


def _by_hand(steps):
    found, circle = [], False
    for start in steps:
        place, known, seen = start, 0, {start}
        while place in steps and not circle:
            place, step = steps[place]
            known = max(known, step)
            circle = place in seen
            seen.add(place)
        if place == 8:
            found.append((f"{start}", "8", known * MICROS_PER_DAY))
    return sorted(found), circle
