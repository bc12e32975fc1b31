"""The OpenAPI description of the endpoint, made of the schemas."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from serving.endpoint.answer_schemas import PredictResponse
from serving.endpoint.problem import MEDIA_TYPE, Problem
from serving.endpoint.request_schemas import PredictRequest

VERSION = "2"
"""Of the interface: another one where a caller must change something."""

_REFUSALS = {
    "400": "The request has faults, which are named by their places.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "500": "An error of ours; the log of the server names its place.",
}


@cache
def description() -> dict[str, Any]:
    """The description as JSON."""
    _, schemas = models_json_schema(
        [
            (PredictRequest, "validation"),
            (PredictResponse, "serialization"),
            (Problem, "serialization"),
        ],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Pinch",
            "version": VERSION,
            "description": "Which accounts are slipping away, and why.",
        },
        "servers": [{"url": "."}],
        "paths": {
            "/predict": {"post": _predict()},
            "/livez": _page("Whether the process lives."),
            "/readyz": _page("Whether it takes requests."),
            "/metrics": _page("What operators see, as Prometheus reads it."),
        },
        "components": {"schemas": schemas["$defs"]},
    }


def _predict() -> dict[str, Any]:
    answers = {"200": ("The scores.", _content("application/json", PredictResponse))}
    answers |= {
        status: (said, _content(MEDIA_TYPE, Problem))
        for status, said in _REFUSALS.items()
    }
    return {
        "operationId": "predict",
        "summary": "Scores accounts from their raw interactions and surveys.",
        "requestBody": {
            "required": True,
            "content": _content("application/json", PredictRequest),
        },
        "responses": {
            status: {"description": said, "content": of}
            for status, (said, of) in answers.items()
        },
    }


def _content(media_type: str, schema: type[BaseModel]) -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{schema.__name__}"}}}


def _page(said: str) -> dict[str, Any]:
    return {"get": {"summary": said, "responses": {"200": {"description": said}}}}
