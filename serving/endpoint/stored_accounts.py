"""``GET /accounts/{account_id}`` and ``POST /accounts``: the last night, or its history and what happened since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from serving.endpoint.answer_schemas import AccountsResponse, StoredPrediction
from serving.endpoint.answering import answered
from serving.endpoint.asked_accounts import AskedAccount, AskedAccounts, read_asked
from serving.endpoint.faults import Fault, UnfitError, unfit
from serving.endpoint.invalid import Said
from serving.endpoint.metrics import note_answer
from serving.endpoint.predictions import age_days, values_of
from serving.endpoint.predictor import Predictor
from serving.endpoint.problem import RefusedError, problem
from serving.endpoint.since_then import fault_of, request_of
from serving.endpoint.stored_night import StoredNight


async def account(request: Request) -> Response:
    """The scores that the last night gave an account."""
    name, nights = request.path_params["account_id"], request.app.state.nights
    return await answered(request, lambda: _stored(nights.newest(), name))


async def accounts(request: Request) -> Response:
    """The scores that the last night gave some accounts, or those that they have by now."""
    state, body = request.app.state, await request.body()
    predictor, nights = state.predictor, state.nights
    return await answered(
        request, lambda: answer_on(nights.newest(), predictor, read_asked(body))
    )


def _stored(night: StoredNight, name: str) -> Response:
    row = night.scores([name]).get(name)
    if row is None:
        refused = problem(HTTPStatus.NOT_FOUND, "account_id", **_unknown(night))
        raise RefusedError(refused)
    return _json(_prediction(values_of(row)))


def answer_on(
    night: StoredNight, predictor: Predictor, asked: AskedAccounts
) -> Response:
    """The answer on each account that there is, and the places of the others."""
    anew = [each for each in asked.accounts if each.events or asked.as_of]
    stored = [each for each in asked.accounts if each not in anew]
    found: dict[str, StoredPrediction] = {}
    rows = night.scores([each.account_id for each in stored])
    for name, row in rows.items():
        found[name] = _prediction(values_of(row))
    warnings: list[str] = []
    if anew:
        warnings = _score(night, predictor, anew, asked, found)
    for each in stored:
        if each.account_id not in rows:
            asked.faults.add(each.place, **_unknown(night))
    answer = AccountsResponse(
        predictions=[
            found[each.account_id]
            for each in asked.accounts
            if each.account_id in found
        ],
        errors=asked.faults.named,
        errors_found=asked.faults.count,
        warnings=warnings,
    )
    return _json(answer)


def _score(
    night: StoredNight,
    predictor: Predictor,
    anew: Sequence[AskedAccount],
    asked: AskedAccounts,
    found: dict[str, StoredPrediction],
) -> list[str]:
    """Scores accounts by their histories and what happened since, into what was found; gives the warnings."""
    if not night.has_histories:
        unfit(
            anew[0].place,
            found="events, or a moment, and a night without histories",
            expected="ids alone",
            mend="score by pinch score --histories, or send whole accounts to /predict",
        )
    known = {row["account_id"] for row in night.history("accounts", _ids(anew))}
    there = [each for each in anew if each.account_id in known]
    for each in anew:
        if each.account_id not in known:
            asked.faults.add(each.place, **_unknown(night))
    if not there:
        return []
    request = request_of(night, there, asked.as_of, predictor.scorer.facts)
    try:
        answer = predictor.answer(request)
    except UnfitError as error:  # not one of them can be scored
        _note(error.faults.named, error.faults.count, there, asked)
        return []
    _note(answer.errors, answer.errors_found, there, asked)
    note_answer(answer.predictions, answer.warnings)
    for prediction in answer.predictions:
        values = prediction.model_dump(exclude_unset=True)
        found[prediction.account_id] = _prediction(values)
    return answer.warnings


def _note(
    named: Sequence[Fault],
    count: int,
    there: Sequence[AskedAccount],
    asked: AskedAccounts,
) -> None:
    """Notes faults of accounts that were to be scored anew, by their places in what was asked.

    Raises:
        UnfitError: what is at fault is of no account.
    """
    for fault in named:
        if not fault.place.startswith("accounts["):
            unfit(**fault.model_dump())
        asked.faults.add(**fault_of(fault, there).model_dump())
    asked.faults.count_more(count - len(named))


def _ids(asked: Sequence[AskedAccount]) -> list[str]:
    return [each.account_id for each in asked]


def _unknown(night: StoredNight) -> Said:
    return {
        "found": "an account that the last night does not know",
        "expected": f"one that was a customer on {night.as_of.date()}",
        "mend": "correct the id, wait for the next night, or send its history to /predict",
    }


def _prediction(values: Mapping[str, Any]) -> StoredPrediction:
    age = age_days(values["as_of"])
    return StoredPrediction.model_validate({**values, "age_days": age})


def _json(answer: StoredPrediction | AccountsResponse) -> Response:
    return Response(
        answer.model_dump_json(exclude_unset=True), media_type="application/json"
    )
