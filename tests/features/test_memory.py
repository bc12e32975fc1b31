"""Memory: a limit holds for what is measured together; one too small is told with the least that is needed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.book.book import open_book
from features.engine import MICROS_PER_DAY
from features.errors import BookError
from features.memory import memory_of
from features.past.chunks import chunks
from features.snapshot.frame import snapshot
from features.timeline.rows import spread


def written(folder, visits):
    """The folder of a book of accounts, each with so many visits, an hour apart."""
    names = [f"a{number}" for number in range(len(visits))]
    accounts = pd.DataFrame({"account_id": names, "opened_at": "2024-01-01"})
    account, hour = spread(np.zeros(len(visits), dtype=np.int64), np.array(visits))
    interactions = pd.DataFrame(
        {
            "account_id": np.array(names)[account],
            "occurred_at": pd.Timestamp("2024-02-01") + pd.to_timedelta(hour, unit="h"),
            "kind": "visit",
        }
    )
    accounts.to_parquet(folder / "accounts.parquet")
    interactions.to_parquet(folder / "interactions.parquet")
    return folder


def sizes(book, dates, features):
    """How many accounts are measured together, at so many dates."""
    pairs = np.full(book.rows["accounts"], dates)
    read = book.ledgers.read(["interactions"], pairs, features)
    return [ledger.size for _, ledger in read]


def test_a_limit_is_told_in_bytes_and_shared():
    memory = memory_of("2GiB")
    assert (memory.limit, memory.of_queries, memory.of_arrays) == (
        2 * 2**30,
        2**30,
        2**29,
    )
    assert memory_of("512MB").limit == 512_000_000


@pytest.mark.parametrize(
    ("dates", "limit", "together"),
    [
        # An account has 1 row of 400 bytes, and 40 bytes a feature and date: 400 + 40 * 100,000 = 4,000,400.
        (1, "256MiB", [16, 14]),  # 64 MiB / 4,000,400 = 16.8
        (1, "512MiB", [30]),  # 128 MiB hold 33 of them
        (3, "256MiB", [5, 5, 5, 5, 5, 5]),  # of 12,000,400 each
        (3, None, [30]),
    ],
)
def test_a_smaller_limit_and_more_dates_leave_fewer_accounts_to_be_measured_together(
    tmp_path, dates, limit, together
):
    book = open_book(written(tmp_path, [1] * 30), memory_limit=limit)
    assert sizes(book, dates, 100_000) == together


def test_accounts_with_many_rows_are_fewer_together(tmp_path):
    # 15,000,000 bytes an account and 400 a row: four without many rows would fit in the 67,108,864 of a quarter
    book = open_book(written(tmp_path, [1, 1, 100_000, 1]), memory_limit="256MiB")
    assert sizes(book, 1, 375_000) == [2, 1, 1]


def test_the_features_within_a_limit_are_those_without(tmp_path):
    folder = written(tmp_path, [1, 5, 0, 3])
    bounded, free = open_book(folder, memory_limit="256MiB"), open_book(folder)
    as_ofs = [free.end - days * MICROS_PER_DAY for days in (0, 1, 40)]
    pd.testing.assert_frame_equal(snapshot(bounded, as_ofs), snapshot(free, as_ofs))


def test_a_limit_below_the_least_of_all_is_told():
    with pytest.raises(BookError, match=r"memory limit of 64MiB.*at least 256MiB"):
        memory_of("64MiB")


@pytest.mark.parametrize("text", ["plenty", "512", "none", "50%", ""])
def test_a_limit_that_is_none_is_told(text):
    with pytest.raises(BookError, match="such as 2GiB"):
        memory_of(text)


def test_a_limit_too_small_for_one_account_is_told_with_the_least_that_is_needed(
    tmp_path,
):
    book = open_book(written(tmp_path, [1, 2, 1]), memory_limit="256MiB")
    # 2 rows of 400 bytes and a million features of 40 at 2 dates: 80,000,800 bytes, 4 times that are 305.2 MiB
    with pytest.raises(BookError, match="of 256MiB; expected at least 306MiB"):
        sizes(book, 2, 1_000_000)
    enough = open_book(tmp_path, memory_limit="306MiB")
    assert sizes(enough, 2, 1_000_000) == [1, 1, 1]


@given(
    needs=st.lists(st.integers(0, 20), max_size=30),
    most=st.integers(0, 40),
    at_once=st.integers(1, 10),
)
def test_every_account_is_in_one_run_and_a_run_is_no_larger_than_it_may_be(
    needs, most, at_once
):
    runs = list(chunks(np.array(needs, dtype=np.int64), most, at_once))
    members = [list(range(first, first + count)) for first, count in runs]
    assert [one for run in members for one in run] == list(range(len(needs)))
    for run in members:
        assert len(run) == 1 or sum(needs[one] for one in run) <= most
        assert len(run) <= at_once
