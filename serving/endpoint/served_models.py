"""``GET /models``: what serves, since when, trained until when, how good it is, and what the gate said."""

from __future__ import annotations

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from serving.endpoint.answer_schemas import ModelsResponse, ServedModel
from serving.endpoint.answering import answered
from serving.endpoint.predictor import Predictor

_MODELS = TypeAdapter(list[ServedModel])


async def served_models(request: Request) -> Response:
    """What is known of the models that serve."""
    predictor: Predictor = request.app.state.predictor
    return await answered(request, lambda: _told(predictor))


def _told(predictor: Predictor) -> Response:
    answer = ModelsResponse(
        model_version=predictor.scorer.version,
        serving_since=predictor.since,
        models=_MODELS.validate_json(predictor.scorer.about),
    )
    return Response(answer.model_dump_json(), media_type="application/json")
