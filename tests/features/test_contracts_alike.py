"""Contracts and planned events, whoever holds them: a book, a request, a book whose future is another."""

import random
from datetime import datetime

import pandas as pd
import pytest
from contracted import company, day

from features.engine import instant
from features.snapshot.frame import KEYS, snapshot
from features.snapshot.of_request import LiveBook
from features.themes.dictionary import with_parts
from training.leakage import certify

NAMES = ("days_to_next_touch", "uses_per_seat", "renewal_seats_ratio")
MEASURED = with_parts(
    [
        *("days_to_term_end", "term_length", "terms_begun", "terms_to_come"),
        *("days_since_first_term", "contract_value", "renewal_value_ratio"),
        *("upgrades_365d", "downgrades_365d", "plan_changed", "renews_itself"),
        *("notice_given", *NAMES),
    ]
)


def us(number):
    return instant(datetime.fromisoformat(day(number)))


@pytest.mark.parametrize("seed", range(4))
def test_a_request_is_measured_as_a_book_to_the_last_bit(make_book, seed):
    tables = company(seed=seed)
    book, live = make_book(**tables), LiveBook({}, MEASURED)
    for number in (200, 395, 730, 1100):
        for rows in tables.values():
            random.Random(number).shuffle(rows)
        expected = snapshot(book, [us(number)], MEASURED)
        found = live.snapshot(us(number), tables)
        known = expected["account_id"]
        found = found[found["account_id"].isin(known)].reset_index(drop=True)
        assert number < 1100 or expected[list(MEASURED)].notna().any().all()
        pd.testing.assert_frame_equal(
            found[[*KEYS, *MEASURED]], expected, check_exact=True, check_dtype=False
        )


@pytest.mark.parametrize("number", [200, 730, 1100])
def test_no_term_and_no_planned_event_is_seen_before_it_is_known(make_book, number):
    certificate = certify(make_book(**company()), us(number), MEASURED)
    assert certificate.clean, certificate.leaking
