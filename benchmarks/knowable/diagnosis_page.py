"""The part of the page about what holds the models back."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from benchmarks.knowable.chances import AIMS
from benchmarks.knowable.diagnosis import LARGER, LARGER_BOOK, TAUGHT, Diagnosis
from benchmarks.knowable.hidden import GROUPS, MOOD, NOTHING, SINGLE
from benchmarks.knowable.taught import TAUGHT_WEEKS
from benchmarks.knowable.texts import DIAGNOSIS
from benchmarks.shared.markdown import percent, table


def diagnosis_part(diagnoses: Sequence[Diagnosis]) -> str:
    """What holds the models back; empty where nothing was diagnosed."""
    if not diagnoses:
        return ""
    worth = (
        pd.concat([diagnosis.worth for diagnosis in diagnoses])
        .groupby("told", sort=False)
        .mean()
    )
    gaps = pd.concat([diagnosis.gaps for diagnosis in diagnoses])
    turned = gaps["group"] != GROUPS[0]
    shown, single = worth.map(percent), worth.loc[list(SINGLE)]
    most = single.idxmax()
    return DIAGNOSIS.format(
        seeds=", ".join(str(diagnosis.seed) for diagnosis in diagnoses),
        worth=_worth_table(worth),
        gaps=_gaps_table(gaps),
        turned=f"{turned.mean():.1%}",
        part=percent(gaps.loc[turned, "gap"].sum() / gaps["gap"].sum()),
        ours=percent(gaps.loc[turned, "q"].mean()),
        best=percent(gaps.loc[turned, "p"].mean()),
        mood=shown.loc[MOOD, "defection"],
        most=most["defection"],
        most_worth=shown.loc[most["defection"], "defection"],
        plain=shown.loc[NOTHING, "defection"],
        larger=shown.loc[LARGER_BOOK, "defection"],
        taught=shown.loc[TAUGHT, "defection"],
        times=LARGER,
        dates=len(TAUGHT_WEEKS),
        aim=percent(AIMS["defection"]),
        migration_most=most["migration"],
        migration_worth=shown.loc[most["migration"], "migration"],
        migration_plain=shown.loc[NOTHING, "migration"],
    )


def _worth_table(worth: pd.DataFrame) -> str:
    rows = [
        [str(told), *(percent(value) for value in row)]
        for told, row in worth.iterrows()
    ]
    return table(["the models are told", *worth.columns], rows)


def _gaps_table(gaps: pd.DataFrame) -> str:
    rows = []
    for group in (group for group in GROUPS if (gaps["group"] == group).any()):
        mine = gaps[gaps["group"] == group]
        part = mine["gap"].sum() / gaps["gap"].sum()
        rows.append(
            [
                group,
                str(len(mine)),
                percent(mine["p"].mean()),
                percent(mine["q"].mean()),
                percent(part),
            ]
        )
    return table(
        [
            "the account",
            "accounts",
            "oracle's risk, mean",
            "Pinch's risk, mean",
            "part of the loss",
        ],
        rows,
    )
