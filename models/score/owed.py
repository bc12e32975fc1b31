"""What we owe an account: failures not fixed, promises overdue, matters that wait. It is said before anything else.

Whoever calls an account that waits for us, and does not know it, makes things worse (S14, S15, S21, S23). What nobody
has said a word about for half a year is another thing: to open with an apology for it is to remind them of what they
may have forgotten, or settled with us by telephone. It stays a reason like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.timeline.expression import Columns
from features.timeline.rows import Flags
from models.score.campaign import OWED_WITHIN
from models.score.reasons import Matrix, Reason

_COUNTS = ("failures_not_fixed_365d", "promises_overdue", "matters_open")
_AGES = ("longest_open_failure", "longest_overdue", "longest_open_wait")
_SILENT = ("freshest_open_failure", "freshest_overdue", "freshest_open_wait")


@dataclass(frozen=True)
class Owed:
    """What we owe an account.

    Attributes:
        counts: failures not fixed, promises overdue, and open matters, of which the failures are some.
        ages: of the longest of each, in days; missing where there is none.
    """

    counts: tuple[float, ...]
    ages: tuple[float, ...]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The same as reasons, on which the playbook hangs."""
        known = zip(_COUNTS, self.counts, strict=True)
        return tuple(Reason(name, count) for name, count in known if count > 0)

    @property
    def sentence(self) -> str:
        """All of it in one sentence.

        Example:
            >>> Owed((1.0, 0.0, 3.0), (12.5, float("nan"), 20.0)).sentence
            'We owe them: a failure not fixed for 12 days; 2 other matters waiting'
        """
        return f"We owe them: {'; '.join(self._parts())}"

    def _parts(self) -> Iterator[str]:
        failures, promises, matters = map(int, self.counts)
        failed, overdue, waits = self.ages
        others = matters - failures
        if failures:
            yield _counted("a failure", failures, "failures", "not fixed", failed)
        if promises:
            yield _counted("a promise", promises, "promises", "overdue", overdue)
        if failures and others > 0:
            yield (
                "another matter waiting"
                if others == 1
                else f"{others:,} other matters waiting"
            )
        elif others > 0:
            yield _counted("a matter", others, "matters", "waiting", waits)


def owed_of(
    snapshot: Columns | pd.DataFrame, within: int = OWED_WITHIN
) -> list[Owed | None]:
    """What we owe each account; None where that is nothing.

    Args:
        snapshot: its rows.
        within: days; of failures, promises and other matters each, nothing is owed any more where the last word on all
            of them, or the day on which the last of them was due, is longer ago.
    """
    counts, ages = (_matrix(snapshot, names) for names in (_COUNTS, _AGES))
    counts = _spoken_of(np.nan_to_num(counts), ~(_matrix(snapshot, _SILENT) > within))
    told: list[Owed | None] = [None] * len(counts)
    for row in np.flatnonzero(counts.any(axis=1)).tolist():
        told[row] = Owed(tuple(counts[row].tolist()), tuple(ages[row].tolist()))
    return told


def _spoken_of(counts: Matrix, fresh: Flags) -> Matrix:
    """The counts, where something of their kind is fresh; failures are some of the matters."""
    failures, promises, matters = counts.T
    others = (matters - failures) * fresh[:, 2]
    failures = failures * fresh[:, 0]
    return np.column_stack([failures, promises * fresh[:, 1], failures + others])


def _matrix(snapshot: Columns | pd.DataFrame, names: tuple[str, ...]) -> Matrix:
    columns = [np.asarray(snapshot[name], dtype=np.float64) for name in names]
    return np.column_stack(columns)


def _counted(one: str, count: int, many: str, what: str, days: float) -> str:
    said, at_most = (f"{count:,} {many}", "up to ") if count > 1 else (one, "")
    return f"{said} {what}" + ("" if days != days else f" for {at_most}{_days(days)}")


def _days(days: float) -> str:
    if days < 1:
        return "less than a day"
    return "a day" if days < 2 else f"{int(days):,} days"
