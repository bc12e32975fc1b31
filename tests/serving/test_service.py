"""The endpoint, asked over HTTP as a CRM would ask it: right answers, the same as the night's, and clean refusals."""

import gzip
import json
import math
import re
import shlex
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pandas as pd
import pyarrow.parquet as pq
import pytest
from endpoint_server import served
from starlette.routing import Mount

from features.engine import single
from features.snapshot.frame import snapshot, snapshot_of_pairs, vector_hashes
from features.themes.dictionary import FEATURES
from features.utc import MICROS_PER_DAY
from serving.endpoint.limits import MOST_BYTES
from serving.endpoint.routes import ROUTES, label
from serving.night.night import score_night

ROOT = Path(__file__).parents[2]
RISKS = [f"risk_{h}d" for h in (14, 30, 60, 90, 180)]
CHANCES = [
    f"p_{s}_90d"
    for s in ("poor", "people_carried", "product_carried", "exceptional", "defected")
]

NEXT = [
    f"next_{quadrant}"
    for quadrant in ("poor", "people_carried", "product_carried", "exceptional")
]


@pytest.fixture(scope="module")
def server(models_folder, tmp_path_factory):
    with served(tmp_path_factory.mktemp("server"), PINCH_MODELS=models_folder) as one:
        yield one


EXAMPLE = json.loads((ROOT / "examples" / "request.json").read_text())


def changed(change):
    """The example request with something changed in its one account."""
    request = deepcopy(EXAMPLE)
    change(request["accounts"][0])
    return request


# Right answers


def test_the_readme_example_gives_a_whole_answer(server):
    response = server.post(EXAMPLE)
    assert response.status_code == 200
    answer = response.json()
    assert set(answer) == {
        "as_of",
        "model_version",
        "predictions",
        "errors",
        "errors_found",
        "warnings",
    }
    assert (answer["errors"], answer["errors_found"]) == ([], 0)
    assert answer["as_of"] == "2026-11-21T00:00:00Z"
    assert answer["model_version"] == "defection-1 migration-1"
    (prediction,) = answer["predictions"]
    told = {
        *("account_id", "as_of", "quadrant", "zone", "heading", "band", "at_stake"),
        *RISKS,
        *(risk.replace("risk", "silent") for risk in RISKS),
        *CHANCES,
        *NEXT,
        *("value", "gain", "tier", "owed"),
        *("reasons", "action", "cold_start", "watermark"),
        *("features_hash", "model_version"),
    }
    assert set(prediction) == told
    assert prediction["watermark"] == "2026-10-01T08:00:00Z"
    assert prediction["at_stake"] == prediction["risk_90d"] - prediction["risk_14d"]
    assert prediction["account_id"] == "C-1042"
    assert (
        prediction["quadrant"] == "exceptional"
    )  # the product at 7.5, the people at 5.5
    assert sum(prediction[name] for name in CHANCES) == pytest.approx(1.0)
    assert sum(prediction[name] for name in NEXT) == pytest.approx(1.0)
    assert prediction["p_defected_90d"] == prediction["risk_90d"]
    assert 0.0 < prediction["silent_90d"] < prediction["risk_90d"]
    risks = [prediction[name] for name in RISKS]
    assert risks == sorted(risks)
    assert 0.0 < risks[0] <= risks[-1] < 1.0
    assert 1 <= len(prediction["reasons"]) <= 3


def test_answers_come_in_the_order_of_the_request(server):
    ids = ["b", "a", "c"]
    request = deepcopy(EXAMPLE)
    request["accounts"] = [
        {**EXAMPLE["accounts"][0], "account_id": name} for name in ids
    ]
    assert [p["account_id"] for p in server.post(request).json()["predictions"]] == ids


def test_an_account_of_which_nothing_is_known_but_its_opening_is_scored_with_an_unknown_quadrant(
    server,
):
    response = server.post(
        {
            "as_of": "2026-11-21",
            "accounts": [{"account_id": "new", "opened_at": "2026-11-01"}],
        }
    )
    assert response.status_code == 200
    (prediction,) = response.json()["predictions"]
    assert prediction["quadrant"] == "unknown"
    assert 0.0 < prediction["risk_90d"] < 1.0


def test_what_happened_after_the_as_of_date_changes_nothing(server):
    later = {"occurred_at": "2026-11-21T00:00:01", "kind": "complaint"}
    with_future = changed(lambda account: account["interactions"].append(later))
    assert server.post(with_future).json() == server.post(EXAMPLE).json()


def test_a_time_with_a_zone_is_the_same_instant_as_its_utc_time(server):
    zoned = deepcopy(EXAMPLE) | {"as_of": "2026-11-21T02:00:00+02:00"}
    assert server.post(zoned).json() == server.post(EXAMPLE).json()


def test_names_that_nothing_reads_are_told_and_the_account_is_scored_as_without_them(
    server,
):
    strange = changed(
        lambda account: account["interactions"].append(
            CONTACTS[0] | {"kind": "Outreach"}
        )
    )
    strange["accounts"][0]["facts"] = {
        **EXAMPLE["accounts"][0].get("facts", {}),
        "shoe_size": 41,
    }
    answer = server.post(strange).json()
    of_facts, of_kinds = answer["warnings"]
    assert "shoe_size" in of_facts
    assert "Outreach (1, like outreach)" in of_kinds
    assert server.post(EXAMPLE).json()["warnings"] == []


def test_reps_of_a_request_are_looked_at(server):
    account = {
        **EXAMPLE["accounts"][0],
        "interactions": [{**i, "rep_id": "R-3"} for i in CONTACTS],
    }
    request = {"as_of": "2026-11-21", "accounts": [account]}
    with_reps = request | {"reps": [{"rep_id": "R-3", "hired_at": "2026-10-20"}]}
    hashes = [
        server.post(asked).json()["predictions"][0]["features_hash"]
        for asked in (request, with_reps)
    ]
    assert hashes[0] != hashes[1]


CONTACTS = [
    {"occurred_at": f"2026-{month}-03", "kind": "outreach"}
    for month in ("09", "10", "11")
]


def test_the_curl_line_of_the_readme_posts_a_file_that_exists_to_the_endpoint(server):
    (written,) = re.findall(
        r"^curl .*$", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    line = shlex.split(written)
    assert line[:2] == ["curl", "-s"]
    options = dict(zip(line[3::2], line[4::2], strict=True))
    body = ROOT / options["-d"].removeprefix("@")
    address, path = line[2].split("/", 1)
    assert address == "localhost:3000"  # where serve listens unless told otherwise
    name, media_type = options["-H"].split(": ")
    answer = server.client.post(
        f"/{path}", content=body.read_bytes(), headers={name: media_type}
    )
    assert answer.status_code == 200
    assert len(answer.json()["predictions"]) == len(
        json.loads(body.read_text())["accounts"]
    )


# Parity


def requested(sample_folder, quarantine):
    """The sample as requests hold it: accounts by id, with the reps and markets of all; without rows in quarantine."""
    rows = {}
    for table in ("accounts", "interactions", "surveys", "reps", "markets"):
        bad = quarantine[
            (quarantine["table"] == table) & (quarantine["field"] != "row")
        ]  # but those sent twice stay
        read = enumerate(
            pq.read_table(sample_folder / f"{table}.parquet").to_pylist(), start=1
        )
        rows[table] = [
            _as_json(row) for number, row in read if number not in set(bad["row"])
        ]
    mine = {table: defaultdict(list) for table in ("interactions", "surveys")}
    for table, of_account in mine.items():
        for row in rows[table]:
            of_account[row.pop("account_id")].append(row)
    accounts = {}
    for row in rows["accounts"]:
        name, opened = row.pop("account_id"), row.pop("opened_at")
        tables = {table: of_account[name] for table, of_account in mine.items()}
        accounts[name] = {
            "account_id": name,
            "opened_at": opened,
            "facts": row,
            **tables,
        }
    return accounts, {"reps": rows["reps"], "markets": rows["markets"]}


def _as_json(row):
    """A row as a caller writes it: without what is missing, and without what a book blanks."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
        if value is not None
        and not (isinstance(value, float) and not math.isfinite(value))
    }


@pytest.fixture(scope="module")
def parity(server, sample_folder, sample_book):
    """The answers to all accounts of the sample, asked in hundreds, by account, and the as-of date."""
    as_of = (sample_book.watermark // MICROS_PER_DAY - 40) * MICROS_PER_DAY
    moment = (
        datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=as_of)
    ).isoformat()
    accounts, shared = requested(sample_folder, sample_book.quarantine)
    ids, answers = list(accounts), []
    for first in range(0, len(ids), 100):
        some = [accounts[name] for name in ids[first : first + 100]]
        response = server.post({"as_of": moment, "accounts": some, **shared})
        assert response.status_code == 200, response.text
        answers += response.json()["predictions"]
    return as_of, pd.DataFrame(answers).set_index("account_id").sort_index()


def test_features_of_every_account_are_those_of_the_batch_to_the_last_bit(
    parity, sample_book
):
    as_of, answers = parity
    pairs = pd.DataFrame({"account_id": answers.index, "as_of_us": as_of})
    batch = snapshot_of_pairs(sample_book, pairs).set_index("account_id")
    opened = f"select count(*) from accounts where opened_us <= {as_of}"
    assert len(answers) == single(sample_book.connection, opened) > 350
    assert answers["features_hash"].tolist() == vector_hashes(
        batch.loc[answers.index], list(FEATURES)
    )


def test_features_of_the_cohort_are_those_of_the_nightly_snapshot(parity, sample_book):
    as_of, answers = parity
    night = snapshot(sample_book, [as_of])
    assert answers.loc[night["account_id"], "features_hash"].tolist() == vector_hashes(
        night, list(FEATURES)
    )


@pytest.fixture(scope="module")
def night(parity, sample_book, scorer):
    return score_night(sample_book, parity[0], scorer).scores.set_index("account_id")


def test_scores_of_every_account_are_exactly_those_of_the_night(parity, night):
    mine = parity[1].loc[night.index]
    told = [*RISKS, "silent_90d", *CHANCES, *NEXT]
    pd.testing.assert_frame_equal(mine[told], night[told], check_exact=True)


def test_quadrants_reasons_and_scores_of_every_account_are_those_of_the_night(
    parity, night
):
    mine = parity[1].loc[night.index]
    assert len(night) > 250
    pd.testing.assert_frame_equal(
        mine[RISKS + CHANCES], night[RISKS + CHANCES], rtol=1e-12, atol=0.0
    )
    assert mine["quadrant"].tolist() == night["quadrant"].tolist()
    told = night[["reason_1", "reason_2", "reason_3"]].to_numpy().tolist()
    said = [[reason["sentence"] for reason in row] for row in mine["reasons"]]
    assert said == [
        [reason for reason in row if isinstance(reason, str)] for row in told
    ]


# Refusals: the status, the place that is named, and the value that is not


SECRET, NUMBER = "Waldegrave-7741", 7741.125

REFUSED = {
    "an extra field": (lambda a: a.update({"nickname": SECRET}), "accounts[0]"),
    "an extra field of an interaction": (
        lambda a: a["interactions"][0].update(note=SECRET),
        "interactions[0]",
    ),
    "a text for a number": (
        lambda a: a["interactions"][1].update(value=SECRET),
        "value",
    ),
    "a number beyond the bounds": (
        lambda a: a["interactions"][1].update(value=NUMBER * 1e12),
        "value",
    ),
    "a sentiment off its scale": (
        lambda a: a["interactions"][2].update(sentiment=NUMBER),
        "sentiment",
    ),
    "a score off its scale": (
        lambda a: a["surveys"][1].update(score=NUMBER),
        "accounts[0].surveys[1].score",
    ),
    "a score off its own scale": (
        lambda a: a["surveys"][0].update(score=6, scale_min=1, scale_max=5),
        "accounts[0].surveys[0].score",
    ),
    "a scale upside down": (
        lambda a: a["surveys"][1].update(score=3, scale_min=5, scale_max=1),
        "accounts[0].surveys[1].scale_min",
    ),
    "a time that is none": (
        lambda a: a["interactions"][0].update(occurred_at=SECRET),
        "occurred_at",
    ),
    "a time in 1970": (
        lambda a: a["interactions"][0].update(occurred_at="1970-01-01"),
        "occurred_at",
    ),
    "a time in the year 9999": (
        lambda a: a["surveys"][0].update(occurred_at="9999-12-31"),
        "occurred_at",
    ),
    "a number for a fact that is text": (
        lambda a: a.update(facts={"market": NUMBER}),
        "market",
    ),
    "a text for a fact that is a number": (
        lambda a: a.update(facts={"employees": SECRET}),
        "employees",
    ),
    "an empty id": (lambda a: a.update(account_id=""), "account_id"),
    "a blank id": (lambda a: a.update(account_id="   "), "account_id"),
    "no opening": (lambda a: a.pop("opened_at"), "opened_at"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_bad_request_is_refused_by_its_place_and_not_by_its_value(server, what):
    change, place = REFUSED[what]
    response = server.post(changed(change))
    assert response.status_code == 400
    assert place in response.text
    assert SECRET not in response.text
    assert "7741" not in response.text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_refused(server, number):
    text = json.dumps(EXAMPLE).replace("240.0", number)
    assert number in text
    response = server.post(text)
    assert response.status_code == 400
    assert response.json()["errors"][0]["place"] == "accounts[0].interactions[0].value"


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"as_of": "2026-11-21"}', json.dumps(EXAMPLE)[:-9]]
)
def test_what_is_no_whole_request_is_refused(server, text):
    assert server.post(text).status_code == 400


def test_no_account_and_too_many_accounts_are_refused(server):
    many = [
        {"account_id": f"n{place}", "opened_at": "2026-01-01"} for place in range(1_001)
    ]
    assert server.post({"as_of": "2026-11-21", "accounts": []}).status_code == 400
    assert server.post({"as_of": "2026-11-21", "accounts": many}).status_code == 400
    assert (
        server.post({"as_of": "2026-11-21", "accounts": many[:1_000]}).status_code
        == 200
    )


def test_an_account_given_twice_is_refused(server):
    response = server.post(EXAMPLE | {"accounts": EXAMPLE["accounts"] * 2})
    assert response.status_code == 400
    assert [fault["place"] for fault in response.json()["errors"]] == [
        "accounts[0].account_id",
        "accounts[1].account_id",
    ]
    assert "C-1042" not in response.text


def test_an_id_with_blanks_around_it_is_answered_or_refused(server):
    response = server.post(
        changed(lambda account: account.update(account_id=" C-1042 "))
    )
    assert response.status_code in (200, 400)


def test_two_ids_that_differ_by_blanks_are_two_accounts_or_refused(server):
    twins = [
        EXAMPLE["accounts"][0],
        {**EXAMPLE["accounts"][0], "account_id": "C-1042 "},
    ]
    response = server.post(EXAMPLE | {"accounts": twins})
    assert response.status_code == 400 or len(response.json()["predictions"]) == 2


@pytest.mark.parametrize(
    "time", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"]
)
def test_a_time_that_utc_cannot_hold_is_refused(server, time):
    assert server.post(EXAMPLE | {"as_of": time}).status_code == 400


@pytest.mark.parametrize(
    "time", ["0001-01-01", "1899-12-31", "1970-01-01", 5, "2101-01-01", "9999-12-31"]
)
def test_an_as_of_date_that_no_row_may_have_is_refused_by_its_place(server, time):
    response = server.post(EXAMPLE | {"as_of": time})
    assert response.status_code == 400
    assert "as_of" in response.text


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, json.dumps(EXAMPLE).replace("C-1042", "\\ud800"), b"\xff\xfe{}"],
)
def test_malicious_json_is_refused(server, text):
    response = server.post(text)
    assert response.status_code == 400
    assert len(response.json()["errors"]) == 1


def test_a_rep_given_twice_is_refused(server):
    reps = [
        {"rep_id": "R-3", "hired_at": hired} for hired in ("2020-01-01", "2021-01-01")
    ]
    assert server.post(EXAMPLE | {"reps": reps}).status_code == 400


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/xml",
        "application/vnd.bentoml+pickle",
        "application/octet-stream",
        "",
    ],
)
def test_another_media_type_is_refused(server, media_type):
    response = server.post(EXAMPLE, **{"Content-Type": media_type})
    assert response.status_code == 415
    assert "application/json" in response.text


def test_multipart_is_refused(server):
    response = server.client.post(
        "/predict", files={"request": json.dumps(EXAMPLE).encode()}
    )
    assert response.status_code == 415


def test_json_with_a_charset_is_welcome(server):
    assert (
        server.post(
            EXAMPLE, **{"Content-Type": "application/json; charset=utf-8"}
        ).status_code
        == 200
    )


def test_too_large_a_body_is_refused(server):
    response = server.post(b" " * (MOST_BYTES + 1))
    assert response.status_code == 413
    assert "fewer accounts" in response.text


def test_bodies_may_be_packed_and_so_are_long_answers(server):
    request = {
        **EXAMPLE,
        "accounts": [
            {**EXAMPLE["accounts"][0], "account_id": str(n)} for n in range(5)
        ],
    }
    packed = gzip.compress(json.dumps(request).encode())
    response = server.post(packed, **{"Content-Encoding": "gzip"})
    assert response.status_code == 200
    assert response.headers["content-encoding"] == "gzip"
    assert response.json() == server.post(request).json()
    plain = server.post(request, **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == response.json()
    bomb = gzip.compress(b" " * (MOST_BYTES + 1))
    assert server.post(bomb, **{"Content-Encoding": "gzip"}).status_code == 413
    assert server.post(request, **{"Content-Encoding": "br"}).status_code == 415


BOUNDARY = "multipart/form-data; boundary=x"
AS_MULTIPART = (
    "--x\r\nContent-Disposition: form-data; name=request\r\n\r\n{}\r\n--x--\r\n"
)


@pytest.mark.parametrize(
    "second", [BOUNDARY, "application/vnd.bentoml+pickle", "application/json"]
)
@pytest.mark.parametrize("json_first", [True, False])
def test_a_second_media_type_does_not_walk_past_the_first(server, second, json_first):
    types = ["application/json", second] if json_first else [second, "application/json"]
    headers = [("Content-Type", media_type) for media_type in types]
    for content in (AS_MULTIPART.format(json.dumps(EXAMPLE)), json.dumps(EXAMPLE)):
        assert (
            server.client.post("/predict", content=content, headers=headers).status_code
            == 415
        )


def test_predict_takes_post_alone_and_says_so(server):
    for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        response = server.client.request(method, "/predict")
        assert (response.status_code, response.headers["allow"]) == (405, "POST")


# Routes


OF_A_NIGHT = ("/accounts/{account_id:path}", "/list")
"""Routes that need a night, which this server has not."""


def expected(path):
    """The status of a GET."""
    route = label(path)
    if route not in ROUTES:
        return 404
    if "GET" not in ROUTES[route]:
        return 405
    return 503 if route in OF_A_NIGHT else 200


def test_every_route_that_bentoml_has_is_one_of_ours_or_is_not_answered(
    server, models_folder, monkeypatch
):
    monkeypatch.setenv("PINCH_MODELS", str(models_folder))
    from serving.endpoint.service import Pinch

    def walked(routes, prefix=""):
        for route in routes:
            path = prefix.rstrip("/") + route.path
            yield from (
                walked(route.routes or [], path) if isinstance(route, Mount) else [path]
            )
            yield path.rstrip("/") + "/index.css"

    paths = set(walked(Pinch.to_asgi().routes)) | {
        "/schema.json",
        "/static_content/index.css",
        "/predict/submit",
    }
    assert set(ROUTES) <= paths
    for path in paths:
        assert server.client.get(path).status_code == expected(path)


@pytest.mark.parametrize("path", [path for path in ROUTES if expected(path) == 200])
def test_no_page_loads_anything_from_elsewhere(server, path):
    response = server.client.get(path)
    assert response.status_code == 200
    assert server.client.head(path).status_code == 200
    for told in ("googletagmanager", "<script", "bentoml.com", "//fonts"):
        assert told not in response.text.lower()
    assert set(re.findall(r"https?://[^/\"'>\s]+", response.text)) <= {
        "http://www.w3.org"
    }  # a name and not an address


def test_the_front_page_may_load_its_icon_and_nothing_more(server):
    page = server.client.get("/")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    for link in re.findall(r'href="([^"]+)"', page.text):
        assert server.client.get(f"/{link}").status_code == 200
    assert server.client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


def test_without_a_night_what_is_stored_is_not_there_and_it_says_how_to_have_one(
    server,
):
    for path in ("/accounts/C-1042", "/list"):
        response = server.client.get(path)
        assert response.status_code == 503
        assert "PINCH_NIGHT" in response.json()["detail"]
        assert "C-1042" not in response.text


def test_unknown_paths_leave_no_trace(server):
    for number in range(300):
        assert server.client.get(f"/people/{SECRET}-{number}").status_code == 404
    text = server.client.get("/metrics").text
    assert SECRET not in text
    assert set(re.findall(r'route="([^"]*)"', text)) <= {*ROUTES, "other"}
    assert len(text) < 50_000
    assert SECRET not in server.log()


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415])
def test_every_refusal_has_one_shape(server, status):
    response = {
        400: lambda: server.post({}),
        404: lambda: server.client.get("/nowhere"),
        405: lambda: server.client.get("/predict"),
        413: lambda: server.post(b" " * (MOST_BYTES + 1)),
        415: lambda: server.post({}, **{"Content-Type": "text/plain"}),
    }[status]()
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert set(told) == {"type", "title", "status", "detail", "errors", "errors_found"}
    assert (response.status_code, told["status"]) == (status, status)
    assert "expected" in told["detail"] and "to mend" in told["detail"]


# Bounds


BAD_ROW = {"occurred_at": 5, "kind": True, "value": SECRET}


def test_a_body_of_bad_rows_has_a_short_answer_and_the_service_is_heard_meanwhile(
    server,
):
    rows = [BAD_ROW] * 4_900
    body = json.dumps(
        EXAMPLE | {"accounts": [EXAMPLE["accounts"][0] | {"interactions": rows}] * 19}
    )
    waits = []
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(server.post, body)
        while not asked.done():
            began = time.monotonic()
            assert httpx.get(f"{server.url}/readyz", timeout=30).status_code == 200
            waits.append(time.monotonic() - began)
    response = asked.result()
    assert response.status_code == 400
    assert len(response.content) < 20_000
    assert (len(response.json()["errors"]), response.json()["errors_found"]) == (
        20,
        1_000,
    )
    assert SECRET not in response.text
    assert max(waits) < 3.0  # .07 where nothing else runs


# Running


def test_forty_requests_at_once_are_all_answered_rightly(server):
    def ask(place):
        request = deepcopy(EXAMPLE)
        request["accounts"][0]["account_id"] = f"C-{place}"
        request["accounts"][0]["surveys"][0]["score"] = place % 10
        return server.post(request)

    one_by_one = [
        ask(place).json()["predictions"][0]["features_hash"] for place in range(10)
    ]
    with ThreadPoolExecutor(40) as pool:
        responses = list(pool.map(ask, range(40)))
    assert [response.status_code for response in responses] == [200] * 40
    answers = [response.json()["predictions"][0] for response in responses]
    assert [answer["account_id"] for answer in answers] == [
        f"C-{place}" for place in range(40)
    ]
    assert [answer["features_hash"] for answer in answers] == one_by_one * 4
    assert len(set(one_by_one)) == 10


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics", "/docs.json"])
def test_the_pages_of_a_service_answer(server, path):
    assert server.client.get(path).status_code == 200


def test_the_published_schema_names_the_request_and_its_bounds(server):
    described = server.client.get("/docs.json").json()
    assert "/predict" in described["paths"]
    schemas = described["components"]["schemas"]
    assert schemas["Account"]["additionalProperties"] is False
    assert {"account_id", "opened_at"} == set(schemas["Account"]["required"])


def test_the_log_names_errors_and_no_account_and_no_value_of_a_request(server):
    server.post(
        changed(lambda account: account.update(account_id=SECRET, nickname=SECRET))
    )
    server.post(
        changed(
            lambda account: account.update(account_id=SECRET, facts={SECRET: NUMBER})
        )
    )
    server.post(
        changed(
            lambda account: (
                account.update(account_id=SECRET),
                account["surveys"][0].update(score=7741),
            )
        )
    )
    server.post(changed(lambda account: account.update(account_id=f" {SECRET} ")))
    server.post(changed(lambda account: account.update(account_id=SECRET)))
    server.post(json.dumps(EXAMPLE).replace("C-1042", SECRET)[:-3])
    deadline = time.monotonic() + 5
    while server.log().count("refused") < 4 and time.monotonic() < deadline:
        time.sleep(0.1)
    log = re.sub(r"\b[0-9a-f]{32}\b", "", server.log())  # ids of requests
    assert "POST /predict refused: 400" in log
    for told in (SECRET, "7741", "C-1042", "nickname"):
        assert told not in log


def test_the_log_holds_no_account_and_no_rep_of_requests_that_were_answered(
    parity, server, sample_folder
):
    reps = pd.read_parquet(sample_folder / "reps.parquet")["rep_id"]
    log = server.log()
    assert len(reps) > 0
    assert [
        name
        for name in [*parity[1].index, *reps]
        if re.search(rf"\b{re.escape(name)}\b", log)
    ] == []


def test_the_metrics_hold_no_account(parity, server):
    metrics = server.client.get("/metrics").text
    assert "/predict" in metrics
    assert [
        name
        for name in parity[1].index
        if re.search(rf"\b{re.escape(name)}\b", metrics)
    ] == []
