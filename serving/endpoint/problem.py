"""Problems: the one shape of every refusal, RFC 9457, of at most a few kilobytes and without a value of the request."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import BaseModel, Field

from serving.endpoint.asgi import Send
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
        default_factory=list,
        max_length=MOST_PLACES,
        description="The first faults, by place.",
    )
    errors_found: int = Field(
        default=0,
        le=MOST_COUNTED,
        description="How many were found until reading stopped.",
    )


def problem(status: HTTPStatus, detail: str) -> Problem:
    """A problem of the whole request."""
    return Problem(title=status.phrase, status=status, detail=detail)


def problem_of(faults: Faults) -> Problem:
    """The problem of a request with faults."""
    first, *others = faults.named
    detail = f"{first.place}: found {first.found}; expected {first.expected}; to mend: {first.mend}"
    if others:
        detail += f"; and more, {_counted(faults.count)} in all"
    refused = problem(HTTPStatus.BAD_REQUEST, detail)
    return refused.model_copy(
        update={"errors": faults.named, "errors_found": faults.count}
    )


def _counted(count: int) -> str:
    return f"{count:,}" if count < MOST_COUNTED else f"{count:,} or more"


async def refuse(send: Send, refused: Problem, *headers: tuple[bytes, bytes]) -> None:
    """Sends a problem as the whole answer."""
    told = [(b"content-type", MEDIA_TYPE.encode()), *headers]
    await send(
        {"type": "http.response.start", "status": refused.status, "headers": told}
    )
    await send(
        {"type": "http.response.body", "body": refused.model_dump_json().encode()}
    )
