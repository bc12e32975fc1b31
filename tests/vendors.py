"""Servers that behave as Salesforce, HubSpot and Zendesk do, and that fail, delay and repeat as they are told to.

What a fault is is said by the scripts of the server, a fault for each request; once they are at their end there
are no more. Real HTTP, in a thread.
"""

import csv
import io
import json
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

FINE = "fine"
FAULTS = ("fails", "busy", "drops", "loses", "repeats", "refuses", "delays")
"""500 before anything is done; 429 with Retry-After; no answer before, and after it is done; done twice; some rows
refused; done when it has been asked for several times."""


class Vendors:
    """All three, with the fields of each account.

    Attributes:
        has: by vendor, then by account, what is told of it.
        trouble: a fault for each request, which is met on the way.
        script: a fault for each request that writes, which the vendor itself has.
        slow: how often a job is asked for that is delayed, before it is done; half of a night's patience or more.
        refused: accounts that no vendor takes.
        requests: method, path, headers and body of each request.
        answers: a list of (status, headers, body) that come first, whatever is asked.
    """

    def __init__(self):
        self.has = {"salesforce": {}, "hubspot": {}, "zendesk": {}}
        self.script = self.trouble = iter(())
        self.slow = 50
        self.refused = set()
        self.requests = []
        self.answers = []
        self.jobs = {}
        self.lock = threading.Lock()

    def fault(self):
        return next(self.script, FINE)

    def set(self, vendor, account, fields):
        self.has[vendor].setdefault(account, {}).update(fields)

    # Salesforce

    def salesforce(self, method, path, headers, body):
        if path == "/services/oauth2/token":
            return 200, {"access_token": "of-today"}
        assert headers["Authorization"] == "Bearer of-today"
        parts = path.removeprefix("/services/data/v62.0/jobs/ingest").split("/")[1:]
        if not parts:
            named = f"J{len(self.jobs)}"
            said = json.loads(body)
            assert said["lineEnding"] == "LF"
            assert said["contentType"] == "CSV"
            self.jobs[named] = {**said, "state": "Open", "rows": None, "failed": []}
            return 200, {"id": named, "state": "Open"}
        job = self.jobs[parts[0]]
        if parts[1:] == ["batches"]:
            if job["rows"] is not None or job["state"] != "Open":
                return 400, [{"errorCode": "INVALIDJOBSTATE"}]
            assert b"\r" not in body
            job["rows"] = list(csv.DictReader(io.StringIO(body.decode())))
            return 201, None
        if method == "PATCH":
            return self._moved(job, json.loads(body)["state"])
        if parts[1:] == ["failedResults", ""]:
            return 200, _as_csv(job["failed"])
        if parts[1:] == ["unprocessedrecords", ""]:
            return 200, _as_csv([])
        return 200, self._looked_at(job)

    def _moved(self, job, state):
        if job["state"] not in ("Open", "UploadComplete"):
            return 400, [{"errorCode": "INVALIDJOBSTATE"}]
        if state == "UploadComplete" and job["state"] == "Open":
            fault = self.fault()
            job.update(
                state="UploadComplete", looks=self.slow if fault == "delays" else 0
            )
            job["refuses"] = fault == "refuses"
        elif state == "Aborted":
            job["state"] = "Aborted"
        return 200, {"state": job["state"]}

    def _looked_at(self, job):
        if job["state"] == "UploadComplete":
            job["looks"] -= 1
            if job["looks"] < 0:
                self._done(job)
        return {
            "state": job["state"],
            "numberRecordsProcessed": len(job["rows"] or []),
            "numberRecordsFailed": len(job["failed"]),
        }

    def _done(self, job):
        key = job.get("externalIdFieldName", "Id")
        assert job["operation"] == ("update" if key == "Id" else "upsert")
        for row in job["rows"] or []:
            account = row.pop(key)
            if account in self.refused or (job["refuses"] and account < "c"):
                error = "STRING_TOO_LONG:Action: Call Ann Lee:Action__c --"
                job["failed"].append({"sf__Id": "", "sf__Error": error, key: account})
                continue
            fields = {k: None if v == "#N/A" else v for k, v in row.items() if v != ""}
            self.set("salesforce", account, fields)
        job["state"] = "JobComplete"

    # HubSpot

    def hubspot(self, method, path, headers, body):
        assert headers["Authorization"] == "Bearer hub"
        verb = path.removeprefix("/crm/v3/objects/companies/batch/")
        inputs = json.loads(body)["inputs"]
        assert 0 < len(inputs) <= 100
        fault, bad = self.fault(), set(self.refused)
        if fault == "refuses":
            bad |= {each["id"] for each in inputs if each["id"] < "c"}
        if verb == "update":
            bad |= {e["id"] for e in inputs if e["id"] not in self.has["hubspot"]}
        good = [each for each in inputs if each["id"] not in bad]
        for each in good:
            self.set("hubspot", each["id"], each["properties"])
        results = [
            {"id": "9", "objectWriteTraceId": e["objectWriteTraceId"]} for e in good
        ]
        errors = [
            {
                "status": "error",
                "category": "VALIDATION_ERROR"
                if each["id"] in self.has["hubspot"] or verb == "upsert"
                else "OBJECT_NOT_FOUND",
                "message": "ann@example.com is no number",
                "context": {"objectWriteTraceId": [each["objectWriteTraceId"]]},
            }
            for each in inputs
            if each["id"] in bad
        ]
        if not errors:
            return 200, {"status": "COMPLETE", "results": results}
        return 207, {"results": results, "numErrors": len(errors), "errors": errors}

    # Zendesk

    def zendesk(self, method, path, headers, body):
        assert headers["Authorization"].startswith("Basic ")
        asked = urlsplit(path)
        if asked.path.endswith("/show_many.json"):
            wanted = parse_qs(asked.query)["external_ids"][0].split(",")
            there = [w for w in wanted if w in self.has["zendesk"]]
            found = [{"id": _number(w), "external_id": w} for w in there]
            return 200, {"organizations": found}
        if method == "PUT":
            sent = json.loads(body)["organizations"]
            assert 0 < len(sent) <= 100
            named = f"Z{len(self.jobs)}"
            fault = self.fault()
            looks = self.slow if fault == "delays" else 0
            self.jobs[named] = {
                "sent": sent,
                "looks": looks,
                "refuses": fault == "refuses",
            }
            return 200, {"job_status": {"id": named, "status": "queued"}}
        named = asked.path.rpartition("/")[2].removesuffix(".json")
        job = self.jobs[named]
        job["looks"] -= 1
        if job["looks"] >= 0:
            return 200, {"job_status": {"id": named, "status": "working"}}
        if "results" not in job:
            job["results"] = [
                self._updated(place, each, job["refuses"])
                for place, each in enumerate(job["sent"])
            ]
        status = {"id": named, "status": "completed", "results": job["results"]}
        return 200, {"job_status": status}

    def _updated(self, place, each, refuses):
        account = _account(each["id"])
        if account in self.refused or (refuses and account < "c"):
            named = (
                {"index": place, "id": each["id"]} if place % 2 else {"index": place}
            )
            return {**named, "error": "OrganizationUpdateFailed", "details": "Ann"}
        self.set("zendesk", account, each["organization_fields"])
        return {
            "id": each["id"],
            "action": "update",
            "status": "Updated",
            "success": True,
        }


def _number(account):
    return int.from_bytes(account.encode())


def _account(number):
    return number.to_bytes((number.bit_length() + 7) // 8).decode()


def _as_csv(rows):
    text = io.StringIO()
    writer = csv.DictWriter(
        text, list(rows[0]) if rows else ["sf__Id"], lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def _any(self):
        vendors = self.server.vendors
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        with vendors.lock:
            self._answer(vendors, body)

    do_GET = do_POST = do_PUT = do_PATCH = _any  # noqa: N815

    def _answer(self, vendors, body):
        vendor, path = _vendor_of(self.path)
        vendors.requests.append((self.command, path, dict(self.headers), body))
        if vendors.answers:
            self._say(*vendors.answers.pop(0))
            return
        before = next(vendors.trouble, FINE)
        if before == "fails":
            self._say(503, {}, None)
        elif before == "busy":
            self._say(429, {"Retry-After": "7"}, None)
        elif before == "drops":
            self.close_connection = True
        else:
            self._done(vendors, vendor, path, body, before)

    def _done(self, vendors, vendor, path, body, before):
        act = getattr(vendors, vendor)
        status, said = act(self.command, path, self.headers, body)
        if before == "repeats":
            act(self.command, path, self.headers, body)
        if before == "loses":
            self.close_connection = True
            return
        self._say(status, {}, said)

    def _say(self, status, headers, said):
        text = said if isinstance(said, str) else json.dumps(said)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionResetError):
            super().handle_error(request, client_address)


def _vendor_of(path):
    vendor, _, rest = path.removeprefix("/").partition("/")
    return vendor, f"/{rest}"


@contextmanager
def running():
    """Starts the servers; their address is in ``url``, each vendor's below it."""
    vendors = Vendors()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.vendors = vendors
    vendors.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield vendors
    finally:
        server.shutdown()
        server.server_close()
