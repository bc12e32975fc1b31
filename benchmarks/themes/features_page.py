"""The features that help nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from benchmarks.shared.exam import ROOT
from benchmarks.shared.markdown import table
from benchmarks.themes.judging import Result
from benchmarks.themes.texts import FEATURES_HEAD, IDLE_END, UNGROWN, UNGROWN_END
from features.past.declaration import Formula
from features.themes.dictionary import FEATURES
from models.score.reasons import TITLES


def features_part(results: Sequence[Result]) -> str:
    """Features that no model makes use of, and those of the regressions alone."""
    shares = feature_shares(results)
    idle = shares[shares["share"] == 0]
    linear = shares[(shares["trees"] == 0) & (shares["share"] > 0)].sort_values("share")
    return "\n\n".join(
        [
            FEATURES_HEAD.format(
                count=len(idle), all=len(shares), end=IDLE_END if len(idle) else "."
            ),
            _features_table(idle),
            UNGROWN.format(count=len(linear), end=UNGROWN_END if len(linear) else "."),
            _features_table(linear),
        ]
    )


def _features_table(shares: pd.DataFrame) -> str:
    """Features with what they explain; empty where there are none."""
    rows = [
        [
            f"`{f.name}`",
            TITLES[f.theme],
            f.meaning,
            ", ".join(f.seeds),
            ", ".join(used_by(f.name)),
            f"{share:.2%}",
        ]
        for f, share in zip(
            (FEATURES[str(name)] for name in shares.index), shares["share"], strict=True
        )
    ]
    return (
        table(
            [
                "feature",
                "theme",
                "what it explains",
                "seeds",
                "also needed by",
                "share",
            ],
            rows,
        )
        if rows
        else ""
    )


def feature_shares(results: Sequence[Result]) -> pd.DataFrame:
    """For every feature the largest ``share`` and ``trees`` in any exam and prediction; 0 where no model reads it."""
    everywhere = pd.concat([result.shares for result in results])
    return everywhere.groupby("feature").max().reindex(list(FEATURES), fill_value=0.0)


def used_by(feature: str) -> list[str]:
    """What else needs a feature: formulas of other features, and modules that name it."""
    formulas = [
        f.name
        for f in FEATURES.values()
        if isinstance(f.how, Formula) and feature in f.how.expression.reads
    ]
    modules = (
        file
        for package in ("serving", "training", "models", "pages")
        for file in sorted((ROOT / package).rglob("*.py"))
    )
    quoted = rf"['\"]{feature}['\"]"
    return formulas + [
        file.relative_to(ROOT).as_posix()
        for file in modules
        if _in(file.read_text(), quoted)
    ]


def _in(text: str, pattern: str) -> bool:
    return re.search(pattern, text) is not None
