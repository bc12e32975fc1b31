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
from training.champion import NO_CHAMPION, judge_champion
from training.evaluation.comparison import (
    Difference,
    compare_said,
    compare_states,
    loss_of,
    state_loss_of,
)
from training.evaluation.outcomes import (
    Evaluation,
    models_said,
    movers_said,
    said,
    states_said,
)
from training.fitting.rivals import MODEL
from training.leakage import Certificate

if TYPE_CHECKING:
    from training.trained import Training

CALIBRATION_BOUND = 0.02
"""How far above its noise floor a calibration error may be, as a share of accounts.

Two in a hundred accounts is what a plan made from a sum of risks can bear, some two fifths of the usual 5% of leavers
in 90 days. And less would be noise: in simulations of perfectly calibrated risks, three test dates of 300 accounts are
more than that above their floor in at most 1 of 100 cases, three of 100 accounts in 3 to 17 of 100.
"""
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
        figures: as of `training.trained.Training.figures`, means over the test dates.
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
    names = [name for name in models_said(evaluations, horizon) if name != MODEL]
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
        states_said(evaluations, name) for name in movers_said(evaluations)
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
