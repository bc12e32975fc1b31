"""How a route answers: in a thread, so that the next request is heard meanwhile, and every refusal in one shape."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextvars import copy_context
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from serving.endpoint.faults import UnfitError
from serving.endpoint.problem import (
    MEDIA_TYPE,
    Problem,
    RefusedError,
    problem,
    problem_of,
)

_OUR_ERROR = problem(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "server",
    found="an error of ours",
    expected="none",
    mend="tell us what the log of the server says",
)

log = logging.getLogger("bentoml.pinch")


async def answered(request: Request, answer: Callable[[], Response]) -> Response:
    """The answer, or why there is none; an error is logged by its place alone.

    Args:
        request: whose application has a pool, ``state.threads``.
        answer: gives the answer; it runs in one of these threads.
    """
    threads = request.app.state.threads
    route = f"{request.method} {request.scope['route'].path}"
    return await asyncio.get_running_loop().run_in_executor(
        threads, copy_context().run, _answer_or_refuse, answer, route
    )


def _answer_or_refuse(answer: Callable[[], Response], route: str) -> Response:
    try:
        return answer()
    except UnfitError as unfit:
        return refusal(problem_of(unfit.faults))
    except RefusedError as refused:
        return refusal(refused.problem)
    except Exception:
        log.exception("%s failed", route)
        return refusal(_OUR_ERROR)


def refusal(refused: Problem) -> Response:
    """A problem as an answer."""
    return Response(
        refused.model_dump_json(), status_code=refused.status, media_type=MEDIA_TYPE
    )
