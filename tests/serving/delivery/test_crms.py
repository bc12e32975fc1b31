"""Each CRM by itself: what it is sent and what is written to files, to the byte, and what its answers mean."""

import json

import pytest
from editions import edition

from serving.delivery import salesforce
from serving.delivery.ledger import open_ledger
from serving.delivery.write_back import write_back
from serving.erasure.destinations import erase_from_destinations
from serving.erasure.journal import Journal
from serving.erasure.places import Places

FIELDS = {"Risk": "risk_90d", "Act": "action", "Cold": "cold_start", "Seen": "as_of"}
NIGHT = {"action": ['Call "Ann", now', "x" * 300, "two\r\nlines"]}


@pytest.fixture
def deliver(declared, web, tmp_path):
    """Tells a destination of a night."""

    def act(night, to, **said):
        destination = declared(to, fields=FIELDS, **said)
        return write_back(night, destination, tmp_path, web)

    return act


def bodies(vendors, verb=None):
    return [
        json.loads(body)
        for _, path, _, body in vendors.requests
        if body.startswith(b"{") and (verb is None or path.endswith(verb))
    ]


def test_salesforce_is_given_csv_by_external_id_with_lf_and_na(deliver, tmp_path):
    report = deliver(
        edition({"a": 0.12345, "b": None, "c": 1}, **NIGHT), "salesforce", folder="out"
    )
    (file,) = report.files
    assert file == str(tmp_path / "out/2026-11-21/salesforce-001.csv")
    assert (tmp_path / "out/2026-11-21/salesforce-001.csv").read_bytes() == (
        "Pinch_Id__c,Risk,Act,Cold,Seen\n"
        'a,0.1235,"Call ""Ann"", now",false,2026-11-21\n'
        f"b,#N/A,{'x' * 254}…,false,2026-11-21\n"
        "c,1.0,two lines,false,2026-11-21\n"
    ).encode()


def test_a_file_that_is_there_is_not_written_over(deliver, tmp_path):
    first = deliver(edition({"a": 0.1}), "salesforce", send=False, folder="out")
    second = deliver(
        edition({"a": 0.1, "b": 0.2}, revision=2),
        "salesforce",
        send=False,
        folder="out",
    )
    accounts = [
        [line[0] for line in (tmp_path / file).read_text().splitlines()[1:]]
        for file in (*first.files, *second.files)
    ]
    assert accounts == [["a"], ["b"]]
    again = deliver(
        edition({"a": 0.1, "b": 0.2}, revision=2),
        "salesforce",
        send=False,
        folder="out",
    )
    assert again.files == []


def test_an_account_that_left_is_na_throughout(deliver, tmp_path):
    for risks, day in (({"a": 0.1, "b": 0.2}, 0), ({"a": 0.1}, 1)):
        deliver(edition(risks, day), "salesforce", send=False, folder="out")
    assert (tmp_path / "out/2026-11-22/salesforce-001.csv").read_text() == (
        "Pinch_Id__c,Risk,Act,Cold,Seen\nb,#N/A,#N/A,#N/A,#N/A\n"
    )


def test_a_file_of_salesforce_is_no_larger_than_its_limit(
    deliver, monkeypatch, tmp_path
):
    # the header has 31 bytes and each row 34
    monkeypatch.setattr(salesforce, "LARGEST", 31 + 2 * 34)
    night = edition(dict.fromkeys("abc", 0.1))
    report = deliver(night, "salesforce", send=False, folder="out")
    sizes = [(tmp_path / file).stat().st_size for file in report.files]
    assert sizes == [31 + 2 * 34, 31 + 34]


def test_salesforces_own_id_is_an_update(deliver, vendors):
    assert deliver(edition({"a": 0.1}), "salesforce", external_id="Id").whole
    assert bodies(vendors, "ingest") == [
        {
            "object": "Account",
            "contentType": "CSV",
            "lineEnding": "LF",
            "operation": "update",
        }
    ]


def test_a_job_that_does_not_end_is_stopped_and_its_rows_go_again(deliver, vendors):
    vendors.script, vendors.slow = iter(["delays"]), 100
    report = deliver(edition({"a": 0.1}), "salesforce")
    assert report.failed == {"a": "no word of it"}
    assert vendors.jobs["J0"]["state"] == "Aborted"
    assert deliver(edition({"a": 0.1}), "salesforce").delivered == 1


def test_a_job_that_did_not_come_to_all_rows_has_delivered_none(deliver, vendors):
    whole = vendors.salesforce

    def loses_rows(method, path, headers, body):
        is_upload = path.endswith("/batches")
        return (413, None) if is_upload else whole(method, path, headers, body)

    vendors.salesforce = loses_rows
    report = deliver(edition({"a": 0.1}), "salesforce")
    assert vendors.jobs["J0"]["state"] == "JobComplete"
    assert (report.delivered, report.failed) == (0, {"a": "no word of it"})


def test_nothing_is_sent_past_a_job_of_zendesk_that_has_not_ended(deliver, vendors):
    vendors.has["zendesk"] = {"a": {}}
    vendors.script, vendors.slow = iter(["delays"]), 60
    assert deliver(edition({"a": 0.1}), "zendesk").failed == {"a": "no word of it"}
    vendors.jobs["Z0"]["looks"] = 50
    report = deliver(edition({"a": 0.2}, day=1), "zendesk")
    assert "an earlier job that has not ended" in report.error
    assert len(vendors.jobs) == 1
    assert deliver(edition({"a": 0.2}, day=2), "zendesk").delivered == 1
    assert vendors.has["zendesk"]["a"]["Risk"] == 0.2


def test_hubspot_is_sent_a_hundred_companies_a_request(deliver, vendors):
    many = {f"a{place:03}": 0.1 for place in range(201)}
    report = deliver(edition(many), "hubspot")
    assert report.delivered == 201
    assert [len(body["inputs"]) for body in bodies(vendors)] == [100, 100, 1]
    assert vendors.requests[0][1] == "/crm/v3/objects/companies/batch/upsert"
    assert bodies(vendors)[2]["inputs"] == [
        {
            "idProperty": "pinch_id",
            "id": "a200",
            "objectWriteTraceId": "a200",
            "properties": {
                "Risk": "0.1",
                "Act": "Call them.",
                "Cold": "false",
                "Seen": "2026-11-21",
            },
        }
    ]


def test_the_file_of_hubspot_has_a_request_a_line(deliver, tmp_path):
    report = deliver(edition({"a": None}), "hubspot", send=False, folder="out")
    (line,) = (tmp_path / report.files[0]).read_text().splitlines()
    request = json.loads(line)
    assert request["path"] == "/crm/v3/objects/companies/batch/upsert"
    assert request["body"]["inputs"][0]["properties"]["Risk"] == ""


def test_hubspots_own_id_and_accounts_that_left_make_no_company(deliver, vendors):
    vendors.has["hubspot"] = {"7": {}, "8": {}}
    deliver(edition({"7": 0.1, "8": 0.1}), "hubspot", id_property="hs_object_id")
    deliver(edition({"7": 0.1}, day=1), "hubspot", id_property="hs_object_id")
    paths = [path.rpartition("/")[2] for _, path, _, _ in vendors.requests]
    assert paths == ["update", "update"]
    assert "idProperty" not in bodies(vendors)[0]["inputs"][0]
    assert vendors.has["hubspot"]["8"] == dict.fromkeys(FIELDS, "")


def test_an_account_that_left_and_that_the_crm_has_not_either_is_forgotten(
    deliver, vendors
):
    deliver(edition({"a": 0.1, "b": 0.1}), "hubspot")
    del vendors.has["hubspot"]["b"]
    report = deliver(edition({"a": 0.1}, day=1), "hubspot")
    assert (report.blank, report.delivered, report.whole) == (1, 1, True)
    assert deliver(edition({"a": 0.1}, day=2), "hubspot").blank == 0


def test_the_row_at_fault_is_found_where_hubspot_refuses_a_whole_request(
    deliver, vendors
):
    whole = vendors.hubspot

    def refuses_all(method, path, headers, body):
        bad = any(each["id"] == "c" for each in json.loads(body)["inputs"])
        return (
            (400, {"category": "VALIDATION_ERROR"})
            if bad
            else whole(method, path, headers, body)
        )

    vendors.hubspot = refuses_all
    report = deliver(edition(dict.fromkeys("abcdefgh", 0.1)), "hubspot")
    assert (report.delivered, report.failed) == (7, {"c": "VALIDATION_ERROR"})
    assert len(vendors.requests) == 7  # of 8, 4, 2, 1, 1, 2 and 4 companies


def test_a_hundred_refusals_in_a_row_end_a_delivery(deliver, vendors):
    many = {f"a{place:03}": 0.1 for place in range(300)}
    vendors.refused = set(many)
    report = deliver(edition(many), "hubspot")
    assert len(vendors.requests) == 1
    assert "all of the first 100 accounts refused (VALIDATION_ERROR)" in report.error


def test_an_account_that_an_answer_does_not_name_is_not_taken_for_delivered(
    deliver, vendors
):
    errors = [{"category": "VALIDATION_ERROR", "context": {}}]
    named = [{"objectWriteTraceId": "a"}]
    vendors.answers = [(207, {}, {"results": named, "errors": errors})]
    report = deliver(edition({"a": 0.1, "b": 0.2}), "hubspot")
    assert (report.delivered, report.failed) == (1, {"b": "no word of it"})


def test_zendesk_is_asked_for_the_ids_of_external_ids(deliver, vendors):
    vendors.has["zendesk"] = {"a": {}}
    report = deliver(edition({"a": 0.1, "b&c": 0.2}), "zendesk")
    assert report.failed == {"b&c": "OrganizationNotFound"}
    _, update, _ = vendors.requests
    assert update[:2] == ("PUT", "/api/v2/organizations/update_many.json")
    assert json.loads(update[3]) == {
        "organizations": [
            {
                "id": 97,
                "organization_fields": {
                    "Risk": 0.1,
                    "Act": "Call them.",
                    "Cold": False,
                    "Seen": "2026-11-21",
                },
            }
        ]
    }


def test_zendesks_own_ids_need_no_asking(deliver, vendors):
    vendors.has["zendesk"] = {"a": {}}
    assert deliver(edition({"97": 0.1}), "zendesk", external_id=False).delivered == 1
    assert vendors.has["zendesk"]["a"]["Risk"] == 0.1


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_status_that_is_no_answer_ends_a_delivery(deliver, vendors, status, caplog):
    vendors.answers = [(status, {}, {"message": "ann@example.com"})] * 6
    report = deliver(edition({"a": 0.1}), "hubspot")
    assert f"127.0.0.1: found the status {status}" in report.error
    assert "ann" not in report.error + caplog.text


def test_nothing_goes_to_an_address_that_others_can_listen_to(deliver):
    report = deliver(edition({"a": 0.1}), "hubspot", url="http://api.example.com")
    assert "found an address that begins with http" in report.error


def test_an_erased_account_is_blank_in_the_crm_and_forgotten_by_its_ledger(
    deliver, declared, vendors, web, tmp_path
):
    deliver(edition({"a": 0.1, "b": 0.2}), "hubspot")
    (tmp_path / "erasure").mkdir()
    left, journal, places = edition({"b": 0.2}), Journal(tmp_path, {"a"}), Places()
    made = declared("hubspot", fields=FIELDS)
    erase_from_destinations([made], tmp_path, left, journal, web, places)
    assert vendors.has["hubspot"]["a"] == dict.fromkeys(FIELDS, "")
    assert open_ledger(tmp_path, made.title, made.address).rows.index.tolist() == ["b"]
    assert [*places.found.values()] == [1]
    assert places.remains == {}


def test_a_crm_that_refuses_keeps_an_erasure_open(
    deliver, declared, vendors, web, tmp_path
):
    deliver(edition({"a": 0.1, "b": 0.2}), "hubspot")
    (tmp_path / "erasure").mkdir()
    vendors.refused = {"a"}
    left, journal, places = edition({"b": 0.2}), Journal(tmp_path, {"a"}), Places()
    made = declared("hubspot", fields=FIELDS)
    erase_from_destinations([made], tmp_path, left, journal, web, places)
    (why,) = places.remains.values()
    assert "has not taken that the account is blank" in why
    ledger = open_ledger(tmp_path, made.title, made.address)
    assert ledger.rows.index.tolist() == ["a", "b"]
