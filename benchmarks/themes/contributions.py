"""What each feature and theme adds up to in the full models."""

from __future__ import annotations

import lightgbm
import numpy as np
import pandas as pd

from benchmarks.shared.exam import Exam
from benchmarks.shared.resampling import Array
from benchmarks.shared.theme_sums import named_themes, theme_sums
from models.fitted.boosting import Booster
from models.fitted.encoding import Matrix
from models.score.horizon import risk_column
from training.fitting.models import Models
from training.metrics import SURE, TOP


def shares_of(models: Models, frame: pd.DataFrame) -> pd.DataFrame:
    """The share of each column in all that the models add up, in absolute terms: see `Result`."""
    encoding, blend = (
        models.defection.encoding,
        models.defection.blend(models.defection.reasons_horizon),
    )
    matrix = encoding.matrix(frame)
    added = {
        "defection": (blend.contributions(matrix), blend.booster.contributions(matrix))
    }
    if models.migration is not None:
        of_classes = class_contributions(
            models.migration.booster, models.migration.encoding.matrix(frame)
        )
        added["migration"] = (of_classes, of_classes)
    return pd.concat(
        {
            prediction: pd.DataFrame(
                {"share": part(both), "trees": part(trees)},
                index=list(encoding.columns),
            )
            for prediction, (both, trees) in added.items()
        },
        names=["prediction", "feature"],
    )


def class_contributions(booster: Booster, matrix: Matrix) -> Matrix:
    """As `Booster.contributions` of a booster of several classes: one class below the other."""
    told = lightgbm.Booster(model_str=booster.text).predict(
        matrix, pred_contrib=True, num_threads=1
    )
    return np.asarray(told).reshape(-1, matrix.shape[1] + 1)[:, :-1]


def part(contributions: Matrix) -> Array:
    """The part of each column in the sum of all contributions, in absolute terms.

    Example:
        >>> part(np.array([[1.0, 0.0], [-2.0, 1.0]])).tolist()
        [0.75, 0.25]
    """
    sums = np.abs(contributions).sum(axis=0)
    return np.asarray(sums / max(sums.sum(), SURE))


def first_reasons(models: Models, exam: Exam) -> pd.Series:
    """The share of each theme in the first reasons of the tenth with the highest risk."""
    frame = exam.now.frame
    risk = models.defection.risks(frame)[risk_column(exam.horizon)]
    top = frame.loc[risk.nlargest(max(int(np.ceil(TOP * len(frame))), 1)).index]
    sums = theme_sums(
        models.defection.encoding.columns, models.defection.contributions(top)
    )
    return named_themes(sums)["theme_1"].value_counts(normalize=True)
