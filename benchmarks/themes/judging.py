"""All variants of an exam, fitted and judged on the same accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from benchmarks.shared.exam import Exam
from benchmarks.shared.resampling import resampled
from benchmarks.themes.contributions import first_reasons, shares_of
from benchmarks.themes.figures import Judged, forecast_of, judged_by, pooled
from benchmarks.themes.variants import ALONE, FULL, RECENT, Variant, blanked, variants
from models.fitted.boosting import Setting
from training.fitting.encoding import encoding_of
from training.fitting.models import Models, fit_models

Step = Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """What an exam has shown.

    Attributes:
        exam: the exam.
        judged: by kind and theme of the variant.
        shares: of each feature and prediction (columns of the index) in what a full model adds up, in absolute terms:
            ``share``, and ``trees``, the same of its boosters alone; full models one below the other.
        first: share of each theme in the first reasons of the tenth with the highest risk.
    """

    exam: Exam
    judged: Mapping[tuple[str, str], Judged]
    shares: pd.DataFrame
    first: pd.Series


def judge(exam: Exam, growings: int, draws: int, seed: int, step: Step) -> Result:
    """Fits all variants and judges them on the same resampled accounts.

    Args:
        exam: what is learned from and judged on.
        growings: times that each variant is grown.
        draws: times that accounts are resampled.
        seed: of the resampling.
        step: told of each fit.
    """
    weights = resampled(exam.now.frame["account_id"], draws, seed)
    judged: dict[tuple[str, str], Judged] = {}
    full: list[Models] = []
    for variant in variants(encoding_of(exam.past).columns, growings):
        models = fit(exam, variant, step)
        now = blanked(exam.now, variant.columns)
        forecasts = (forecast_of(of_seed, now, exam.horizon) for of_seed in models)
        judged[variant.kind, variant.theme] = pooled(
            [judged_by(said, variant, weights) for said in forecasts]
        )
        full = full or models
    shares = pd.concat([shares_of(of_seed, exam.now.frame) for of_seed in full])
    return Result(exam, judged, shares, first_reasons(full[0], exam))


def fit(exam: Exam, variant: Variant, step: Step) -> list[Models]:
    """The models of a variant, one for each seed."""
    past, models = blanked(exam.past, variant.columns), []
    for seed in variant.seeds:
        step(f"{exam.group}: {variant.kind} {variant.theme}")
        models.append(fit_models(past, Setting().changed(seed=seed), {}))
    return models


def differences(results: Sequence[Result], kind: str) -> dict[str, Judged]:
    """By theme: full less ``without`` or ``regrown``, or ``alone`` less recency, as the mean over exams.

    A theme is judged on the exams in which it has a column.
    """
    by_theme: dict[str, list[Judged]] = {}
    for judged in (result.judged for result in results):
        for theme in (theme for of_kind, theme in judged if of_kind == kind):
            one = judged[kind, theme]
            worth = (
                one.less(judged[RECENT, ""])
                if kind == ALONE
                else judged[FULL, ""].less(one)
            )
            by_theme.setdefault(theme, []).append(worth)
    return {theme: pooled(worths) for theme, worths in by_theme.items()}
