"""What speaks against the models of a training, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from models.registry.verdict import Verdict
from training.evaluation.comparison import leavers_of
from training.evaluation.evidence import not_enough
from training.evaluation.misses import misses
from training.evaluation.outcomes import said
from training.fitting.rivals import MODEL
from training.trained import Training

FEW_LEAVERS = 50
"""Fewer accounts that left in the test dates, and figures scatter widely: an AUC by some .08 each way."""


def weaknesses(
    training: Training, verdicts: Sequence[Verdict], segments: pd.DataFrame
) -> list[str]:
    """What speaks against the models, a sentence each.

    Args:
        training: whose models.
        verdicts: of the gate.
        segments: as of `training.evaluation.segments.by_segment`, at the judged horizon.
    """
    failed = [verdict.name for verdict in verdicts if not verdict.passed]
    suspicions = [suspicion.sentence for suspicion in training.suspicions]
    ours = said(training.evaluations, MODEL, training.meaning.judged_horizon)
    return [
        *(f"The gate's rule {name} failed." for name in failed),
        *_sentences(training.losses()),
        *_sentences(not_enough(training.evaluations)),
        *_few_leavers(training),
        *_horizons_lacking(training),
        *misses(ours, segments),
        *_sentences(suspicions),
        *_noise(training),
    ]


def _sentences(clauses: Sequence[str]) -> list[str]:
    return [f"{clause[0].upper()}{clause[1:]}." for clause in clauses]


def _few_leavers(training: Training) -> list[str]:
    horizon = training.meaning.judged_horizon
    ours = said(training.evaluations, MODEL, horizon)
    left = leavers_of(ours) if ours else 0
    if not training.evaluations or left >= FEW_LEAVERS:
        return []
    return [
        f"Only {left} accounts left within {horizon} days of the test dates: every figure scatters widely."
    ]


def _horizons_lacking(training: Training) -> list[str]:
    fitted = training.models.defection.blends
    lacking = [str(horizon) for horizon in training.data.left if horizon not in fitted]
    if not lacking:
        return []
    return [f"No model at {', '.join(lacking)} days: too few outcomes are known."]


def _noise(training: Training) -> list[str]:
    moves = training.moves
    if moves is None or moves.noise <= moves.seen / 2:
        return []
    return [
        f"Most moves between quadrants are noise: {moves.seen:.1%} seemed to move, and {moves.noise:.1%} would if "
        "nothing moved but the surveys' scatter."
    ]
