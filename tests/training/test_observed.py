"""A book as observed until a moment."""

import pytest
from histories import AS_OF, ago

from features.engine import MICROS_PER_DAY, instant
from features.errors import EvidenceError
from training.past.observed import observe

DAY = MICROS_PER_DAY


@pytest.fixture
def book(make_book):
    """Signs of life every 10 days for 100 days; nobody's departure."""
    return make_book(
        accounts=[{"account_id": "a", "opened_at": ago(200)}],
        interactions=[
            {"account_id": "a", "occurred_at": ago(days), "kind": "visit"}
            for days in range(10, 111, 10)
        ],
    )


def test_until_its_watermark_where_no_moment_is_given(book):
    assert observe(book).until == book.watermark == instant(AS_OF) - 10 * DAY


def test_its_quiet_period_is_that_which_was_asked_for_or_else_told_by_the_book(book):
    assert observe(book, quiet_days=30).meaning.quiet_days == 30
    assert observe(book).meaning.quiet_days == 10


def test_at_another_moment_its_quiet_period_stays_and_what_was_known_does_not(book):
    now = observe(book, quiet_days=5)
    then = now.at(book.watermark - 95 * DAY)
    assert then.until == book.watermark - 95 * DAY
    assert then.meaning.quiet_days == 5
    assert (now.meaning.came_back, then.meaning.came_back) == (1.0, 0.0)
    assert now.at(now.until) is now


def test_followed_further_leaving_means_what_it_did(book):
    then = observe(book, book.watermark - 50 * DAY)
    followed = then.followed(book.watermark)
    assert followed.until == book.watermark
    assert followed.meaning is then.meaning


def test_nothing_is_observed_before_the_book_begins(book):
    with pytest.raises(EvidenceError, match="a book that begins on"):
        observe(book, book.beginning)
