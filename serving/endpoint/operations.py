"""The operations of the endpoint, for its description: what each is for, what it takes, gives and refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from models.score.columns import COLUMNS
from serving.endpoint import examples
from serving.endpoint.answer_schemas import (
    AccountsResponse,
    ListResponse,
    ModelsResponse,
    PredictResponse,
    StoredPrediction,
)
from serving.endpoint.tonights_list import FILTERS, MOST_LISTED

REFUSALS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "Something cannot be taken as it is: what, by its place.",
    HTTPStatus.UNAUTHORIZED: "There is no key, or one that is not known or not any more.",
    HTTPStatus.FORBIDDEN: "The key is for other routes; or there are no keys, and another machine asks.",
    HTTPStatus.NOT_FOUND: "The last night does not know the account.",
    HTTPStatus.REQUEST_TIMEOUT: "The body did not arrive in time.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is no JSON, or packed by something else than gzip.",
    HTTPStatus.TOO_MANY_REQUESTS: "The key asks too often; Retry-After says for how many seconds to wait.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "An error of ours; the log of the server names its place.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too much is asked at once, or there is no whole night.",
}

_ALWAYS = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_OF_A_BODY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)


@dataclass(frozen=True)
class Operation:
    """One thing that callers can ask for.

    Attributes:
        path: as Starlette writes it, see `serving.endpoint.routes.ROUTES`.
        method: of HTTP.
        name: for generated clients.
        summary: in a sentence.
        answer: the schema of its answer; None of what is no JSON of ours.
        request: the name of the schema of its body, where it has one.
        examples: bodies by name.
        parameters: as OpenAPI describes them.
        refusals: the statuses of its refusals.
        shown: an answer.
    """

    path: str
    method: str
    name: str
    summary: str
    answer: type[BaseModel] | None = None
    request: str | None = None
    examples: Mapping[str, Any] = field(default_factory=dict)
    parameters: tuple[dict[str, Any], ...] = ()
    refusals: tuple[HTTPStatus, ...] = _ALWAYS
    shown: Mapping[str, Any] = field(default_factory=dict)


def _query(name: str, said: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": said, "schema": schema}


_MEANINGS = {column.name: column.meaning for column in COLUMNS}
_LIMIT = {
    "type": "integer",
    "minimum": 1,
    "maximum": MOST_LISTED,
    "default": MOST_LISTED,
}

OPERATIONS = (
    Operation(
        "/predict",
        "post",
        "predict",
        "Scores accounts from their raw interactions and surveys.",
        PredictResponse,
        request="PredictRequest",
        examples=examples.PREDICT,
        shown=examples.PREDICTED,
        refusals=tuple(sorted({*_ALWAYS, *_OF_A_BODY})),
    ),
    Operation(
        "/accounts/{account_id:path}",
        "get",
        "account",
        "The scores that the last night gave an account.",
        StoredPrediction,
        shown=examples.STORED,
        parameters=(
            {
                "name": "account_id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "minLength": 1},
            },
        ),
        refusals=tuple(sorted({*_ALWAYS, HTTPStatus.NOT_FOUND})),
    ),
    Operation(
        "/accounts",
        "post",
        "accounts",
        "The scores that the last night gave some accounts; of those with interactions, surveys or a moment as_of, the "
        "scores by their stored history and these.",
        AccountsResponse,
        request="AccountsRequest",
        examples=examples.ACCOUNTS,
        shown=examples.ANSWERED,
        refusals=tuple(sorted({*_ALWAYS, *_OF_A_BODY})),
    ),
    Operation(
        "/list",
        "get",
        "tonights_list",
        "Tonight's list, whom to contact first; the labels of the book filter as well.",
        ListResponse,
        parameters=(
            _query("limit", "How many rows at most.", _LIMIT),
            *(_query(name, _MEANINGS[name], {"type": "string"}) for name in FILTERS),
        ),
        refusals=tuple(sorted({*_ALWAYS, HTTPStatus.BAD_REQUEST})),
    ),
    Operation(
        "/models",
        "get",
        "models",
        "What serves, since when, trained until when, how good it is, what the gate said.",
        ModelsResponse,
    ),
    Operation("/livez", "get", "livez", "Whether the process lives.", refusals=()),
    Operation(
        "/readyz",
        "get",
        "readyz",
        "Whether it takes requests.",
        refusals=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Operation(
        "/metrics",
        "get",
        "metrics",
        "What operators see, as Prometheus reads it.",
        refusals=(
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.TOO_MANY_REQUESTS,
        ),
    ),
)
"""All of them, but the pages for people."""
