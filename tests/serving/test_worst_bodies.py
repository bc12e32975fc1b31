"""The worst bodies that fit into the limits, by kind: each is answered soon, shortly, and leaves no memory behind."""

import gc
import json
import resource
import threading
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from serving.endpoint.faults import UnfitError
from serving.endpoint.limits import MOST_BYTES, MOST_ROWS, MOST_ROWS_IN_ALL
from serving.endpoint.predictor import Predictor
from serving.endpoint.problem import problem_of

VISIT = {"occurred_at": "2026-02-01", "kind": "use"}
NOON = VISIT | {"occurred_at": "2026-02-01T12:00"}
SCORE = {"occurred_at": "2026-02-01T12:00", "item": "product", "score": 7}
ROWS = MOST_ROWS - 100
ACCOUNTS = MOST_ROWS_IN_ALL // MOST_ROWS


def body(count=ACCOUNTS, **of_each):
    """A request of so many accounts; what each has is a value, or made of its number."""
    accounts = [
        {"account_id": f"a{number}", "opened_at": "2024-01-01"}
        | {name: make(number) for name, make in of_each.items()}
        for number in range(count)
    ]
    request = {"as_of": "2026-11-21", "accounts": accounts}
    return json.dumps(request, separators=(",", ":")).encode()


def rows(row):
    return body(interactions=lambda _: [row] * ROWS)


WORST = {
    "bad rows": lambda: rows({"occurred_at": 5, "kind": True, "value": "x"}),
    "unknown fields": lambda: rows({"kinde": 1}),
    "texts for rows": lambda: rows("x"),
    "empty rows": lambda: rows({}),
    "good rows": lambda: rows(VISIT),
    "rows that are all the same": lambda: rows(NOON),
    "rows of one id": lambda: rows(VISIT | {"interaction_id": "x"}),
    "as many kinds as rows": lambda: body(
        interactions=lambda n: [VISIT | {"kind": f"k{n}_{m}"} for m in range(ROWS)]
    ),
    "long kinds": lambda: body(
        interactions=lambda n: [VISIT | {"kind": f"{n}_{m}" * 12} for m in range(4_000)]
    ),
    "long numbers": lambda: body(
        14, interactions=lambda _: [VISIT | {"value": 10**90}] * ROWS
    ),
    "surveys known late": lambda: body(
        surveys=lambda _: [
            SCORE | {"known_at": f"2026-03-{day % 28 + 1:02}", "response_id": str(day)}
            for day in range(ROWS)
        ]
    ),
    "bad columns": lambda: body(
        interactions=lambda _: {"occurred_at": [5] * ROWS, "kind": [True] * ROWS}
    ),
    "unknown facts": lambda: body(
        1_000, facts=lambda n: {f"f{n}_{m}": 1 for m in range(240)}
    ),
    "one account many times": lambda: body(1_000, account_id=lambda _: "a"),
    "more rows than are taken": lambda: body(
        500,
        interactions=lambda _: {
            "occurred_at": ["2026-02-01"] * 850,
            "kind": ["use"] * 850,
        },
    ),
    "a long text": lambda: rows(VISIT | {"kind": "x" * (MOST_BYTES // ROWS // 21)}),
    "nested lists": lambda: b"[" * MOST_BYTES,
    "nested objects": lambda: b'{"a":' * (MOST_BYTES // 5),
}


@pytest.fixture(scope="module")
def predictor(scorer):
    found = Predictor(scorer)
    found.predict(rows(VISIT))  # warm, memory too
    return found


def memory():
    """The bytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def answered(predictor, body):
    """How long the answer is, and whether it is a refusal."""
    try:
        return len(predictor.predict(body).model_dump_json()), False
    except UnfitError as unfit:
        return len(problem_of(unfit.faults).model_dump_json()), True


@contextmanager
def listening():
    """The seconds of the processor between two turns of another thread, as the loop's is."""
    gc.collect()
    gc.freeze()  # what other tests have left is not looked through meanwhile
    turns, over = [time.process_time()], threading.Event()

    def listen():
        while not over.wait(0.001):
            turns.append(time.process_time())

    thread, waited = threading.Thread(target=listen), []
    thread.start()
    yield waited
    over.set()
    thread.join()
    gc.unfreeze()
    waited += [after - before for before, after in pairwise(turns)]


@pytest.mark.slow
@pytest.mark.parametrize("what", WORST)
def test_others_are_heard_while_a_worst_body_is_worked_on(predictor, what):
    sent = WORST[what]()
    with listening() as waited:
        answered(predictor, sent)
    assert max(waited) < 0.2  # at most .1 where little else runs


@pytest.mark.slow
@pytest.mark.parametrize("what", WORST)
def test_a_worst_body_takes_little_and_leaves_nothing(predictor, what):
    sent = WORST[what]()
    gc.collect()
    before, began = memory(), time.process_time()
    length, refused = answered(predictor, sent)
    taken = time.process_time() - began
    gc.collect()
    assert taken < 2.5  # .02 to 1.0 where nothing else runs
    assert length < (20_000 if refused else 2_000_000)
    assert memory() - before < 50e6
