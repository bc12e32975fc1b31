"""The reference of a model: the book as it stood at the end of its training data, see `models.fitted.reference`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from features.engine import MICROS_PER_DAY
from features.feeds.contents import contents, summed
from features.snapshot.frame import snapshot
from features.timeline.rows import Floats
from models.fitted.defection import DefectionModel
from models.fitted.distribution import Counts, distribution_of, stability_index
from models.fitted.reference import Reference
from models.score.horizon import risk_column
from training.past.observed import Observed

YEAR = 365 * MICROS_PER_DAY
"""As-of dates of a training tell for so long back how far things move by themselves."""


def reference_of(
    model: DefectionModel,
    observed: Observed,
    before: pd.DataFrame,
    weight: Floats,
    said: Sequence[Floats] = (),
) -> Reference:
    """Takes the reference of a model.

    Args:
        model: as fitted.
        observed: the book until the end of the training data.
        before: snapshots at the as-of dates of the training.
        weight: for how many rows each of them stands.
        said: what models said of the risk at test dates that they had not seen, at the horizon that lists plan for.
    """
    until, risk = observed.until, risk_column(model.reasons_horizon)
    frame = snapshot(observed.book, [until])
    frame = pd.concat([frame, model.risks(frame)[[risk]]], axis=1)
    looked_at = [*model.encoding.reads, risk]
    columns = {name: distribution_of(frame[name]) for name in looked_at}
    at_end = Reference(until, columns, {}, _rows(observed))
    tallies = [*_by_date(at_end, before, weight)]
    tallies += [{risk: columns[risk].tally(pd.Series(risks))} for risks in said]
    return replace(at_end, usual=_greatest(at_end, tallies))


def _rows(observed: Observed) -> tuple[dict[str, object], ...]:
    """What rows hold, as JSON can hold it; sums to so many digits that the order of their terms changes nothing."""
    held = summed(contents(observed.book, observed.until)).round(6).astype(object)
    known = held.where(held.notna(), None).to_dict("records")
    return tuple({str(name): value for name, value in row.items()} for row in known)


def _by_date(
    at_end: Reference, before: pd.DataFrame, weight: Floats
) -> list[dict[str, Counts]]:
    """The tally of each as-of date of the year before the end."""
    as_of = before["as_of_us"].to_numpy()
    recent = np.unique(as_of[as_of > at_end.as_of - YEAR])
    return [
        at_end.tally(before[as_of == date], weight[as_of == date]) for date in recent
    ]


def _greatest(
    at_end: Reference, tallies: Sequence[dict[str, Counts]]
) -> dict[str, float]:
    """The greatest index of each column between the end and a tally."""
    greatest = dict.fromkeys(at_end.columns, 0.0)
    for tally in tallies:
        for name, counts in tally.items():
            usual = np.array(at_end.columns[name].counts)
            index = stability_index(counts, usual)
            greatest[name] = max(greatest[name], index)
    return greatest
