"""The page of a training: what a data scientist would want to see before trusting its models, and what is weak."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from features.engine import day_of
from models.fitted.learner import OURS
from models.registry.verdict import Verdict
from models.score.states import DEFECTED, STATES
from pages import render
from pages.training import charts as page_charts
from training.evaluation.comparison import compare_said, leavers_of
from training.evaluation.evidence import not_enough
from training.evaluation.misses import misses
from training.evaluation.outcomes import NEXT_ANSWER
from training.evaluation.segments import by_segment
from training.evaluation.theme_effects import theme_importance
from training.fitting.rivals import MODEL
from training.metrics import lift, transitions
from training.trained import Training

CAPACITY = 50
"""How many accounts a team works on each list, unless it says otherwise."""
FEW_LEAVERS = 50
"""Fewer accounts that left in the test dates, and figures scatter widely: an AUC by some .08 each way."""
OFF = 2.0
"""Standard deviations between seen and expected moves from which a cell is coloured."""

_TEMPLATE = Path(__file__).with_name("page.html.j2")
_DASH = "\N{EN DASH}"
_TODAY = (*STATES[:DEFECTED], "unknown")


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
        defection=_defection(training, defection) if len(defection) else None,
        charts=_charts(training, horizon, capacity),
        reliability=_reliability(training, defection),
        segments=_segments(segments) if len(segments) else None,
        matrix=_matrix(training),
        noise=_noise(training),
        migration=_states(figures, "migration"),
        answers=_states(figures, NEXT_ANSWER),
        learned=_learned(training),
        training_data=_training_data(training),
    )


def weaknesses(
    training: Training, verdicts: Sequence[Verdict], segments: pd.DataFrame
) -> list[str]:
    """What speaks against the models, a sentence each.

    Args:
        training: whose models.
        verdicts: of the gate.
        segments: as of `training.evaluation.segments.by_segment`, at the judged horizon.
    """
    horizon = training.meaning.judged_horizon
    said = [
        f"The gate's rule {verdict.name} failed."
        for verdict in verdicts
        if not verdict.passed
    ]
    said += [f"{sentence[0].upper()}{sentence[1:]}." for sentence in training.losses()]
    said += [
        f"{sentence[0].upper()}{sentence[1:]}."
        for sentence in not_enough(training.evaluations)
    ]
    left = leavers_of(ours) if (ours := _ours(training, horizon)) else 0
    if training.evaluations and left < FEW_LEAVERS:
        said.append(
            f"Only {left} accounts left within {horizon} days of the test dates: every figure scatters widely."
        )
    lacking = [
        h for h in training.data.left if h not in training.models.defection.blends
    ]
    if lacking:
        days = ", ".join(str(h) for h in lacking)
        said.append(f"No model at {days} days: too few outcomes are known.")
    said += misses(ours, segments)
    said += [
        f"{suspicion.sentence[0].upper()}{suspicion.sentence[1:]}."
        for suspicion in training.suspicions
    ]
    moves = training.moves
    if moves is not None and moves.noise > moves.seen / 2:
        said.append(
            f"Most moves between quadrants are noise: {moves.seen:.1%} seemed to move, and {moves.noise:.1%} would if "
            "nothing moved but the surveys' scatter."
        )
    return said


def _headline(training: Training, defection: pd.DataFrame, horizon: int) -> str:
    rows = defection[defection["horizon"] == horizon].set_index("model")
    if MODEL not in rows.index:
        return "Models without a test date behind them"
    when = f"at {horizon} days" if horizon else "for who had left already"
    baselines = [str(name) for name in rows.index if name != MODEL]
    found = {
        name: compare_said(training.evaluations, name, horizon) for name in baselines
    }
    if better := [name for name in baselines if found[name].worse]:
        return f"{_named(better).capitalize()} {'is' if len(better) == 1 else 'are'} better {when}"
    unsure = [name for name in baselines if not found[name].better]
    return (
        f"Not surely better than {_named(unsure)} {when}"
        if unsure
        else f"Better than every baseline {when}"
    )


def _named(models: Sequence[str]) -> str:
    """Names of models in a sentence, such as ``recency, rate and logistic``."""
    *first, last = models
    return f"{', '.join(first)} and {last}" if first else last


def _notes(training: Training) -> list[str]:
    if training.meaning.quiet_days is None:
        return []
    back = training.meaning.came_back
    return [
        f"Left is: quiet for {training.meaning.quiet_days} days."
        + ("" if back is None else f" {back:.1%} came back after that.")
    ]


def _cards(
    training: Training, defection: pd.DataFrame, horizon: int, capacity: int
) -> list[dict[str, str]]:
    ours = defection[(defection["model"] == MODEL) & (defection["horizon"] == horizon)]
    if ours.empty:
        return []
    row = ours.iloc[0]
    left, risk = page_charts.together(_ours(training, horizon), MODEL, horizon)
    share = _share(training, horizon, capacity)
    found = lift(left, risk, share)
    return [
        _card("AUC", _number(row["auc"]), f"at {horizon} days"),
        _card("Average precision", _number(row["pr_auc"]), f"{left.mean():.1%} left"),
        _card(
            "Calibration error",
            _number(row["calibration_error"]),
            f"floor {_number(row['calibration_floor'])}",
        ),
        _card(
            f"On lists of {capacity:,}",
            f"{found * share:.0%}",
            f"of leavers, {found:.1f} times chance",
        ),
        _card("Tested on", f"{len(left):,}", f"rows, {int(left.sum()):,} of them left"),
        _card(
            "Learned from",
            f"{len(training.data.frame):,}",
            f"rows of {_dates(training)} as-of dates",
        ),
    ]


def _card(title: str, value: str, beside: str) -> dict[str, str]:
    return {"title": title, "value": value, "beside": beside}


def _dates(training: Training) -> int:
    return int(training.data.frame["as_of_us"].nunique())


def _share(training: Training, horizon: int, capacity: int) -> float:
    """The share of the accounts of a test date that the team works."""
    sizes = [len(outcome.left) for outcome in _ours(training, horizon)]
    return min(capacity * len(sizes) / sum(sizes), 1.0)


def _ours(training: Training, horizon: int) -> list[Any]:
    return [
        o
        for e in training.evaluations
        for o in e.outcomes
        if (o.model, o.horizon) == (MODEL, horizon)
    ]


def _number(value: float | None) -> str:
    return _DASH if value is None or pd.isna(value) else f"{value:.3f}"


_FIGURES = {
    "auc": "AUC",
    "pr_auc": "av. precision",
    "log_loss": "log loss",
    "calibration_error": "calibration error",
}
_FIGURES |= {"calibration_floor": "floor", "lift_top_decile": "lift, top tenth"}


def _defection(training: Training, figures: pd.DataFrame) -> dict[str, Any]:
    lines = []
    for row in figures.to_dict("records"):
        model, horizon = str(row["model"]), int(row["horizon"])
        compared = (
            ""
            if model == MODEL
            else compare_said(training.evaluations, model, horizon).short
        )
        cells = [*(_number(row[name]) for name in _FIGURES), compared]
        if not pd.isna(row["auc_low"]):
            cells[0] += f" ({_number(row['auc_low'])} to {_number(row['auc_high'])})"
        lines.append(
            {
                "name": f"{horizon} days, {model}",
                "cells": cells,
                "strong": model == MODEL,
            }
        )
    return {
        "columns": ["horizon and model", *_FIGURES.values(), "ours less its log loss"],
        "lines": lines,
    }


def _states(figures: pd.DataFrame, prediction: str) -> dict[str, Any] | None:
    """A line for each model of a prediction of states."""
    rows = figures[figures["prediction"] == prediction]
    if rows.empty:
        return None
    shown = ("log_loss", "brier_skill", "calibration_error", "calibration_floor")
    lines = [
        {
            "name": row.model,
            "cells": [_number(getattr(row, name)) for name in shown],
            "strong": row.model == MODEL,
        }
        for row in rows.itertuples()
    ]
    return {
        "columns": [
            prediction,
            "log loss",
            "Brier skill",
            "calibration error",
            "floor",
        ],
        "lines": lines,
    }


def _charts(
    training: Training, horizon: int, capacity: int
) -> list[list[dict[str, Any]]]:
    drawn = _importance(training)
    if _ours(training, horizon):
        drawn += [_gain(training, horizon, capacity), _over_time(training, horizon)]
    return [drawn[place : place + 2] for place in range(0, len(drawn), 2)]


def _chart(title: str, says: str, *images: tuple[str, str]) -> dict[str, Any]:
    """A chart of one image or several, each with its words for those who do not see it."""
    return {"title": title, "says": says, "images": images, "beside": ""}


def _importance(training: Training) -> list[dict[str, Any]]:
    """The chart of the themes; none of a model that explains nothing."""
    frame = training.data.frame
    newest = frame[frame["as_of_us"] == frame["as_of_us"].max()]
    effects = theme_importance(training.models.defection, newest)
    if not effects.any():
        return []
    alt = ", ".join(
        f"{title} {share:.0%}" for title, share in (effects / effects.sum()).items()
    )
    chart = _chart(
        "What moves the risks",
        f"Mean absolute effect of each theme on the log-odds of leaving, of {len(newest):,} accounts at the newest "
        "as-of date. It says what the models look at, not what causes what.",
        (f"Shares by theme: {alt}.", page_charts.bars(effects)),
    )
    return [chart]


def _gain(training: Training, horizon: int, capacity: int) -> dict[str, Any]:
    outcomes = [
        outcome
        for evaluation in training.evaluations
        for outcome in evaluation.outcomes
    ]
    share = _share(training, horizon, capacity)
    left, risk = page_charts.together(outcomes, MODEL, horizon)
    found = lift(left, risk, share) * share
    says = f"A list of {capacity:,} is {share:.1%} of the accounts of a date, and holds {found:.0%} of its leavers."
    image = page_charts.gain_curves(outcomes, horizon, share)
    return _chart(f"Who is found, at {horizon} days", says, (says, image))


def _over_time(training: Training, horizon: int) -> dict[str, Any]:
    told = pd.DataFrame(
        [
            {
                "date": str(day_of(evaluation.as_of)),
                "model": row["model"],
                "log_loss": row["log_loss"],
            }
            for evaluation in training.evaluations
            for row in evaluation.defection
            if row["horizon"] == horizon
        ]
    )
    lines = told.pivot(index="date", columns="model", values="log_loss")
    order = list(dict.fromkeys(told["model"]))
    ours = ", ".join(f"{day} {value:.4f}" for day, value in lines[MODEL].items())
    return _chart(
        f"Log loss at each test date, at {horizon} days",
        "Lower is better. Dates differ in how many left, so lines are compared at a date, not along it.",
        (
            f"Ours: {ours}.",
            page_charts.by_date({model: lines[model] for model in order}, "log loss"),
        ),
    )


def _reliability(training: Training, defection: pd.DataFrame) -> dict[str, Any] | None:
    outcomes = [o for e in training.evaluations for o in e.outcomes if o.model == MODEL]
    if not outcomes:
        return None
    ours = defection[defection["model"] == MODEL]
    errors = "; ".join(
        f"{row.horizon} days {row.calibration_error:.4f}, floor {row.calibration_floor:.4f}"
        for row in ours.itertuples()
    )
    return _chart(
        "Calibration at each horizon",
        "Mean risk of bins of equally many accounts, against the share of them that left. Nearly all points of a "
        f"perfectly calibrated model lie in the grey band. Error: {errors}.",
        *(
            (
                f"Risk beside the share that left, at {horizon} days.",
                page_charts.reliability_at(outcomes, horizon),
            )
            for horizon in sorted({outcome.horizon for outcome in outcomes})
        ),
    )


def _segments(segments: pd.DataFrame) -> dict[str, Any]:
    lines = []
    for row in segments.to_dict("records"):
        cells = [f"{row['n']:,}", f"{row['left']:,}", f"{row['expected']:,.1f}"]
        cells += [_number(row["calibration_error"]), _number(row["calibration_floor"])]
        lines.append(
            {
                "name": f"{row['fact']}: {str(row['segment']).replace('_', '-')}",
                "cells": cells,
            }
        )
    return {
        "columns": [
            "segment",
            "rows",
            "left",
            "expected",
            "calibration error",
            "floor",
        ],
        "lines": lines,
    }


def _matrix(training: Training) -> dict[str, Any] | None:
    said = [
        outcome
        for evaluation in training.evaluations
        for outcome in evaluation.states
        if outcome.model == MODEL
    ]
    if not said:
        return None
    moves = pd.concat([transitions(one.today, one.state, one.chances) for one in said])
    moves["variance"] = ((moves["seen"] - moves["expected"]) / moves["deviation"]) ** 2
    sums = moves.groupby(["today", "state"])[["seen", "expected", "variance"]].sum()
    lines = [
        {
            "name": _TODAY[int(str(today))].replace("_", "-"),
            "cells": [_cell(row, today) for row in its.reset_index().itertuples()],
            "n": f"{its['seen'].sum():,.0f}",
        }
        for today, its in sums.groupby("today")
    ]
    return {"columns": [state.replace("_", "-") for state in STATES], "lines": lines}


def _cell(row: Any, today: Any) -> dict[str, Any]:
    off = (row.seen - row.expected) / row.variance**0.5 if row.variance > 0 else 0.0
    strength = min(abs(off) / 5, 1.0) if abs(off) > OFF else 0.0
    hue = "179, 64, 42" if off > 0 else "47, 102, 144"
    return {
        "count": f"{row.seen:,.0f}",
        "share": f"expected {row.expected:,.1f}",
        "colour": f"rgba({hue}, {0.7 * strength:.2f})",
        "ink": "#ffffff" if strength > 0.8 else "inherit",
        "stayed": row.state == today != DEFECTED,
    }


def _noise(training: Training) -> str:
    moves = training.moves
    if moves is None:
        return ""
    return (
        f"Of {moves.n:,} accounts that stayed and have a quadrant at both ends, {moves.seen:.1%} were in another one; "
        f"if nothing moved but the noise of the surveys, {moves.noise:.1%} would be."
    )


def _learned(training: Training) -> str:
    certificate = training.certificate
    proved = (
        f"The leakage certificate is clean: {certificate.features:,} columns of {certificate.accounts:,} accounts stay "
        f"the same with {certificate.later_rows:,} later rows dropped and scrambled."
        if certificate.clean
        else "The leakage certificate is NOT clean."
    )
    model = training.models.defection
    by = (
        ""
        if model.learner == OURS
        else f"The risks are fitted by {model.learner}; {OURS} is Pinch's own learner. "
    )
    return f"{by}{len(model.encoding.columns):,} columns of accounts at each as-of date. {proved}"


def _training_data(training: Training) -> dict[str, Any]:
    left, as_of = training.data.left, training.data.frame["as_of_us"]
    lines = []
    for date, rows in left.groupby(as_of):
        cells = [f"{len(rows):,}"]
        for horizon in left:
            known = rows[horizon].dropna()
            cells.append(
                f"{int(known.sum()):,} ({known.mean():.1%})" if len(known) else _DASH
            )
        lines.append({"name": str(day_of(int(str(date)))), "cells": cells})
    return {
        "columns": [
            "as-of date",
            "accounts",
            *(f"left by {horizon} days" for horizon in left),
        ],
        "lines": lines,
    }
