"""The trend of a folder of nights: its lines, what came of them, and its page, for ``pinch monitor`` and the night."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features.errors import NightError

if TYPE_CHECKING:
    from pages.trend.trend import Line
    from serving.publishing.nights import Published

CAME = "realised.json"
"""What came of nights, as ``pinch monitor`` found it last, beside them."""

Came = dict[str, dict[str, dict[str, Any]]]
"""What came of nights, by their place and by horizon."""


def newest_revisions(nights: Path) -> list[Published]:
    """The newest revision of each night, the oldest night first.

    Raises:
        NightError: there is none, or a manifest cannot be read.
    """
    from serving.publishing.nights import published_nights

    newest = {
        (night.as_of, night.model_version): night for night in published_nights(nights)
    }
    if not newest:
        raise NightError(
            where=str(nights),
            found="no published night",
            expected="a folder of nights",
            mend="run pinch night BOOK, whose nights are in BOOK/nights",
        )
    return list(newest.values())


def _line(night: Published, came: Mapping[str, Mapping[str, Any]]) -> Line:
    from pages.trend.trend import Line
    from serving.monitoring.monitored import read_monitored

    kept = read_monitored(night.folder) or {"summary": None, "drift": {}}
    quarantined = sum(night.manifest.about.counts["quarantined"].values())
    return Line(
        night.as_of,
        night.model_version,
        night.revision,
        quarantined,
        kept["summary"],
        kept["drift"],
        came,
    )


def write_trend(lines: list[Line], folder: Path) -> list[str]:
    """Writes the page of nights; which file."""
    from pages.trend.page import PAGE, page
    from serving.night.atomic_files import write_whole

    html = page(lines)
    files = write_whole(folder, {PAGE: lambda file: file.write_text(html, "utf-8")})
    return [str(file) for file in files]


def lines_of(nights: Iterable[Published], came: Came) -> list[Line]:
    """A line for each night, with what came of it."""
    return [_line(night, came.get(night.place, {})) for night in nights]


def keep_came(came: Came, nights: Path) -> None:
    """Writes what came of nights beside them, for the page that the next night writes."""
    from serving.night.atomic_files import write_whole

    text = json.dumps(came, indent=1, allow_nan=False)
    write_whole(nights, {CAME: lambda file: file.write_text(text, "utf-8")})


def kept_came(nights: Path) -> Came:
    """What came of nights, as it was kept; nothing where it never was.

    Raises:
        NightError: it cannot be read.
    """
    file = nights / CAME
    if not file.exists():
        return {}
    try:
        return dict(json.loads(file.read_bytes()))
    except (ValueError, TypeError):
        raise NightError(
            where=str(file),
            found="no JSON",
            expected="what pinch monitor wrote",
            mend="remove it, and run pinch monitor with the book",
        ) from None
