"""``GET /list``: tonight's list, all of it or those rows that are asked for."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from models.score.columns import COLUMNS
from serving.endpoint.answer_schemas import Listed, ListResponse
from serving.endpoint.answering import answered
from serving.endpoint.faults import Faults
from serving.endpoint.predictions import age_days, values_of
from serving.endpoint.stored_night import Row, StoredNight

LIMIT = "limit"
MOST_LISTED = 1_000

FILTERS = ("account_id", "quadrant", "zone", "heading", "band", "action_code")
"""Columns of scores that rows may be asked for by; the labels of the book may be as well."""
assert {*FILTERS} <= {column.name for column in COLUMNS}


async def tonights_list(request: Request) -> Response:
    """The rows of the list."""
    nights, query = request.app.state.nights, request.query_params
    return await answered(request, lambda: _listed(nights.newest(), query))


def _listed(night: StoredNight, query: QueryParams) -> Response:
    limit = _limit(query, night)
    rows = [
        (rank, row)
        for rank, row in enumerate(night.listed, start=1)
        if all(row[name] == wanted for name, wanted in _wanted(query))
    ]
    answer = ListResponse(
        as_of=night.as_of,
        age_days=age_days(night.as_of),
        model_version=night.model_version,
        listed=len(night.listed),
        accounts=[_row(night, rank, row) for rank, row in rows[:limit]],
    )
    return Response(
        answer.model_dump_json(exclude_unset=True), media_type="application/json"
    )


def _limit(query: QueryParams, night: StoredNight) -> int:
    """How many rows are asked for.

    Raises:
        UnfitError: that is no number, or something else is asked for that the list does not know.
    """
    faults, known = Faults(), (*FILTERS, *night.labels)
    for number, (name, _) in enumerate(query.multi_items(), start=1):
        if name not in (LIMIT, *known) or len(query.getlist(name)) > 1:
            faults.add(
                f"query[{number}]",
                found="another parameter, or one that stands twice",
                expected=f"{LIMIT}, {', '.join(known)}, each once",
                mend="leave it out",
            )
    written = query.get(LIMIT, str(MOST_LISTED))
    known_number = written.isascii() and written.isdecimal() and len(written) < 10
    if not known_number or not 1 <= int(written) <= MOST_LISTED:
        faults.add(
            f"query.{LIMIT}",
            found="something else",
            expected=f"a number from 1 to {MOST_LISTED:,}",
            mend="correct it",
        )
    faults.settle()
    return int(written)


def _wanted(query: QueryParams) -> Iterable[tuple[str, str]]:
    return [(name, value) for name, value in query.items() if name != LIMIT]


def _row(night: StoredNight, rank: int, row: Row) -> Listed:
    values = values_of(row)
    told = {
        "age_days": age_days(values["as_of"]),
        "rank": rank,
        "ranked_by": _text(row["ranked_by"]),
        "labels": {label: _text(row[label]) for label in night.labels},
    }
    return Listed.model_validate({**values, **told})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
