"""Problems: the one shape of every refusal, RFC 9457, of at most a few kilobytes and without a value of the request."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import BaseModel, Field

from serving.endpoint.asgi import Header, Send
from serving.endpoint.faults import MOST_COUNTED, MOST_PLACES, Fault, Faults

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """Why a request is not answered."""

    type: str = "about:blank"
    title: str = Field(description="The name of the status.")
    status: int
    detail: str = Field(
        description="What was found, what was expected and how to mend it."
    )
    errors: list[Fault] = Field(
        min_length=1,
        max_length=MOST_PLACES,
        description="The first faults, by place.",
    )
    errors_found: int = Field(
        ge=1,
        le=MOST_COUNTED,
        description="How many were found until reading stopped.",
    )


class RefusedError(Exception):
    """A request that is answered by a problem."""

    def __init__(self, refused: Problem, *headers: Header) -> None:
        self.problem, self.headers = refused, headers
        super().__init__(refused.title)


def problem(
    status: HTTPStatus, place: str, *, found: str, expected: str, mend: str
) -> Problem:
    """A problem with one fault.

    Args:
        status: of the answer.
        place: of what cannot be taken: a part of the body, ``path``, ``method``, a header, or ``server``.
        found: what it is, and never its value.
        expected: what could be taken.
        mend: how to come by an answer.
    """
    faults = Faults()
    faults.add(place, found=found, expected=expected, mend=mend)
    return _problem(status, faults)


def problem_of(faults: Faults) -> Problem:
    """The problem of a request with faults."""
    return _problem(HTTPStatus.BAD_REQUEST, faults)


def _problem(status: HTTPStatus, faults: Faults) -> Problem:
    first, *others = faults.named
    detail = f"{first.place}: found {first.found}; expected {first.expected}; to mend: {first.mend}"
    if others:
        detail += f"; and more, {_counted(faults.count)} in all"
    return Problem(
        title=status.phrase,
        status=status,
        detail=detail,
        errors=faults.named,
        errors_found=faults.count,
    )


def _counted(count: int) -> str:
    return f"{count:,}" if count < MOST_COUNTED else f"{count:,} or more"


async def refuse(send: Send, refused: Problem, *headers: Header) -> None:
    """Sends a problem as the whole answer."""
    told = [(b"content-type", MEDIA_TYPE.encode()), *headers]
    await send(
        {"type": "http.response.start", "status": refused.status, "headers": told}
    )
    await send(
        {"type": "http.response.body", "body": refused.model_dump_json().encode()}
    )
