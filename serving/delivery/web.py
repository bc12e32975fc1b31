"""Requests to the systems that a night goes to: tried again where that may help, and told without what is secret.

What is sent sets values, so that sending it twice does no harm: every request is tried again, also one whose answer was
lost. A server that says when (``Retry-After``, RFC 9110) is obeyed; one that asks for more than ten minutes is left for
the next night. No address is told but for its host: that of a channel is a secret.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util.retry import Retry

from features.errors import DeliveryError

TRIES_AGAIN = 5
LONGEST_WAIT = 600.0
"""Seconds that a server may ask to wait for."""
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_WAIT, _LONGEST_OF_OURS = 2.0, 60.0
_CONNECT_SECONDS, _ANSWER_SECONDS = 10.0, 120.0
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")

JSON = {"Content-Type": "application/json"}

Wait = Callable[[float], None]

# It logs the address of what it tries again, which may hold ids of accounts, or be a secret.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    body: bytes
    host: str

    def json(self) -> Any:
        """The document that it answered.

        Raises:
            DeliveryError: it is none.
        """
        try:
            return json.loads(self.body)
        except ValueError:
            raise self.refused("an answer that is no JSON") from None

    def required(self, *statuses: int) -> Answer:
        """The answer, if it has one of some statuses.

        Raises:
            DeliveryError: it has another.
        """
        if self.status in statuses:
            return self
        raise self.refused(f"the status {self.status}")

    def refused(self, found: str) -> DeliveryError:
        """That the server did not do what was asked; nothing of its answer is repeated."""
        mend = "see its status page; what is not delivered goes again with the next run"
        if self.status in (401, 403):
            mend = "give the token its rights, or name another in the environment"
        elif 400 <= self.status < 500 and self.status not in _AGAIN:
            mend = "correct the address and the fields in night.toml"
        return DeliveryError(
            where=self.host, found=found, expected="what its API promises", mend=mend
        )


class Web:
    """Sends requests.

    Args:
        wait: what waits for so many seconds.
        seconds: how long an answer may take.
    """

    def __init__(
        self, wait: Wait = time.sleep, seconds: float = _ANSWER_SECONDS
    ) -> None:
        self.wait = wait
        timeout = urllib3.Timeout(connect=_CONNECT_SECONDS, read=seconds)
        self._direct = urllib3.PoolManager(retries=_retries(wait), timeout=timeout)
        self._by_proxy = self._direct
        if proxy := getproxies().get("https"):
            self._by_proxy = urllib3.ProxyManager(
                proxy, retries=_retries(wait), timeout=timeout
            )

    def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """The answer to a request, after as many tries as it may take.

        Raises:
            DeliveryError: there is none.
        """
        host = _trusted(url)
        try:
            answer = self._pool(host).request(
                method, url, body=body or None, headers=dict(headers), redirect=False
            )
        except HTTPError as error:
            cause = type(getattr(error, "reason", None) or error).__name__
            raise DeliveryError(
                where=host,
                found=f"no answer ({cause})",
                expected="a server that can be reached",
                mend="correct its address, or look at the network; the next run sends again",
            ) from None
        return Answer(answer.status, answer.data, host)

    def _pool(self, host: str) -> urllib3.PoolManager:
        is_near = host in _THIS_MACHINE or proxy_bypass(host)
        return self._direct if is_near else self._by_proxy

    def send_json(
        self, method: str, url: str, headers: Mapping[str, str], said: Any
    ) -> Answer:
        """The answer to a request whose body is a document."""
        body = json.dumps(said, allow_nan=False).encode()
        return self.ask(method, url, {**headers, **JSON}, body)


def _trusted(url: str) -> str:
    """The host of an address, to which nobody between can listen."""
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname in _THIS_MACHINE:
        return parts.hostname or ""
    raise DeliveryError(
        where=parts.hostname or "an address",
        found=f"an address that begins with {parts.scheme or 'nothing'}",
        expected="https://, since tokens and data go there",
        mend="correct url in night.toml, or in the environment",
    )


def _retries(wait: Wait) -> Retry:
    class Waiting(Retry):
        """Waits as it is told to, and not for too long."""

        def sleep(self, response: Any = None) -> None:
            asked = None if response is None else self.get_retry_after(response)
            if asked is not None and asked > LONGEST_WAIT:
                raise DeliveryError(
                    where="a server",
                    found=f"a wish to be asked again in {asked:.0f} seconds",
                    expected=f"at most {LONGEST_WAIT:.0f}",
                    mend="raise its limits; what is not delivered goes again with the next run",
                )
            wait(asked or self.get_backoff_time())

    return Waiting(
        total=TRIES_AGAIN,
        allowed_methods=None,
        status_forcelist=_AGAIN,
        backoff_factor=_FIRST_WAIT,
        backoff_max=_LONGEST_OF_OURS,
        backoff_jitter=1.0,
        raise_on_status=False,
        redirect=False,
    )
