"""Hidden states that models are told, and where the loss above the oracle's lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from benchmarks.knowable.chances import defection_chances
from benchmarks.knowable.known import Known
from models.score.horizon import MIGRATION_HORIZON
from training.fitting.rivals import MODEL
from training.past.training_set import TrainingSet

NOTHING, MOOD, EVERYTHING = (
    "nothing more",
    "whether it has turned away, and for which reason",
    "all of these",
)
SINGLE: Mapping[str, tuple[str, ...]] = {
    "warmth": ("warmth",),
    "patience": ("patience",),
    "true product and people satisfaction": ("product", "people"),
    "pulse (activity as a share of the usual)": ("pulse",),
}
HIDDEN: Mapping[str, tuple[str, ...]] = {
    NOTHING: (),
    **SINGLE,
    MOOD: ("mood",),
    EVERYTHING: ("warmth", "patience", "product", "people", "pulse", "mood"),
}
"""Hidden states that models are told, to see what each would be worth."""
GROUPS = (
    "has not turned away",
    "turned away, pulse below 0.3",
    "turned away, pulse 0.3 to 0.9",
    "turned away, pulse 0.9 or above",
)
"""What is going on in an account."""


def gaps_of(known: Known, oracle: pd.DataFrame, moods: pd.DataFrame) -> pd.DataFrame:
    """How far the models are from the oracle at 90 days, by what is going on in the accounts.

    Args:
        known: what is known.
        oracle: its answer, rows as in the cohort.
        moods: the hidden mood and pulse of each row.

    Returns:
        A row for each account that the oracle speaks of: group, p (the oracle's), q (ours) and gap (the divergence
        between the two, which is the loss above the oracle's).
    """
    p, q = (
        oracle["p_defected"],
        pd.Series(defection_chances(known, MIGRATION_HORIZON)[MODEL][:, 1]),
    )
    gap = p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))
    faint, fading = moods["hidden_pulse"] < 0.3, moods["hidden_pulse"] < 0.9
    turned = moods["hidden_mood"] != "staying"
    groups = np.select([~turned, faint, fading], GROUPS[:3], GROUPS[3])
    return pd.DataFrame({"group": groups, "p": p, "q": q, "gap": gap})[p.notna()]


def with_hidden(
    data: TrainingSet, hidden: pd.DataFrame, names: Sequence[str]
) -> TrainingSet:
    """Tells hidden states, as facts: those at the end of the last week before each as-of date."""
    if not names:
        return data
    moments = data.frame[["account_id", "as_of_us"]].assign(
        moment=data.frame["as_of_us"].astype("datetime64[us]")
    )
    ordered = moments.reset_index().sort_values("moment", kind="stable")
    states_then = hidden[["account_id", "moment", *names]].sort_values(
        "moment", kind="stable"
    )
    joined = (
        pd.merge_asof(ordered, states_then, on="moment", by="account_id")
        .set_index("index")
        .sort_index()
    )
    told = {f"hidden_{name}": "text" if name == "mood" else "number" for name in names}
    frame = data.frame.assign(**{f"hidden_{name}": joined[name] for name in names})
    return replace(data, frame=frame, facts={**data.facts, **told})
