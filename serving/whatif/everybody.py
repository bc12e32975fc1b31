"""Key persons: what the book would lose with each rep, or by a competitor in each market, one row each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from serving.whatif.drawn import drawn, interval
from serving.whatif.known import Known
from serving.whatif.question import Question, every
from serving.whatif.scene import Scene


def everybody(scene: Scene, known: Known) -> list[dict[str, Any]]:
    """A row for each rep or market, the one with most to lose first.

    Args:
        scene: the book at the date.
        known: of the kind of event.
    """
    rows = [_row(scene, question, known) for question in every(known.kind, scene)]
    return sorted(rows, key=lambda row: -row["more"]["mean"])


def _row(scene: Scene, question: Question, known: Known) -> dict[str, Any]:
    accounts, horizon = question.accounts(scene), scene.longest
    draws = drawn(scene, [question], {known.kind.name: known}, accounts, horizon)
    gap = scene.frame.loc[accounts, "people_over_product"].to_numpy(dtype=np.float64)
    worth = np.nan_to_num(scene.value[accounts].to_numpy(dtype=np.float64))
    parts = {"people_carried": gap > 0, "others": ~(gap > 0)}
    return {
        "holder": question.holder,
        "accounts": len(accounts),
        "days": horizon,
        "before": float(scene.risks.loc[accounts, horizon].sum()),
        "more": interval(draws.more.sum(axis=1)),
        **{
            name: {
                "accounts": int(part.sum()),
                "more": interval(draws.more[:, part].sum(axis=1)),
            }
            for name, part in parts.items()
        },
        "value": float(worth.sum()),
        "value_more": interval(draws.more @ worth),
        "first": _first(accounts, draws.more.mean(axis=0) * worth),
    }


def _first(accounts: pd.Index, stake: np.ndarray[Any, Any]) -> str:
    """The account with most to lose."""
    return str(accounts[int(np.argmax(stake))])
