"""The client of the examples: against the endpoint itself, and how it waits and asks in parts."""

import gzip
import importlib.util
import json
import re

import httpx
import pytest
import stores
from endpoint_server import ROOT, served
from jsonschema import Draft202012Validator

from features.vocabulary.kinds import KINDS
from serving.endpoint.examples import PREDICTION
from serving.endpoint.openapi import description


def _client():
    spec = importlib.util.spec_from_file_location("client", ROOT / "examples/client.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


client = _client()


@pytest.fixture
def waits(monkeypatch):
    """How long the client has waited each time."""
    waited = []
    monkeypatch.setattr(client.time, "sleep", waited.append)
    return waited


def pinch_of(answer):
    return client.Pinch("http://pinch", "a-key", httpx.MockTransport(answer))


def test_it_scores_an_account_of_the_endpoint_and_tells_why_another_cannot_be(
    tmp_path,
):
    stores.save(tmp_path / "models")
    account = {"account_id": "C-1", "opened_at": "2026-01-01"}
    bad = {"account_id": "C-2", "opened_at": 5}
    with (
        served(tmp_path, PINCH_MODELS=tmp_path / "models") as server,
        client.Pinch(server.url) as pinch,
    ):
        predictions, faults = pinch.predict("2026-11-21", [account, bad])
        with pytest.raises(client.RefusedError) as refused:
            pinch.predict("tomorrow", [account])
    assert [told["account_id"] for told in predictions] == ["C-1"]
    assert 0.0 < predictions[0]["risk_90d"] < 1.0
    assert [fault["place"] for fault in faults] == ["accounts[1].opened_at"]
    assert refused.value.problem["errors"][0]["place"] == "as_of"


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_it_is_told_to_and_asks_again(waits, status):
    asked = []

    def answer(request):
        asked.append(request.headers["authorization"])
        if len(asked) < 3:
            return httpx.Response(status, headers={"Retry-After": "7"}, json={})
        return httpx.Response(200, json={"account_id": "C-1"})

    assert pinch_of(answer).account("C-1") == {"account_id": "C-1"}
    assert (asked, waits) == (["Bearer a-key"] * 3, [7.0, 7.0])


def test_it_gives_up_after_some_tries_and_does_not_ask_again_what_is_refused(waits):
    asked = []

    def answer(request):
        asked.append(request.url.raw_path)
        busy = request.url.path.endswith("busy")
        return httpx.Response(503 if busy else 404, json={"detail": "no"})

    for name in ("busy", "a/b ?#"):
        with pytest.raises(client.RefusedError, match="no"):
            pinch_of(answer).account(name)
    assert asked == [b"/accounts/busy"] * 5 + [b"/accounts/a%2Fb%20%3F%23"]
    assert waits == [1.0] * 4


def test_it_asks_for_many_accounts_a_thousand_at_a_time_and_packs_what_it_sends():
    sizes = []

    def answer(request):
        body = json.loads(gzip.decompress(request.content))
        sizes.append(len(body["accounts"]))
        told = [{"account_id": name} for name in body["accounts"]]
        return httpx.Response(200, json={"predictions": told, "errors": []})

    names = [f"C-{number}" for number in range(2_001)]
    predictions, faults = pinch_of(answer).accounts(names)
    assert [told["account_id"] for told in predictions] == names
    assert (sizes, faults) == ([1_000, 1_000, 1], [])


def _bodies(page):
    """The bodies of requests that a page shows."""
    shown = re.findall(r"^```json\n(.*?)^```", page.read_text(), re.M | re.S)
    return [body for text in shown if "accounts" in (body := json.loads(text))]


@pytest.mark.parametrize("page", ["crm.md", "endpoint.md"])
def test_the_bodies_that_the_pages_show_are_as_described(page):
    described = {
        "$ref": "#/components/schemas/AccountsRequest",
        "components": description()["components"],
    }
    bodies = _bodies(ROOT / "docs" / page)
    assert len(bodies) == 1
    for body in bodies:
        assert list(Draft202012Validator(described).iter_errors(body)) == []


def test_the_fields_that_the_page_maps_are_those_of_an_answer():
    page = (ROOT / "docs" / "crm.md").read_text()
    mapped = page.split("What an answer holds")[1].split("## Salesforce")[0]
    named = re.findall(r"^\| ([^|]*) \|", mapped, re.M)[2:]
    fields = {
        name.split("[")[0].split(".")[0]
        for cell in named
        for name in re.findall(r"`([^`]*)`", cell)
    }
    assert len(fields) > 5
    assert fields <= set(PREDICTION)
    kinds = page.split("What a CRM knows")[1].split("What an answer holds")[0]
    told = re.findall(r"^\| [^|]* \| ([^|]*) \|", kinds, re.M)[2:]
    assert {name for cell in told for name in re.findall(r"`([^`]*)`", cell)} <= {
        *KINDS,
        "surveys",
    }
