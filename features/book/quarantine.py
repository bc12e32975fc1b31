"""Quarantine: how many bad rows a table may have, and what is said where it has more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from features.cleaning.blanks import Total
from features.cleaning.values import EXPECTED, mistyped
from features.engine import Query
from features.errors import QuarantineError


def require_typed(
    table: str,
    typed: str,
    rows: int,
    totals: Iterable[Total],
    max_bad_share: float,
    run: Query,
) -> None:
    """Raises `QuarantineError` where more values of an optional column than the share are in another notation."""
    for total in totals:
        if total.mistyped > max_bad_share * rows:
            name, expected = total.column.name, EXPECTED[total.column.type]
            ((first,),) = run(
                f"select min(row) from {typed} where {mistyped(total.column)}"
            )
            bad = pd.DataFrame({"row": [first], "field": [name]})
            raise too_many(
                table, bad, {(name, expected): total.mistyped}, rows, max_bad_share
            )


def too_many(
    table: str,
    bad: pd.DataFrame,
    reasons: Mapping[tuple[str, str], int],
    total: int,
    share: float,
) -> QuarantineError:
    """The error of a table with more bad rows than the share.

    Args:
        table: its name.
        bad: bad rows as in a quarantine, at least the first.
        reasons: how many bad rows there are by (field, expected).
        total: rows of the table.
        share: what was allowed.
    """
    counted = sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0]))[:3]
    worst = "; ".join(
        f"{rows} rows where {field} is not {expected}"
        for (field, expected), rows in counted
    )
    first = bad.iloc[0]
    return QuarantineError(
        where=f"table {table}, first in row {first['row']}, field {first['field']}",
        found=f"{sum(reasons.values())} bad rows of {total} ({worst})",
        expected=f"at most {share:.1%} bad rows",
        mend="correct the export"
        + (
            ", or allow more with --max-bad-share"
            if 2 * sum(reasons.values()) <= total
            else ""
        ),
    )


def with_hints(refused: QuarantineError, hinted: Sequence[str]) -> QuarantineError:
    """The error of a table with too many bad rows, with what its values look like where a pattern was seen."""
    mend = "; ".join([refused.mend, *hinted])
    return QuarantineError(
        where=refused.where, found=refused.found, expected=refused.expected, mend=mend
    )
