"""The last rule of the gate: a challenger beside the present champion, on the newest test date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.engine import day_of
from models.fitted.defection import DefectionModel
from models.registry.verdict import Verdict
from models.score.horizon import risk_column
from training.evaluation.comparison import compare_pairs, loss_of
from training.evaluation.outcomes import Outcome, said
from training.fitting.rivals import MODEL
from training.past.leaving import Leaving

if TYPE_CHECKING:
    from training.trained import Training

NO_CHAMPION = "there is no champion"


def judge_champion(
    training: Training, champion: DefectionModel | str, horizon: int
) -> Verdict:
    """Passes unless there is evidence that the champion is better on the newest test date.

    Where the two cannot be compared the rule passes and says why.

    Args:
        training: a challenger; its model of the newest test date was trained only on what was known by then.
        champion: the present champion, or why there is none to compare with.
        horizon: in days.
    """
    newest = training.evaluations[-1:]
    ours = said(newest, MODEL, horizon)
    if not ours:
        return Verdict(
            "champion", True, f"not compared: no test date at {horizon} days"
        )
    reason = _incomparable(
        champion, training.data.frame, newest[0].as_of, horizon, training.meaning
    )
    if isinstance(champion, str) or reason is not None:
        return Verdict("champion", True, f"not compared: {reason}")
    theirs = _of_champion(champion, training.data.frame, newest[0].as_of, ours[0])
    found = compare_pairs([(ours[0], theirs)])
    which = (
        "evidence that the champion is better"
        if found.worse
        else "the champion is not surely better"
    )
    sentence = (
        f"{which}: on {day_of(newest[0].as_of)}, {len(theirs.left):,} accounts at {horizon} days, log loss "
        f"{loss_of(ours):.4f} against {loss_of([theirs]):.4f} of the champion trained until "
        f"{champion.facts['trained_until']}, {found}"
    )
    return Verdict("champion", not found.worse, sentence)


def _incomparable(
    champion: DefectionModel | str,
    frame: pd.DataFrame,
    as_of: int,
    horizon: int,
    meaning: Leaving,
) -> str | None:
    """Why a champion cannot be compared at a test date; None where it can."""
    if isinstance(champion, str):
        return champion
    until = champion.facts.get("trained_until", "an unknown date")
    quiet_days = champion.facts.get("quiet_days")
    if str(until) >= str(day_of(as_of)):
        return f"the champion was trained until {until}, and the newest test date is {day_of(as_of)}"
    if horizon not in champion.blends:
        return f"the champion has no horizon of {horizon} days"
    if quiet_days != meaning.quiet_days:
        return f"the champion's quiet period is {quiet_days} days, and now it is {meaning.quiet_days}"
    lacking = [column for column in champion.encoding.reads if column not in frame]
    if lacking:
        return f"the champion reads {', '.join(lacking)}, which this book lacks"
    return None


def _of_champion(
    champion: DefectionModel, frame: pd.DataFrame, as_of: int, ours: Outcome
) -> Outcome:
    """What the champion says of the very rows that the challenger was tested on."""
    then = frame[frame["as_of_us"] == as_of].set_index("account_id", drop=False)
    rows = then.loc[ours.accounts.tolist()]
    risk = champion.risks(rows)[risk_column(ours.horizon)].to_numpy()
    return Outcome("champion", ours.horizon, ours.left, risk, ours.accounts)
