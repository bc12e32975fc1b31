"""The OpenAPI description of the endpoint, made of the schemas and the operations."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

from serving.endpoint import examples
from serving.endpoint.answer_schemas import (
    AccountsResponse,
    ListResponse,
    ModelsResponse,
    PredictResponse,
)
from serving.endpoint.asked_accounts import EVENTS, MOST_ASKED
from serving.endpoint.operations import OPERATIONS, REFUSALS, Operation
from serving.endpoint.problem import MEDIA_TYPE, Problem
from serving.endpoint.request_schemas import PredictRequest
from serving.endpoint.routes import ROUTES
from serving.endpoint.vocabulary import tell_names

VERSION = "2"
"""Of the interface: another one where a caller must change something."""

_ABOUT = (
    "Which accounts are slipping away, which quadrant each is moving to, why, and what to do next. Every refusal is a "
    "Problem (RFC 9457), that of an unknown path (404) or another method (405) as well. Bodies may be packed by gzip."
)
_CONTACT = {"name": "Whoever runs this endpoint"}
_KEY = {"type": "http", "scheme": "bearer", "description": "A key of pinch keys."}
_ANSWERS = (PredictResponse, AccountsResponse, ListResponse, ModelsResponse, Problem)


@cache
def description() -> dict[str, Any]:
    """The description as JSON."""
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        path = operation.path.replace(":path", "")
        paths.setdefault(path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Pinch",
            "version": VERSION,
            "description": _ABOUT,
            "contact": _CONTACT,
        },
        "servers": [{"url": "."}],
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": {"key": _KEY}},
    }


def _schemas() -> dict[str, Any]:
    _, made = models_json_schema(
        [
            (PredictRequest, "validation"),
            *((answer, "serialization") for answer in _ANSWERS),
        ],
        ref_template="#/components/schemas/{model}",
    )
    schemas: dict[str, Any] = made["$defs"]
    tell_names(schemas)
    return schemas | _asked(schemas)


def _asked(schemas: dict[str, Any]) -> dict[str, Any]:
    """The schemas of what is asked of stored accounts, whose events are those of any account."""
    account = schemas["Account"]["properties"]
    kept = ("account_id", *EVENTS)
    since = {
        "description": "A stored account and what happened since.",
        "type": "object",
        "additionalProperties": False,
        "required": ["account_id"],
        "properties": {name: account[name] for name in kept},
    }
    either = [account["account_id"], {"$ref": "#/components/schemas/AccountSince"}]
    request = {
        "description": "Stored accounts: ids, or ids with what happened since.",
        "type": "object",
        "additionalProperties": False,
        "required": ["accounts"],
        "properties": {
            "accounts": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_ASKED,
                "items": {"anyOf": either},
            },
            "as_of": {
                "anyOf": [
                    schemas["PredictRequest"]["properties"]["as_of"],
                    {"type": "null"},
                ],
                "description": "The moment to look from by the stored histories; now where only events are given.",
            },
        },
    }
    return {"AccountSince": since, "AccountsRequest": request}


def _described(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": _responses(operation),
    }
    if operation.parameters:
        described["parameters"] = list(operation.parameters)
    if operation.request is not None:
        shown = {name: {"value": body} for name, body in operation.examples.items()}
        content = {**_reference(operation.request), "examples": shown}
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": content},
        }
    scope = ROUTES[operation.path][operation.method.upper()]
    if scope is not None:
        described["description"] = (
            f"Needs a key of scope {scope}, where there are keys."
        )
        described["security"] = [{"key": []}, {}]
    return described


def _responses(operation: Operation) -> dict[str, Any]:
    given: dict[str, Any] = {"description": "The answer."}
    if operation.answer is not None:
        content = _reference(operation.answer.__name__)
        if operation.shown:
            content["example"] = operation.shown
        given["content"] = {"application/json": content}
    told = {"200": given}
    for status in operation.refusals:
        told[str(status.value)] = _refusal(status)
    return told


def _refusal(status: HTTPStatus) -> dict[str, Any]:
    content = _reference(Problem.__name__)
    if status is HTTPStatus.BAD_REQUEST:
        content["example"] = examples.PROBLEM
    return {"description": REFUSALS[status], "content": {MEDIA_TYPE: content}}


def _reference(schema: str) -> dict[str, Any]:
    return {"schema": {"$ref": f"#/components/schemas/{schema}"}}
