"""The dictionary: every theme and every feature, in the order of the snapshot's columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from features import (
    attention,
    axis_scores,
    dependence,
    indifference,
    lineage,
    movement,
    recovery,
    responsiveness,
    tenure,
    trust,
    value,
    voice,
    zones,
)
from features.theme import Feature, Formula, Theme

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


def made_of(facts: Iterable[str], features: Mapping[str, Feature] = FEATURES) -> set[str]:
    """The features that are made of any of these facts of the account.

    Example:
        >>> sorted(made_of(["style"]))
        ['profile_filled', 'style_match']
        >>> made_of([])
        set()
    """
    return lineage.made_of(facts, features)


def with_parts(names: Iterable[str]) -> dict[str, Feature]:
    """Features, and those that their formulas name, in the order of the dictionary.

    Example:
        >>> list(with_parts(["tone_change"]))
        ['tone_60d', 'tone_365d', 'tone_change']
    """
    needed: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        how = FEATURES[name].how
        needed.add(name)
        if isinstance(how, Formula):
            waiting += how.expression.reads - needed
    return {name: feature for name, feature in FEATURES.items() if name in needed}


def page() -> str:
    """The dictionary as a page: a table for each theme, for `docs/features.md`."""
    tables = [_table(theme) for theme in THEMES]
    head = (
        "# Features\n\nWritten by `make docs` from the code: the docstring of a feature is its meaning. Seeds are the "
        "notes from which Pinch was made, S1 to S35: what people in customer service hold to be true, which a feature "
        "measures and a training puts to the test."
    )
    return "\n\n".join([head, f"{len(FEATURES)} features in {len(THEMES)} themes.", *tables]) + "\n"


def _table(theme: Theme) -> str:
    head = f"## {theme.title}\n\n`features/{theme.name}.py`. {theme.about}\n\n| feature | meaning | unit | seeds |"
    rows = [f"| `{f.name}` | {f.meaning} | {f.unit} | {', '.join(f.seeds)} |" for f in theme.features]
    return "\n".join([head, "|---|---|---|---|", *rows])
