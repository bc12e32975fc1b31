"""The gate: the rules that a challenger must pass to become champion. Each gives a verdict with its figures.

1. *leakage*: the leakage certificate is clean.
2. *calibration*: at every horizon of both predictions the calibration error, as a mean over the test dates of the walk
   forward, is at most `CALIBRATION_BOUND` above its noise floor.
3. *baselines*: there is no evidence that a baseline is better. It fails if the log loss of a baseline at the judged
   horizon, over all test dates, is lower and the 95% interval of the difference is above zero altogether.
4. *migration*: likewise, of the chances of all states at the migration horizon; a book without surveys passes.
5. *champion*: likewise, there is no evidence that the present champion is better on the newest test date.

Intervals are percentiles of a paired bootstrap over accounts: both models are compared row by row, and an account is
drawn with all its rows, since its rows of several dates are not independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.engine import day_of
from models.defection import DefectionModel
from models.horizon import ALREADY_GONE, MIGRATION_HORIZON, risk_column
from models.verdict import Verdict
from training.evaluation import Array, log_losses
from training.labels import Leaving
from training.leakage import Certificate
from training.walk_forward import MODEL, Evaluation, Outcome, StateOutcome

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
DRAWS = 2000
"""Bootstrap samples: the ends of an interval then scatter by less than a tenth of its width."""
INTERVAL = (2.5, 97.5)
"""Percentiles: a model that is as good as the other fails one time in forty."""

Accounts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Difference:
    """A mean log loss less another on the same rows; above zero the first model is worse.

    Attributes:
        mean: over all rows.
        low: lower end of its 95% interval.
        high: upper end.
    """

    mean: float
    low: float
    high: float

    @property
    def worse(self) -> bool:
        """Whether there is evidence that the first model is worse."""
        return self.low > 0

    def __str__(self) -> str:
        return f"difference {self.mean:+.4f}, 95% between {self.low:+.4f} and {self.high:+.4f}"

    @property
    def short(self) -> str:
        """The figures alone.

        Example:
            >>> Difference(-0.004, -0.01, 0.002).short
            '-0.0040 (-0.0100 to +0.0020)'
        """
        return f"{self.mean:+.4f} ({self.low:+.4f} to {self.high:+.4f})"


def judge(training: Training, champion: DefectionModel | str = NO_CHAMPION) -> tuple[Verdict, ...]:
    """The verdicts of all rules on a training.

    Args:
        training: a challenger, with its walk forward.
        champion: the defection model that is champion at present, or why there is none to compare with.
    """
    horizon = judged_horizon(training.meaning)
    return (
        judge_leakage(training.certificate),
        judge_calibration(training.figures()),
        judge_baselines(training.evaluations, horizon),
        judge_migration(training.evaluations),
        judge_champion(training, champion, horizon),
    )


def judged_horizon(meaning: Leaving) -> int:
    """The horizon, in days, at which log losses are compared: that of migration; 0 where leaving is silence."""
    return MIGRATION_HORIZON if meaning.quiet_days is None else ALREADY_GONE


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
    shown = ours.loc[[above.idxmax()] if passed else above.index[above > CALIBRATION_BOUND]]
    errors = "; ".join(
        f"{row.prediction} at {row.horizon} days, error {row.calibration_error:.4f}, floor {row.calibration_floor:.4f}"
        for row in shown.itertuples()
    )
    which = "nowhere too far" if passed else "too far"
    sentence = f"{which} above the noise floor, {CALIBRATION_BOUND} being allowed: {errors}"
    return Verdict("calibration", passed, sentence)


def judge_baselines(evaluations: Sequence[Evaluation], horizon: int) -> Verdict:
    """Passes unless there is evidence that a baseline is better.

    Args:
        evaluations: of the walk forward.
        horizon: in days.
    """
    ours = said(evaluations, MODEL, horizon)
    if not ours:
        return Verdict("baselines", False, f"no test date at {horizon} days, so nothing is known of it")
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
    ours, *others = [_states(evaluations, name) for name in _movers(evaluations)] or [[]]
    if not ours:
        return Verdict("migration", True, "no quadrant of anybody was known at a test date, so there is none to judge")
    compared = {theirs[0].model: _compare_states(ours, theirs) for theirs in others}
    losses = {theirs[0].model: float(_state_losses(theirs).mean()) for theirs in others}
    told = f"over {sum(len(one.state) for one in ours):,} rows, log loss {_state_losses(ours).mean():.4f}"
    return _beside_baselines("migration", told, compared, losses)


def _beside_baselines(rule: str, told: str, compared: Mapping[str, Difference], losses: Mapping[str, float]) -> Verdict:
    """The verdict on a model by its differences from each baseline; only the worst is told, or all that are better."""
    worst = sorted(compared, key=lambda name: -compared[name].mean)
    lost = [name for name in worst if compared[name].worse]
    against = "; ".join(f"{name} {losses[name]:.4f}, {compared[name]}" for name in lost or worst[:1])
    which = "evidence that a baseline is better" if lost else "no baseline is surely better"
    return Verdict(rule, not lost, f"{which}: {told} against {against}")


def judge_champion(training: Training, champion: DefectionModel | str, horizon: int) -> Verdict:
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
        return Verdict("champion", True, f"not compared: no test date at {horizon} days")
    reason = _incomparable(champion, training.data.frame, newest[0].as_of, horizon, training.meaning)
    if isinstance(champion, str) or reason is not None:
        return Verdict("champion", True, f"not compared: {reason}")
    theirs = _of_champion(champion, training.data.frame, newest[0].as_of, ours[0])
    found = _compare([(ours[0], theirs)])
    which = "evidence that the champion is better" if found.worse else "the champion is not surely better"
    sentence = (
        f"{which}: on {day_of(newest[0].as_of)}, {len(theirs.left):,} accounts at {horizon} days, log loss "
        f"{loss_of(ours):.4f} against {loss_of([theirs]):.4f} of the champion trained until "
        f"{champion.facts['trained_until']}, {found}"
    )
    return Verdict("champion", not found.worse, sentence)


def compare(accounts: Accounts, ours: Array, theirs: Array) -> Difference:
    """The difference of two mean losses, with its interval by a paired bootstrap over accounts.

    Args:
        accounts: whose row it is, shape (rows,); an account may have several.
        ours: loss of each row, shape (rows,).
        theirs: likewise, of the other model.

    Example:
        >>> compare(np.array(["a", "b"], dtype=object), np.array([0.75, 0.5]), np.array([0.5, 0.25]))
        Difference(mean=0.25, low=0.25, high=0.25)
    """
    codes, names = pd.factorize(accounts)
    sums = np.bincount(codes, weights=ours - theirs)
    sizes = np.bincount(codes)
    draws = np.random.default_rng(0)
    drawn = (draws.integers(len(names), size=len(names)) for _ in range(DRAWS))
    means = [sums[chosen].sum() / sizes[chosen].sum() for chosen in drawn]
    low, high = np.percentile(means, INTERVAL)
    return Difference(float(sums.sum() / sizes.sum()), float(low), float(high))


def compare_said(evaluations: Sequence[Evaluation], baseline: str, horizon: int) -> Difference:
    """The log loss of our model less that of a baseline, over all test dates that have both."""
    return _compare(_pairs(evaluations, baseline, horizon))


def said(evaluations: Sequence[Evaluation], model: str, horizon: int) -> list[Outcome]:
    """What a model said at the test dates, oldest first."""
    return [o for e in evaluations for o in e.outcomes if (o.model, o.horizon) == (model, horizon)]


def loss_of(outcomes: Sequence[Outcome]) -> float:
    """The mean log loss of what a model said, over all rows."""
    return float(_losses(outcomes).mean())


def _movers(evaluations: Sequence[Evaluation]) -> list[str]:
    """The models of migration, ours first."""
    return list(dict.fromkeys(outcome.model for evaluation in evaluations for outcome in evaluation.states))


def _states(evaluations: Sequence[Evaluation], model: str) -> list[StateOutcome]:
    return [outcome for evaluation in evaluations for outcome in evaluation.states if outcome.model == model]


def _compare_states(ours: Sequence[StateOutcome], theirs: Sequence[StateOutcome]) -> Difference:
    accounts = np.concatenate([outcome.accounts for outcome in ours])
    return compare(accounts, _state_losses(ours), _state_losses(theirs))


def _state_losses(outcomes: Sequence[StateOutcome]) -> Array:
    return np.concatenate([log_losses(outcome.chances, outcome.state) for outcome in outcomes])


def _baselines(evaluations: Sequence[Evaluation], horizon: int) -> list[str]:
    models = dict.fromkeys(o.model for e in evaluations for o in e.outcomes if o.horizon == horizon)
    return [model for model in models if model != MODEL]


def _pairs(evaluations: Sequence[Evaluation], baseline: str, horizon: int) -> list[tuple[Outcome, Outcome]]:
    """Our model and a baseline, at each test date that has both."""
    return [
        (ours, theirs)
        for evaluation in evaluations
        for ours in said([evaluation], MODEL, horizon)
        for theirs in said([evaluation], baseline, horizon)
    ]


def _compare(pairs: Sequence[tuple[Outcome, Outcome]]) -> Difference:
    """What two models said of the same rows, at each test date."""
    ours, theirs = zip(*pairs, strict=True)
    return compare(np.concatenate([outcome.accounts for outcome in ours]), _losses(ours), _losses(theirs))


def _losses(outcomes: Sequence[Outcome]) -> Array:
    left = np.concatenate([outcome.left for outcome in outcomes])
    risk = np.concatenate([outcome.risk for outcome in outcomes])
    return log_losses(np.column_stack([1.0 - risk, risk]), left.astype(np.int64))


def _incomparable(
    champion: DefectionModel | str, frame: pd.DataFrame, as_of: int, horizon: int, meaning: Leaving
) -> str | None:
    """Why a champion cannot be compared at a test date; None where it can."""
    if isinstance(champion, str):
        return champion
    until, quiet_days = champion.facts.get("trained_until", "an unknown date"), champion.facts.get("quiet_days")
    if str(until) >= str(day_of(as_of)):
        return f"the champion was trained until {until}, and the newest test date is {day_of(as_of)}"
    if horizon not in champion.blends:
        return f"the champion has no horizon of {horizon} days"
    if quiet_days != meaning.quiet_days:
        return f"the champion's quiet period is {quiet_days} days, and now it is {meaning.quiet_days}"
    lacking = [column for column in champion.encoding.columns if column not in frame]
    return f"the champion reads {', '.join(lacking)}, which this book lacks" if lacking else None


def _of_champion(champion: DefectionModel, frame: pd.DataFrame, as_of: int, ours: Outcome) -> Outcome:
    """What the champion says of the very rows that the challenger was tested on."""
    rows = frame[frame["as_of_us"] == as_of].set_index("account_id", drop=False).loc[ours.accounts.tolist()]
    risk = champion.risks(rows)[risk_column(ours.horizon)].to_numpy()
    return Outcome("champion", ours.horizon, ours.left, risk, ours.accounts)
