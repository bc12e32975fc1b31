"""What Pinch tells of each rep and market of a simulated company, with all past events known, with few, with none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from features.book.book import Book
from features.edits.kinds import Kind
from models.effects.evidence import Evidence
from models.fitted.boosting import Setting
from models.score.horizon import HORIZONS
from serving.scorer import Scorer
from serving.whatif.everybody import everybody
from serving.whatif.known import known_of
from serving.whatif.scene import Scene, scene_of
from training.effects.study import evidence_of
from training.fitting.models import fit_models
from training.past.as_of_dates import training_dates
from training.past.observed import observe
from training.past.training_set import training_set

KNOWN = (None, 10, 3, 0)
"""How many of the past events are known of; None: all."""


def scene(book: Book) -> Scene:
    """A book at the end of its data, scored by models fitted on all of its past."""
    dates = training_dates(book, book.watermark)
    learned = training_set(observe(book), dates, HORIZONS).known()
    models = fit_models(learned, Setting(), {})
    scorer = Scorer(models.defection, models.migration, "benchmark")
    return scene_of(book, scorer, book.end)


def told(at: Scene, kind: Kind) -> Iterator[pd.DataFrame]:
    """A row for each holder, and each number of past events known of: ``known``, ``events`` and what is told."""
    everything = evidence_of(observe(at.book), kind)
    for count in KNOWN:
        evidence = everything if count is None else first_events(everything, count)
        known = known_of(at, kind, evidence)
        rows = pd.json_normalize(everybody(at, known))
        yield rows.assign(
            known="all" if count is None else str(count),
            events=evidence.events,
            by_edit=known.by_edit,
            excess=known.posterior.excess,
            ratio=evidence.count().ratio,
        )


def first_events(evidence: Evidence, count: int) -> Evidence:
    """What the first so many events tell."""
    kept = np.isin(evidence.event, np.unique(evidence.event)[:count])
    rows = {
        name: values[kept]
        for name, values in vars(evidence).items()
        if isinstance(values, np.ndarray)
    }
    return replace(evidence, **rows)
