"""The endpoint as its operators see it: keys, idle connections, ids of requests, its log."""

import json
import shutil
import socket
import time
from datetime import UTC, datetime

import httpx
import pytest
import stores
from endpoint_server import served

from serving.endpoint.keys import Keys, Scope, make_key, write_keys

REQUEST = {
    "as_of": "2026-11-21",
    "accounts": [{"account_id": "C-1", "opened_at": "2026-01-01"}],
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A folder of tiny models."""
    folder = tmp_path_factory.mktemp("models")
    stores.save(folder)
    return folder


@pytest.fixture(scope="module")
def guarded(tiny, tmp_path_factory):
    """A server, and the file and the secrets of its keys."""
    folder = tmp_path_factory.mktemp("guarded")
    made = {scope: make_key(scope, [scope], None) for scope in Scope}
    file = folder / "keys.json"
    write_keys(file, Keys(keys=tuple(key for key, _ in made.values())))
    settings = {"PINCH_MODELS": tiny, "PINCH_KEYS": file, "PINCH_IDLE_SECONDS": 1}
    with served(folder, PINCH_BODY_SECONDS=1, **settings) as server:
        yield server, file, {scope: secret for scope, (_, secret) in made.items()}


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def test_keys_open_what_they_are_for_and_nothing_else(guarded):
    server, _, secrets = guarded
    assert server.post(REQUEST).status_code == 401
    answer = server.post(REQUEST, **bearer(secrets[Scope.ACT]))
    assert (answer.status_code, len(answer.json()["predictions"])) == (200, 1)
    assert server.post(REQUEST, **bearer(secrets[Scope.ADMIN])).status_code == 403
    scraped = server.client.get("/metrics", headers=bearer(secrets[Scope.ADMIN]))
    assert 'pinch_requests_total{route="/predict",status="200"}' in scraped.text
    assert server.client.get("/metrics").status_code == 401


def test_a_key_is_revoked_within_five_seconds(guarded):
    server, file, secrets = guarded
    key, secret = make_key("for a while".replace(" ", "-"), [Scope.ACT], None)
    before = Keys.model_validate_json(file.read_bytes())
    write_keys(file, Keys(keys=(*before.keys, key)))
    assert within(5, lambda: server.post(REQUEST, **bearer(secret)).status_code == 200)
    write_keys(file, before)
    assert within(5, lambda: server.post(REQUEST, **bearer(secret)).status_code == 401)
    assert server.post(REQUEST, **bearer(secrets[Scope.ACT])).status_code == 200


def within(seconds, seen):
    """Whether something is seen before the time is over."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if seen():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET /livez HTTP/1.1\r\nHost: local",
        b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_a_connection_that_says_nothing_more_is_closed(guarded, said):
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", guarded[0].port)) as idle:
        idle.settimeout(10)
        idle.sendall(said)
        while idle.recv(4096):
            pass
    assert 0.9 < time.monotonic() - started < 4


def test_a_head_that_comes_drop_by_drop_is_cut_off(guarded):
    started = time.monotonic()
    with (
        socket.create_connection(("127.0.0.1", guarded[0].port)) as slow,
        pytest.raises(OSError),
    ):
        slow.sendall(b"GET /livez HTTP/1.1\r\n")
        while time.monotonic() - started < 6:
            slow.sendall(b"X-A: b\r\n")
            time.sleep(0.1)
    assert time.monotonic() - started < 4


def test_a_body_that_stops_half_way_is_answered_408(guarded):
    server, _, secrets = guarded
    head = (
        "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {secrets[Scope.ACT]}\r\nContent-Length: 99\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.settimeout(10)
        slow.sendall(head.encode() + b"{")
        assert slow.recv(4096).startswith(b"HTTP/1.1 408 ")


def test_an_answer_has_the_id_of_its_request_and_the_log_has_it_too(guarded):
    server, _, _ = guarded
    answer = server.post(REQUEST, **{"X-Request-Id": "r-77"})
    assert answer.headers["x-request-id"] == "r-77"
    assert within(5, lambda: '"request_id": "r-77"' in server.log())
    lines = [json.loads(line) for line in server.log().splitlines()]
    (refusal,) = [line for line in lines if line.get("request_id") == "r-77"]
    assert refusal["message"] == "POST /predict refused: 401"


def test_without_keys_bentoml_too_listens_on_this_machine_alone_and_says_so(
    tiny, tmp_path
):
    with served(tmp_path, PINCH_MODELS=tiny) as server:
        assert server.post(REQUEST).status_code == 200
        assert server.post(REQUEST, Host="evil.example").status_code == 403
        assert (
            server.post(REQUEST, **{"X-Forwarded-For": "10.0.0.1"}).status_code == 403
        )
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://{own_address()}:{server.port}/readyz")
        assert "no keys" in server.log()


def own_address():
    """An address of this machine that others may reach."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        any_socket.connect(("192.0.2.1", 9))
        return any_socket.getsockname()[0]


def test_a_key_that_expires_is_taken_no_more(guarded):
    server, file, _ = guarded
    key, secret = make_key("over", [Scope.ACT], datetime.now(UTC))
    before = Keys.model_validate_json(file.read_bytes())
    write_keys(file, Keys(keys=(*before.keys, key)))
    time.sleep(1.1)
    assert server.post(REQUEST, **bearer(secret)).status_code == 401


@pytest.mark.slow
def test_a_server_without_good_models_is_not_ready_and_takes_them_when_they_come(
    tiny, tmp_path
):
    models = tmp_path / "models"
    shutil.copytree(tiny, models)
    booster = models / "defection" / "90d.booster.txt"
    whole = booster.read_bytes()
    booster.write_bytes(whole[:2000])
    with served(tmp_path, PINCH_MODELS=models, ready=503) as server:
        told = server.client.get("/readyz").json()
        assert (told["ready"], told["model_version"]) == (False, None)
        assert "sealed" in told["refused"]
        assert server.post(REQUEST).status_code == 503
        assert server.client.get("/livez").status_code == 200
        booster.write_bytes(whole)
        assert within(30, lambda: server.post(REQUEST).status_code == 200)
        booster.write_bytes(whole[:2000])
        refused = within(30, lambda: server.client.get("/readyz").json()["refused"])
        assert refused and server.post(REQUEST).status_code == 200
        assert "pinch_models_refused_total 2.0" in server.client.get("/metrics").text


@pytest.mark.slow
def test_two_servers_have_metrics_of_their_own(guarded, tiny, tmp_path):
    with served(tmp_path, PINCH_MODELS=tiny) as other:
        other.post(REQUEST)
        told = other.client.get("/metrics").text
    assert 'pinch_requests_total{route="/predict",status="200"} 1.0' in told
    assert 'status="401"' not in told


@pytest.mark.slow
def test_a_server_that_stops_refuses_new_connections_and_answers_what_is_under_way(
    tiny, tmp_path
):
    body = json.dumps(REQUEST).encode()
    head = (
        "POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with (
        served(tmp_path, PINCH_MODELS=tiny) as server,
        socket.create_connection(("127.0.0.1", server.port)) as under_way,
    ):
        under_way.settimeout(30)
        under_way.sendall(head.encode() + body[:9])
        time.sleep(0.3)
        server.process.terminate()
        assert within(5, lambda: refused(server.port))
        under_way.sendall(body[9:])
        assert under_way.recv(4096).startswith(b"HTTP/1.1 200 ")
        assert server.process.wait(15) == 0
        assert "Traceback" not in server.log()


def refused(port):
    """Whether a connection is refused."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False
