"""Tonight's page and its workbook without some accounts, drawn again of what the page holds.

What this version of Pinch cannot draw again is removed: an account that stays would be worse than a page that is gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from pages.tonight.page import page
from pages.tonight.sheet import workbook
from serving.erasure.texts import pruned
from serving.night_folder import PAGE

Ids = Collection[str]
Writer = Callable[[Path], object]

_DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.S)
_COLUMN = "account id"


def page_without(file: Path, ids: Ids) -> tuple[int, Writer]:
    """How many lines of a page are of some accounts, and what writes the page without them."""
    found = _DATA.search(file.read_text("utf-8"))
    if found is None:
        return 0, _nothing
    told, lines = told_without(json.loads(found[1]), ids)
    return lines, lambda made: _drawn(lambda: page(told).encode(), made)


def workbook_without(file: Path, ids: Ids) -> tuple[int, Writer]:
    """How many rows of a workbook are of some accounts, and what writes it without them, of the page beside it."""
    rows = _rows_of(file, ids)
    beside = file.with_name(PAGE)
    if not rows or not beside.exists():
        return rows, _nothing
    found = _DATA.search(beside.read_text("utf-8"))
    if found is None:
        return rows, _nothing
    told, _ = told_without(json.loads(found[1]), ids)
    return rows, lambda made: _drawn(lambda: workbook(told), made)


def told_without(told: dict[str, Any], ids: Ids) -> tuple[dict[str, Any], int]:
    """What a page tells without some accounts, and how many lines are gone."""
    kept, gone = pruned(told, ids)
    accounts = [each["id"] for each in told["accounts"]]
    on_the_list = accounts[: told["listed"]]
    kept["listed"] -= len({*on_the_list} & {*ids})
    kept["accounts_in_all"] -= len({*accounts} & {*ids})
    return kept, gone


def _rows_of(file: Path, ids: Ids) -> int:
    sheets = CalamineWorkbook.from_path(str(file))
    tables = [sheets.get_sheet_by_name(name).to_python() for name in sheets.sheet_names]
    return sum(_rows_in(cells, ids) for cells in tables)


def _rows_in(cells: list[list[Any]], ids: Ids) -> int:
    """How many rows of a sheet are of some accounts; its header has blanks between words."""
    if not cells or _COLUMN not in cells[0]:
        return 0
    place = cells[0].index(_COLUMN)
    return sum(str(row[place]) in ids for row in cells[1:])


def _drawn(draw: Callable[[], bytes], made: Path) -> None:
    try:
        content = draw()
    except (KeyError, TypeError, ValueError, IndexError):
        return
    made.write_bytes(content)


def _nothing(made: Path) -> None:
    """Writes no file."""
