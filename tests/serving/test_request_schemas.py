"""The description of requests: its bounds are those by which requests are read."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from features.vocabulary.contract import TABLES
from serving.endpoint.faults import UnfitError
from serving.endpoint.limits import MOST_ACCOUNTS, MOST_ROWS
from serving.endpoint.reading import read_request
from serving.endpoint.request_schemas import PredictRequest

FACTS = {"market": "text", "employees": "number"}
VISIT = {"occurred_at": "2024-02-01", "kind": "visit"}
SCORE = {"occurred_at": "2024-02-01", "item": "product", "score": 7}
TERM = {"starts_at": "2024-02-01"}
PLANNED = {"scheduled_at": "2024-03-01", "known_at": "2024-02-01"}
REP = {"rep_id": "r"}
EVENT = {"market": "north", "occurred_at": "2024-02-01", "kind": "competitor_entered"}
ACCOUNT = {"account_id": "a", "opened_at": "2024-01-01"}
REQUEST = {"as_of": "2026-11-21", "accounts": [ACCOUNT]}


def described(request):
    """Whether a request is as the description says."""
    try:
        PredictRequest.model_validate_json(json.dumps(request))
    except ValidationError:
        return False
    return True


def taken(request):
    """Whether a request is read without a fault."""
    try:
        return not read_request(json.dumps(request).encode(), FACTS).faults.count
    except UnfitError:
        return False


def with_row(table, row):
    if table in ("reps", "markets"):
        return REQUEST | {table: [row]}
    return REQUEST | {"accounts": [ACCOUNT | {table: [row]}]}


def with_account(**change):
    return REQUEST | {"accounts": [ACCOUNT | change]}


OUTSIDE = {
    "no kind": with_row("interactions", {"occurred_at": "2024-02-01"}),
    "an empty kind": with_row("interactions", VISIT | {"kind": ""}),
    "a blank kind": with_row("interactions", VISIT | {"kind": " "}),
    "a long kind": with_row("interactions", VISIT | {"kind": "k" * 201}),
    "a large value": with_row("interactions", VISIT | {"value": 1.1e12}),
    "no number": with_row("interactions", VISIT | {"value": float("nan")}),
    "a text for a number": with_row("interactions", VISIT | {"value": "8"}),
    "a flag for a number": with_row("surveys", SCORE | {"score": True}),
    "minutes without end": with_row("interactions", VISIT | {"minutes": 1e12}),
    "a sentiment above 1": with_row("interactions", VISIT | {"sentiment": 1.01}),
    "less than no items": with_row("interactions", VISIT | {"items": -1}),
    "an unknown field": with_row("interactions", VISIT | {"unknown": 1}),
    "no score": with_row("surveys", SCORE | {"score": None}),
    "a word for a flag": with_row("surveys", SCORE | {"higher_is_better": "perhaps"}),
    "a contract of less than nothing": with_row("contracts", TERM | {"value": -1}),
    "a plan nobody knows since when": with_row("scheduled", {"scheduled_at": "2024"}),
    "a weight of nothing": with_row("surveys", SCORE | {"weight": 0}),
    "another field of a rep": with_row("reps", REP | {"fired_at": "2024-01-01"}),
    "no market": with_row("markets", EVENT | {"market": None}),
    "a number for a time": with_account(opened_at=1_700_000_000),
    "a time of another notation": with_account(opened_at="01/02/2024"),
    "too many rows": with_account(interactions=[VISIT] * (MOST_ROWS + 1)),
    "rows by column with another field": with_account(surveys={"scores": [7]}),
    "a column that is no list": with_account(surveys={"score": 7}),
    "no account": REQUEST | {"accounts": []},
    "too many accounts": REQUEST | {"accounts": [ACCOUNT] * (MOST_ACCOUNTS + 1)},
    "no as-of date": {"accounts": [ACCOUNT]},
    "another field": REQUEST | {"quiet": True},
    "a number for a flag": REQUEST | {"all_or_nothing": 1},
}
ON_THE_BOUNDS = {
    "extremes": with_row("interactions", VISIT | {"value": -1e12, "sentiment": -1}),
    "the longest kind": with_row("interactions", VISIT | {"kind": "k" * 200}),
    "nulls": with_row("interactions", VISIT | {"value": None, "rep_id": None}),
    "empty texts": with_row("interactions", VISIT | {"value": "", "rep_id": ""}),
    "facts": with_account(facts={"market": "", "employees": None, "plan": 5}),
    "as many rows as may be": with_account(surveys=[SCORE] * MOST_ROWS),
    "rows by column": with_account(
        interactions={"occurred_at": ["2024-02-01"], "kind": ["use"], "minutes": [""]}
    ),
    "as many accounts as may be": REQUEST
    | {"accounts": [ACCOUNT | {"account_id": f"n{n}"} for n in range(MOST_ACCOUNTS)]},
    "a contract": with_row(
        "contracts", TERM | {"ends_at": "2024-02-01", "auto_renews": False}
    ),
    "a planned event": with_row("scheduled", PLANNED | {"cancelled": True}),
    "reps and markets": REQUEST | {"reps": [REP], "markets": [EVENT]},
    "all or nothing": REQUEST | {"all_or_nothing": True},
}


@pytest.mark.parametrize("what", OUTSIDE)
def test_what_is_out_of_bounds_is_neither_described_nor_taken(what):
    assert not described(OUTSIDE[what])
    assert not taken(OUTSIDE[what])


@pytest.mark.parametrize("what", ON_THE_BOUNDS)
def test_what_is_on_the_bounds_is_described_and_taken(what):
    assert described(ON_THE_BOUNDS[what])
    assert taken(ON_THE_BOUNDS[what])


EDGES = [None, "", "a", True, 0, -1, 0.5, 11, 1e12, -1e12, 2e12, "2024-02-01", "8", []]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        *(("interactions", VISIT), ("surveys", SCORE), ("reps", REP)),
        *(("markets", EVENT), ("contracts", TERM), ("scheduled", PLANNED)),
    ],
)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_row_that_is_taken_is_as_it_is_described(table, row, data):
    names = [c.name for c in TABLES[table].columns if c.name != "account_id"]
    changes = st.dictionaries(st.sampled_from(names), st.sampled_from(EDGES))
    request = with_row(table, row | data.draw(changes))
    assert described(request) or not taken(request)
