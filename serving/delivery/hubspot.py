"""HubSpot: fields of companies, by batches of a hundred.

``POST /crm/v3/objects/companies/batch/upsert`` for accounts that are known by a property of one's own, whose values are
unique; by ``hs_object_id``, and for accounts that left, ``batch/update``, which makes no company. Each input has an
``objectWriteTraceId``, without which an answer of status 207 does not say which inputs failed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from serving.delivery.declared import WriteBack, batches, blank_rows
from serving.delivery.edition import Edition
from serving.delivery.fields import TOLD, Fields
from serving.delivery.ledger import Ledger
from serving.delivery.reasons import code_of
from serving.delivery.rows import Changes, Outcome, Row, outcome_of, rows_of
from serving.delivery.web import Answer, Web
from serving.delivery.whole import written_whole

BATCH = 100
OWN_ID = "hs_object_id"

_PATH = "/crm/v3/objects/companies/batch/"
_FIELDS = {f"pinch_{column}": column for column in TOLD}

Request = tuple[str, list[str], dict[str, Any]]
"""The path of a request, its accounts, and its body."""


class HubSpot(WriteBack):
    """Companies of HubSpot.

    Attributes:
        id_property: the property that holds the id of the account.
        token: of a private app with the scope ``crm.objects.companies.write``, as ``$NAME``.
        url: of its API.
    """

    identity: ClassVar[tuple[str, ...]] = ("url", "id_property")
    gone: ClassVar[frozenset[str]] = frozenset({"OBJECT_NOT_FOUND"})

    to: Literal["hubspot"]
    id_property: str
    token: str = "$HUBSPOT_TOKEN"
    url: str = "https://api.hubapi.com"
    fields: Fields = _FIELDS

    def files(self, changes: Changes, edition: Edition) -> list[Path]:
        """Writes a line of JSON for each request: its path and its body."""
        if self.folder is None:
            return []
        file = self.new_file(edition, ".jsonl")
        with written_whole(file) as part, part.open("w", encoding="utf-8") as lines:
            for path, _, body in self._requests(changes):
                print(json.dumps({"path": path, "body": body}), file=lines)
        return [file]

    def send(self, changes: Changes, ledger: Ledger, web: Web) -> Iterator[Outcome]:
        """Sends changes, a request at a time."""
        if not self.send_:
            yield Outcome(changes.accounts)
            return
        headers = {"Authorization": f"Bearer {self.held(self.token)}"}
        for request in self._requests(changes):
            yield from self._sent(request, headers, web)

    def _sent(
        self, request: Request, headers: Mapping[str, str], web: Web
    ) -> Iterator[Outcome]:
        """What becomes of a request; one that is refused as a whole is halved, until the row at fault is alone."""
        path, accounts, body = request
        answer = web.send_json("POST", self.url + path, headers, body)
        if answer.status != 400:
            yield _outcome(accounts, answer.required(200, 201, 207))
            return
        if len(accounts) == 1:
            yield Outcome([], {accounts[0]: code_of(_of(answer).get("category"))})
            return
        middle = len(accounts) // 2
        for part in (slice(None, middle), slice(middle, None)):
            half = {"inputs": body["inputs"][part]}
            yield from self._sent((path, accounts[part], half), headers, web)

    def _requests(self, changes: Changes) -> Iterator[Request]:
        by_own_id = self.id_property == OWN_ID
        path = _PATH + ("update" if by_own_id else "upsert")
        for batch in batches(rows_of(changes.told), BATCH):
            yield path, [account for account, _ in batch], self._body(batch)
        for batch in batches(blank_rows(changes.left, self.fields), BATCH):
            accounts = [account for account, _ in batch]
            yield f"{_PATH}update", accounts, self._body(batch)

    def _body(self, batch: list[Row]) -> dict[str, Any]:
        named = {} if self.id_property == OWN_ID else {"idProperty": self.id_property}
        inputs = [
            {
                **named,
                "id": account,
                "objectWriteTraceId": account,
                "properties": {field: _as_text(told[field]) for field in told},
            }
            for account, told in batch
        ]
        return {"inputs": inputs}


def _as_text(value: Any) -> str:
    """A value of a property: all are texts, and the empty one is none."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _of(answer: Answer) -> Mapping[str, Any]:
    said = answer.json()
    return said if isinstance(said, dict) else {}


def _outcome(accounts: list[str], answer: Answer) -> Outcome:
    """What an answer says of each account; of one that it does not name it says nothing."""
    said = _of(answer)
    errors = said.get("errors") or []
    if answer.status != 207 and not errors:
        return Outcome(accounts)
    done = {result.get("objectWriteTraceId") for result in said.get("results") or []}
    failed = _codes(errors)
    return outcome_of(accounts, done, failed)


def _codes(errors: list[Mapping[str, Any]]) -> dict[str, str]:
    """The codes of errors by account."""
    found = {}
    for error in errors:
        code = code_of(error.get("category"))
        for account in (error.get("context") or {}).get("objectWriteTraceId") or []:
            found[account] = code
    return found
