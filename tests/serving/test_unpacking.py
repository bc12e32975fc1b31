"""Bodies that were packed: given on as they were, bounded, or refused."""

import asyncio
import gzip
import json
import time

import pytest

from serving.endpoint.unpacking import Unpacked

MOST = 1_000


def ask(body, *encodings):
    """The status, the answer and what the service got."""
    got, sent = [], []

    async def service(scope, receive, send):
        got.append((dict(scope["headers"]), (await receive())["body"]))

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    headers = [(b"content-encoding", name) for name in encodings]
    scope = {"type": "http", "headers": [(b"x", b"y"), *headers]}
    asyncio.run(Unpacked(service, MOST)(scope, receive, send))
    status = sent[0]["status"] if sent else 200
    return status, json.loads(sent[1]["body"]) if sent else None, got


def test_what_was_packed_is_given_on_unpacked_and_so_is_what_was_not():
    assert ask(b"{}") == (200, None, [({b"x": b"y"}, b"{}")])
    packed = gzip.compress(b"{}")
    for name in (b"gzip", b" GZIP "):
        assert ask(packed, name) == (200, None, [({b"x": b"y"}, b"{}")])


@pytest.mark.parametrize(
    "encodings", [[b"br"], [b"deflate"], [b""], [b"gzip", b"gzip"], [b"gzip, gzip"]]
)
def test_another_encoding_is_refused(encodings):
    status, told, got = ask(gzip.compress(b"{}"), *encodings)
    assert (status, got) == (415, [])
    assert told["errors"][0]["place"] == "header Content-Encoding"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        gzip.compress(b"{}", mtime=0)[:-1],
        gzip.compress(b"{}", mtime=0) + b"x",
        gzip.compress(b"{}", mtime=0) * 2,
    ],
)
def test_what_is_no_whole_gzip_is_refused(body):
    status, told, got = ask(body, b"gzip")
    assert (status, got) == (400, [])
    assert told["errors"][0]["place"] == "body"


def test_the_limit_holds_for_what_is_unpacked_and_a_bomb_costs_nothing():
    assert ask(gzip.compress(b" " * MOST), b"gzip")[0] == 200
    bomb = gzip.compress(b" " * 200_000_000, 9)
    began = time.process_time()
    assert ask(bomb, b"gzip")[0] == 413
    assert time.process_time() - began < 0.5
