"""A client of the endpoint, of one page: it waits when it is told to, and asks for many accounts in parts.

Example::

    with Pinch("https://pinch.example.com", key="...") as pinch:
        pinch.account("C-1042")["risk_90d"]
        predictions, faults = pinch.accounts(["C-1042", "C-1043"])
        pinch.tonights_list(owner="Ada", limit=20)
"""

import gzip
import json
import time
from collections.abc import Iterator, Sequence
from typing import Any, Self
from urllib.parse import quote

import httpx

AT_ONCE = 1_000
TRIES, LONGEST_WAIT = 5, 60.0
COME_AGAIN = (429, 503)


class RefusedError(Exception):
    """A problem (RFC 9457), with the first places at fault."""

    def __init__(self, problem: dict[str, Any]) -> None:
        self.problem = problem
        super().__init__(problem.get("detail", "no answer"))


class Pinch:
    """The endpoint at an address.

    Args:
        address: such as ``http://localhost:3000``.
        key: of ``pinch keys``, where there are keys.
        transport: of httpx, for tests.
    """

    def __init__(
        self,
        address: str,
        key: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            base_url=address, headers=headers, timeout=35.0, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._client.close()

    def account(self, account_id: str) -> dict[str, Any]:
        """What the last night says of an account."""
        return self._ask("GET", f"/accounts/{quote(account_id, safe='')}")

    def accounts(
        self, asked: Sequence[str | dict[str, Any]]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """What the last night says of many accounts, or their scores by now; and the first faults of each thousand."""
        return self._in_parts("/accounts", asked)

    def predict(
        self, as_of: str, accounts: Sequence[dict[str, Any]], **shared: Any
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The scores of accounts that are sent with all that is known of them; and the first faults."""
        return self._in_parts("/predict", accounts, as_of=as_of, **shared)

    def tonights_list(self, **query: str | int) -> list[dict[str, Any]]:
        """Whom to contact first."""
        listed: list[dict[str, Any]] = self._ask("GET", "/list", params=query)[
            "accounts"
        ]
        return listed

    def _in_parts(
        self, path: str, accounts: Sequence[Any], **more: Any
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        predictions, faults = [], []
        for part in _parts(accounts):
            answer = self._ask("POST", path, {"accounts": part, **more})
            predictions += answer["predictions"]
            faults += answer["errors"]
        return predictions, faults

    def _ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The answer; asks again while the endpoint says that it is busy."""
        content, headers = None, {}
        if body is not None:
            content = gzip.compress(json.dumps(body).encode())
            headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        for left in reversed(range(TRIES)):
            response = self._client.request(
                method, path, content=content, headers=headers, **more
            )
            if response.is_success:
                return response.json()
            if response.status_code not in COME_AGAIN or not left:
                break
            time.sleep(_wait(response))
        raise RefusedError(response.json())


def _wait(response: httpx.Response) -> float:
    """The seconds that Retry-After names."""
    named = response.headers.get("Retry-After", "1")
    return min(float(named), LONGEST_WAIT) if named.isdecimal() else 1.0


def _parts(accounts: Sequence[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(accounts), AT_ONCE):
        yield list(accounts[first : first + AT_ONCE])
