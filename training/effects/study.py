"""The event study: what followed past events, beside what followed for accounts like those that they met."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.edits.kinds import Kind
from features.engine import MICROS_PER_DAY
from features.snapshot.frame import KEYS, snapshot_of_pairs
from features.themes.dictionary import with_parts
from models.effects.evidence import NOTHING_SEEN, Count, Evidence
from training.effects.exposure import FOLLOWED_DAYS, exposed
from training.effects.matching import PROGNOSTIC, expected, prognosis
from training.past.labels import departed
from training.past.observed import Observed

_BEFORE_DAYS = 90
"""How long before the events it is looked whether those they met differed already."""
READ = ("quadrant", "people_over_product", *PROGNOSTIC)


def follow(
    observed: Observed, kind: Kind, days: int = FOLLOWED_DAYS, days_before: int = 0
) -> pd.DataFrame:
    """The accounts that past events met, each with what happened and what was to be expected.

    Args:
        observed: a book until a moment.
        kind: of event.
        days: for how long they are followed.
        days_before: look so long before each event.

    Returns:
        ``account_id``, ``as_of_us``, ``event``, ``dependence``, ``people_over_product``, ``left`` (whether it left
        within the days, or until the end of what is known), ``expected`` (the share of its matched accounts that did)
        and ``prognosis`` (its risk by what was known before).
    """
    pairs = exposed(observed, kind, days_before)
    if pairs.empty:
        return pairs.assign(left=0.0, expected=0.0)
    features = with_parts(READ, observed.book.dictionary)
    keys = pairs[list(KEYS)].drop_duplicates()
    measured = snapshot_of_pairs(observed.book, keys, features)
    frame = pairs.merge(measured[[*KEYS, *READ]], on=list(KEYS))
    gone = departed(observed, frame) - frame["as_of_us"]
    left = np.where(gone <= days * MICROS_PER_DAY, 1.0, 0.0)
    gap = frame["people_over_product"].to_numpy(dtype=np.float64)
    frame["dependence"] = kind.dependence(frame["share"].to_numpy(), gap)
    frame["prognosis"] = prognosis(frame, left, frame["met"].to_numpy())
    frame["expected"] = expected(frame, left)
    frame["left"] = left
    return frame[frame["met"] & frame["expected"].notna()].reset_index(drop=True)


def evidence_of(observed: Observed, kind: Kind) -> Evidence:
    """What past events of a kind did, as far as is known.

    Args:
        observed: a book until a moment.
        kind: of event.
    """
    after = follow(observed, kind)
    if after.empty:
        return NOTHING_SEEN
    before = follow(observed, kind, _BEFORE_DAYS, days_before=_BEFORE_DAYS)
    likely = 1.0 / (1.0 + np.exp(-after["prognosis"].to_numpy(dtype=np.float64)))
    matched = after["expected"].to_numpy(dtype=np.float64)
    return Evidence(
        event=after["event"].to_numpy(dtype=np.int64),
        dependence=after["dependence"].to_numpy(dtype=np.float64),
        side=kind.carried_by * after["people_over_product"].to_numpy(dtype=np.float64),
        hazard=likely * (matched.sum() + 0.5) / (likely.sum() + 0.5),
        left=after["left"].to_numpy(dtype=np.float64),
        expected=matched,
        before=Count(len(before), before["left"].sum(), before["expected"].sum()),
    )
