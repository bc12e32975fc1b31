"""Examples of requests and answers, as the description shows them; tests send the requests and check the answers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from serving.endpoint.problem import problem

PREDICT: dict[str, Any] = {
    "rows": {
        "as_of": "2026-11-21",
        "accounts": [
            {
                "account_id": "C-1042",
                "opened_at": "2024-03-04",
                "interactions": [
                    {
                        "occurred_at": "2026-09-03T14:30:00Z",
                        "kind": "complaint",
                        "matter_id": "M-7",
                    },
                    {
                        "occurred_at": "2026-09-08T11:05:00Z",
                        "kind": "answer",
                        "matter_id": "M-7",
                    },
                ],
                "surveys": [
                    {"occurred_at": "2026-09-30", "item": "product", "score": 7},
                    {"occurred_at": "2026-09-30", "item": "people", "score": 4},
                ],
            }
        ],
    },
    "columns": {
        "as_of": "2026-11-21",
        "accounts": [
            {
                "account_id": "C-1042",
                "opened_at": "2024-03-04",
                "interactions": {
                    "occurred_at": ["2026-06-02", "2026-07-11"],
                    "kind": ["purchase", "purchase"],
                    "value": [240.0, 180.0],
                },
            }
        ],
    },
}
"""Bodies of ``POST /predict``."""

ACCOUNTS: dict[str, Any] = {
    "ids": {"accounts": ["C-1042", "C-1043"]},
    "with what happened since": {
        "accounts": [
            {
                "account_id": "C-1042",
                "interactions": [
                    {"occurred_at": "2026-11-21T09:12:00Z", "kind": "complaint"}
                ],
            }
        ]
    },
}
"""Bodies of ``POST /accounts``."""

PREDICTION: dict[str, Any] = {
    "account_id": "C-1042",
    "as_of": "2026-11-21T00:00:00Z",
    "watermark": "2026-10-01T08:00:00Z",
    "cold_start": False,
    "quadrant": "product_carried",
    "zone": "expectations",
    "heading": "product_carried",
    "band": "low",
    **{f"risk_{days}d": days / 1_000 for days in (14, 30, 60, 90, 180)},
    **{f"silent_{days}d": days / 2_000 for days in (14, 30, 60, 90, 180)},
    "p_poor_90d": 0.11,
    "p_people_carried_90d": 0.1,
    "p_product_carried_90d": 0.5,
    "p_exceptional_90d": 0.2,
    "p_defected_90d": 0.09,
    "next_poor": 0.1,
    "next_people_carried": 0.2,
    "next_product_carried": 0.4,
    "next_exceptional": 0.3,
    "at_stake": 0.076,
    "value": 2400.0,
    "gain": 44.4,
    "tier": "growth",
    "owed": "We owe them: a matter waiting for 51 days",
    "reasons": [
        {
            "code": "indifference.days_silent",
            "theme": "indifference",
            "feature": "days_silent",
            "value": 51.0,
            "sentence": "No sign of life for 51 days; they usually come every 12 days",
        }
    ],
    "action": {
        "code": "reach_out",
        "sentence": "Reach out unasked, in person, with something of use to them.",
    },
    "model_version": "defection-1 migration-1",
    "features_hash": "06cb34e1b0d7a2f5",
}
"""The scores of an account."""

STORED = {**PREDICTION, "age_days": 0.4}
_ALL_WELL: dict[str, Any] = {"errors": [], "errors_found": 0, "warnings": []}
PREDICTED = {
    "as_of": PREDICTION["as_of"],
    "model_version": PREDICTION["model_version"],
    "predictions": [PREDICTION],
    **_ALL_WELL,
}
ANSWERED = {"predictions": [STORED], **_ALL_WELL}
"""Answers."""

PROBLEM: dict[str, Any] = problem(
    HTTPStatus.BAD_REQUEST,
    "accounts[1].surveys[6].score",
    found="a text",
    expected="a number",
    mend='write it as a number, without quotes: 8 and not "8"',
).model_dump()
"""A refusal."""
