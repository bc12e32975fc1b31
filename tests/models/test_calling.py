"""What calls for an action by itself."""

import numpy as np

from features.themes.dictionary import FEATURES
from models.score.calling import CALLS, calling_of
from models.score.reasons import Reason

NAN = np.nan


def test_only_values_that_call_are_reasons_and_a_missing_one_never_is():
    snapshot = {
        "failed_payment_open": np.array([1.0, 0.0, NAN, 0.0]),
        "days_to_term_end": np.array([60.0, 60.5, NAN, 0.0]),
        "account_tier": np.array([3.0, 2.0, NAN, 0.0]),
    }
    assert calling_of(snapshot) == [
        (Reason("failed_payment_open", 1.0), Reason("days_to_term_end", 60.0)),
        (Reason("account_tier", 2.0),),
        (),
        (Reason("days_to_term_end", 0.0), Reason("account_tier", 0.0)),
    ]


def test_they_are_columns_of_the_snapshot():
    assert set(CALLS) <= set(FEATURES)
