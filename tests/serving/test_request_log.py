"""The log: lines of JSON with the id of a request, a short one for each refusal."""

import asyncio
import io
import json
import logging
import re

import pytest

from serving.endpoint import request_log
from serving.endpoint.request_log import Logged, log_as_json


def ask(status, headers=(), path="/predict", method="POST"):
    """The headers of an answer."""
    sent = []

    async def answer(scope, receive, send):
        logging.getLogger("bentoml.pinch").info("at work")
        await send({"type": "http.response.start", "status": status, "headers": []})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "method": method, "headers": headers}
    asyncio.run(Logged(answer)(scope, None, send))
    return dict(sent[0]["headers"])


@pytest.fixture
def lines():
    """The lines of the log since, as JSON."""
    written, logger = io.StringIO(), logging.getLogger("bentoml")
    before = logger.level, list(logger.handlers)
    logger.setLevel(logging.INFO)
    logger.handlers[:] = [logging.StreamHandler(written)]
    log_as_json()
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.setLevel(before[0])
    logger.handlers[:] = before[1]


def test_a_refusal_is_one_line_with_the_id_that_its_answer_has(lines):
    head = ask(403, [(b"X-Request-Id", b"3f2c-77.b_1")])
    assert head[b"x-request-id"] == b"3f2c-77.b_1"
    work, refusal = lines()
    assert set(refusal) == {"time", "level", "message", "request_id", "process"}
    assert refusal["message"] == "POST /predict refused: 403"
    assert work["request_id"] == refusal["request_id"] == "3f2c-77.b_1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", refusal["time"])


def test_what_is_answered_well_has_no_line(lines):
    ask(200)
    assert [line["message"] for line in lines()] == ["at work"]


@pytest.mark.parametrize(
    "given", [b"a b", b"", b"<b>", b"x" * 65, b"\xff", b"a@b.example"]
)
def test_an_id_of_other_characters_is_replaced(given):
    made = ask(200, [(b"x-request-id", given)])[b"x-request-id"]
    assert re.fullmatch(rb"[0-9a-f]{32}", made)


def test_two_requests_have_two_ids():
    assert ask(200)[b"x-request-id"] != ask(200)[b"x-request-id"]


def test_neither_a_path_nor_a_method_of_a_caller_is_logged(lines):
    ask(404, path="/C-7741", method="SECRET")
    assert lines()[-1]["message"] == "other other refused: 404"


def test_a_failure_is_a_warning(lines):
    ask(503)
    assert lines()[-1]["level"] == "WARNING"
    assert request_log.log.name == "bentoml.pinch"
