"""Whether reasons name what was truly at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from company.hazards import TRIGGERS
from models.score.reasons import FACTS, MOST_REASONS

PERMUTATIONS = 500
ACCEPTED: Mapping[str, frozenset[str]] = {
    "neglect": frozenset({"indifference", "attention"}),
    "rep_left": frozenset({"dependence"}),
    "competitor_entered": frozenset({"dependence", FACTS}),
    "failure_not_fixed": frozenset({"recovery", "responsiveness", "trust"}),
    "poor_service": frozenset({"axis_scores", "responsiveness", "voice"}),
    "poor_product": frozenset({"axis_scores", "trust"}),
    "word_of_mouth": frozenset({"axis_scores", "voice"}),
    "payment_failed": frozenset({"payments"}),
    "chance": frozenset(),
}
"""For what was at work when an account turned away (`company.hazards.TRIGGERS`): the themes that name it.

Neglect is silence of ours, and the account fades in return. A departed rep is measured by dependence, and so is a
competitor, who besides comes to a market, a fact of the account. Damage comes from failures not fixed and from promises
broken. Poor service and a poor product are low scores; the one is heard in how we answered and in the tone, the other
in requests for what we lack and in late deliveries, which are themes of trust. Nothing can name chance.
"""


def agreement(
    looked: pd.DataFrame, accepted: Mapping[str, frozenset[str]] = ACCEPTED
) -> pd.DataFrame:
    """Whether the reasons of leavers name what was at work, beside chance.

    Chance is the mean over permutations of the causes among the departures of each company.

    Args:
        looked: see `look_at_leavers`, with a column ``seed``.
        accepted: the themes that name each trigger; leavers for which there is none are left out.

    Returns:
        A row for each trigger and one for all: trigger, rows, first and chance_first (the first reason names it), any
        and chance_any (one of the three does), and most_named (the theme most often first).
    """
    triggers = [trigger for trigger in TRIGGERS if accepted.get(trigger)]
    leavers = looked[looked["trigger"].isin(triggers)].reset_index(drop=True)
    hits = {
        "first": _hits(leavers, triggers, 1, accepted),
        "any": _hits(leavers, triggers, MOST_REASONS, accepted),
    }
    true = leavers["trigger"].map(triggers.index).to_numpy(dtype=np.int64)
    shuffled = _permuted(leavers, true)
    chosen = {
        trigger: code for code, trigger in enumerate(triggers) if (true == code).any()
    }
    rows = [
        _agreed(name, leavers, hits, true, shuffled, (code,))
        for name, code in chosen.items()
    ]
    return pd.DataFrame(
        [*rows, _agreed("all", leavers, hits, true, shuffled, range(len(triggers)))]
    )


def _hits(
    leavers: pd.DataFrame,
    triggers: Sequence[str],
    places: int,
    accepted: Mapping[str, frozenset[str]],
) -> npt.NDArray[np.bool_]:
    """Whether one of the first reasons of each leaver would name each trigger: shape (rows, triggers)."""
    named = leavers[[f"theme_{place + 1}" for place in range(places)]]
    return np.column_stack(
        [
            named.isin(accepted[trigger]).any(axis=1).to_numpy(dtype=bool)
            for trigger in triggers
        ]
    )


def _permuted(
    leavers: pd.DataFrame, causes: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The causes, mixed among the departures of each company, many times: shape (permutations, rows).

    A departure seen from several dates keeps one cause.
    """
    rng = np.random.default_rng(0)
    departure = (
        leavers.groupby(["seed", "account_id", "occurred_at"], sort=False)
        .ngroup()
        .to_numpy()
    )
    _, first = np.unique(departure, return_index=True)
    company = leavers["seed"].to_numpy()[first]
    mixed = np.tile(causes[first], (PERMUTATIONS, 1))
    for seed in np.unique(company):
        mixed[:, company == seed] = rng.permuted(mixed[:, company == seed], axis=1)
    return np.asarray(mixed[:, departure])


def _agreed(
    name: str,
    leavers: pd.DataFrame,
    hits: Mapping[str, npt.NDArray[np.bool_]],
    true: npt.NDArray[np.int64],
    shuffled: npt.NDArray[np.int64],
    codes: Sequence[int],
) -> dict[str, object]:
    """The row of `agreement` for the triggers with some codes."""
    rows = np.arange(len(leavers))
    mine, by_chance = np.isin(true, codes), np.isin(shuffled, codes)
    said: dict[str, object] = {"trigger": name, "rows": int(mine.sum())}
    for kind, hit in hits.items():
        said[kind] = float(hit[rows, true][mine].mean())
        said[f"chance_{kind}"] = float(
            hit[np.broadcast_to(rows, shuffled.shape), shuffled][by_chance].mean()
        )
    return said | {
        "most_named": leavers["theme_1"][mine].fillna("none").value_counts().index[0]
    }
