"""The doorkeeper: JSON of a bounded size is handed on as it came; everything else is refused before it is read."""

import asyncio
import contextlib
import json
import time

import pytest

from serving.endpoint.json_only import JsonOnly


class Service:
    """An ASGI service that notes what it was given and says yes."""

    def __init__(self, listens=1):
        self.scopes, self.received, self._listens = [], [], listens

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope)
        for _ in range(self._listens):
            self.received.append(await receive())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"yes"})


def ask(
    *messages,
    media_type=b"application/json",
    method="POST",
    service=None,
    header=b"content-type",
    more=(),
    most=1_000,
):
    """The status, the body and the service after a request whose body comes in these messages."""
    service = service or Service()
    waiting, sent = list(messages), []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    headers = [*([] if media_type is None else [(header, media_type)]), *more]
    scope = {"type": "http", "method": method, "headers": headers}
    asyncio.run(JsonOnly(service, most, 60.0)(scope, receive, send))
    return (
        sent[0]["status"],
        b"".join(message.get("body", b"") for message in sent[1:]),
        service,
    )


def part(body, more=False):
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.parametrize(
    "media_type",
    [
        b"application/json",
        b"Application/JSON",
        b"application/json; charset=utf-8",
        b'application/json;charset="UTF-8"',
        b" application/json ",
    ],
)
def test_json_is_handed_on(media_type):
    status, said, service = ask(part(b'{"a": 1}'), media_type=media_type)
    assert (status, said) == (200, b"yes")
    assert service.received == [part(b'{"a": 1}')]


def test_the_name_of_the_header_may_be_written_in_capitals():
    assert ask(part(b"{}"), header=b"Content-Type")[0] == 200


def test_a_body_in_parts_is_handed_on_whole():
    _, _, service = ask(part(b'{"a"', more=True), part(b": ", more=True), part(b"1}"))
    assert service.received == [part(b'{"a": 1}')]


def test_after_the_body_the_service_hears_what_the_client_does_next():
    _, _, service = ask(
        part(b"{}"), {"type": "http.disconnect"}, service=Service(listens=2)
    )
    assert service.received == [part(b"{}"), {"type": "http.disconnect"}]


@pytest.mark.parametrize(
    "media_type",
    [
        None,
        b"",
        b"text/plain",
        b"multipart/form-data; boundary=x",
        b"application/x-www-form-urlencoded",
        b"application/vnd.bentoml+pickle",
        b"application/json-patch+json",
        b"text/plain; application/json",
        b"application/json, multipart/form-data; boundary=x",
        b"application/json; charset=utf-16",
        b"application/json; boundary=x",
    ],
)
def test_any_other_media_type_is_refused_and_never_reaches_the_service(media_type):
    status, said, service = ask(part(b"{}"), media_type=media_type)
    assert status == 415
    assert "application/json" in json.loads(said)["detail"]
    assert service.scopes == []


JSON, MULTIPART, PICKLE = (
    b"application/json",
    b"multipart/form-data; boundary=x",
    b"application/vnd.bentoml+pickle",
)


@pytest.mark.parametrize("first", [JSON, MULTIPART, PICKLE])
@pytest.mark.parametrize("second", [JSON, MULTIPART, PICKLE])
def test_two_media_types_are_refused_whatever_they_are(first, second):
    status, _, service = ask(
        part(b"{}"), media_type=first, more=[(b"Content-Type", second)]
    )
    assert (status, service.scopes) == (415, [])


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_method_that_carries_a_body_must_say_that_it_is_json(method):
    status, _, service = ask(part(b"{}"), method=method, media_type=MULTIPART)
    assert (status, service.scopes) == (415, [])
    assert ask(part(b"{}"), method=method)[0] == 200


@pytest.mark.parametrize(
    "header", [(b"content-length", b"2"), (b"Transfer-Encoding", b"chunked")]
)
@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS"])
def test_a_body_where_none_is_usual_has_the_same_rule(method, header):
    assert ask(part(b"{}"), method=method, media_type=PICKLE, more=[header])[0] == 415
    assert ask(part(b"{}"), method=method, media_type=None, more=[header])[0] == 415


def test_a_get_that_says_it_has_no_body_passes():
    assert (
        ask(part(b""), media_type=None, method="GET", more=[(b"content-length", b"0")])[
            0
        ]
        == 200
    )


@pytest.mark.parametrize(
    "parts", [[b"x" * 11], [b"x" * 6, b"x" * 5], [b"x" * 5, b"x" * 5, b"x" * 5]]
)
def test_a_body_over_the_limit_is_refused_and_never_reaches_the_service(parts):
    messages = [
        part(body, more=place < len(parts) - 1) for place, body in enumerate(parts)
    ]
    status, said, service = ask(*messages, most=10)
    assert status == 413
    assert "more bytes; expected at most 10;" in json.loads(said)["detail"]
    assert service.scopes == []


def test_a_body_of_exactly_the_limit_is_handed_on():
    assert ask(part(b"x" * 4, more=True), part(b"x" * 6), most=10)[0] == 200


def test_reading_stops_at_the_limit():
    assert (
        ask(part(b"x" * 11, more=True), most=10)[0] == 413
    )  # another receive would find nothing to pop


def test_half_a_body_of_a_client_that_went_away_never_reaches_the_service():
    service = Service()
    with contextlib.suppress(
        IndexError
    ):  # nothing need be sent to a client that is gone
        ask(part(b'{"a": 1}', more=True), {"type": "http.disconnect"}, service=service)
    assert service.scopes == []


def test_what_is_not_a_post_passes_as_it_is():
    assert ask(part(b""), media_type=None, method="GET")[0] == 200


def test_what_is_not_http_passes_as_it_is():
    heard = []

    async def service(scope, receive, send):
        heard.append((scope, receive, send))

    asyncio.run(JsonOnly(service, 10, 60.0)({"type": "lifespan"}, "receive", "send"))
    assert heard == [({"type": "lifespan"}, "receive", "send")]


def test_a_body_that_never_ends_is_refused_when_its_time_is_up():
    sent = []

    async def receive():
        await asyncio.sleep(0.01)
        return part(b"x", more=True)

    async def send(message):
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "headers": headers}
    started = time.monotonic()
    asyncio.run(JsonOnly(Service(), 1_000_000, 0.1)(scope, receive, send))
    assert time.monotonic() - started < 1.0
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
