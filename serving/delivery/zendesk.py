"""Zendesk: fields of organizations, a hundred at a time.

``PUT /api/v2/organizations/update_many.json`` accepts a job, whose status tells what became of each organization. It
takes organizations by Zendesk's own ids; those of external ids are asked for first, by ``show_many.json``. It makes no
organization, so one that Zendesk does not have is an account that failed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import quote

from serving.delivery.declared import WriteBack, all_rows, batches
from serving.delivery.edition import Edition
from serving.delivery.fields import TOLD, Fields
from serving.delivery.ledger import Ledger
from serving.delivery.reasons import code_of
from serving.delivery.rows import Changes, Outcome, Row, outcome_of
from serving.delivery.unfinished import require_finished
from serving.delivery.waiting import until
from serving.delivery.web import Web
from serving.delivery.whole import written_whole

BATCH = 100
MISSING = "OrganizationNotFound"

_PATH = "/api/v2/organizations/"
_ENDED = frozenset({"completed", "failed", "killed"})
_FIELDS = {f"pinch_{column}": column for column in TOLD}

Headers = Mapping[str, str]


class Zendesk(WriteBack):
    """Organizations of Zendesk.

    Attributes:
        url: such as ``https://company.zendesk.com``.
        external_id: whether accounts are known by the external id of the organization, or by Zendesk's own.
        user: the agent's address, followed by ``/token``, as ``$NAME``.
        token: of its API, as ``$NAME``.
        fields: by the keys of organization fields.
    """

    identity: ClassVar[tuple[str, ...]] = ("url", "external_id")
    gone: ClassVar[frozenset[str]] = frozenset({MISSING})

    to: Literal["zendesk"]
    external_id: bool = True
    user: str = "$ZENDESK_USER"
    token: str = "$ZENDESK_TOKEN"
    fields: Fields = _FIELDS

    def files(self, changes: Changes, edition: Edition) -> list[Path]:
        """Writes a line of JSON for each request, by external id where accounts are known by it."""
        if self.folder is None:
            return []
        file = self.new_file(edition, ".jsonl")
        key = "external_id" if self.external_id else "id"
        with written_whole(file) as part, part.open("w", encoding="utf-8") as lines:
            for batch in batches(all_rows(changes, self.fields), BATCH):
                body = [_organization(key, account, told) for account, told in batch]
                print(json.dumps({"organizations": body}), file=lines)
        return [file]

    def send(self, changes: Changes, ledger: Ledger, web: Web) -> Iterator[Outcome]:
        """Sends changes, a job at a time, after the jobs that were left before have ended."""
        if not self.send_:
            yield Outcome(changes.accounts)
            return
        pair = f"{self.held(self.user)}:{self.held(self.token)}"
        coded = base64.b64encode(pair.encode()).decode()
        headers = {"Authorization": f"Basic {coded}"}
        require_finished(ledger, lambda job: self._results(job, headers, web))
        for batch in batches(all_rows(changes, self.fields), BATCH):
            yield self._sent(batch, headers, ledger, web)

    def _sent(
        self, batch: list[Row], headers: Headers, ledger: Ledger, web: Web
    ) -> Outcome:
        accounts = [account for account, _ in batch]
        ids = self._ids(accounts, headers, web)
        known = [(ids[account], told) for account, told in batch if account in ids]
        missing = {account: MISSING for account in accounts if account not in ids}
        if not known:
            return Outcome([], missing)
        body = [_organization("id", its, told) for its, told in known]
        url = f"{self.url}{_PATH}update_many.json"
        answer = web.send_json("PUT", url, headers, {"organizations": body})
        status = answer.required(200, 201, 202).json()["job_status"]
        ledger.accepted(job := f"{self.url}/api/v2/job_statuses/{status['id']}.json")
        results = self._results(job, headers, web)
        if results is None:
            return outcome_of(accounts, (), missing)
        ledger.finished(job)
        failed = _refused(results, [its for its, _ in known])
        updated = {result.get("id") for result in results if result.get("success")}
        done = {account for account, its in ids.items() if its in updated}
        why = {account: failed[its] for account, its in ids.items() if its in failed}
        return outcome_of(accounts, done, {**missing, **why})

    def _ids(self, accounts: list[str], headers: Headers, web: Web) -> dict[str, int]:
        """Zendesk's own ids of accounts, of those that it has."""
        if not self.external_id:
            return {account: int(account) for account in accounts if account.isdigit()}
        asked = quote(",".join(accounts))
        url = f"{self.url}{_PATH}show_many.json?external_ids={asked}"
        found = web.ask("GET", url, headers).required(200).json()["organizations"]
        return {its["external_id"]: its["id"] for its in found}

    def _results(
        self, job: str, headers: Headers, web: Web
    ) -> list[dict[str, Any]] | None:
        """The results of a job that has ended; None where it goes on."""

        def look() -> list[dict[str, Any]] | None:
            answer = web.ask("GET", job, headers)
            if answer.status == 404:
                return []
            status = answer.required(200).json()["job_status"]
            return (status.get("results") or []) if status["status"] in _ENDED else None

        return until(look, web.wait)


def _organization(
    key: str, account: str | int, told: Mapping[str, Any]
) -> dict[str, Any]:
    return {key: account, "organization_fields": dict(told)}


def _refused(results: list[dict[str, Any]], sent: list[int]) -> dict[int, str]:
    """The organizations that were not updated, each with the code of Zendesk."""
    refused = [result for result in results if not result.get("success")]
    return {
        result.get("id") or sent[result["index"]]: code_of(result.get("error"))
        for result in refused
    }
