"""Measuring: the features of some pairs of account and as-of date, from a ledger, for a book, a request and a cluster.

First the measures, each of its source; then the formulas, each after those that it reads.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from features.past.declaration import Feature, Formula
from features.past.measure import Measure
from features.themes.dictionary import FEATURES
from features.timeline.expression import Array
from features.timeline.histories import Ledger, pasts
from features.timeline.rows import Floats, Ints


def measure(
    ledger: Ledger,
    account: Ints,
    as_of: Ints,
    features: Mapping[str, Feature] = FEATURES,
) -> dict[str, Floats]:
    """The features of some pairs of account and as-of date.

    Args:
        ledger: what is on record of the accounts.
        account: of each pair, its number in the ledger.
        as_of: of each pair, in microseconds since 1970.
        features: which features; those that their formulas read must be among them.

    Returns:
        A column of doubles by feature, in the order of the features.
    """
    measures = {
        name: feature.how
        for name, feature in features.items()
        if isinstance(feature.how, Measure)
    }
    unknown = np.full((len(measures), len(account)), np.nan)
    columns: dict[str, Array] = dict(zip(measures, unknown, strict=True))
    windows = sorted(
        {m.asked.window for m in measures.values() if m.asked.window is not None}
    )
    for pairs, past in pasts(ledger, account, as_of, windows):
        for name, asked in measures.items():
            relation = past.of(asked.source)
            columns[name][pairs] = getattr(relation, asked.how)(asked.asked)
    with np.errstate(all="ignore"):
        for name in features:
            _fill(name, features, columns)
    return {name: columns[name] for name in features}


def _fill(
    name: str, features: Mapping[str, Feature], columns: dict[str, Array]
) -> None:
    """Computes a formula, after those that it reads."""
    if name in columns:
        return
    how = features[name].how
    assert isinstance(how, Formula)
    for read in how.expression.reads:
        _fill(read, features, columns)
    columns[name] = np.asarray(how.expression.values(columns), dtype=np.float64)
