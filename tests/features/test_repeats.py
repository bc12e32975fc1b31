"""Repeats: which rows of a table are the same, and which of them stays."""

import random

import pytest

from features.book.book import open_book
from features.cleaning.repeats import (
    any_repeat,
    copies_of_table,
    tied_sql,
)
from features.engine import connect
from features.errors import QuarantineError

ACCOUNTS = "account_id,opened_at,market\na,2024-01-01,north\n"
DAY, NOON = "2024-02-01", "2024-02-01 12:00"
ONCE, AGAIN = ["row", "each row once"], ["interaction_id", "each id once"]
OTHER, WHOLE = ["interaction_id", "one row for each id"], ["row", "each file once"]


def bought(*rows, columns="account_id,occurred_at,kind,value,interaction_id,known_at"):
    return "\n".join([columns, *(f"a,{row}" for row in rows)]) + "\n"


@pytest.fixture
def opened(tmp_path):
    def open_tables(max_bad_share=1.0, **tables):
        for name, text in {"accounts": ACCOUNTS, **tables}.items():
            (tmp_path / f"{name}.csv").write_text(text)
        return open_book(tmp_path, max_bad_share=max_bad_share)

    return open_tables


def values(book):
    return [
        row[0]
        for row in book.connection.execute(
            "select value from interactions order by all"
        ).fetchall()
    ]


def set_aside(book):
    return book.quarantine[["row", "field", "expected"]].values.tolist()


@pytest.mark.parametrize(
    "day", [DAY, "2024-02-01 00:00:00", "2024-02-01T00:00:00Z", "2024/02/01"]
)
def test_rows_of_a_date_are_each_one_for_itself(opened, day):
    book = opened(interactions=bought(*[f"{day},purchase,15,,"] * 3))
    assert (values(book), set_aside(book)) == ([15.0, 15.0, 15.0], [])


def test_of_rows_of_one_moment_that_say_the_same_one_stays(opened):
    row = f"{NOON},purchase,15,,"
    book = opened(interactions=bought(row, row, f"{NOON},purchase,16,,", row))
    assert (values(book), set_aside(book)) == ([15.0, 16.0], [[2, *ONCE], [4, *ONCE]])


def test_an_id_tells_rows_apart_and_repeats(opened):
    rows = [
        f"{NOON},purchase,15,1,",
        f"{NOON},purchase,15,2,",
        f"{NOON},purchase,15,1,",
        f"{DAY},purchase,9,3,",
    ]
    book = opened(interactions=bought(*rows, f"{DAY},purchase,9,3,"))
    assert (values(book), set_aside(book)) == (
        [9.0, 15.0, 15.0],
        [[3, *AGAIN], [5, *AGAIN]],
    )
    assert book.connection.execute("select * from interactions").df().columns.tolist()[
        -2:
    ] == ["sentiment", "items"]


def test_of_rows_with_one_id_the_latest_known_stays_whatever_their_order(opened):
    told = [
        f"{NOON},purchase,10,1,2024-02-02",
        f"{NOON},purchase,8,1,2024-02-05",
        f"{NOON},purchase,9,1,2024-02-03",
    ]
    for rows in (told, told[::-1]):
        book = opened(interactions=bought(*rows))
        assert values(book) == [8.0]
        assert sorted(set_aside(book))[0][1:] == OTHER


def test_rows_without_an_id_are_told_beside_those_with_one_by_what_they_say(opened):
    rows = [
        f"{NOON},purchase,15,1,",
        f"{NOON},purchase,15,,",
        f"{NOON},purchase,15,,",
        *[f"{DAY},purchase,9,,"] * 2,
    ]
    book = opened(interactions=bought(*rows))
    assert (values(book), set_aside(book)) == ([9.0, 9.0, 15.0, 15.0], [[3, *ONCE]])


def day_rows(count):
    return [f"2024-02-{day:02},purchase,{day},," for day in range(1, count + 1)]


def test_a_file_of_dates_that_is_there_twice_is_told_by_all_its_rows(opened):
    rows = [*day_rows(10), day_rows(10)[0]]
    book = opened(max_bad_share=0.0, interactions=bought(*rows, *rows))
    assert values(book) == [1.0, *(float(day) for day in range(1, 11))]
    assert {(field, expected) for _, field, expected in set_aside(book)} == {
        tuple(WHOLE)
    }
    thrice = opened(interactions=bought(*rows * 3))
    assert len(thrice.quarantine) == 22


def test_a_few_rows_twice_are_no_file_twice_and_neither_is_most_of_one(opened):
    few = opened(interactions=bought(*day_rows(9) * 2))
    assert few.rows["interactions"] == 18
    most = opened(interactions=bought(*day_rows(20) * 2, "2024-02-25,purchase,1,,"))
    assert most.rows["interactions"] == 41


def test_repeats_with_which_something_may_be_lost_count_as_bad_and_others_do_not(
    opened,
):
    lost = f"{NOON},purchase,1,,"
    with pytest.raises(
        QuarantineError, match=r"2 bad rows of 4 .2 rows where row is not each row once"
    ):
        opened(
            max_bad_share=0.49,
            interactions=bought(lost, lost, lost, f"{NOON},visit,,,"),
        )
    other = [f"{NOON},purchase,1,7,", f"{NOON},purchase,2,7,"]
    with pytest.raises(
        QuarantineError,
        match=r"1 bad rows of 2 .1 rows where interaction_id is not one row for each",
    ):
        opened(max_bad_share=0.49, interactions=bought(*other))
    assert (
        opened(max_bad_share=0.0, interactions=bought(other[0], other[0])).rows[
            "interactions"
        ]
        == 1
    )


def test_scores_and_departures_are_told_apart_likewise(opened):
    book = opened(
        interactions=bought(f"{NOON},visit,,,"),
        surveys="account_id,occurred_at,item,score,survey_id\n"
        + "".join(
            f"a,{when},product,8,{id_}\n"
            for when, id_ in ((DAY, ""), (DAY, ""), (NOON, "1"), (NOON, "1"))
        ),
        departures="account_id,occurred_at,departure_id\na,2024-03-01 10:00,x\na,2024-03-01 10:00,y\na,2024-03-02,y\n",
    )
    assert book.rows == {
        "accounts": 1,
        "interactions": 1,
        "surveys": 3,
        "departures": 2,
    }
    assert book.quarantine[["table", "field", "expected"]].values.tolist() == [
        ["surveys", "survey_id", "each id once"],
        ["departures", "departure_id", "one row for each id"],
    ]


def test_an_account_or_rep_that_is_there_twice_is_bad_only_where_the_rows_differ(
    opened,
):
    def quarantine(rows, share):
        return set_aside(
            opened(
                max_bad_share=share,
                accounts=ACCOUNTS + rows,
                interactions=bought(f"{NOON},visit,,,"),
            )
        )

    assert quarantine("a,2024-01-01,north\n", 0.0) == [
        [2, "account_id", "each id once"]
    ]
    assert [row[1:] for row in quarantine("a,2024-01-01,south\n", 0.5)] == [
        ["account_id", "one row for each id"]
    ]
    with pytest.raises(QuarantineError):
        quarantine("a,2024-01-01,south\n", 0.49)


def random_rows(chance):
    """Rows of an account: when, the amount, and an id or none."""
    return [
        (
            chance.choice([DAY, NOON]),
            chance.randint(1, 3),
            chance.choice(["", "1", "2"]),
        )
        for _ in range(chance.randint(1, 9))
    ]


def test_what_stays_does_not_depend_on_the_order_and_all_rows_are_accounted_for(
    tmp_path_factory,
):
    """Of eighty accounts each has rows and ids of its own."""
    chance = random.Random(0)
    rows_of = {f"a{number:02}": random_rows(chance) for number in range(80)}
    header, *_ = bought().splitlines()
    lines = [
        f"{name},{when},purchase,{value},{id_ and name + id_},"
        for name, rows in rows_of.items()
        for when, value, id_ in rows
    ]
    kept = []
    for order in (lines, chance.sample(lines, len(lines))):
        folder = tmp_path_factory.mktemp("book")
        accounts = "".join(f"{name},2024-01-01\n" for name in rows_of)
        (folder / "accounts.csv").write_text(f"account_id,opened_at\n{accounts}")
        (folder / "interactions.csv").write_text("\n".join([header, *order]))
        book = open_book(folder, max_bad_share=1.0)
        assert book.rows["interactions"] + len(book.quarantine) == len(lines)
        kept.append(
            book.connection.execute(
                "select * from interactions order by all"
            ).fetchall()
        )
        counted = "select account_id, count(*) from interactions group by account_id"
        found = dict(book.connection.execute(counted).fetchall())
        for name, rows in rows_of.items():
            named = {id_ for _, _, id_ in rows if id_}
            dated = sum(when == DAY and not id_ for when, _, id_ in rows)
            timed = {value for when, value, id_ in rows if when == NOON and not id_}
            assert found[name] == len(named) + dated + len(timed)
    assert kept[0] == kept[1]


def test_a_table_is_there_as_often_as_each_of_ten_different_rows_without_an_id():
    assert copies_of_table([("date", 2, 9)]) == 1
    assert copies_of_table([("date", 2, 10)]) == 2
    assert copies_of_table([("date", 4, 5), ("time", 6, 5)]) == 2
    assert copies_of_table([("date", 2, 10), ("time", 1, 1)]) == 1
    assert copies_of_table([("date", 2, 9), ("id", 2, 50)]) == 1


def test_rows_repeat_by_id_or_time_or_where_the_table_is_there_twice():
    assert any_repeat([("id", 2, 1)]) and any_repeat([("time", 2, 1)])
    assert not any_repeat([("id", 1, 50), ("time", 1, 50), ("date", 2, 9)])
    assert any_repeat([("date", 2, 10)])


def asked(query):
    (value,) = connect().execute(query).fetchone()
    return value


def test_rows_are_tied_that_have_account_and_moment_of_the_row_before():
    rows = "(values ('a', 1), ('a', 1), ('a', 1), ('a', 2), ('b', 2)) as t(account_id, occurred_us)"
    assert asked(tied_sql(rows)) == 2
