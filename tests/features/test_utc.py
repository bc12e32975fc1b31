"""Times as instants in UTC."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from features.utc import MICROS_PER_DAY, day_of, instant

NOON_US = 43_200_000_000


@pytest.mark.parametrize(
    ("moment", "micros"),
    [
        (date(1970, 1, 2), MICROS_PER_DAY),
        (datetime(1970, 1, 1, 12, tzinfo=UTC).replace(tzinfo=None), NOON_US),
        (datetime(1970, 1, 1, 12, tzinfo=UTC), NOON_US),
        (datetime(1970, 1, 1, 14, tzinfo=timezone(timedelta(hours=2))), NOON_US),
        (datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), -1),
    ],
    ids=["a date", "without a zone", "in UTC", "in another zone", "before 1970"],
)
def test_an_instant_is_in_microseconds_of_utc(moment, micros):
    assert instant(moment) == micros


@pytest.mark.parametrize(
    ("micros", "day"),
    [
        (0, date(1970, 1, 1)),
        (MICROS_PER_DAY - 1, date(1970, 1, 1)),
        (-1, date(1969, 12, 31)),
    ],
)
def test_the_day_of_an_instant_is_that_of_utc(micros, day):
    assert day_of(micros) == day


@given(some.datetimes(timezones=some.timezones()))
def test_the_day_of_a_moment_begins_no_more_than_a_day_before_it(moment):
    begun = instant(moment) - instant(day_of(instant(moment)))
    assert 0 <= begun < MICROS_PER_DAY
