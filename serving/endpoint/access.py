"""Who may ask: whoever has a key, or, where there are no keys, whoever sits at this machine."""

from __future__ import annotations

import ipaddress
import math
import time
from http import HTTPStatus

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from serving.endpoint.asgi import App, Message, Receive, Send, values
from serving.endpoint.keys import Key, KeyRing, Scope
from serving.endpoint.problem import RefusedError, problem, refuse
from serving.endpoint.routes import needed

_PROXIED = (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via")
_LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
_MAKE = "make keys by pinch keys make NAME, and name their file by PINCH_KEYS"
AUTHORIZATION = "header Authorization"
_CHALLENGE = (b"www-authenticate", b"Bearer")


class Guarded:
    """ASGI middleware that lets a request pass to a route that is open, or that its sender may use.

    Args:
        app: what is guarded.
        keys: that are known; None where there are none.
        rate: how many requests a key may make of this process.
    """

    def __init__(self, app: App, keys: KeyRing | None, rate: RateLimitItem) -> None:
        self._app, self._keys, self._rate = app, keys, rate
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers 401, 403 or 429."""
        if scope["type"] == "http" and (scope_needed := needed(scope)) is not None:
            try:
                self._require(scope, scope_needed)
            except RefusedError as refused:
                await refuse(send, refused.problem, *refused.headers)
                return
        await self._app(scope, receive, send)

    def _require(self, request: Message, scope: Scope) -> None:
        """Raises `RefusedError` where the sender of a request may not use what needs a scope."""
        if self._keys is None:
            _require_local(request)
            return
        key = _key_of(request, self._keys)
        if scope not in key.scopes:
            refused = problem(
                HTTPStatus.FORBIDDEN,
                AUTHORIZATION,
                found=f"a key without the scope {scope}",
                expected="one that has it",
                mend=f"pinch keys make NAME --scope {scope}",
            )
            raise RefusedError(refused)
        self._require_seldom(key)

    def _require_seldom(self, key: Key) -> None:
        if self._limiter.hit(self._rate, key.sha256):
            return
        left = self._limiter.get_window_stats(self._rate, key.sha256).reset_time
        seconds = max(math.ceil(left - time.time()), 1)
        refused = problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            AUTHORIZATION,
            found="more requests of this key",
            expected=f"at most {self._rate}",
            mend=f"ask again in {seconds} seconds",
        )
        raise RefusedError(refused, (b"retry-after", str(seconds).encode()))


def _key_of(request: Message, keys: KeyRing) -> Key:
    """The key of a request.

    Raises:
        RefusedError: it has none, or several, or one that is not known or not any more.
    """
    given = values(request, b"authorization")
    if len(given) != 1:
        found = "no key" if not given else "several of them"
        raise _unauthorized(found, "send one")
    scheme, _, secret = given[0].partition(b" ")
    key = keys.find(secret.strip()) if scheme.lower() == b"bearer" else None
    if key is None:
        raise _unauthorized(
            "a key that is not known, or not any more", "ask for a new one"
        )
    return key


def _unauthorized(found: str, mend: str) -> RefusedError:
    expected = "one header Authorization: Bearer KEY, with a key that is known"
    refused = problem(
        HTTPStatus.UNAUTHORIZED,
        AUTHORIZATION,
        found=found,
        expected=expected,
        mend=mend,
    )
    return RefusedError(refused, _CHALLENGE)


def _require_local(request: Message) -> None:
    """Raises `RefusedError` unless a request comes from this machine, to it, and under its name.

    The name keeps out a page in a browser on this machine whose own name was made to lead here (DNS rebinding).
    """
    ends = request.get("client"), request.get("server")
    local = all(end is not None and _is_loopback(end[0]) for end in ends)
    proxied = any(values(request, header) for header in _PROXIED)
    if not local or proxied:
        raise _forbidden(
            "connection",
            "a request from another machine, and no keys",
            "one from this machine",
        )
    hosts = [_without_port(host.decode("latin-1")) for host in values(request, b"host")]
    if any(host not in _LOCAL_NAMES for host in hosts):
        raise _forbidden(
            "header Host",
            "another name of this machine, and no keys",
            f"one of {', '.join(_LOCAL_NAMES)}",
        )


def _forbidden(place: str, found: str, expected: str) -> RefusedError:
    refused = problem(
        HTTPStatus.FORBIDDEN, place, found=found, expected=expected, mend=_MAKE
    )
    return RefusedError(refused)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    """The name of a host as it stands in a header, in small letters.

    Example:
        >>> _without_port("LocalHost:3000"), _without_port("[::1]:3000")
        ('localhost', '[::1]')
    """
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
