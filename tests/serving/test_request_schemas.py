"""The schemas of the endpoint: bounds of what comes in, times in UTC, and rows of the contract's tables."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from features.vocabulary.contract import TABLES
from serving.endpoint.limits import MOST_ACCOUNTS, MOST_ROWS
from serving.endpoint.request_schemas import (
    Account,
    Interaction,
    PredictRequest,
    Rep,
    Survey,
    rows_of,
)

OPENED = {"account_id": "a", "opened_at": "2024-01-01"}
VISIT = {"occurred_at": "2024-02-01", "kind": "visit"}
SCORE = {"occurred_at": "2024-02-01", "item": "product", "score": 7}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=UTC)),
        ("2026-11-21T10:30:00", datetime(2026, 11, 21, 10, 30, tzinfo=UTC)),
        ("2026-11-21T10:30:00Z", datetime(2026, 11, 21, 10, 30, tzinfo=UTC)),
        ("2026-11-21T10:30:00+02:00", datetime(2026, 11, 21, 8, 30, tzinfo=UTC)),
        (
            "2026-11-21T10:30:00.123456",
            datetime(2026, 11, 21, 10, 30, 0, 123456, tzinfo=UTC),
        ),
    ],
)
def test_times_are_utc_instants(given, read):
    found = Interaction(occurred_at=given, kind="visit").occurred_at
    assert (found, found.utcoffset().total_seconds()) == (read, 0.0)


@pytest.mark.parametrize(
    "time", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"]
)
def test_a_time_that_utc_cannot_hold_is_invalid(time):
    with pytest.raises(ValidationError):
        Interaction(occurred_at=time, kind="visit")


@pytest.mark.parametrize(
    ("schema", "given"),
    [
        (Interaction, VISIT | {"kind": ""}),
        (Interaction, VISIT | {"kind": "k" * 201}),
        (Interaction, VISIT | {"value": 1.1e12}),
        (Interaction, VISIT | {"value": float("nan")}),
        (Interaction, VISIT | {"minutes": float("inf")}),
        (Interaction, VISIT | {"sentiment": 1.01}),
        (Interaction, VISIT | {"items": -1}),
        (Interaction, VISIT | {"sentiment": float("nan")}),
        (Interaction, VISIT | {"unknown": 1}),
        (Interaction, {"kind": "visit"}),
        (Survey, SCORE | {"score": None}),
        (Survey, SCORE | {"scale_max": float("inf")}),
        (Survey, SCORE | {"higher_is_better": "perhaps"}),
        (Rep, {"rep_id": "r", "fired_at": "2024-01-01"}),
        (Account, OPENED | {"facts": {"": 1}}),
        (Account, OPENED | {"facts": {"employees": float("nan")}}),
        (Account, OPENED | {"interactions": [VISIT] * (MOST_ROWS + 1)}),
        (PredictRequest, {"as_of": "2026-11-21", "accounts": []}),
        (
            PredictRequest,
            {"as_of": "2026-11-21", "accounts": [OPENED] * (MOST_ACCOUNTS + 1)},
        ),
        (PredictRequest, {"accounts": [OPENED]}),
        (PredictRequest, {"as_of": "2026-11-21", "accounts": [OPENED], "quiet": True}),
    ],
)
def test_what_is_out_of_bounds_is_invalid(schema, given):
    with pytest.raises(ValidationError):
        schema.model_validate(given)


def test_what_is_on_the_bounds_is_valid():
    Interaction.model_validate(
        VISIT | {"value": -1e12, "sentiment": -1, "kind": "k" * 200}
    )
    Account.model_validate(OPENED | {"surveys": [SCORE] * MOST_ROWS})
    PredictRequest.model_validate(
        {"as_of": "2026-11-21", "accounts": [OPENED] * MOST_ACCOUNTS}
    )


def test_rows_have_the_columns_of_the_contract_and_name_their_account():
    account = OPENED | {
        "facts": {"plan": "gold"},
        "interactions": [VISIT],
        "surveys": [SCORE],
    }
    more = {
        "reps": [{"rep_id": "r"}],
        "markets": [{"market": "north", "occurred_at": "2024-01-01", "kind": "x"}],
    }
    request = PredictRequest.model_validate(
        {"as_of": "2026-11-21", "accounts": [account], **more}
    )
    rows = rows_of(request)
    opened, seen = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC)
    assert rows["accounts"] == [
        {"account_id": "a", "opened_at": opened, "plan": "gold"}
    ]
    (visit,), (score,) = rows["interactions"], rows["surveys"]
    assert (
        visit["account_id"],
        visit["occurred_at"],
        visit["kind"],
        visit["value"],
    ) == ("a", seen, "visit", None)
    assert (score["account_id"], score["item"], score["score"]) == ("a", "product", 7.0)
    for table in ("interactions", "surveys", "reps", "markets"):
        assert set(rows[table][0]) == {column.name for column in TABLES[table].columns}


def test_a_fact_cannot_take_the_place_of_the_id_or_the_opening():
    account = Account.model_validate(
        OPENED | {"facts": {"account_id": "b", "opened_at": "2020-01-01"}}
    )
    (row,) = rows_of(PredictRequest(as_of="2026-11-21", accounts=[account]))["accounts"]
    assert row == {"account_id": "a", "opened_at": datetime(2024, 1, 1, tzinfo=UTC)}


def test_an_account_without_more_has_no_rows_beside_its_own():
    rows = rows_of(
        PredictRequest.model_validate({"as_of": "2026-11-21", "accounts": [OPENED]})
    )
    assert {table: len(found) for table, found in rows.items()} == {
        "accounts": 1,
        "interactions": 0,
        "surveys": 0,
        "reps": 0,
        "markets": 0,
    }
