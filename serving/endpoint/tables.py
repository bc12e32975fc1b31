"""Tables of a request: lists of rows, or objects with a list for each column, gathered from wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from serving.endpoint.faults import Faults, Order
from serving.endpoint.gathering import Gathered
from serving.endpoint.json_text import kind_of
from serving.endpoint.limits import MOST_ROWS
from serving.endpoint.objects import note_no_object, note_unknown

_EITHER = "a list of rows, or an object with a list for each column"


def rows_in(found: object) -> int:
    """How many rows stand somewhere, without a look at them."""
    if isinstance(found, dict):
        columns = (column for column in found.values() if isinstance(column, list))
        return max(map(len, columns), default=0)
    return len(found) if isinstance(found, list) else 0


def gather(
    gathered: Gathered,
    found: object,
    place: str,
    faults: Faults,
    account: int = 0,
    order: Order = (),
) -> bool:
    """Adds the rows that stand at a place; those that are none, or have unknown fields, are noted as broken.

    Args:
        gathered: to what they are added.
        found: what stands there.
        place: where.
        faults: what is wrong is noted here.
        account: whose they are.
        order: of the faults, before that of the row.

    Returns:
        Whether it is a table at all.
    """
    expected, mend = _EITHER, "write it as [{...}, ...]"
    if rows_in(found) > MOST_ROWS:
        said, expected = f"{rows_in(found):,} of them", f"at most {MOST_ROWS:,}"
        mend = "send fewer a request"
    elif isinstance(found, list):
        rows = _rows(gathered, found, place, faults, order)
        gathered.add_rows(rows, place, account)
        return True
    elif isinstance(found, dict):
        if found.keys() - gathered.columns.keys():
            note_unknown(faults, found, gathered.columns, place, order)
            return False
        if len({rows_in(column) for column in found.values()}) <= 1 and all(
            isinstance(column, list) for column in found.values()
        ):
            gathered.add_columns(found, place, account)
            return True
        said = "an object with columns of several lengths, or that are no lists"
    else:
        said = kind_of(found)
    faults.add(place, found=said, expected=expected, mend=mend, order=order)
    return False


def _rows(
    gathered: Gathered,
    found: Sequence[object],
    place: str,
    faults: Faults,
    order: Order,
) -> list[Mapping[str, object]]:
    """The rows of a list, empty ones in place of those that are broken."""
    names = gathered.columns.keys()
    rows: list[Mapping[str, object]] = []
    for number, row in enumerate(found):
        if isinstance(row, dict) and row.keys() <= names:
            rows.append(row)
            continue
        where, at = f"{place}[{number}]", (*order, number)
        if isinstance(row, dict):
            note_unknown(faults, row, names, where, at)
        else:
            note_no_object(faults, row, where, at)
        gathered.broken.add(len(gathered) + number)
        rows.append({})
    return rows
