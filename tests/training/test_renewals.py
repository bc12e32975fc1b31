"""Who left by not renewing, worked out by hand: the end of the last known term, known a grace of 30 days later."""

from datetime import datetime, timedelta

import pandas as pd
import pytest
from conftest import write_book

from features.book.book import open_book
from features.book.coming_and_going import oddities
from features.engine import MICROS_PER_DAY, instant
from features.errors import BookError
from features.snapshot.cohort import cohort_at
from training.past.labels import departed
from training.past.leaving import leaving
from training.past.observed import Observed

START = datetime.fromisoformat("2023-01-01")
LATE = 900
"""When all of it is known, in days since the start."""


def on(days):
    return (START + timedelta(days=days)).isoformat()


def us(days):
    return instant(START) + days * MICROS_PER_DAY


def term(starts, ends, known=None, **rest):
    """A term of account a from and to some days after the start."""
    return {
        "account_id": "a",
        "starts_at": on(starts),
        "ends_at": None if ends is None else on(ends),
        "known_at": None if known is None else on(known),
        **rest,
    }


def tables(*contracts, departures=(), visits=()):
    """A book with account a, and b, which is heard from all along."""
    told = {
        "accounts": [{"account_id": n, "opened_at": on(0)} for n in ("a", "b")],
        "interactions": [
            {"account_id": name, "occurred_at": on(day), "kind": "visit"}
            for name, days in (("b", range(0, 1000, 10)), ("a", visits))
            for day in days
        ],
        "contracts": [*contracts, {**term(0, 5000), "account_id": "b"}],
    }
    return told | ({"departures": list(departures)} if departures else {})


@pytest.fixture
def book_of(make_book):
    def make(*contracts, **rest):
        return make_book(**tables(*contracts, **rest))

    return make


def left_on(book, as_of, until=LATE):
    """The day on which account a left after an as-of date, as is known at a moment; None where it did not."""
    observed = Observed(book, us(until), leaving(book, us(until)))
    cohort = pd.DataFrame({"account_id": ["a"], "as_of_us": [us(as_of)]})
    (moment,) = departed(observed, cohort)
    return None if moment != moment else (moment - us(0)) / MICROS_PER_DAY


def customers(book, day):
    return set(cohort_at(book, [us(day)])["account_id"])


def test_a_term_that_is_not_renewed_is_a_departure_at_its_end(book_of):
    book = book_of(term(0, 365))
    assert book.lapsed == 1
    assert left_on(book, 300) == 365
    assert left_on(book, 300, until=395) == 365
    assert left_on(book, 300, until=394) is None  # the grace is not over
    assert left_on(book, 365) is None  # it had left by then


def test_until_the_grace_is_over_it_is_a_customer(book_of):
    book = book_of(term(0, 365))
    assert customers(book, 394) == {"a", "b"}
    assert customers(book, 395) == {"b"}


@pytest.mark.parametrize(
    "renewal",
    [
        term(365, 730),
        term(395, 760),  # on the last day of the grace
        term(430, 795, known=390),  # signed within it, for later
        term(340, 705, known=300),
        term(365, None),
        term(100, 365, known=380, contract_id="c", auto_renews=True),
    ],
)
def test_a_renewed_term_is_no_departure(book_of, renewal):
    first = term(0, 365)
    if "contract_id" in renewal:
        first = term(0, 365, contract_id="c")
    assert left_on(book_of(first, renewal), 300, until=700) is None


def test_a_renewal_that_is_known_too_late_is_a_coming_back(book_of):
    book = book_of(term(0, 365), term(366, 2000, known=420))
    assert left_on(book, 300) == 365
    assert customers(book, 410) == {"b"}
    assert customers(book, 420) == {"a", "b"}


def test_the_last_of_several_terms_is_the_one_that_lapses(book_of):
    book = book_of(term(0, 90), term(90, 180), term(180, 270))
    assert book.lapsed == 1
    assert left_on(book, 10) == 270


def test_a_gap_longer_than_the_grace_is_a_departure_and_a_coming_back(book_of):
    book = book_of(term(0, 365), term(465, 5000))
    assert left_on(book, 300) == 365
    assert customers(book, 464) == {"b"}
    assert customers(book, 465) == {"a", "b"}


def test_a_term_that_another_one_lies_beside_does_not_lapse_alone(book_of):
    assert left_on(book_of(term(0, 365), term(100, 5000)), 300) is None


def test_an_end_brought_forward_is_the_end(book_of):
    book = book_of(
        term(0, 730, contract_id="c"), term(0, 365, known=350, contract_id="c")
    )
    assert book.lapsed == 1
    assert left_on(book, 300) == 365


def test_an_end_that_became_known_late_is_known_no_sooner(book_of):
    book = book_of(
        term(0, 730, contract_id="c"), term(0, 365, known=450, contract_id="c")
    )
    assert left_on(book, 300, until=449) is None
    assert left_on(book, 300, until=450) == 365
    assert customers(book, 449) == {"a", "b"}
    assert customers(book, 450) == {"b"}


def test_a_term_prolonged_after_the_grace_brings_the_account_back(book_of):
    book = book_of(
        term(0, 365, contract_id="c"), term(0, 5000, known=500, contract_id="c")
    )
    assert left_on(book, 300) == 365
    assert customers(book, 499) == {"b"}
    assert customers(book, 500) == {"a", "b"}


def test_a_term_without_an_end_or_that_renews_itself_does_not_lapse(book_of):
    assert book_of(term(0, None)).lapsed == 0
    assert book_of(term(0, 365, auto_renews=True)).lapsed == 0


def test_an_old_term_that_renewed_itself_keeps_nobody_once_another_followed(book_of):
    book = book_of(term(0, 365, auto_renews=True), term(365, 730))
    assert left_on(book, 300) == 730


def test_with_a_departure_on_record_the_earlier_one_counts_once(book_of):
    before = {"account_id": "a", "occurred_at": on(350)}
    after = {"account_id": "a", "occurred_at": on(400), "reason": "moved"}
    assert left_on(book_of(term(0, 365), departures=[before]), 300) == 350
    book = book_of(term(0, 365), departures=[after])
    assert left_on(book, 300) == 365
    told = book.ask("select occurred_us from departures order by 1")
    assert [moment for (moment,) in told] == [us(365), us(400)]


def test_a_departure_within_a_term_is_not_undone_by_what_is_said_of_the_term(book_of):
    """Neither by its end nor by the notice, though both became known after it."""
    book = book_of(
        term(0, 365, contract_id="c", auto_renews=True),
        term(0, 200, known=160, contract_id="c", auto_renews=False),
        departures=[{"account_id": "a", "occurred_at": on(150)}],
    )
    assert left_on(book, 100) == 150
    assert customers(book, 170) == {"b"}


def test_a_term_signed_after_a_departure_brings_the_account_back(book_of):
    book = book_of(
        term(0, 100),
        term(400, 5000, known=300),
        departures=[{"account_id": "a", "occurred_at": on(90)}],
    )
    assert customers(book, 299) == {"b"}
    assert customers(book, 300) == {"a", "b"}


def test_terms_of_long_ago_that_became_known_later_bring_nobody_back(book_of):
    book = book_of(
        term(0, 100, known=300),
        departures=[{"account_id": "a", "occurred_at": on(90)}],
    )
    assert customers(book, 310) == {"b"}


def test_what_lapses_neither_ends_the_data_nor_lies_beyond_it(book_of):
    book = book_of(term(0, 985))  # the grace ends after the data
    assert book.recorded.beyond == 0
    assert [table.table for table in book.recorded.tables] == ["interactions"]
    assert book.doubts == []


def test_what_lapsed_is_told(book_of):
    (told,) = oddities(book_of(term(0, 365), visits=[1]))
    assert (told.name, told.rows, told.first) == ("lapsed", 1, ("a",))
    assert "departure at its end" in told.sentence


def test_the_grace_is_a_setting(tmp_path):
    folder = write_book(tmp_path, **tables(term(0, 365), term(400, 730)))
    assert open_book(folder).lapsed == 2
    (folder / "book.toml").write_text("renewal_grace_days = 45\n")
    assert open_book(folder).lapsed == 1
    (folder / "book.toml").write_text("renewal_grace_days = -1\n")
    with pytest.raises(BookError, match="renewal_grace_days"):
        open_book(folder)
