"""The stored night over HTTP: accounts by their ids, with what happened since, tonight's list, what serves."""

import json
import shutil
from datetime import UTC, datetime

import pandas as pd
import pytest
from endpoint_server import served
from hypothesis import example, given, settings
from hypothesis import strategies as st

from features.book.held_out import held_out
from features.book.labels import account_labels
from features.engine import MICROS_PER_DAY
from serving.endpoint.asked_accounts import read_asked
from serving.endpoint.faults import UnfitError
from serving.endpoint.nights import Nights
from serving.endpoint.predictor import Predictor
from serving.endpoint.problem import RefusedError
from serving.endpoint.stored_accounts import answer_on
from serving.endpoint.stored_night import open_night
from serving.night.night import score_night
from serving.night.output_files import write_night
from serving.night.tonight.tonight import looked_by, tonight
from serving.night.worklist import labelled, worklist
from serving.night_folder import SCORES, WORKLIST


@pytest.fixture(scope="module")
def as_of(sample_book):
    return (sample_book.watermark // MICROS_PER_DAY - 40) * MICROS_PER_DAY


@pytest.fixture(scope="module")
def moment(as_of):
    return datetime.fromtimestamp(as_of / 1e6, UTC).isoformat().replace("+00:00", "Z")


@pytest.fixture(scope="module")
def night(sample_book, as_of, scorer):
    return score_night(sample_book, as_of, scorer)


@pytest.fixture(scope="module")
def listed(night, sample_book):
    first = worklist(night.scores, 8, held_out(sample_book))
    owners = pd.DataFrame(
        {"owner": ["Ada", "Bea"] * 4},
        index=pd.Index(first["account_id"], name="account_id"),
    )
    return labelled(first, owners)


@pytest.fixture(scope="module")
def folder(night, listed, sample_book, tmp_path_factory):
    """The night as ``pinch score --histories`` leaves it."""
    made = tmp_path_factory.mktemp("night")
    write_night(night, listed, made, sample_book)
    return made


@pytest.fixture(scope="module")
def server(models_folder, folder, tmp_path_factory):
    with served(
        tmp_path_factory.mktemp("server"),
        PINCH_MODELS=models_folder,
        PINCH_NIGHT=folder,
    ) as started:
        yield started


def ask(server, *accounts, **more):
    """The answer of ``POST /accounts``."""
    body = json.dumps({"accounts": accounts, **more})
    headers = {"Content-Type": "application/json"}
    return server.client.post("/accounts", content=body, headers=headers)


def test_an_account_has_the_scores_of_the_night(server, night, moment):
    row = night.scores.iloc[7]
    response = server.client.get(f"/accounts/{row['account_id']}")
    assert response.status_code == 200
    told = response.json()
    assert told["account_id"] == row["account_id"]
    assert told["risk_90d"] == row["risk_90d"]
    assert told["features_hash"] == row["features_hash"]
    assert (told["as_of"], told["zone"]) == (moment, row["zone"])
    assert told["age_days"] > 40
    assert [reason["sentence"] for reason in told["reasons"]] == [
        row[f"reason_{place}"]
        for place in (1, 2, 3)
        if pd.notna(row[f"reason_{place}"])
    ]
    assert told["action"] == {"code": row["action_code"], "sentence": row["action"]}
    assert (told["gain"], told["tier"]) == (row["gain"], row["tier"])
    assert told["owed"] == (row["owed"] if pd.notna(row["owed"]) else None)


@pytest.mark.parametrize("name", ["nobody", "a%2Fb", "%00", "%22%7D%20or%201"])
def test_an_account_that_the_night_does_not_know_is_not_found_and_not_repeated(
    server, name
):
    response = server.client.get(f"/accounts/{name}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    (fault,) = response.json()["errors"]
    assert fault["place"] == "account_id"
    assert name not in response.text.replace("%", "")


def test_many_accounts_are_answered_in_the_order_of_the_request_and_others_by_place(
    server, night
):
    names = night.scores["account_id"].tolist()
    response = ask(server, names[3], "nobody", {"account_id": names[0]}, 5, names[3])
    assert response.status_code == 200
    answer = response.json()
    told = [each["account_id"] for each in answer["predictions"]]
    assert told == [names[3], names[0]]
    places = [fault["place"] for fault in answer["errors"]]
    assert sorted(places) == ["accounts[1]", "accounts[3]", "accounts[4]"]
    assert answer["errors_found"] == 3
    assert "nobody" not in response.text


def test_a_thousand_accounts_may_be_asked_for_and_one_more_may_not(server):
    many = [f"n{number}" for number in range(1_001)]
    answer = ask(server, *many[:1_000])
    assert answer.status_code == 200
    assert (len(answer.json()["errors"]), answer.json()["errors_found"]) == (20, 1_000)
    assert ask(server, *many).status_code == 400
    assert ask(server).status_code == 400


def test_the_stored_history_alone_gives_the_features_of_the_night(
    server, night, moment
):
    some = night.scores.sample(60, random_state=3)
    answer = ask(server, *some["account_id"], as_of=moment).json()
    assert (answer["errors"], len(answer["predictions"])) == ([], 60)
    hashes = [told["features_hash"] for told in answer["predictions"]]
    assert hashes == some["features_hash"].tolist()
    risks = [told["risk_90d"] for told in answer["predictions"]]
    assert risks == pytest.approx(some["risk_90d"].tolist(), rel=1e-12)


def test_what_happened_since_is_looked_at_and_what_is_not_known_yet_is_not(
    server, night, moment
):
    name = night.scores["account_id"].iloc[7]
    complaint = {"occurred_at": moment, "kind": "complaint"}
    later = {"occurred_at": "2100-01-01", "kind": "complaint"}
    (before,) = ask(server, name, as_of=moment).json()["predictions"]
    (since,) = ask(
        server, {"account_id": name, "interactions": [complaint]}, as_of=moment
    ).json()["predictions"]
    (by_column,) = ask(
        server,
        {
            "account_id": name,
            "interactions": {"occurred_at": [moment], "kind": ["complaint"]},
        },
        as_of=moment,
    ).json()["predictions"]
    (to_come,) = ask(
        server, {"account_id": name, "interactions": [later]}, as_of=moment
    ).json()["predictions"]
    assert since["features_hash"] != before["features_hash"]
    assert since["watermark"] == moment
    assert by_column["features_hash"] == since["features_hash"]
    assert to_come["features_hash"] == before["features_hash"]


def test_with_events_and_no_moment_an_account_is_scored_as_of_now(server, night):
    name = night.scores["account_id"].iloc[7]
    visit = {"occurred_at": "2024-02-01", "kind": "visit"}
    (told,) = ask(server, {"account_id": name, "interactions": [visit]}).json()[
        "predictions"
    ]
    moment = datetime.fromisoformat(told["as_of"])
    assert abs((datetime.now(UTC) - moment).total_seconds()) < 60
    assert told["age_days"] < 0.01


def test_a_bad_event_is_told_by_its_place_in_what_was_asked(server, night):
    names = night.scores["account_id"].tolist()
    bad = {"occurred_at": "2024-02-01", "kind": "visit", "value": "Waldegrave"}
    good = {"occurred_at": "2024-02-01", "kind": "visit"}
    response = ask(
        server,
        names[0],
        {"account_id": names[1], "interactions": [bad]},
        {"account_id": names[2], "interactions": [good]},
        {"account_id": names[3], "interactions": {"kind": "visit"}},
    )
    assert response.status_code == 200
    answer = response.json()
    told = [each["account_id"] for each in answer["predictions"]]
    assert told == [names[0], names[2]]
    places = {fault["place"] for fault in answer["errors"]}
    assert places == {"accounts[1].interactions[0].value", "accounts[3].interactions"}
    assert answer["errors_found"] == 2
    assert "Waldegrave" not in response.text
    alone = ask(server, {"account_id": names[1], "interactions": [bad]}).json()
    assert alone["predictions"] == []
    assert alone["errors"][0]["place"] == "accounts[0].interactions[0].value"
    assert ask(server, names[1], as_of="Waldegrave").status_code == 400


def test_the_list_has_its_rows_in_order_with_labels(server, listed, moment):
    answer = server.client.get("/list").json()
    assert (answer["listed"], answer["as_of"]) == (8, moment)
    told = answer["accounts"]
    assert [row["account_id"] for row in told] == listed["account_id"].tolist()
    assert [row["rank"] for row in told] == [*range(1, 9)]
    assert told[0]["labels"] == {"owner": "Ada"}
    assert told[0]["ranked_by"] == "risk_90d"
    assert told[0]["at_stake"] == listed["at_stake"].iloc[0]
    assert {"reasons", "action", "quadrant", "heading"} <= set(told[0])


def test_rows_of_the_list_can_be_asked_for(server, listed):
    told = server.client.get("/list", params={"owner": "Bea", "limit": 3}).json()
    assert [row["rank"] for row in told["accounts"]] == [2, 4, 6]
    assert told["listed"] == 8
    quadrant = listed["quadrant"].iloc[0]
    found = server.client.get("/list", params={"quadrant": quadrant}).json()["accounts"]
    assert len(found) == (listed["quadrant"] == quadrant).sum()
    assert server.client.get("/list", params={"owner": "Eve"}).json()["accounts"] == []


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("limit=0", "query.limit"),
        ("limit=-1", "query.limit"),
        ("limit=x", "query.limit"),
        ("limit=1001", "query.limit"),
        ("Waldegrave=1", "query[1]"),
        ("limit=2&limit=3", "query[1]"),
    ],
)
def test_another_query_is_refused_by_its_place(server, query, place):
    response = server.client.get(f"/list?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["place"] == place
    assert "Waldegrave" not in response.text


def test_what_serves_is_told_with_its_figures_and_verdicts(server):
    told = server.client.get("/models").json()
    assert told["model_version"] == "defection-1 migration-1"
    assert datetime.fromisoformat(told["serving_since"]).tzinfo is not None
    defection, migration = told["models"]
    assert (defection["name"], migration["name"]) == ("defection", "migration")
    assert 0.5 < defection["figures"]["auc"] < 1.0
    assert defection["horizon"] == 90
    assert defection["trained_until"]
    assert defection["promoted_at"]
    assert {"leakage"} <= {verdict["name"] for verdict in defection["verdicts"]}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["A000000", "2024-02-01", "visit", "\ud800", 10**120]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["account_id", "interactions", "surveys", "occurred_at", "kind", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@example([{"account_id": "\ud800"}], None)
@given(st.lists(JSON, max_size=3), st.none() | st.sampled_from(["2026-01-01", 5]))
def test_whatever_is_asked_is_answered_or_refused_by_places(
    folder, scorer, accounts, as_of
):
    body = json.dumps({"accounts": accounts, "as_of": as_of}).encode()
    night = open_night(folder)
    try:
        told = json.loads(answer_on(night, Predictor(scorer), read_asked(body)).body)
    except UnfitError as refused:
        assert refused.faults.named
    else:
        assert told["errors_found"] + len(told["predictions"]) >= len(accounts) > 0


def test_a_key_that_stands_twice_and_a_number_of_many_digits_are_told_by_their_place(
    folder, scorer
):
    rows = '{"kind": "use", "kind": "use"}', f'{{"kind": "use", "value": {"9" * 101}}}'
    body = f'{{"accounts": [{{"account_id": "A000000", "interactions": [{", ".join(rows)}]}}]}}'
    asked = read_asked(body.encode())
    told = json.loads(answer_on(open_night(folder), Predictor(scorer), asked).body)
    found = {fault["place"]: fault["found"] for fault in told["errors"]}
    assert found["accounts[0].interactions[0]"].endswith("a key stands twice")
    assert "characters" in found["accounts[0].interactions[1].value"]


# Taking over


@pytest.fixture
def nights(folder, tmp_path, monkeypatch):
    """A night in a folder of its own, looked at anew each time."""
    copy = tmp_path / "night"
    shutil.copytree(folder, copy)
    monkeypatch.setattr("serving.endpoint.nights.CHECK_SECONDS", 0.0)
    return Nights(copy), copy


def test_a_new_night_is_taken_over_and_the_old_one_stays_readable(
    nights, night, listed, sample_book
):
    served_nights, copy = nights
    old = served_nights.newest()
    assert served_nights.newest() is old
    newer = night.scores.assign(model_version="defection-2")
    write_night(type(night)(newer, night.levels), listed, copy, sample_book)
    new = served_nights.newest()
    name = newer["account_id"].iloc[0]
    assert new.scores([name])[name]["model_version"] == "defection-2"
    assert old.scores([name])[name]["model_version"] == "defection-1 migration-1"
    assert old.history("accounts", [name]) == new.history("accounts", [name])


@pytest.mark.parametrize("change", ["list", "history", "cut", "gone"])
def test_a_night_that_is_not_whole_is_not_taken_over_and_the_old_one_goes_on(
    nights, change
):
    served_nights, copy = nights
    old = served_nights.newest()
    scores = (copy / SCORES).read_bytes()
    (copy / SCORES).unlink()
    if change == "cut":
        (copy / SCORES).write_bytes(scores[:-400])
    elif change != "gone":
        (copy / SCORES).write_bytes(scores)
    other = {"list": WORKLIST, "history": "histories/interactions.parquet"}.get(change)
    if other:
        with (copy / other).open("ab") as file:
            file.write(b" ")
    assert served_nights.newest() is old


def test_without_a_whole_night_nothing_stored_is_served(tmp_path, nights):
    _, copy = nights
    (copy / WORKLIST).write_text("account_id\n")
    for folder in (None, tmp_path / "nowhere", copy):
        with pytest.raises(RefusedError) as refused:
            Nights(folder).newest()
        assert refused.value.problem.status == 503


def test_scores_of_spark_in_parts_and_in_no_order_are_served_as_well(
    night, listed, tmp_path, sample_book
):
    write_night(night, listed, tmp_path)
    (tmp_path / SCORES).unlink()
    shuffled = night.scores.sample(frac=1.0, random_state=0)
    (tmp_path / "scores").mkdir()
    for part in range(3):
        file = tmp_path / "scores" / f"part-{part}.parquet"
        shuffled.iloc[part::3].to_parquet(file, index=False)
    stored = Nights(tmp_path).newest()
    names = night.scores["account_id"].tolist()
    assert {*stored.scores(names)} == {*names}
    assert (
        stored.scores(names[:1])[names[0]]["risk_90d"]
        == (night.scores["risk_90d"].iloc[0])
    )
    assert len(stored.listed) == 8


def test_without_histories_only_the_night_is_served(nights, night, listed):
    served_nights, copy = nights
    assert served_nights.newest().has_histories
    write_night(night, listed, copy)
    assert not served_nights.newest().has_histories
    assert [file.name for file in copy.glob("histories/*")] == []


def test_the_list_that_people_read_is_read_as_exactly(
    night, sample_book, scorer, as_of, tmp_path
):
    order = worklist(night.scores, len(night.scores), held_out(sample_book))
    first = labelled(order.head(5), account_labels(sample_book))
    looked = looked_by(scorer, night.scores, as_of)
    told = tonight(sample_book, looked, night, order, 5)
    write_night(night, first, tmp_path, told=told)
    opened = open_night(tmp_path)
    assert opened.labels == ("name", "owner", "contact", "link")
    names = ["account_id", "risk_90d", "gain", "action_code", "name", "ranked_by"]
    read = pd.DataFrame(opened.listed)
    pd.testing.assert_frame_equal(read[names], first[names], check_dtype=False)
    assert read.columns[:3].tolist() == ["rank", "account_id", "name"]
