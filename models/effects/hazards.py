"""Hazards: what risks become where they are to be added up."""

from __future__ import annotations

import numpy as np

from models.effects.evidence import Floats

_SUREST = 1.0 - 1e-9


def hazard_of(risk: Floats) -> Floats:
    """The cumulative hazard that gives a risk.

    Example:
        >>> hazard_of(np.array([0.0, 0.5])).round(3).tolist()
        [0.0, 0.693]
    """
    return np.asarray(-np.log1p(-np.minimum(risk, _SUREST)))


def risk_of(hazard: Floats) -> Floats:
    """The risk that a cumulative hazard gives; none below nothing.

    Example:
        >>> risk_of(np.array([-0.1, 0.693])).round(3).tolist()
        [0.0, 0.5]
    """
    return np.asarray(-np.expm1(-np.maximum(hazard, 0.0)))
