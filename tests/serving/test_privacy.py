"""No personal string of a request is in the log, the metrics or an error, by whatever way it comes."""

import json

import pytest
import stores
from endpoint_server import served

from serving.endpoint.keys import Keys, Scope, make_key, write_keys

PLANTED = 500
ACCOUNT = {"opened_at": "2026-01-01"}
VISIT = {"occurred_at": "2026-02-03", "kind": "visit"}


def names():
    """Personal strings, each of them once."""
    number = 0
    while True:
        yield f"Waldegrave{number:04}"
        number += 1


def requests(name):
    """A body for each way in which a string may stand in a request, good ones and bad ones."""

    def of(**account):
        return {"as_of": "2026-11-21", "accounts": [{**ACCOUNT, **account}]}

    visits = [{**VISIT, "kind": name}, {**VISIT, "text": name}, {**VISIT, name: 1}]
    return [
        of(account_id=name),
        of(account_id=f"{name}@mail.example"),
        of(account_id=name, facts={"plan": name}),
        of(account_id="C", facts={name: "gold"}),
        of(account_id="C", opened_at=name),
        of(account_id="C", **{name: name}),
        of(account_id=[name]),
        *(of(account_id="C", interactions=[visit]) for visit in visits),
        of(account_id="C", surveys=[{**VISIT, "item": name, "score": 8}]),
        of(account_id="C", surveys=[{**VISIT, "score": name}]),
        {"as_of": name, "accounts": [{**ACCOUNT, "account_id": name}]},
        {"as_of": "2026-11-21", "accounts": [], name: name},
        {"as_of": "2026-11-21", "reps": [{"rep_id": name, "hired_at": name}]},
        name,
    ]


def ways(server, keys, name):
    """All ways on which a string comes to the endpoint, with the answers."""
    for body in requests(name):
        yield server.post(body, **keys)
    yield server.post(json.dumps({name: name})[:-3], **keys)
    yield server.post({}, Authorization=f"Bearer {name}")
    yield server.post({}, **keys, **{"Content-Type": f"text/{name}"})
    for path in ("/", "/predict/", "/accounts/", "/list?account=", "/models/"):
        yield server.client.get(f"{path}{name}", headers=keys)
    yield server.client.request(name.upper()[:8], "/predict", headers=keys)
    yield server.client.get("/readyz", headers={name: name, "User-Agent": name})


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("privacy")
    (folder / "models").mkdir()
    stores.save(folder / "models")
    key, secret = make_key("all", list(Scope), None)
    write_keys(folder / "keys.json", Keys(keys=(key,)))
    settings = {"PINCH_MODELS": folder / "models", "PINCH_RATE": "100000/minute"}
    with served(folder, PINCH_KEYS=folder / "keys.json", **settings) as one:
        yield one, {"Authorization": f"Bearer {secret}"}


@pytest.mark.slow
def test_five_hundred_personal_strings_leave_no_trace(server):
    one, keys = server
    planted, statuses = names(), set()
    told = 0
    while told < PLANTED:
        name = next(planted)
        for answer in ways(one, keys, name):
            told += 1
            statuses.add(answer.status_code)
            if answer.status_code >= 400:
                assert "waldegrave" not in answer.text.lower()
    assert {200, 400, 401, 404, 405, 415} <= statuses
    metrics = one.client.get("/metrics", headers=keys).text
    assert "waldegrave" not in metrics.lower()
    assert "waldegrave" not in one.log().lower()
    counted = dict(
        line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#")
    )
    assert float(counted["pinch_accounts_total"]) > 0
    assert counted['pinch_model{version="defection-1 migration-1"}'] == "1.0"
    assert float(counted['pinch_warnings_total{reason="table interactions, kind"}']) > 0
    assert float(counted["pinch_risk_90d_count"]) > 0
    assert float(counted["pinch_watermark_seconds"]) == 1769817600  # 2026-01-31
