"""Tonight as sheets: the columns that people read first, rounded, for a workbook and for CSV.

In the workbook no text is a formula, whoever wrote it, and none is a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Line = Mapping[str, Any]

_AS_TEXT = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
NUMBERS = frozenset(
    {
        *("risk", "change_since_last_night", "change_in_30_days"),
        *("worth_a_year", "to_gain"),
        *("days_left", "renewal_in_days", "next_touch_in_days"),
    }
)
"""The columns of the list that hold numbers, beside its rank; the others are texts."""

_SHARES = ("risk", "change_since_last_night", "change_in_30_days")
_WIDTHS = {
    "name": 22,
    "owner": 16,
    "action": 44,
    "we_owe": 36,
    "moved_by": 24,
    "done": 36,
}
_REASONS = ("reason_1", "reason_2", "reason_3")
_WIDE, _NARROW = 40, 11


def list_sheet(lines: Sequence[Line]) -> pd.DataFrame:
    """A row for each account, in order: who, how sure and how urgent, what to do, why.

    Risks and their changes have two places, days and money none. What is not known is missing.
    """
    rows = [_row(rank, line) for rank, line in enumerate(lines, start=1)]
    return pd.DataFrame(rows, columns=list(_row(0, _NOBODY)), dtype="object")


def workbook(told: Mapping[str, Any]) -> bytes:
    """The list, the rest in order, the movers and whom to win back, a sheet each.

    Args:
        told: as of `serving.night.tonight.tonight.tonight`.
    """
    written = BytesIO()
    with Workbook(written, _AS_TEXT) as book:
        book.set_properties({"created": datetime.fromisoformat(told["as_of"])})
        listed, lines = told["listed"], told["accounts"]
        whole = list_sheet(lines)
        _write(book, "The list", whole[:listed])
        _write(book, "The rest in order", whole[listed:])
        _write(book, "Movers", pd.DataFrame(told["movers"]))
        _write(book, "Win back", pd.DataFrame(told["win_back"]))
    return written.getvalue()


class _Nobody(dict[str, Any]):
    """A line of which nothing is known, for the names of the columns."""

    def __missing__(self, name: str) -> Any:
        return [] if name in ("reasons", "why_30d") else None


_NOBODY = _Nobody()


def _row(rank: int, line: Line) -> dict[str, Any]:
    last = line["last"] or [None, None]
    reasons = [*line["reasons"], None, None, None]
    return {
        "rank": rank,
        "account_id": line["id"],
        **{label: line[label] for label in ("name", "owner", "contact")},
        "risk": _rounded(line["risk"], 2),
        "band": line["band"],
        "change_since_last_night": _rounded(line["change_1d"], 2),
        "change_in_30_days": _rounded(line["change_30d"], 2),
        "moved_by": "; ".join(line["why_30d"]) or None,
        **{name: line[name] for name in ("quadrant", "heading", "zone")},
        "would_leave": _LEAVES[line["silent"]],
        "worth_a_year": _rounded(line["value"], 0),
        "to_gain": _rounded(line["gain"], 0),
        "days_left": _rounded(line["left"], 0),
        "renewal_in_days": _rounded(line["renewal"], 0),
        "next_touch_in_days": _rounded(line["touch"], 0),
        "last_contact": last[0],
        "last_contact_was": last[1],
        "done": line.get("done"),
        "we_owe": line["owed"],
        **{name: line[name] for name in ("action", "action_code")},
        "how_to_speak": line["speak"],
        **dict(zip(_REASONS, reasons, strict=False)),
        "link": line["link"],
    }


_LEAVES = {None: None, True: "silently", False: "and say so"}


def _rounded(value: float | None, places: int) -> float | int | None:
    if value is None:
        return None
    return round(value, places) if places else round(value)


def _write(book: Workbook, name: str, frame: pd.DataFrame) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    share = book.add_format({"num_format": "0%", "valign": "top"})
    plain = book.add_format({"valign": "top", "text_wrap": True})
    for place, column in enumerate(map(str, frame)):
        sheet.write_string(0, place, column.replace("_", " "), bold)
        form = share if column in _SHARES else plain
        sheet.set_column(place, place, _width(column), form)
        for row, value in enumerate(frame.iloc[:, place].tolist(), start=1):
            _cell(sheet, row, place, value, form)
    sheet.freeze_panes(1, 3)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), frame.shape[1] - 1)


def _width(column: str) -> int:
    if column in _REASONS or column in ("how_to_speak", "fits"):
        return _WIDE
    return _WIDTHS.get(column, max(_NARROW, len(column)))


def _cell(sheet: Worksheet, row: int, place: int, value: Any, form: Format) -> None:
    if value is None or value != value:
        return
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(row, place, value, form)
    else:
        sheet.write_string(row, place, str(value), form)
