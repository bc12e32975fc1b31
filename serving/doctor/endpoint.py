"""The endpoint: whether it lives, takes requests, and has the same time."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from serving.doctor.check import Check, failed, warned

SECONDS = 5.0
APART = 60.0
"""Seconds that two clocks may be apart."""
SCHEMES = ("http://", "https://")


def endpoint(url: str) -> Iterator[Check]:
    """What is found of an endpoint by its address."""
    name, root = "endpoint", url.rstrip("/")
    if not root.startswith(SCHEMES):
        yield failed(
            name, "no address of http or https", "such as http://localhost:3000"
        )
        return
    try:
        status, headers, body = _got(f"{root}/readyz")
    except OSError as error:
        said = f"{root} does not answer ({getattr(error, 'reason', error)})"
        yield failed(name, said, "start it: pinch serve; or correct the address")
        return
    if status == 200:
        yield Check(name, f"{root} takes requests")
    else:
        mend = "see what /readyz says; pinch promote makes a champion, and pinch serve fetches it"
        yield failed(name, f"/readyz says {status}: {_said(body)}", mend)
    yield from _clock(headers)


def _got(address: str) -> tuple[int, Message, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def _said(body: bytes) -> str:
    """What a problem says in short; nothing where it is none of ours."""
    try:
        problem = json.loads(body)
        return str(problem.get("detail") or problem.get("title") or "")
    except (ValueError, AttributeError):
        return "no answer of ours"


def _clock(headers: Message) -> Iterator[Check]:
    if "Date" not in headers:
        return
    theirs = parsedate_to_datetime(headers["Date"])
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    if apart > APART:
        mend = "set both clocks: timedatectl set-ntp true"
        yield warned("endpoint: clock", f"{apart:,.0f} seconds from ours", mend)
