"""The gate: the rules that a challenger must pass to become champion. Each gives a verdict with its figures.

1. *leakage*: the leakage certificate is clean.
2. *calibration*: at every horizon of both predictions the calibration error, as a mean over the test dates of the walk
   forward, is at most `CALIBRATION_BOUND` above its noise floor.
3. *baselines*: there is no evidence that a baseline is better. It fails if the log loss of a baseline at the judged
   horizon, over all test dates, is lower and the 95% interval of the difference is above zero altogether.
4. *migration*: likewise, of the chances of all states at the migration horizon; a book without surveys passes.
5. *champion*: likewise, there is no evidence that the present champion is better on the newest test date.

Intervals are those of `training.evaluation.comparison`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from features.engine import day_of
from models.fitted.defection import DefectionModel
from models.registry.verdict import Verdict
from models.score.horizon import risk_column
from training.evaluation.comparison import (
    Difference,
    compare_pairs,
    compare_said,
    compare_states,
    loss_of,
    said,
    state_loss_of,
    states_said,
)
from training.evaluation.walk_forward import Evaluation, Outcome
from training.fitting.rivals import MODEL
from training.leakage import Certificate
from training.past.leaving import Leaving

if TYPE_CHECKING:
    from training.train import Training

CALIBRATION_BOUND = 0.02
"""How far above its noise floor a calibration error may be, as a share of accounts.

Two in a hundred accounts is what a plan made from a sum of risks can bear, some two fifths of the usual 5% of leavers
in 90 days. And less would be noise: in simulations of perfectly calibrated risks, three test dates of 300 accounts are
more than that above their floor in at most 1 of 100 cases, three of 100 accounts in 3 to 17 of 100.
"""
NO_CHAMPION = "there is no champion"
CALIBRATED = ("defection", "migration")
"""Which predictions the bound is for; of those who left, whom the silent share is about, there are too few."""


def judge(
    training: Training, champion: DefectionModel | str = NO_CHAMPION
) -> tuple[Verdict, ...]:
    """The verdicts of all rules on a training.

    Args:
        training: a challenger, with its walk forward.
        champion: the defection model that is champion at present, or why there is none to compare with.
    """
    horizon = training.meaning.judged_horizon
    return (
        judge_leakage(training.certificate),
        judge_calibration(training.figures()),
        judge_baselines(training.evaluations, horizon),
        judge_migration(training.evaluations),
        judge_champion(training, champion, horizon),
    )


def judge_leakage(certificate: Certificate) -> Verdict:
    """Passes if a snapshot did not depend on a future that there was."""
    day = day_of(certificate.as_of)
    if certificate.leaking:
        sentence = f"of the snapshot of {day}, what came later changes {', '.join(certificate.leaking)}"
    elif not certificate.clean:
        sentence = f"nothing became known after {day}, so nothing is proved"
    else:
        sentence = (
            f"{certificate.features} columns of {certificate.accounts:,} accounts on {day} stay the same with the "
            f"{certificate.later_rows:,} later rows dropped and scrambled"
        )
    return Verdict("leakage", certificate.clean, sentence)


def judge_calibration(figures: pd.DataFrame) -> Verdict:
    """Passes if the calibration error is nowhere more than `CALIBRATION_BOUND` above its floor.

    Args:
        figures: as of `training.train.Training.figures`, means over the test dates.
    """
    ours = figures[(figures["model"] == MODEL) & figures["prediction"].isin(CALIBRATED)]
    if ours.empty:
        return Verdict("calibration", False, "no test date, so nothing is known of it")
    above = ours["calibration_error"] - ours["calibration_floor"]
    passed = bool((above <= CALIBRATION_BOUND).all())
    shown = ours.loc[
        [above.idxmax()] if passed else above.index[above > CALIBRATION_BOUND]
    ]
    errors = "; ".join(
        f"{row.prediction} at {row.horizon} days, error {row.calibration_error:.4f}, floor {row.calibration_floor:.4f}"
        for row in shown.itertuples()
    )
    which = "nowhere too far" if passed else "too far"
    sentence = (
        f"{which} above the noise floor, {CALIBRATION_BOUND} being allowed: {errors}"
    )
    return Verdict("calibration", passed, sentence)


def judge_baselines(evaluations: Sequence[Evaluation], horizon: int) -> Verdict:
    """Passes unless there is evidence that a baseline is better.

    Args:
        evaluations: of the walk forward.
        horizon: in days.
    """
    ours = said(evaluations, MODEL, horizon)
    if not ours:
        return Verdict(
            "baselines",
            False,
            f"no test date at {horizon} days, so nothing is known of it",
        )
    names = _baselines(evaluations, horizon)
    compared = {name: compare_said(evaluations, name, horizon) for name in names}
    losses = {name: loss_of(said(evaluations, name, horizon)) for name in names}
    rows = sum(len(outcome.left) for outcome in ours)
    told = f"at {horizon} days, over {rows:,} rows, log loss {loss_of(ours):.4f}"
    return _beside_baselines("baselines", told, compared, losses)


def judge_migration(evaluations: Sequence[Evaluation]) -> Verdict:
    """Passes unless there is evidence that a baseline of migration is better.

    Args:
        evaluations: of the walk forward; without states in any of them there is nothing to judge.
    """
    ours, *others = [
        states_said(evaluations, name) for name in _movers(evaluations)
    ] or [[]]
    if not ours:
        return Verdict(
            "migration",
            True,
            "no quadrant of anybody was known at a test date, so there is none to judge",
        )
    compared = {theirs[0].model: compare_states(ours, theirs) for theirs in others}
    losses = {theirs[0].model: state_loss_of(theirs) for theirs in others}
    told = f"over {sum(len(one.state) for one in ours):,} rows, log loss {state_loss_of(ours):.4f}"
    return _beside_baselines("migration", told, compared, losses)


def _beside_baselines(
    rule: str,
    told: str,
    compared: Mapping[str, Difference],
    losses: Mapping[str, float],
) -> Verdict:
    """The verdict on a model by its differences from each baseline; only the worst is told, or all that are better."""
    worst = sorted(compared, key=lambda name: -compared[name].mean)
    lost = [name for name in worst if compared[name].worse]
    against = "; ".join(
        f"{name} {losses[name]:.4f}, {compared[name]}" for name in lost or worst[:1]
    )
    which = (
        "evidence that a baseline is better" if lost else "no baseline is surely better"
    )
    return Verdict(rule, not lost, f"{which}: {told} against {against}")


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


def _movers(evaluations: Sequence[Evaluation]) -> list[str]:
    """The models of migration, ours first."""
    return list(
        dict.fromkeys(
            outcome.model for evaluation in evaluations for outcome in evaluation.states
        )
    )


def _baselines(evaluations: Sequence[Evaluation], horizon: int) -> list[str]:
    models = dict.fromkeys(
        o.model for e in evaluations for o in e.outcomes if o.horizon == horizon
    )
    return [model for model in models if model != MODEL]


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
    until, quiet_days = (
        champion.facts.get("trained_until", "an unknown date"),
        champion.facts.get("quiet_days"),
    )
    if str(until) >= str(day_of(as_of)):
        return f"the champion was trained until {until}, and the newest test date is {day_of(as_of)}"
    if horizon not in champion.blends:
        return f"the champion has no horizon of {horizon} days"
    if quiet_days != meaning.quiet_days:
        return f"the champion's quiet period is {quiet_days} days, and now it is {meaning.quiet_days}"
    lacking = [column for column in champion.encoding.reads if column not in frame]
    return (
        f"the champion reads {', '.join(lacking)}, which this book lacks"
        if lacking
        else None
    )


def _of_champion(
    champion: DefectionModel, frame: pd.DataFrame, as_of: int, ours: Outcome
) -> Outcome:
    """What the champion says of the very rows that the challenger was tested on."""
    rows = (
        frame[frame["as_of_us"] == as_of]
        .set_index("account_id", drop=False)
        .loc[ours.accounts.tolist()]
    )
    risk = champion.risks(rows)[risk_column(ours.horizon)].to_numpy()
    return Outcome("champion", ours.horizon, ours.left, risk, ours.accounts)
