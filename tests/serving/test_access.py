"""Who may ask: each route by its scope, and without keys this machine alone."""

import asyncio
import json

import pytest
from limits import parse

from serving.endpoint.access import Guarded
from serving.endpoint.keys import KeyRing, Keys, Scope, make_key, write_keys
from serving.endpoint.routes import ROUTES

HERE = ("127.0.0.1", 4000)
OPEN = {"/", "/docs", "/docs.json", "/favicon.ico", "/livez", "/readyz", "/healthz"}
WAYS = [(path, method) for path, methods in ROUTES.items() for method in methods]


async def yes(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"yes"})


def ask(
    app,
    path="/predict",
    method="POST",
    key=None,
    headers=(),
    client=HERE,
    server=HERE,
    host=b"localhost:3000",
):
    """The status, the headers and the body of an answer."""
    sent = []

    async def send(message):
        sent.append(message)

    given = [(b"host", host), *headers]
    if key is not None:
        given.append((b"authorization", b"Bearer " + key.encode()))
    scope = {"type": "http", "path": path.replace("{account_id:path}", "C-1")}
    scope |= {"method": method, "headers": given, "client": client, "server": server}
    asyncio.run(app(scope, None, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


@pytest.fixture
def guarded(tmp_path):
    """A guarded service, and a secret for each scope alone."""
    made = {scope: make_key(scope, [scope], None) for scope in Scope}
    write_keys(
        tmp_path / "keys.json", Keys(keys=tuple(key for key, _ in made.values()))
    )
    app = Guarded(yes, KeyRing(tmp_path / "keys.json"), parse("1000/minute"))
    return app, {scope: secret for scope, (_, secret) in made.items()}


def test_every_route_has_a_decision_and_what_is_open_is_no_more_than_this():
    for methods in ROUTES.values():
        assert all(scope is None or scope in Scope for scope in methods.values())
    assert {path for path, of in ROUTES.items() if None in of.values()} == OPEN


@pytest.mark.parametrize(("path", "method"), WAYS)
def test_a_way_is_open_or_takes_keys_of_its_scope_alone(guarded, path, method):
    app, secrets = guarded
    needed = ROUTES[path][method]
    assert ask(app, path, method)[0] == (200 if needed is None else 401)
    for scope, secret in secrets.items():
        status = ask(app, path, method, key=secret)[0]
        assert status == (200 if needed in (None, scope) else 403)


@pytest.mark.parametrize(
    "headers",
    [
        [(b"authorization", b"Bearer pinch_wrong")],
        [(b"authorization", b"Bearer")],
        [(b"authorization", b"")],
        [(b"authorization", b"Basic " + b"x" * 9)],
        [(b"Authorization", b"Bearer \xff\xfe")],
    ],
)
def test_a_wrong_key_is_told_how_keys_are_sent_and_is_not_repeated(guarded, headers):
    status, head, body = ask(guarded[0], headers=headers)
    assert (status, head[b"www-authenticate"]) == (401, b"Bearer")
    told = json.loads(body)
    assert "Authorization: Bearer" in told["detail"] and "wrong" not in told["detail"]


def test_two_keys_are_refused_even_if_both_are_right(guarded):
    app, secrets = guarded
    twice = [(b"authorization", b"Bearer " + secrets[Scope.ACT].encode())]
    assert ask(app, headers=twice)[0] == 200
    assert ask(app, headers=twice, key=secrets[Scope.ACT])[0] == 401


def test_the_name_of_the_scheme_may_be_written_in_any_letters(guarded):
    app, secrets = guarded
    given = [(b"authorization", b"bearer " + secrets[Scope.ACT].encode())]
    assert ask(app, headers=given)[0] == 200


def test_a_key_that_asks_too_often_is_told_when_to_ask_again_and_others_go_on(
    tmp_path,
):
    made = [make_key(name, [Scope.ACT], None) for name in "ab"]
    write_keys(tmp_path / "keys.json", Keys(keys=tuple(key for key, _ in made)))
    app = Guarded(yes, KeyRing(tmp_path / "keys.json"), parse("3/hour"))
    busy, other = (secret for _, secret in made)
    assert [ask(app, key=busy)[0] for _ in range(5)] == [200, 200, 200, 429, 429]
    assert 1 <= int(ask(app, key=busy)[1][b"retry-after"]) <= 3600
    assert ask(app, key=other)[0] == 200


# Without keys


@pytest.fixture
def keyless():
    return Guarded(yes, None, parse("1/hour"))


@pytest.mark.parametrize("host", [b"localhost:3000", b"127.0.0.1", b"[::1]:80"])
@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.7", "::1"])
def test_this_machine_is_answered_without_keys_as_often_as_it_likes(
    keyless, address, host
):
    for _ in range(3):
        end = (address, 9)
        assert ask(keyless, client=end, server=end, host=host)[0] == 200


@pytest.mark.parametrize(
    "strange",
    [
        {"client": ("10.1.2.3", 4000)},
        {"server": ("10.1.2.3", 4000)},
        {"client": None},
        {"client": ("testclient", 1)},
        {"host": b"evil.example:3000"},
        {"host": b""},
        {"headers": [(b"X-Forwarded-For", b"127.0.0.1")]},
        {"headers": [(b"forwarded", b"for=127.0.0.1")]},
    ],
)
def test_whatever_comes_from_elsewhere_is_refused_and_told_how_keys_are_made(
    keyless, strange
):
    status, _, body = ask(keyless, **strange)
    assert status == 403
    assert "pinch keys make" in json.loads(body)["detail"]
    assert ask(keyless, "/readyz", "GET", **strange)[0] == 200
