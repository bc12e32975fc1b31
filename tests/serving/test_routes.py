"""The routes: what is not one of ours is answered before anything else sees it, and is measured under one name."""

import asyncio
import json

import pytest
from prometheus_client import REGISTRY

from serving.endpoint.metrics import Measured, metrics
from serving.endpoint.routes import ROUTES, KnownRoutes

SECRET = "C-7741"


def ask(app, path, method="GET", kind="http"):
    """The messages that are sent for a request."""
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(
        app({"type": kind, "path": path, "method": method, "headers": []}, None, send)
    )
    return sent


async def yes(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"yes"})


async def nobody(scope, receive, send):
    raise AssertionError("passed on")


@pytest.mark.parametrize(
    "path",
    [
        f"/people/{SECRET}",
        "/predict/",
        "//predict",
        "/schema.json",
        "/static_content/x",
        "",
    ],
)
def test_an_unknown_path_is_no_further_than_the_door_and_is_not_repeated(path):
    head, body = ask(KnownRoutes(nobody), path)
    assert head["status"] == 404
    told = json.loads(body["body"])
    assert (told["status"], told["title"]) == (404, "Not Found")
    assert SECRET not in body["body"].decode()


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/predict", "GET", b"POST"),
        ("/predict", "PUT", b"POST"),
        ("/metrics", "POST", b"GET, HEAD"),
        ("/", SECRET, b"GET, HEAD"),
    ],
)
def test_another_method_is_no_further_than_the_door_and_is_told_which_there_are(
    path, method, allowed
):
    head, body = ask(KnownRoutes(nobody), path, method)
    assert head["status"] == 405
    assert (b"allow", allowed) in head["headers"]
    assert SECRET not in body["body"].decode()


@pytest.mark.parametrize("path", ROUTES)
def test_a_known_path_is_passed_on(path):
    head, _ = ask(KnownRoutes(yes), path, next(iter(ROUTES[path])))
    assert head["status"] == 200


def test_no_web_socket_is_opened():
    assert ask(KnownRoutes(nobody), "/predict", kind="websocket") == [
        {"type": "websocket.close"}
    ]


def counted(route, status):
    return (
        REGISTRY.get_sample_value(
            "pinch_requests_total", {"route": route, "status": status}
        )
        or 0.0
    )


def test_a_thousand_unknown_paths_are_one_label():
    app = Measured(KnownRoutes(yes))
    before = counted("other", "404"), counted("/readyz", "200"), len(metrics())
    for number in range(1_000):
        ask(app, f"/people/{SECRET}-{number}")
    ask(app, "/readyz")
    assert counted("other", "404") == before[0] + 1_000
    assert counted("/readyz", "200") == before[1] + 1
    text = metrics().decode()
    assert SECRET not in text
    assert len(text) < before[2] + 10_000
