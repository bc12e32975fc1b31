"""Which columns the models of a training set read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from features.themes.dictionary import QUIET, made_of
from models.fitted.encoding import Encoding
from models.fitted.quiet import Quiet
from training.fitting.quiet import fit_quiet
from training.past.training_set import TrainingSet

MOST_CATEGORIES = 100


def encoding_of(data: TrainingSet) -> Encoding:
    """The columns that vary and may be read, in order; where leaving is a quiet period, the chance of one last."""
    known = data.dictionary.features
    untrusted = made_of(data.left_out, known)
    features = [name for name in known if name not in untrusted]
    facts = {f: kind for f, kind in data.facts.items() if f not in data.left_out}
    quiet = None
    if data.quiet_days is not None:
        quiet = fit_quiet(data.frame, data.quiet_days, data.weight)
    return learn_encoding(data.frame, features, facts, quiet)


def learn_encoding(
    frame: pd.DataFrame,
    features: Sequence[str],
    facts: Mapping[str, str],
    quiet: Quiet | None = None,
) -> Encoding:
    """The encoding of a training set: columns that are the same in every row are left out.

    Args:
        frame: snapshots of the training set.
        features: names of the features.
        facts: names of the facts, each ``"number"`` or ``"text"``.
        quiet: gives a column more.
    """
    varying = [column for column in [*features, *facts] if _varies(frame[column])]
    text = [column for column in varying if facts.get(column) == "text"]
    categories = {
        column: tuple(sorted(frame[column].value_counts().index[:MOST_CATEGORIES]))
        for column in text
    }
    added = () if quiet is None else (QUIET.name,)
    return Encoding((*varying, *added), categories, quiet)


def _varies(values: pd.Series) -> bool:
    """Whether a column has more than one value, to be missing being one; to count them takes forty times as long."""
    known = values.dropna()
    return len(known) > 0 and (
        len(known) < len(values) or bool((known != known.iloc[0]).any())
    )
