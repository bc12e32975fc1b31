"""Salesforce: fields of an object by Bulk API 2.0, from CSV of at most 100 MB.

A job is made, given its rows, closed, and looked at until it has ended; then Salesforce lists the rows that failed and
those that it did not come to. By an external id it is an upsert, by ``Id`` an update. What is missing is ``#N/A``,
which blanks a field where an empty cell would leave it. Salesforce takes 150 MB, of the rows in Base64, and advises
100 MB for that; the line ends are LF, and nothing guards formulas, for this is no file for a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode

from serving.delivery.declared import WriteBack, all_rows
from serving.delivery.edition import Edition
from serving.delivery.fields import Fields
from serving.delivery.ledger import Ledger
from serving.delivery.reasons import code_of
from serving.delivery.rows import Changes, Outcome, outcome_of
from serving.delivery.unfinished import require_finished
from serving.delivery.waiting import until
from serving.delivery.web import Web
from serving.delivery.whole import written_whole

LARGEST = 100_000_000
"""Bytes of the rows of a job."""
OWN_ID = "Id"
NULL = "#N/A"

_API = "/services/data/v62.0/jobs/ingest"
_DONE, _NEVER_CLOSED = "JobComplete", "Open"
_ENDED = frozenset({_DONE, _NEVER_CLOSED, "Failed", "Aborted"})
_FIELDS = {
    "Pinch_Risk_90d__c": "risk_90d",
    "Pinch_Band__c": "band",
    "Pinch_Quadrant__c": "quadrant",
    "Pinch_Heading__c": "heading",
    "Pinch_Action__c": "action",
    "Pinch_Reason__c": "reason_1",
    "Pinch_Place__c": "place",
    "Pinch_As_Of__c": "as_of",
}

Headers = Mapping[str, str]
Part = tuple[list[str], bytes]
"""The accounts of a job, and its CSV."""


class Salesforce(WriteBack):
    """An object of Salesforce.

    Attributes:
        url: such as ``https://company.my.salesforce.com``.
        external_id: the field that holds the id of the account, or ``Id``.
        object: by its API name.
        client_id, client_secret: of a connected app with the client credentials flow, as ``$NAME``.
    """

    identity: ClassVar[tuple[str, ...]] = ("url", "object", "external_id")
    gone: ClassVar[frozenset[str]] = frozenset(
        {"REQUIRED_FIELD_MISSING", "ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"}
    )

    to: Literal["salesforce"]
    external_id: str
    object: str = "Account"
    client_id: str = "$SALESFORCE_CLIENT_ID"
    client_secret: str = "$SALESFORCE_CLIENT_SECRET"
    fields: Fields = _FIELDS

    def files(self, changes: Changes, edition: Edition) -> list[Path]:
        """Writes a file for each job."""
        if self.folder is None:
            return []
        files = []
        for _, text in self._parts(changes):
            files.append(file := self.new_file(edition, ".csv"))
            with written_whole(file) as part:
                part.write_bytes(text)
        return files

    def send(self, changes: Changes, ledger: Ledger, web: Web) -> Iterator[Outcome]:
        """Sends changes, a job at a time, after the jobs that were left before have ended."""
        if not self.send_:
            yield Outcome(changes.accounts)
            return
        headers = {"Authorization": f"Bearer {self._token(web)}"}
        require_finished(ledger, lambda job: _stopped(job, headers, web))
        for part in self._parts(changes):
            yield self._sent(part, headers, ledger, web)

    def _sent(self, part: Part, headers: Headers, ledger: Ledger, web: Web) -> Outcome:
        accounts, text = part
        made = web.send_json("POST", self.url + _API, headers, self._job())
        ledger.accepted(
            job := f"{self.url}{_API}/{made.required(200, 201).json()['id']}"
        )
        # Whether the next two were done is told by the state, also where an answer was lost and they are refused.
        web.ask("PUT", f"{job}/batches", {**headers, "Content-Type": "text/csv"}, text)
        web.send_json("PATCH", job, headers, {"state": "UploadComplete"})
        state = until(lambda: _ended(job, headers, web), web.wait)
        if state is None or state["state"] == _NEVER_CLOSED:
            state = _stopped(job, headers, web)
        if state is not None:
            ledger.finished(job)
        if not _is_done(state, len(accounts)):
            return outcome_of(accounts, (), {})
        failed = self._failed(job, headers, web)
        return outcome_of(accounts, set(accounts) - failed.keys(), failed)

    def _failed(self, job: str, headers: Headers, web: Web) -> dict[str, str]:
        """The accounts whose rows failed, or were not come to, each with Salesforce's code."""
        failed = {}
        for which in ("failedResults", "unprocessedrecords"):
            answer = web.ask("GET", f"{job}/{which}/", headers).required(200)
            for row in csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))):
                failed[row[self.external_id]] = code_of(row.get("sf__Error"))
        return failed

    def _job(self) -> dict[str, str]:
        job = {"object": self.object, "contentType": "CSV", "lineEnding": "LF"}
        if self.external_id == OWN_ID:
            return {**job, "operation": "update"}
        named = {"externalIdFieldName": self.external_id}
        return {**job, "operation": "upsert", **named}

    def _token(self, web: Web) -> str:
        """A token for this run, by OAuth's client credentials."""
        asked = {
            "grant_type": "client_credentials",
            "client_id": self.held(self.client_id),
            "client_secret": self.held(self.client_secret),
        }
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        url = f"{self.url}/services/oauth2/token"
        answer = web.ask("POST", url, form, urlencode(asked).encode()).required(200)
        token: str = answer.json()["access_token"]
        return token

    def _parts(self, changes: Changes) -> Iterator[Part]:
        """The rows of changes in as few jobs as may be."""
        header = _line([self.external_id, *self.fields])
        accounts: list[str] = []
        lines, size = [header], len(header)
        for account, told in all_rows(changes, self.fields):
            line = _line([account, *(_cell(told[field]) for field in self.fields)])
            if size + len(line) > LARGEST:
                yield accounts, b"".join(lines)
                accounts, lines, size = [], [header], len(header)
            accounts.append(account)
            lines.append(line)
            size += len(line)
        if accounts:
            yield accounts, b"".join(lines)


def _line(cells: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return NULL
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_done(state: Mapping[str, Any] | None, rows: int) -> bool:
    """Whether a job has come to all of its rows."""
    if state is None or state["state"] != _DONE:
        return False
    return state.get("numberRecordsProcessed") == rows


def _ended(job: str, headers: Headers, web: Web) -> dict[str, Any] | None:
    """A job that has ended, or that waits to be closed; None where it goes on."""
    answer = web.ask("GET", job, headers)
    if answer.status == 404:
        return {"state": "Aborted"}
    said: dict[str, Any] = answer.required(200).json()
    return said if said["state"] in _ENDED else None


def _stopped(job: str, headers: Headers, web: Web) -> dict[str, Any] | None:
    """A job that is done no further; None where it goes on all the same."""
    web.send_json("PATCH", job, headers, {"state": "Aborted"})
    return until(lambda: _ended(job, headers, web), web.wait)
