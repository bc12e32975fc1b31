"""A live book measures what a request holds exactly as the batch does, and refuses a bad row by its place."""

import math
import random
from collections import defaultdict
from datetime import UTC, datetime

import pandas as pd
import pyarrow.parquet as pq
import pytest

from features.book.book import open_book
from features.engine import MICROS_PER_DAY, instant
from features.errors import BookError
from features.snapshot.frame import KEYS, snapshot, snapshot_of_pairs, vector_hashes
from features.snapshot.of_request import ASKED, LiveBook
from features.themes.dictionary import FEATURES

NAMES = list(FEATURES)


def us(text):
    return instant(datetime.fromisoformat(text))


@pytest.fixture(scope="module")
def rows_of(sample_folder, sample_book):
    """The sample's rows as a request would hold them, by account and table, without those in quarantine."""
    found = defaultdict(lambda: {table: [] for table in ASKED})
    for table in ASKED:
        if not (sample_folder / f"{table}.parquet").exists():
            continue
        bad = sample_book.quarantine
        bad_rows = set(
            bad.loc[(bad["table"] == table) & (bad["field"] != "row"), "row"]
        )  # but those sent twice stay
        for number, row in enumerate(
            pq.read_table(sample_folder / f"{table}.parquet").to_pylist(), start=1
        ):
            if number not in bad_rows and math.isfinite(
                row.get("value") or 0.0
            ):  # what a book blanks is refused here
                found[row.get("account_id", "everybody")][table].append(row)
    return found


@pytest.fixture(scope="module")
def accounts(rows_of):
    return sorted(rows_of.keys() - {"everybody"})


@pytest.fixture(scope="module")
def live(sample_book):
    return LiveBook(sample_book.facts)


def request(rows_of, accounts):
    return {
        table: [
            row for name in [*accounts, "everybody"] for row in rows_of[name][table]
        ]
        for table in ASKED
    }


def batch(book, accounts, as_of):
    return snapshot_of_pairs(
        book, pd.DataFrame({"account_id": accounts, "as_of_us": as_of})
    )


def answered(live, rows_of, accounts, as_of):
    calls = [accounts[first : first + 50] for first in range(0, len(accounts), 50)]
    return pd.concat(
        [live.snapshot(as_of, request(rows_of, some)) for some in calls],
        ignore_index=True,
    )


def require_the_same(answer, expected, facts):
    """Demands the same columns with the same bits."""
    assert list(answer.columns) == list(expected.columns) == [*KEYS, *NAMES, *facts]
    assert [name for name in NAMES if not answer[name].equals(expected[name])] == []
    assert vector_hashes(answer, NAMES) == vector_hashes(expected, NAMES)
    pd.testing.assert_frame_equal(answer, expected, check_exact=True, check_dtype=False)


def test_every_account_of_the_sample_is_measured_as_in_batch_to_the_last_bit(
    sample_book, rows_of, accounts, live
):
    as_of = (
        sample_book.watermark - 137 * MICROS_PER_DAY
    )  # a request holds what is not known yet as well
    answer = answered(live, rows_of, accounts, as_of)
    assert answer["account_id"].tolist() == accounts
    assert len(accounts) == sample_book.rows["accounts"]
    require_the_same(answer, batch(sample_book, accounts, as_of), sample_book.facts)


def test_at_the_end_of_the_data_accounts_are_measured_as_in_batch_as_well(
    sample_book, rows_of, accounts, live
):
    some, as_of = accounts[::8], sample_book.watermark
    require_the_same(
        answered(live, rows_of, some, as_of),
        batch(sample_book, some, as_of),
        sample_book.facts,
    )


def test_the_order_of_a_requests_rows_does_not_matter(
    sample_book, rows_of, accounts, live
):
    asked = request(rows_of, accounts[:40])
    shuffled = {
        table: random.Random(3).sample(rows, len(rows)) for table, rows in asked.items()
    }
    as_of = sample_book.watermark
    pd.testing.assert_frame_equal(
        live.snapshot(as_of, asked), live.snapshot(as_of, shuffled), check_exact=True
    )


def test_an_account_alone_is_measured_as_among_others(
    sample_book, rows_of, accounts, live
):
    some = accounts[100:103]
    alone = [
        live.snapshot(sample_book.watermark, request(rows_of, [account]))
        for account in some
    ]
    together = live.snapshot(sample_book.watermark, request(rows_of, some))
    pd.testing.assert_frame_equal(
        pd.concat(alone, ignore_index=True),
        together,
        check_exact=True,
        check_dtype=False,
    )


ACCOUNT = {"account_id": "a", "opened_at": datetime(2024, 1, 1, tzinfo=UTC)}
VISIT = {
    "account_id": "a",
    "occurred_at": datetime(2024, 2, 1, tzinfo=UTC),
    "kind": "visit",
}
SCORE = {
    "account_id": "a",
    "occurred_at": datetime(2024, 2, 2, tzinfo=UTC),
    "item": "effort",
    "score": 1.0,
}
AS_OF = us("2024-03-01")
PLAIN = {
    name: FEATURES[name]
    for name in ("signs_of_life_365d", "days_silent", "ease_last", "days_since_opened")
}


@pytest.fixture(scope="module")
def plain():
    return LiveBook({"market": "text", "employees": "number"}, PLAIN)


def measured(live, **tables):
    return live.snapshot(AS_OF, tables)[list(PLAIN)].values.tolist()


def test_a_request_is_measured_by_what_it_holds(plain):
    answer = plain.snapshot(
        AS_OF,
        {
            "accounts": [
                {**ACCOUNT, "account_id": "b", "market": "north", "employees": 7},
                ACCOUNT,
            ],
            "interactions": [VISIT],
            "surveys": [SCORE],
        },
    )
    assert answer["account_id"].tolist() == ["a", "b"]
    assert answer["as_of_us"].tolist() == [AS_OF, AS_OF]
    assert answer[list(PLAIN)].fillna(-1).values.tolist() == [
        [1.0, 29.0, 10.0, 60.0],
        [0.0, -1.0, -1.0, 60.0],
    ]
    assert (answer["market"][1], answer["employees"][1]) == ("north", 7.0)


def test_nothing_of_one_request_is_left_for_the_next(plain):
    measured(plain, accounts=[ACCOUNT], interactions=[VISIT], surveys=[SCORE])
    ((signs, silent, ease, _),) = measured(plain, accounts=[ACCOUNT])
    assert signs == 0.0
    assert silent != silent and ease != ease  # not known


def test_what_is_not_known_yet_is_invisible_and_a_row_sent_twice_counts_once(plain):
    late = {**VISIT, "occurred_at": "2024-02-20", "known_at": "2024-03-02"}
    timed = {**VISIT, "occurred_at": "2024-02-01 12:00"}
    ((signs, silent, *_),) = measured(
        plain, accounts=[ACCOUNT], interactions=[timed, late, dict(timed)]
    )
    assert (signs, silent) == (1.0, 28.5)


def test_a_time_with_an_offset_is_the_instant_it_names(plain):
    visit = {**VISIT, "occurred_at": "2024-02-29T01:00:00+02:00"}
    ((_, silent, *_),) = measured(plain, accounts=[ACCOUNT], interactions=[visit])
    assert silent == pytest.approx(1 + 1 / 24)


def test_a_request_without_accounts_has_no_rows(plain):
    assert len(plain.snapshot(AS_OF, {})) == 0


@pytest.mark.parametrize(
    ("table", "row", "field", "expected"),
    [
        (
            "interactions",
            {**VISIT, "account_id": "stranger"},
            "account_id",
            "the id of an account in accounts",
        ),
        ("interactions", {**VISIT, "account_id": None}, "account_id", "a text"),
        ("interactions", {**VISIT, "kind": ""}, "kind", "a text"),
        (
            "interactions",
            {**VISIT, "occurred_at": None},
            "occurred_at",
            "a time between 1900 and 2100",
        ),
        (
            "interactions",
            {**VISIT, "occurred_at": "1970-01-01"},
            "occurred_at",
            "a time between 1900 and 2100",
        ),
        ("interactions", {**VISIT, "value": float("nan")}, "value", "a finite number"),
        (
            "interactions",
            {**VISIT, "sentiment": -3.0},
            "sentiment",
            "a finite number from -1 to 1",
        ),
        ("surveys", {**SCORE, "score": 9.0}, "score", "a score within its scale"),
        ("surveys", {**SCORE, "score": float("inf")}, "score", "a finite number"),
        (
            "accounts",
            {**ACCOUNT, "account_id": "b", "opened_at": None},
            "opened_at",
            "a time between 1900 and 2100",
        ),
    ],
)
def test_a_bad_row_of_a_request_is_an_error_that_names_its_place(
    plain, table, row, field, expected
):
    tables = {"accounts": [ACCOUNT], "interactions": [VISIT], "surveys": [SCORE]}
    with pytest.raises(BookError) as refused:
        plain.snapshot(AS_OF, {**tables, table: [*tables[table], row]})
    said = str(refused.value)
    assert said.startswith(f"table {table}, row 2, field {field}: ")
    assert f"expected {expected}" in said
    assert "stranger" not in said
    assert measured(plain, **tables) == [
        [1.0, 29.0, 10.0, 60.0]
    ]  # and the next request is not harmed


@pytest.mark.parametrize(
    "row",
    [{**VISIT, "occurred_at": "soon"}, {**VISIT, "value": "much"}],
    ids=["time", "number"],
)
def test_a_text_that_is_no_time_or_number_is_an_error_that_names_its_place(plain, row):
    with pytest.raises(BookError, match="table interactions, row 2"):
        plain.snapshot(AS_OF, {"accounts": [ACCOUNT], "interactions": [VISIT, row]})


def test_the_row_of_an_error_is_the_one_of_the_request(plain):
    bad = {**VISIT, "value": float("nan")}
    with pytest.raises(BookError, match="table interactions, row 3"):
        plain.snapshot(
            AS_OF, {"accounts": [ACCOUNT], "interactions": [VISIT, dict(VISIT), bad]}
        )


NOON = "2024-02-01T12:00"
REPEATED = [
    {**VISIT, "occurred_at": NOON},
    {**VISIT, "occurred_at": NOON, "known_at": NOON},
]


def test_rows_of_a_date_and_rows_with_an_id_are_told_apart_as_in_batch(
    plain, make_book
):
    account = {"account_id": "a", "opened_at": "2024-01-01"}
    rows = [{**VISIT, "occurred_at": "2024-02-01"}] * 2
    rows += [
        {**VISIT, "occurred_at": NOON, "interaction_id": id_} for id_ in ("1", "2", "2")
    ]
    rows += [{**VISIT, "occurred_at": "2024-02-01", "interaction_id": "2"}]
    of_batch = snapshot(
        make_book(accounts=[account], interactions=rows), [AS_OF], PLAIN
    )["signs_of_life_365d"]
    assert (
        [row[0] for row in measured(plain, accounts=[account], interactions=rows)]
        == of_batch.tolist()
        == [4.0]
    )


def test_rows_that_say_the_same_in_other_words_count_once_as_in_batch(plain, make_book):
    account = {"account_id": "a", "opened_at": "2024-01-01"}
    of_batch = snapshot(
        make_book(accounts=[account], interactions=REPEATED), [AS_OF], PLAIN
    )["signs_of_life_365d"]
    assert (
        [row[0] for row in measured(plain, accounts=[account], interactions=REPEATED)]
        == of_batch.tolist()
        == [1.0]
    )


def test_an_account_given_twice_is_answered_once_or_refused(plain):
    again = {**ACCOUNT, "market": "south"}
    try:
        answered = plain.snapshot(
            AS_OF, {"accounts": [ACCOUNT, again], "interactions": [VISIT]}
        )
    except BookError:
        return
    assert answered["account_id"].tolist() == ["a"]


def test_a_book_of_the_same_rows_gives_the_same_hash(tmp_path, plain):
    (tmp_path / "accounts.csv").write_text("account_id,opened_at\na,2024-01-01\n")
    (tmp_path / "interactions.csv").write_text(
        "account_id,occurred_at,kind\na,2024-02-01,visit\n"
    )
    (tmp_path / "surveys.csv").write_text(
        "account_id,occurred_at,item,score\na,2024-02-02,effort,1\n"
    )
    of_batch = snapshot(open_book(tmp_path), [AS_OF], PLAIN)
    answered = plain.snapshot(
        AS_OF, {"accounts": [ACCOUNT], "interactions": [VISIT], "surveys": [SCORE]}
    )
    assert vector_hashes(answered, list(PLAIN)) == vector_hashes(of_batch, list(PLAIN))
