"""Variety of a night's list, with a model in which each account has the same reasons."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from features.engine import instant
from features.themes.dictionary import OURS
from models.score.reasons import REASON_COLUMNS, Reason, reason_columns
from serving.night.variety import varied

NIGHT = instant(date(2026, 6, 1))
COLUMNS = ("days_silent", "complaints_90d")
TOLD = [
    Reason("days_silent", 40.0, "Silent for 40 days"),
    Reason("complaints_90d", 2.0, "Complained twice"),
]


@pytest.fixture
def book(make_book):
    return make_book(
        accounts=[{"account_id": name, "opened_at": "2026-01-01"} for name in "abcd"],
        interactions=[
            {"account_id": name, "occurred_at": "2026-05-01", "kind": "visit"}
            for name in "abcd"
        ],
    )


def scorer(quiet, complaints):
    """Models in which the two columns add so much to the risk of everybody."""
    model = SimpleNamespace(
        encoding=SimpleNamespace(columns=COLUMNS),
        contributions=lambda frame: np.tile([quiet, complaints], (len(frame), 1)),
    )
    return SimpleNamespace(defection=model, dictionary=OURS)


def order(**owed):
    frame = pd.DataFrame({"account_id": list("dabc")})
    owes = [owed.get(name) for name in "dabc"]
    told = reason_columns([TOLD] * 4, frame.index)
    return pd.concat([frame.assign(owed=pd.Series(owes, dtype=object)), told], axis=1)


def first(frame):
    return frame[REASON_COLUMNS[0]].tolist()


QUIET, COMPLAINED = "Silent for 40 days", "Complained twice"


def test_the_first_reasons_of_a_list_are_not_all_the_same(book):
    found = varied(book, NIGHT, scorer(1.0, 0.9), order(), 4)
    assert first(found) == [QUIET, COMPLAINED, QUIET, COMPLAINED]
    assert found["reason_2"].tolist() == [COMPLAINED, QUIET, COMPLAINED, QUIET]
    assert found["reason_2_feature"].tolist()[1] == "days_silent"
    assert found["account_id"].tolist() == list("dabc")


def test_a_weaker_reason_does_not_lead_and_who_is_not_listed_keeps_theirs(book):
    assert first(varied(book, NIGHT, scorer(1.0, 0.5), order(), 4)) == [QUIET] * 4
    assert first(varied(book, NIGHT, scorer(1.0, 0.9), order(), 2))[2:] == [QUIET] * 2


def test_where_something_is_owed_the_reasons_stay_as_they_are(book):
    owed = order(a="We owe them: a matter waiting for 3 days")
    found = varied(book, NIGHT, scorer(1.0, 0.9), owed, 4)
    assert first(found) == [QUIET, QUIET, COMPLAINED, QUIET]


def test_a_list_of_nobody_stays_one(book):
    nobody = order().head(0)
    assert varied(book, NIGHT, scorer(1.0, 0.9), nobody, 4).empty
