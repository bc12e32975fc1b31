"""What we owe an account, in one sentence, and the action that follows from it."""

import numpy as np
import pandas as pd
import pytest

from models.score.choosing import choose
from models.score.owed import owed_of

NAN = float("nan")
NOTHING = {
    "failures_not_fixed_365d": 0.0,
    "promises_overdue": 0.0,
    "matters_open": 0.0,
    "longest_open_failure": NAN,
    "longest_overdue": NAN,
    "longest_open_wait": NAN,
    "freshest_open_failure": NAN,
    "freshest_overdue": NAN,
    "freshest_open_wait": NAN,
}


def owed(**known):
    (found,) = owed_of({name: np.array([of]) for name, of in (NOTHING | known).items()})
    return found


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (
            {
                "failures_not_fixed_365d": 1,
                "matters_open": 1,
                "longest_open_failure": 12.7,
            },
            "We owe them: a failure not fixed for 12 days",
        ),
        (
            {
                "failures_not_fixed_365d": 2,
                "longest_open_failure": 1_400,
                "matters_open": 3,
                "longest_open_wait": 1_400,
            },
            "We owe them: 2 failures not fixed for up to 1,400 days; another matter waiting",
        ),
        (
            {"promises_overdue": 1, "longest_overdue": 1.5},
            "We owe them: a promise overdue for a day",
        ),
        (
            {
                "promises_overdue": 3,
                "longest_overdue": 5,
                "matters_open": 1,
                "longest_open_wait": 0.2,
            },
            "We owe them: 3 promises overdue for up to 5 days; a matter waiting for less than a day",
        ),
        (
            {
                "failures_not_fixed_365d": 1,
                "longest_open_failure": 4,
                "matters_open": 3,
                "longest_open_wait": 50,
            },
            "We owe them: a failure not fixed for 4 days; 2 other matters waiting",
        ),
        (
            {"matters_open": 4, "longest_open_wait": 20},
            "We owe them: 4 matters waiting for up to 20 days",
        ),
    ],
)
def test_all_that_is_owed_is_said(known, sentence):
    assert owed(**known).sentence == sentence


def test_nothing_is_owed_where_nothing_is_open_or_known():
    assert owed() is None
    assert owed(**dict.fromkeys(NOTHING, NAN)) is None


def test_what_is_owed_decides_the_action_before_any_reason():
    found = owed(matters_open=2, longest_open_wait=3, promises_overdue=1)
    assert choose(found.reasons, "exceptional", "surprises").code == "keep_promise"
    assert choose(owed(matters_open=1).reasons, "poor", "unknown").code == "answer_now"


def test_accounts_keep_their_places():
    frame = pd.DataFrame([NOTHING, NOTHING | {"matters_open": 1.0}, NOTHING])
    assert [found is None for found in owed_of(frame)] == [True, False, True]


def within(days, **known):
    rows = {name: np.array([of]) for name, of in (NOTHING | known).items()}
    (found,) = owed_of(rows, days)
    return None if found is None else found.sentence


@pytest.mark.parametrize(
    ("silent", "days", "said"),
    [
        (180.0, 180, "We owe them: 2 matters waiting for up to 692 days"),
        (180.1, 180, None),
        (180.1, 365, "We owe them: 2 matters waiting for up to 692 days"),
        (0.1, 0, None),
    ],
)
def test_what_nobody_spoke_of_for_long_is_no_longer_owed_first(silent, days, said):
    known = {"matters_open": 2, "longest_open_wait": 692.0}
    assert within(days, **known, freshest_open_wait=silent) == said


def test_each_kind_is_forgotten_by_itself_and_a_failure_is_no_other_matter():
    known = {
        "failures_not_fixed_365d": 1,
        "longest_open_failure": 300.0,
        "matters_open": 3,
        "longest_open_wait": 300.0,
        "promises_overdue": 1,
        "longest_overdue": 200.0,
    }
    stale = {"freshest_open_failure": 290.0, "freshest_overdue": 200.0}
    assert (
        within(180, **known, **stale, freshest_open_wait=9.0)
        == "We owe them: 2 matters waiting for up to 300 days"
    )
    fresh = {"freshest_open_failure": 9.0, "freshest_overdue": 9.0}
    assert (
        within(180, **known, **fresh, freshest_open_wait=290.0)
        == "We owe them: a failure not fixed for 300 days; a promise overdue for 200 days"
    )
