"""What rows hold: fields that are empty of late, and amounts and scores that are of another scale.

Three windows of days are set beside the half year before them, and the whole half year beside that of the training.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from features.feeds.contents import KEYS, summed
from features.feeds.streams import CHANCE, WINDOWS
from serving.monitoring.finding import Finding

TIMES = 5.0
"""An amount is of another scale where the typical one is so many times as large or as small, or more."""
ERRORS = 6.0
"""And where that is so many standard errors, as chance never is."""
FEWEST = 10
"""Rows that tell of amounts and scores, at the least."""
HALF = 0.55
"""Scores of which the highest is at most this share of the usual highest look like those of a shorter scale."""
NAMED = 5
"""Kinds or items that are named one by one."""
SCORES = "answer"
NOUNS = {"interactions": "kind", "surveys": "item"}

Held = Mapping[Hashable, Any]
"""The sums of some rows, see `features.feeds.contents`."""


def held(found: pd.DataFrame, trained: pd.DataFrame) -> list[Finding]:
    """What rows hold that is not as usual, one finding for each field that is empty and each amount or score.

    Args:
        found: tonight's `features.feeds.contents.contents`.
        trained: the same of the training, summed.
    """
    told: dict[tuple[str, str], Finding] = {}
    pairs = list(_pairs(found, trained))
    chance = CHANCE / max(sum(len(pair) for _, pair in pairs), 1)
    for when, pair in pairs:
        rows = pair.to_dict("records")
        emptied = [row for row in rows if _emptied(row, chance)]
        moved = [_moved(row, when) for row in rows if row not in emptied]
        for finding in [*_told_empty(emptied, when), *moved]:
            if finding is not None:
                told.setdefault((finding.kind, finding.about), finding)
    return list(told.values())


def _pairs(
    found: pd.DataFrame, trained: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame]]:
    """When, and sums beside what is usual, whose columns end in ``_usual``; for each window of days, and for all."""
    usual = summed(found[found["bucket"] == len(WINDOWS)])
    for place, days in enumerate(WINDOWS):
        recent = summed(found[found["bucket"] <= place])
        yield f"in the last {counted(days)}", _beside(recent, usual)
    if len(trained):
        yield "in half a year", _beside(summed(found), trained)


def counted(days: int) -> str:
    """A number of days.

    Example:
        >>> counted(1), counted(7)
        ('day', '7 days')
    """
    return "day" if days == 1 else f"{days} days"


def _beside(sums: pd.DataFrame, usual: pd.DataFrame) -> pd.DataFrame:
    return sums.merge(usual, on=KEYS, suffixes=("", "_usual"))


def _emptied(row: Held, chance: float) -> bool:
    """Whether no row has a value, and chance would hardly ever have it so."""
    share = row["filled_usual"] / (row["rows_usual"] + 1)
    return not row["filled"] and float((1.0 - share) ** row["rows"]) < chance


def _told_empty(rows: Sequence[Held], when: str) -> Iterator[Finding]:
    """A finding for each field, which names the kinds or items of which it is empty."""
    for (table, field), its in groupby(sorted(rows, key=_field), key=_field):
        empty = list(its)
        names = [str(row["name"]) for row in empty]
        n, filled, usual = (
            sum(row[name] for row in empty)
            for name in ("rows", "filled_usual", "rows_usual")
        )
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield Finding(
            "emptied",
            f"{table}: {field}",
            f"{table}: {field} is empty in all {n:,} rows {when} of {NOUNS[table]} "
            f"{', '.join(names[:NAMED])}{more}; usually {filled / usual:.0%} are filled",
        )


def _field(row: Held) -> tuple[str, str]:
    return row["table"], row["field"]


def _moved(row: Held, when: str) -> Finding | None:
    """An amount, or a score, of another scale."""
    where = f"{row['table']}, {NOUNS[row['table']]} {row['name']}"
    factor = _factor(row)
    if factor is None:
        return None
    if row["field"] == SCORES:
        return _scale(row, where, when) if factor < 1.0 else None
    if max(factor, 1.0 / factor) < TIMES:
        return None
    typical, usual = (_typical(row, suffix) for suffix in ("", "_usual"))
    return Finding(
        "amount",
        f"{where}: {row['field']}",
        f"{where}: a typical {row['field']} is {typical:,.2f} {when}, usually {usual:,.2f} ({_unit(factor)})",
    )


def _factor(row: Held) -> float | None:
    """How many times as large as usual values are; None where chance may have it so."""
    rows = np.array([row["positive"], row["positive_usual"]], dtype=np.float64)
    if rows.min() < FEWEST:
        return None
    means = np.array([row["logs"], row["logs_usual"]]) / rows
    squares = np.array([row["squares"], row["squares_usual"]]) / rows
    variances = np.maximum(squares - means**2, 1e-4)
    difference = means[0] - means[1]
    if abs(difference) < ERRORS * np.sqrt((variances / rows).sum()):
        return None
    return float(np.exp(difference))


def _typical(row: Held, suffix: str) -> float:
    return float(np.exp(row[f"logs{suffix}"] / row[f"positive{suffix}"]))


def _unit(factor: float) -> str:
    """What an amount may be in by now.

    Example:
        >>> _unit(97.0), _unit(0.011), _unit(58.0), _unit(7.3)
        ('100 times as much: in cents?', 'a 100th: no longer in cents?', '60 times as much: in seconds?', '7.3 times')
    """
    units = {100: "in cents", 60: "in seconds", 1000: "in thousandths"}
    for times, unit in units.items():
        if 0.8 < factor / times < 1.25:
            return f"{times} times as much: {unit}?"
        if 0.8 < factor * times < 1.25:
            return f"a {times}th: no longer {unit}?"
    return f"{factor:.2g} times"


def _scale(row: Held, where: str, when: str) -> Finding | None:
    """Scores that all lie in the lower half of what was usual."""
    if row["highest"] > HALF * row["highest_usual"]:
        return None
    lies, lay = (
        f"{row[f'lowest{suffix}']:g} to {row[f'highest{suffix}']:g}"
        for suffix in ("", "_usual")
    )
    return Finding(
        "scale",
        f"{where}: {row['field']}",
        f"{where}: was {lay} of 10, is {lies} {when}: asked on another scale?",
    )
