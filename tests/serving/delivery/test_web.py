"""How requests are sent: by whom, how often, and what is told of it."""

import socketserver
import threading

import pytest

from features.errors import DeliveryError
from serving.delivery.web import Web


@pytest.fixture
def proxy(monkeypatch):
    """A proxy that lets nobody through; what it was asked for."""
    asked = []

    class Refuses(socketserver.StreamRequestHandler):
        def handle(self):
            asked.append(self.rfile.readline().decode().split()[:2])
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refuses) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv(
            "HTTPS_PROXY", f"http://127.0.0.1:{server.server_address[1]}"
        )
        monkeypatch.delenv("NO_PROXY", raising=False)
        yield asked
        server.shutdown()


def test_a_proxy_is_asked_where_the_environment_names_one(proxy, vendors):
    waited = []
    with pytest.raises(
        DeliveryError, match=r"api.example.com: found no answer"
    ) as said:
        Web(waited.append).ask("POST", "https://api.example.com/of-secrets", {})
    assert set(map(tuple, proxy)) == {("CONNECT", "api.example.com:443")}
    assert len(proxy) == 6
    assert "of-secrets" not in str(said.value)
    proxy.clear()
    vendors.receiver = lambda *_: (200, None)
    assert Web().ask("GET", f"{vendors.url}/receiver/x", {}).status == 200
    assert proxy == []


def test_waits_grow_and_are_not_endless(vendors):
    waited = []
    vendors.answers = [(503, {}, None)] * 6
    assert Web(waited.append).ask("GET", f"{vendors.url}/x/y", {}).status == 503
    assert waited[0] == 0
    for wait, least in zip(waited[1:], (4, 8, 16, 32), strict=True):
        assert least <= wait <= least + 1


def test_a_redirect_is_not_followed(vendors):
    vendors.answers = [(302, {"Location": f"{vendors.url}/x/elsewhere"}, None)]
    assert Web().ask("POST", f"{vendors.url}/x/y", {}, b"{}").status == 302
    assert len(vendors.requests) == 1
