"""The dictionary: every theme and every feature, in the order of the snapshot's columns."""

from __future__ import annotations

from collections.abc import Mapping

from features import (
    attention,
    axis_scores,
    dependence,
    indifference,
    movement,
    recovery,
    responsiveness,
    tenure,
    trust,
    value,
    voice,
    zones,
)
from features.theme import Feature, Theme

THEMES: tuple[Theme, ...] = (
    axis_scores.theme,
    movement.theme,
    indifference.theme,
    attention.theme,
    voice.theme,
    responsiveness.theme,
    recovery.theme,
    trust.theme,
    dependence.theme,
    value.theme,
    tenure.theme,
    zones.theme,
)
"""Every theme, in the order of the snapshot's columns."""

FEATURES: Mapping[str, Feature] = {feature.name: feature for theme in THEMES for feature in theme.features}
"""Every feature by its name: the dictionary."""


def page() -> str:
    """The dictionary as a page: a table for each theme, for `docs/features.md`."""
    tables = [_table(theme) for theme in THEMES]
    head = "# Features\n\nWritten by `make docs` from the code: the docstring of a feature is its meaning."
    return "\n\n".join([head, f"{len(FEATURES)} features in {len(THEMES)} themes.", *tables]) + "\n"


def _table(theme: Theme) -> str:
    head = f"## {theme.title}\n\n`features/{theme.name}.py`. {theme.about}\n\n| feature | meaning | unit | seeds |"
    rows = [f"| `{f.name}` | {f.meaning} | {f.unit} | {', '.join(f.seeds)} |" for f in theme.features]
    return "\n".join([head, "|---|---|---|---|", *rows])
