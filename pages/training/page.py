"""The page of a training: what a data scientist would want to see before trusting its models, and what is weak."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from features.engine import day_of
from models.fitted.learner import OURS
from models.registry.verdict import Verdict
from pages.shell import render
from pages.training import tables
from pages.training.charted import charted, reliability
from pages.training.pooled import pooled, worked_share
from pages.training.tables import number
from pages.training.weaknesses import weaknesses
from training.evaluation.comparison import compare_said
from training.evaluation.outcomes import NEXT_ANSWER, said
from training.evaluation.segments import by_segment
from training.fitting.rivals import MODEL
from training.metrics import lift
from training.trained import Training

CAPACITY = 50
"""How many accounts a team works on each list, unless it says otherwise."""

_TEMPLATE = Path(__file__).with_name("page.html.j2")


def page(
    training: Training, verdicts: Sequence[Verdict], capacity: int = CAPACITY
) -> str:
    """The page, as HTML that needs nothing else.

    Args:
        training: what it is about.
        verdicts: of the gate.
        capacity: how many accounts the team works on each list.
    """
    horizon = training.meaning.judged_horizon
    figures = training.figures()
    defection = figures[figures["prediction"] == "defection"]
    segments = by_segment(training.evaluations, training.data, horizon)
    charts = charted(training, horizon, capacity)
    return render(
        _TEMPLATE,
        told=f"Pinch training, of what was known by {day_of(training.until)}",
        headline=_headline(training, defection, horizon),
        notes=_notes(training),
        cards=_cards(training, defection, horizon, capacity),
        weak=weaknesses(training, verdicts, segments),
        verdicts=verdicts,
        dates=[str(day_of(evaluation.as_of)) for evaluation in training.evaluations],
        horizon=horizon,
        defection=tables.defection(training, defection) if len(defection) else None,
        charts=[charts[place : place + 2] for place in range(0, len(charts), 2)],
        reliability=reliability(training, defection),
        segments=tables.segments(segments) if len(segments) else None,
        matrix=tables.matrix(training),
        noise=_noise(training),
        migration=tables.states(figures, "migration"),
        answers=tables.states(figures, NEXT_ANSWER),
        learned=_learned(training),
        training_data=tables.training_data(training),
    )


def _headline(training: Training, defection: pd.DataFrame, horizon: int) -> str:
    models = defection.loc[defection["horizon"] == horizon, "model"].tolist()
    if MODEL not in models:
        return "Models without a test date behind them"
    when = f"at {horizon} days" if horizon else "for who had left already"
    better, unsure = [], []
    for name in models:
        if name != MODEL:
            compared = compare_said(training.evaluations, name, horizon)
            if compared.worse:
                better.append(name)
            elif not compared.better:
                unsure.append(name)
    if better:
        verb = "is" if len(better) == 1 else "are"
        return f"{_named(better).capitalize()} {verb} better {when}"
    if unsure:
        return f"Not surely better than {_named(unsure)} {when}"
    return f"Better than every baseline {when}"


def _named(models: Sequence[str]) -> str:
    """Names of models in a sentence, such as ``recency, rate and logistic``."""
    *first, last = models
    return f"{', '.join(first)} and {last}" if first else last


def _notes(training: Training) -> list[str]:
    quiet, back = training.meaning.quiet_days, training.meaning.came_back
    if quiet is None:
        return _contacted(training)
    returned = "" if back is None else f" {back:.1%} came back after that."
    return [f"Left is: quiet for {quiet} days.{returned}", *_contacted(training)]


def _contacted(training: Training) -> list[str]:
    """How many rows tell what happened after a call from a list, and not what would have happened without one."""
    contacted = training.data.contacted
    reached = 0 if contacted is None else int(contacted.sum())
    if not reached:
        return []
    return [
        f"Of {len(training.data.frame):,} rows learned from {reached:,} are of accounts that were reached from a list "
        "soon after: what they would have done otherwise is not known."
    ]


def _cards(
    training: Training, defection: pd.DataFrame, horizon: int, capacity: int
) -> list[dict[str, str]]:
    """The figures of our model at a horizon; none where it was not tested there."""
    at_horizon = defection[defection["horizon"] == horizon]
    tested = at_horizon[at_horizon["model"] == MODEL]
    if tested.empty:
        return []
    row = tested.iloc[0]
    ours = said(training.evaluations, MODEL, horizon)
    left, risk = pooled(ours)
    share = worked_share(ours, capacity)
    found = lift(left, risk, share)
    floor, leavers = number(row["calibration_floor"]), f"{int(left.sum()):,}"
    cards = (
        ("AUC", number(row["auc"]), f"at {horizon} days"),
        ("Average precision", number(row["pr_auc"]), f"{left.mean():.1%} left"),
        ("Calibration error", number(row["calibration_error"]), f"floor {floor}"),
        (
            f"On lists of {capacity:,}",
            f"{found * share:.0%}",
            f"of leavers, {found:.1f} times chance",
        ),
        ("Tested on", f"{len(left):,}", f"rows, {leavers} of them left"),
        ("Learned from", f"{len(training.data.frame):,}", _learned_from(training)),
    )
    return [
        {"title": title, "value": value, "beside": beside}
        for title, value, beside in cards
    ]


def _learned_from(training: Training) -> str:
    """Which rows are learned from, for how many they stand, and how much the old ones count."""
    rows, facts = training.data.frame, training.models.defection.facts
    said = f"rows of {rows['as_of_us'].nunique()} as-of dates"
    if facts["rows_stand_for"] != len(rows):
        said += f", for {facts['rows_stand_for']:,} of the book"
    if facts["half_life_days"] is not None:
        said += f", half as much after {facts['half_life_days']} days"
    return said


def _noise(training: Training) -> str:
    moves = training.moves
    if moves is None:
        return ""
    return (
        f"Of {moves.n:,} accounts that stayed and have a quadrant at both ends, {moves.seen:.1%} were in another one; "
        f"if nothing moved but the noise of the surveys, {moves.noise:.1%} would be."
    )


def _learned(training: Training) -> str:
    model, certificate = training.models.defection, training.certificate
    by = f"The risks are fitted by {model.learner}; {OURS} is Pinch's own learner. "
    if model.learner == OURS:
        by = ""
    proved = "The leakage certificate is NOT clean."
    if certificate.clean:
        proved = (
            f"The leakage certificate is clean: {certificate.features:,} columns of {certificate.accounts:,} accounts "
            f"stay the same with {certificate.later_rows:,} later rows dropped and scrambled."
        )
    columns = f"{len(model.encoding.columns):,} columns"
    return f"{by}{columns} of accounts at each as-of date. {proved}"
