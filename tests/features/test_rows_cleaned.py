"""Cleaning: a bad row is set aside with its place and what was expected; a good one comes out in one form."""

import random
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.book.book import open_book
from features.cleaning.arrays.values import missing, text
from features.cleaning.values import text_sql
from features.engine import connect, instant
from features.vocabulary.kinds import KINDS, OTHER

TIME = "a time between 1900 and 2100, and not in 1970"
NUMBER = "a finite number"
KNOWN_ID = "the id of an account in accounts"
ACCOUNTS = "account_id,opened_at\na,2024-01-01\n"
INTERACTIONS = "account_id,occurred_at,kind,known_at,value,minutes,sentiment\n"
SURVEYS = (
    "account_id,occurred_at,item,score,scale_min,scale_max,higher_is_better,known_at\n"
)
VISITS = INTERACTIONS + "a,2024-02-01,visit,,,,\n"


def us(text):
    return instant(datetime.fromisoformat(text))


def open_csv(folder, **tables):
    folder.mkdir(exist_ok=True)
    for name, rows in {"accounts": ACCOUNTS, "interactions": VISITS, **tables}.items():
        (folder / f"{name}.csv").write_text(rows)
    return open_book(folder, max_bad_share=1.0)


@pytest.fixture
def open_tables(tmp_path):
    return lambda **tables: open_csv(tmp_path / "book", **tables)


def column(book, table, name):
    return [
        row[0]
        for row in book.connection.execute(
            f"select {name} from {table} order by all"
        ).fetchall()
    ]


BAD_INTERACTIONS = [
    (",2024-02-02,visit,,,,", "account_id", "a text"),
    ("  ,2024-02-02,visit,,,,", "account_id", "a text"),
    ("stranger,2024-02-02,visit,,,,", "account_id", KNOWN_ID),
    ("a,,visit,,,,", "occurred_at", TIME),
    ("a,soon,visit,,,,", "occurred_at", TIME),
    ("a,2024-02-30,visit,,,,", "occurred_at", TIME),
    ("a,infinity,visit,,,,", "occurred_at", TIME),
    ("a,1970-01-01,visit,,,,", "occurred_at", TIME),
    ("a,1970-12-31 23:59:59,visit,,,,", "occurred_at", TIME),
    ("a,9999-12-31,visit,,,,", "occurred_at", TIME),
    ("a,1899-12-31,visit,,,,", "occurred_at", TIME),
    ("a,2024-02-02,,,,,", "kind", "a text"),
    ("a,2024-02-02,visit,later,,,", "known_at", TIME),
    ("a,2024-02-02,visit,1970-01-01,,,", "known_at", TIME),
]


def test_bad_interactions_are_set_aside_with_their_place_and_the_others_are_kept(
    open_tables,
):
    bad = "".join(f"{row}\n" for row, _, _ in BAD_INTERACTIONS)
    book = open_tables(interactions=f"{VISITS}{bad}a,2024-02-03,visit,,,,\n")
    assert book.quarantine[["row", "field", "expected"]].values.tolist() == [
        [row, field, expected]
        for row, (_, field, expected) in enumerate(BAD_INTERACTIONS, start=2)
    ]
    assert set(book.quarantine["table"]) == {"interactions"}
    assert column(book, "interactions", "occurred_us") == [
        us("2024-02-01"),
        us("2024-02-03"),
    ]
    assert book.rows["interactions"] == 2


MINUTES = [
    ("use", "12.5", 12.5),
    ("use", "-1", None),
    ("hold", "-0.5", None),
    ("delivery", "-90", -90.0),
    ("delivery", "-6e6", None),
    ("promise_made", "6e6", None),
    ("our_own_kind", "-3", -3.0),
]


def test_minutes_below_zero_are_kept_where_a_thing_can_be_early_and_blanked_where_it_lasts(
    open_tables,
):
    rows = "".join(
        f"a,2024-02-{day:02},{kind},,,{given},\n"
        for day, (kind, given, _) in enumerate(MINUTES, start=2)
    )
    book = open_tables(interactions=f"{VISITS}{rows}")
    found = book.connection.execute(
        "select minutes from interactions order by occurred_us"
    ).fetchall()
    assert [minutes for (minutes,) in found] == [None, *(kept for *_, kept in MINUTES)]
    assert book.quarantine.empty
    assert sum(blank.rows for blank in book.blanks) == 4


BAD_SCORES = [
    ("a,2024-02-02,product,,,,,", "score", NUMBER),
    ("a,2024-02-02,product,nan,,,,", "score", NUMBER),
    ("a,2024-02-02,product,inf,,,,", "score", NUMBER),
    ("a,2024-02-02,product,ten,,,,", "score", NUMBER),
    ("a,2024-02-02,product,10.5,,,,", "score", "a score within its scale"),
    ("a,2024-02-02,product,-0.5,,,,", "score", "a score within its scale"),
    ("a,2024-02-02,effort,0,,,,", "score", "a score within its scale"),
    ("a,2024-02-02,effort,8,,,,", "score", "a score within its scale"),
    ("a,2024-02-02,product,6,1,5,,", "score", "a score within its scale"),
    (
        "a,2024-02-02,product,5,5,5,,",
        "scale_min",
        "a scale whose lowest score is below its highest",
    ),
    (
        "a,2024-02-02,product,5,10,0,,",
        "scale_min",
        "a scale whose lowest score is below its highest",
    ),
    ("a,2024-02-02,product,5,0,nan,,", "scale_max", NUMBER),
    ("a,2024-02-02,product,5,,,perhaps,", "higher_is_better", "true or false"),
    ("a,2024-02-02,,5,,,,", "item", "a text"),
    ("stranger,2024-02-02,product,5,,,,", "account_id", KNOWN_ID),
    ("a,2024-02-02,product,5,,,,never", "known_at", TIME),
]


def test_bad_scores_are_set_aside_with_their_place_and_the_others_are_kept(open_tables):
    bad = "".join(f"{row}\n" for row, _, _ in BAD_SCORES)
    book = open_tables(
        surveys=f"{SURVEYS}a,2024-02-01,product,4,,,,\n{bad}a,2024-02-03,product,6,,,,\n"
    )
    assert book.quarantine[["row", "field", "expected"]].values.tolist() == [
        [row, field, expected]
        for row, (_, field, expected) in enumerate(BAD_SCORES, start=2)
    ]
    assert set(book.quarantine["table"]) == {"surveys"}
    assert column(book, "surveys", "score") == [4.0, 6.0]


def test_every_table_is_checked(open_tables):
    book = open_tables(
        accounts=f"{ACCOUNTS},2024-01-01\nb,\nc,1970-01-01\n",
        departures="account_id,occurred_at,overt\na,2024-03-01 00:00:01,perhaps\nstranger,2024-03-01,\na,,true\n",
        reps="rep_id,hired_at\n,2020-01-01\ns,1970-01-01\nr,2020-01-01\n",
        markets="market,occurred_at,kind\nnorth,2024-01-01,\nnorth,2024-01-02,entered\n",
    )
    assert book.quarantine.values.tolist() == [
        ["accounts", 2, "account_id", "a text"],
        ["accounts", 3, "opened_at", TIME],
        ["accounts", 4, "opened_at", TIME],
        ["departures", 2, "account_id", KNOWN_ID],
        ["departures", 3, "occurred_at", TIME],
        ["reps", 1, "rep_id", "a text"],
        ["markets", 1, "kind", "a text"],
    ]
    assert book.rows == {
        "accounts": 1,
        "interactions": 1,
        "departures": 1,
        "reps": 2,
        "markets": 1,
    }


def test_nan_in_a_typed_file_is_blanked_and_a_missing_value_is_none(tmp_path):
    (tmp_path / "accounts.csv").write_text(ACCOUNTS)
    days = [datetime.fromisoformat(f"2024-02-0{day}") for day in (1, 2, 3, 4)]
    values = pa.array([1.0, float("nan"), None, float("inf")], from_pandas=False)
    rows = {
        "account_id": ["a"] * 4,
        "occurred_at": days,
        "kind": ["purchase"] * 4,
        "value": values,
    }
    pq.write_table(pa.table(rows), tmp_path / "interactions.parquet")
    book = open_book(tmp_path, max_bad_share=1.0)
    assert book.quarantine.empty
    assert column(book, "interactions", "value") == [1.0, None, None, None]
    assert [(blank.rows, blank.of) for blank in book.blanks] == [(2, 3)]


def test_what_belongs_to_a_bad_account_is_set_aside_with_it(open_tables):
    book = open_tables(
        accounts=f"{ACCOUNTS}b,9999-01-01\n",
        interactions=f"{VISITS}b,2024-02-01,visit,,,,\n",
    )
    assert book.quarantine[["table", "row", "field"]].values.tolist() == [
        ["accounts", 2, "opened_at"],
        ["interactions", 2, "account_id"],
    ]


def test_a_row_with_several_faults_is_counted_once(open_tables):
    book = open_tables(interactions=f"{VISITS}stranger,soon,,never,nan,nan,9\n")
    assert len(book.quarantine) == 1
    assert book.rows["interactions"] == 1


def test_which_of_two_rows_of_one_account_is_kept_does_not_depend_on_their_order(
    tmp_path,
):
    first, second = "a,2024-01-01,north\n", "a,2023-01-01,south\n"
    kept = []
    for number, rows in enumerate([first + second, second + first]):
        book = open_csv(
            tmp_path / str(number), accounts=f"account_id,opened_at,market\n{rows}"
        )
        assert book.rows["accounts"] == 1
        kept.append(book.connection.execute("select * from accounts").fetchall())
    assert kept[0] == kept[1]


ROWS = [
    *(("visit", "1.5", True), ("visit", "nan", True), ("visit", "much", True)),
    *(("", "1.5", False), ("", "nan", False), ("  ", "much", False)),
]


@pytest.mark.parametrize("seed", range(3))
def test_good_and_bad_rows_add_up_and_the_bad_ones_are_those_named(open_tables, seed):
    rows = random.Random(seed).choices(ROWS, k=80)
    lines = [
        f"a,2024-02-01 00:{place // 60:02}:{place % 60:02},{kind},,{value},,\n"
        for place, (kind, value, _) in enumerate(rows)
    ]
    book = open_tables(interactions=INTERACTIONS + "".join(lines))
    assert book.rows["interactions"] + len(book.quarantine) == len(rows)
    assert book.quarantine["row"].tolist() == [
        row for row, (*_, good) in enumerate(rows, start=1) if not good
    ]
    assert sum(blank.rows for blank in book.blanks) == sum(
        good and value != "1.5" for _, value, good in rows
    )


SCORES = [
    ("product,7,,,", 7.0),
    ("product,0,,,", 0.0),
    ("product,10,,,", 10.0),
    ("product,3,1,5,", 5.0),
    ("product,80,0,100,", 8.0),
    ("product,8,,,false", 2.0),
    ("recommend,9,,,", 9.0),
    ("effort,1,,,", 10.0),
    ("effort,7,,,", 0.0),
    ("effort,4,,,", 5.0),
    ("effort,2,1,5,", 7.5),
    ("effort,4,,,true", 5.0),
    ("effort,7,,,true", 10.0),
    ("parking,6,,,", 6.0),
    ("parking,6,5,7,", 5.0),
]


def test_scores_come_out_on_0_to_10_where_high_is_good(open_tables):
    rows = [
        f"a,2024-02-{day:02},{row},\n" for day, (row, _) in enumerate(SCORES, start=1)
    ]
    book = open_tables(surveys=SURVEYS + "".join(rows))
    found = book.connection.execute(
        "select score from surveys order by occurred_us"
    ).fetchall()
    assert [score for (score,) in found] == [score for _, score in SCORES]


def test_a_score_within_any_scale_comes_out_within_0_to_10(open_tables):
    chance = random.Random(0)
    scales = [
        (
            chance.randint(-5, 5),
            chance.randint(1, 100),
            chance.choice([0, 1, 99, 100, chance.randint(0, 100)]),
            chance.choice([True, False]),
        )
        for _ in range(200)
    ]
    rows = [
        f"a,2024-02-02 {place // 60:02}:{place % 60:02},product,"
        f"{low + width * steps / 100},{low},{low + width},{upward},\n"
        for place, (low, width, steps, upward) in enumerate(scales)
    ]
    book = open_tables(surveys=SURVEYS + "".join(rows))
    found = book.connection.execute(
        "select score from surveys order by occurred_us"
    ).fetchall()
    expected = [
        steps / 10 if upward else 10 - steps / 10 for _, _, steps, upward in scales
    ]
    assert [score for (score,) in found] == pytest.approx(expected)


TIMES = [
    ("2024-02-02", "2024-02-02T00:00"),
    ("2024-02-02 10:30:00", "2024-02-02T10:30"),
    ("2024-02-02T10:30:00Z", "2024-02-02T10:30"),
    ("2024-02-02T01:30:00+02:00", "2024-02-01T23:30"),
    ("2024-02-01T20:30:00.000001-04:00", "2024-02-02T00:30:00.000001"),
]


def test_times_become_instants_in_utc(open_tables):
    rows = [f"a,{text},{number:02},,,,\n" for number, (text, _) in enumerate(TIMES)]
    book = open_tables(interactions=INTERACTIONS + "".join(rows))
    found = book.connection.execute(
        "select occurred_us from interactions order by kind"
    ).fetchall()
    assert [when for (when,) in found] == [us(utc) for _, utc in TIMES]


def test_a_row_is_known_when_it_happens_or_later_and_never_before_it_happened(
    open_tables,
):
    rows = [
        ("2024-02-10", ""),
        ("2024-02-11", "2024-02-12"),
        ("2024-02-13", "2024-01-05"),
    ]
    extra = {
        "interactions": ("kind", "visit"),
        "surveys": ("item,score", "product,5"),
        "departures": ("reason", ""),
    }
    book = open_tables(
        **{
            table: f"account_id,occurred_at,known_at,{names}\n"
            + "".join(f"a,{occurred},{known},{values}\n" for occurred, known in rows)
            for table, (names, values) in extra.items()
        }
    )
    for table in extra:
        assert column(book, table, "occurred_us") == [
            us("2024-02-10"),
            us("2024-02-11"),
            us("2024-02-13"),
        ]
        assert column(book, table, "known_us") == [
            us("2024-02-10"),
            us("2024-02-12"),
            us("2024-02-13"),
        ]


def test_kinds_become_codes_and_an_unknown_kind_is_other(open_tables):
    text = (
        INTERACTIONS
        + "a,2024-02-01,purchase,,,,\na,2024-02-02,teleportation,,,,\na,2024-02-03,return,,,,\n"
    )
    book = open_tables(interactions=text)
    ordered = [
        row[0]
        for row in book.connection.execute(
            "select kind_code from interactions order by occurred_us"
        ).fetchall()
    ]
    assert ordered == [KINDS["purchase"].code, OTHER, KINDS["return"].code]


@pytest.mark.parametrize(
    "around", [" ", "\t", "\n", "\r\n", "\v", "\u00a0", "\u2028", " \t\u3000"]
)
def test_white_space_around_a_text_makes_no_other_account_and_no_other_kind(
    make_book, around
):
    account = {"account_id": "a", "opened_at": "2024-01-01"}
    visit = {
        "account_id": f"{around}a{around}",
        "occurred_at": "2024-02-01",
        "kind": f"{around}visit{around}",
    }
    book = make_book(accounts=[account], interactions=[visit])
    assert column(book, "interactions", "account_id") == ["a"]
    assert column(book, "interactions", "kind_code") == [KINDS["visit"].code]
    assert text(visit["kind"]) == "visit"


def test_a_book_and_a_request_take_the_same_characters_for_white_space():
    characters = map(chr, range(1, 0x3100))
    texts = [f"{one}a{one}b\n{one}" for one in characters] + ["\t\n"]
    sql = f"select {text_sql('text')} from (select unnest(?) as text)"
    in_sql = [found for (found,) in connect().execute(sql, [texts]).fetchall()]
    assert in_sql == [None if missing(found) else text(found) for found in texts]
