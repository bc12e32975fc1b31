"""The libraries that peers are made of."""

from __future__ import annotations

from collections.abc import Callable

import lightgbm
import pandas as pd

from benchmarks.shared.resampling import Array
from models.fitted.encoding import Matrix


def fit_lightgbm(
    matrix: Matrix, left: Array, accounts: Array
) -> Callable[[Matrix], Matrix]:
    """LightGBM, with its defaults."""
    model = lightgbm.LGBMClassifier(random_state=1, n_jobs=1, verbose=-1).fit(
        _named(matrix), left
    )
    return lambda rows: model.predict_proba(_named(rows))


def fit_catboost(
    matrix: Matrix, left: Array, accounts: Array
) -> Callable[[Matrix], Matrix]:
    """CatBoost, with its defaults."""
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(
        random_seed=1, thread_count=1, verbose=False, allow_writing_files=False
    )
    return model.fit(matrix, left).predict_proba


def fit_flaml(
    matrix: Matrix, left: Array, accounts: Array, budget: int
) -> Callable[[Matrix], Matrix]:
    """FLAML, as its search finds it in so many seconds."""
    from flaml import AutoML

    search = AutoML()
    # Its folds hold an account's rows of all dates together, as those of a test date are of accounts seen before.
    search.fit(
        X_train=_named(matrix),
        y_train=left,
        task="classification",
        metric="log_loss",
        time_budget=budget,
        split_type="group",
        groups=accounts,
        n_jobs=1,
        seed=1,
        verbose=0,
    )
    return lambda rows: search.predict_proba(_named(rows))


def _named(matrix: Matrix) -> pd.DataFrame:
    return pd.DataFrame(
        matrix, columns=[f"column_{place}" for place in range(matrix.shape[1])]
    )
