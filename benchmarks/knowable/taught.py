"""A booster taught with the oracle's probabilities."""

from __future__ import annotations

import lightgbm
import numpy as np
import pandas as pd

from benchmarks.knowable.known import Firm, as_of_before
from benchmarks.knowable.oracle import Array, oracle_of
from features.engine import instant
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from models.score.horizon import MIGRATION_HORIZON
from training.fitting.encoding import learn_encoding

TAUGHT_WEEKS = (28, 36, 44, 52)
TAUGHT_DRAWS = 40
TAUGHT_SETTING = {
    "objective": "cross_entropy",
    "num_leaves": 15,
    "learning_rate": 0.04,
    "min_data_in_leaf": 60,
    "lambda_l2": 5.0,
    "feature_fraction": 0.4,
    "num_threads": 1,
    "seed": 1,
    "deterministic": True,
    "force_col_wise": True,
    "verbose": -1,
}
"""As-of dates, draws of the oracle and setting of a booster that learns the oracle's probabilities."""


def taught_by_oracle(teacher: Firm, frame: pd.DataFrame) -> Array:
    """The risks at 90 days that a booster gives which learned the oracle's own probabilities of another company.

    Neither chance in the labels nor their number limits it much: what it lacks, the columns lack.
    """
    lessons, truths = [], []
    for weeks in TAUGHT_WEEKS:
        lesson = snapshot(teacher.book, [instant(as_of_before(weeks))])
        truth = oracle_of(teacher.world, lesson)(MIGRATION_HORIZON, TAUGHT_DRAWS)[
            "p_defected"
        ]
        lessons.append(lesson[truth.notna()])
        truths.append(truth.dropna())
    learned = pd.concat(lessons, ignore_index=True)
    # Markets and reps of another company are others: text is left out.
    encoding = learn_encoding(
        learned,
        list(FEATURES),
        {f: t for f, t in teacher.book.facts.items() if t == "number"},
    )
    data = lightgbm.Dataset(
        encoding.matrix(learned), label=pd.concat(truths).to_numpy()
    )
    booster = lightgbm.train(TAUGHT_SETTING, data, num_boost_round=500)
    return np.asarray(booster.predict(encoding.matrix(frame), num_threads=1))
