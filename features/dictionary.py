"""The dictionary: every theme and every feature, in the order of the snapshot's columns."""

from __future__ import annotations

from collections.abc import Mapping

from features import (
    attention,
    axis_scores,
    dependence,
    indifference,
    recovery,
    responsiveness,
    tenure,
    trust,
    value,
    voice,
)
from features.theme import Feature, Theme

THEMES: tuple[Theme, ...] = (
    axis_scores.theme,
    indifference.theme,
    attention.theme,
    voice.theme,
    responsiveness.theme,
    recovery.theme,
    trust.theme,
    dependence.theme,
    value.theme,
    tenure.theme,
)
"""Every theme, in the order of the snapshot's columns."""

FEATURES: Mapping[str, Feature] = {feature.name: feature for theme in THEMES for feature in theme.features}
"""Every feature by its name: the dictionary."""
