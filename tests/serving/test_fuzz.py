"""The endpoint under fuzzing: whatever it is asked, it answers as described, soon, and with sound chances.

``PINCH_FUZZ`` says how many requests are made; ``make fuzz`` makes 20,000.
"""

import json
import os
from contextlib import contextmanager

import psutil
import pytest
import schemathesis
from any_account import REQUESTS, require_sound
from endpoint_server import served
from hypothesis import HealthCheck, event, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from features.utc import MICROS_PER_DAY
from serving.endpoint.openapi import description
from serving.night.night import score_night
from serving.night.output_files import write_night
from serving.night.worklist import worklist

TRIES = int(os.environ.get("PINCH_FUZZ", "500"))
BY_SCHEMA = TRIES // 5
MOST_SECONDS = 2.0
"""Of the processor, for one answer."""
WAIT_SECONDS = 60
"""For an answer, however busy the machine is."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""Not whether good and bad bodies are told apart: a bad account is an error within a good answer."""
DESCRIBED = schemathesis.openapi.from_dict(description())
ASKED = DESCRIBED.include(path_regex="predict|accounts|list")
CASES = ASKED.as_strategy() | ASKED.as_strategy(GenerationMode.NEGATIVE)


def tries(count):
    """So many requests, however long hypothesis takes to think of them."""
    slow = [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.large_base_example,
    ]
    return settings(max_examples=count, deadline=None, suppress_health_check=slow)


@pytest.fixture(scope="module")
def server(models_folder, scorer, sample_book, tmp_path_factory):
    as_of = (sample_book.watermark // MICROS_PER_DAY - 40) * MICROS_PER_DAY
    night = score_night(sample_book, as_of, scorer)
    folder = tmp_path_factory.mktemp("night")
    write_night(night, worklist(night.scores, 8), folder, sample_book)
    with served(
        tmp_path_factory.mktemp("server"),
        PINCH_MODELS=models_folder,
        PINCH_NIGHT=folder,
    ) as started:
        yield started


@contextmanager
def soon(server):
    """What is asked in the block takes the server little."""
    mother = psutil.Process(server.process.pid)
    processes = [mother, *mother.children(recursive=True)]
    before = processor_seconds(processes)
    yield
    assert processor_seconds(processes) - before < MOST_SECONDS


def processor_seconds(processes):
    times = [process.cpu_times() for process in processes]
    return sum(used.user + used.system for used in times)


def no_number(text):
    raise AssertionError(f"{text} is no JSON")


@tries(BY_SCHEMA)
@given(CASES)
def test_whatever_is_asked_is_answered_as_described(server, case):
    with soon(server):
        answer = case.call(base_url=server.url, timeout=WAIT_SECONDS)
    case.validate_response(answer, checks=CHECKS)


@tries(TRIES - BY_SCHEMA)
@given(REQUESTS)
def test_whatever_histories_are_sent_their_accounts_have_sound_chances(server, request):
    with soon(server):
        answer = server.post(request)
    event(f"status {answer.status_code}")
    assert answer.status_code in (200, 400)
    DESCRIBED["/predict"]["POST"].validate_response(answer)
    told = json.loads(answer.content, parse_constant=no_number)
    for prediction in told.get("predictions", ()):
        event("scored")
        require_sound(prediction)
