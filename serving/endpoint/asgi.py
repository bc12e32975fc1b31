"""The types of ASGI, the interface between a server and what stands behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]


def values(scope: Message, header: bytes) -> list[bytes]:
    """All values of a header, of which a request may hold several."""
    return [value for name, value in scope["headers"] if name.lower() == header]
