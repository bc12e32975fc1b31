"""Tonight's page, as HTML that needs nothing else: the data as JSON, and a script that draws the list from it.

The script is the only one that may run: the page's policy names its SHA-256. It writes what the data hold as texts,
never as HTML, and follows no link but to ``https://`` and ``http://``.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from pages.colours import OF_BAND, OF_STATE, letters_on
from pages.shell import render
from pages.tonight.texts import cards, headline, notes, promised

_HERE = Path(__file__).parent
_SCRIPTS = ("elements.js", "charts.js", "card.js", "list.js")


def page(told: Mapping[str, Any]) -> str:
    """The page.

    Args:
        told: as of `serving.night.tonight.tonight.tonight`.
    """
    script = "\n".join((_HERE / name).read_text("utf-8") for name in _SCRIPTS)
    return render(
        _HERE / "page.html.j2",
        told="Pinch",
        headline=headline(told),
        notes=notes(told),
        cards=cards(told),
        promised=promised(told),
        style=Markup((_HERE / "page.css").read_text("utf-8")),
        tints=_tints(),
        data=Markup(as_data(told)),
        script=Markup(script),
        allowed=digest(script),
    )


def as_data(told: Mapping[str, Any]) -> str:
    r"""What is told as JSON that can stand in a script of a page: no text of it can end the script.

    Example:
        >>> print(as_data({"name": "</script>"}))
        {"name":"\u003c/script\u003e"}
    """
    text = json.dumps(told, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def digest(script: str) -> str:
    """By what a policy names a script (CSP Level 3, ``hash-source``)."""
    hashed = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(hashed).decode()}"


def _tints() -> list[tuple[str, str, str]]:
    """The colours of bands, quadrants and zones, each with that of letters on it."""
    return [
        (name, colour, letters_on(colour))
        for name, colour in {**OF_STATE, **OF_BAND}.items()
    ]
