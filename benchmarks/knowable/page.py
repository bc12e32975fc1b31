"""The page that shows what a run has found."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from benchmarks.knowable.chances import AIMS, BASE_RATE, STAY_PUT
from benchmarks.knowable.diagnosis import Diagnosis
from benchmarks.knowable.diagnosis_page import diagnosis_part
from benchmarks.knowable.known import WEEKS_BEFORE_END
from benchmarks.knowable.leavers_page import causes_part, silent_part
from benchmarks.knowable.log_losses import SURE
from benchmarks.knowable.shares import closed
from benchmarks.knowable.texts import ANSWERED, INTRODUCTION, METHOD
from benchmarks.shared.markdown import page_of, percent, table
from models.score.horizon import MIGRATION_HORIZON
from training.fitting.rivals import MODEL


@dataclass(frozen=True)
class Found:
    """What a run has found.

    Attributes:
        losses: see `measure`, with a column ``seed``.
        looked: see `look_at_leavers`, with a column ``seed``.
        diagnoses: of other companies.
    """

    losses: pd.DataFrame
    looked: pd.DataFrame
    diagnoses: Sequence[Diagnosis]


def write_page(asked: argparse.Namespace, found: Found) -> str:
    """The page that shows what a run has found."""
    command = f"python -m benchmarks.knowable --accounts {asked.accounts} --months {asked.months} --draws {asked.draws}"
    lists = {"--seeds": asked.seeds, "--diagnosed": asked.diagnosed}
    command += "".join(
        f" {option} {' '.join(map(str, seeds))}" for option, seeds in lists.items()
    )
    parts = [
        INTRODUCTION.format(command=command),
        _answer(found),
        _losses_part(found.losses),
        METHOD.format(
            accounts=asked.accounts,
            months=asked.months,
            weeks=WEEKS_BEFORE_END,
            draws=asked.draws,
            half=asked.draws // 2,
            counted=", ".join(map(str, _per_seed(found.losses, "accounts"))),
            hidden=", ".join(map(str, _per_seed(found.losses, "hidden"))),
            sure=SURE,
            columns=", ".join(
                map(str, dict.fromkeys(_per_seed(found.losses, "columns")))
            ),
        ),
        silent_part(found.looked),
        causes_part(found.looked),
        diagnosis_part(found.diagnoses),
    ]
    return page_of(parts)


FIGURE_NAMES = {
    BASE_RATE: "base rate",
    STAY_PUT: "stay put",
    "empirical_markov": "empirical Markov",
    MODEL: "**Pinch**",
}


def _per_seed(losses: pd.DataFrame, column: str) -> list[int]:
    return [int(count) for count in losses.groupby("seed", sort=False)[column].max()]


def _answer(found: Found) -> str:
    """The table of shares, Pinch's by horizon beside the aims."""
    expected, realised = closed(found.losses), closed(found.losses, "realised")
    rows = []
    for (prediction, horizon, model), row in expected.iterrows():
        ours = model == MODEL
        told = [
            *map(percent, row[:-1]),
            f"**{percent(row['mean'])}**" if ours else percent(row["mean"]),
        ]
        aim = AIMS[prediction] if ours and horizon == MIGRATION_HORIZON else None
        noisy = realised.loc[(prediction, horizon, model), "mean"]
        told = [f"{prediction}, {horizon} days", FIGURE_NAMES.get(model, model), *told]
        rows.append([*told, percent(aim), percent(noisy)])
    seeds = [f"seed {column}" for column in expected.columns[:-1]]
    head = ["", "model", *seeds, "mean", "aim", "realised (noisy)"]
    return f"## The answer\n\n{table(head, rows)}\n\n{ANSWERED}"


def _losses_part(losses: pd.DataFrame) -> str:
    means = losses.groupby(["prediction", "horizon", "model"], sort=False)[
        ["expected", "realised"]
    ].mean()
    rows = [
        [
            f"{prediction}, {horizon} days",
            FIGURE_NAMES.get(model, model),
            f"{row.expected:.4f}",
            f"{row.realised:.4f}",
        ]
        for (prediction, horizon, model), row in means.iterrows()
    ]
    losses_told = table(["", "model", "expected log loss", "realised (noisy)"], rows)
    return f"## The losses\n\nMeans over the seeds.\n\n{losses_told}"
