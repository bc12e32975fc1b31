"""Text files without some accounts: CSV, JSON and JSON lines; the other lines stay as they are, to the byte."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator
from typing import Any

from pages.spreadsheet import unguarded

Ids = Collection[str]
NAMING = ("account_id", "from_id", "into_id")
"""The columns that name an account."""
KEYS = ("account_id", "external_id", "id")
"""The keys of JSON that do."""
_MARK = b"\xef\xbb\xbf"


def csv_without(content: bytes, ids: Ids) -> tuple[bytes, int]:
    r"""A CSV file without the rows of some accounts; a first column ``rank`` has no gap afterwards.

    Rows are told by a column of `NAMING`, or by the first one where there is none.

    Returns:
        What it holds then, and how many rows are gone.

    Example:
        >>> csv_without(b'rank,"account_id"\n1,"A1"\n2,"A2"\n', {"A1"})
        (b'rank,"account_id"\n1,"A2"\n', 1)
    """
    mark = _MARK if content.startswith(_MARK) else b""
    header, *rows = list(_records(content.removeprefix(_MARK).decode())) or [""]
    delimiter = max(",;\t|", key=header.count)
    names = _cells(header, delimiter)
    naming = [place for place, name in enumerate(names) if name in NAMING] or [0]
    kept = [row for row in rows if not _named(_cells(row, delimiter), naming, ids)]
    if names[:1] == ["rank"] and len(kept) < len(rows):
        kept = [
            f"{place},{row.partition(',')[2]}"
            for place, row in enumerate(kept, start=1)
        ]
    return mark + "".join([header, *kept]).encode(), len(rows) - len(kept)


def json_without(content: bytes, ids: Ids) -> tuple[bytes, int]:
    """A JSON document without what names some ids, see `pruned`."""
    found, gone = pruned(json.loads(content), ids)
    indent = 1 if b"\n " in content else None
    return (json.dumps(found, indent=indent).encode(), gone) if gone else (content, 0)


def lines_without(content: bytes, ids: Ids) -> tuple[bytes, int]:
    """JSON lines without what is of some accounts; a line of which nothing else is left is gone."""
    lines, gone = [], 0
    for line in content.splitlines(keepends=True):
        found, its = pruned([json.loads(line)], ids)
        gone += its
        if not its:
            lines.append(line)
        elif found and _has_rows(found[0]):
            lines.append(json.dumps(found[0]).encode() + b"\n")
    return b"".join(lines), gone


def pruned(value: Any, ids: Ids) -> tuple[Any, int]:
    """A JSON value without the objects in lists that are of some accounts, by a key of `KEYS`, and without such keys.

    Returns:
        The value, and how many objects and keys were taken out.

    Example:
        >>> pruned({"inputs": [{"id": "A1", "risk": 1}, {"id": "A2"}], "by": {"A1": 3}}, {"A1"})
        ({'inputs': [{'id': 'A2'}], 'by': {}}, 2)
    """
    if isinstance(value, list):
        others = [each for each in value if not _is_of(each, ids)]
        kept = [pruned(each, ids) for each in others]
        gone = len(value) - len(others) + sum(its for _, its in kept)
        return [found for found, _ in kept], gone
    if isinstance(value, dict):
        pairs = {key: pruned(its, ids) for key, its in value.items() if key not in ids}
        gone = len(value) - len(pairs) + sum(its for _, its in pairs.values())
        return {key: found for key, (found, _) in pairs.items()}, gone
    return value, 0


def _is_of(value: Any, ids: Ids) -> bool:
    return isinstance(value, dict) and any(str(value.get(key)) in ids for key in KEYS)


def _has_rows(value: Any) -> bool:
    """Whether any list in a document has anything in it."""
    if isinstance(value, dict):
        return any(_has_rows(each) for each in value.values())
    return isinstance(value, list) and bool(value)


def _named(cells: list[str], naming: list[int], ids: Ids) -> bool:
    return any(place < len(cells) and cells[place] in ids for place in naming)


def _cells(record: str, delimiter: str) -> list[str]:
    cells = next(csv.reader([record], delimiter=delimiter), [])
    return [unguarded(cell.strip()) for cell in cells]


def _records(text: str) -> Iterator[str]:
    """The records of a CSV file, a line each, or several where a line ends within quotes."""
    begun = ""
    for line in text.splitlines(keepends=True):
        begun += line
        if begun.count('"') % 2 == 0:
            yield begun
            begun = ""
    if begun:
        yield begun
