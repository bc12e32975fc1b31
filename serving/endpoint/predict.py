"""``POST /predict``: accounts scored from what the request holds of them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from serving.endpoint.answering import answered
from serving.endpoint.metrics import note_answer
from serving.endpoint.predictor import Predictor


async def predict(request: Request) -> Response:
    """The scores of the accounts of a request."""
    predictor: Predictor = request.app.state.predictor
    body = await request.body()
    return await answered(request, lambda: _scored(predictor, body))


def _scored(predictor: Predictor, body: bytes) -> Response:
    answer = predictor.predict(body)
    note_answer(answer.predictions, answer.warnings)
    return Response(
        answer.model_dump_json(exclude_unset=True), media_type="application/json"
    )
