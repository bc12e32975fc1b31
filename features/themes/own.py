"""Themes of one's own as plain data: they travel in the folder of a model, and nothing in them is ever run.

What is read is checked as if it came from anybody: a closed set of measures, sources and expressions, bounded texts and
sizes, words that hold nothing but the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from features.past.declaration import Feature, Formula, Theme
from features.past.measure import Measure
from features.themes.dictionary import ENTRIES, FEATURES, THEMES
from features.themes.own_sayings import (
    read_bad,
    read_says,
    written_or_none,
    written_says,
)
from features.timeline.histories import Source
from features.timeline.measures import Asked
from features.timeline.written import (
    NAME,
    UnreadableError,
    fields,
    items,
    read_expression,
    text,
    written,
)

MOST_THEMES, MOST_FEATURES, MOST_DAYS = 20, 500, 36_500

SOURCES: Mapping[str, Source] = {
    feature.how.source.name: feature.how.source
    for feature in FEATURES.values()
    if isinstance(feature.how, Measure)
}
"""What can be measured on, by name."""

MEASURES = frozenset(
    (
        *("count", "total", "amount", "relative_mean", "mean", "share"),
        *("days_since_last", "days_since_first", "latest", "extent"),
        *("smallest", "largest", "spread", "trend"),
    )
)
"""What can be measured, see `features.past.measure`."""

OF_FACTS = "facts"
"""The theme of what is no feature."""


def written_themes(themes: Iterable[Theme]) -> list[dict[str, Any]]:
    """Themes as JSON can hold them.

    Raises:
        UnreadableError: a source or a function of an expression is none of ours.
    """
    return [
        {
            "name": theme.name,
            "title": theme.title,
            "about": theme.about,
            "seeds": list(theme.seeds),
            "features": [_written(feature) for feature in theme.features],
        }
        for theme in themes
    ]


def _written(feature: Feature) -> dict[str, Any]:
    return {
        "name": feature.name,
        "meaning": feature.meaning,
        "unit": feature.unit,
        "says": written_says(feature),
        "bad": feature.bad,
        "seeds": list(feature.seeds),
        **_written_how(feature.how),
    }


def _written_how(how: Measure | Formula) -> dict[str, Any]:
    if isinstance(how, Formula):
        return {"formula": written(how.expression)}
    if SOURCES.get(how.source.name) is not how.source:
        raise UnreadableError(
            f"the source {how.source.name}, which is none of Pinch's own"
        )
    asked = how.asked
    return {
        "measure": how.how,
        "source": how.source.name,
        "value": written_or_none(asked.value),
        "where": written(asked.where),
        "window": asked.window,
        "part": written_or_none(asked.part),
    }


def read_themes(found: object) -> tuple[Theme, ...]:
    """The themes that plain data hold, checked.

    Raises:
        UnreadableError: they are no such data, or have names that ours have.
    """
    themes = tuple(_theme(each) for each in items(found, MOST_THEMES))
    features = [feature for theme in themes for feature in theme.features]
    taken = {OF_FACTS, *(theme.name for theme in THEMES)}
    _require_new("theme", [theme.name for theme in themes], taken)
    _require_new("feature", [feature.name for feature in features], set(ENTRIES))
    _require_computable({**FEATURES, **{each.name: each for each in features}})
    return themes


def _theme(found: object) -> Theme:
    said = fields(found, ("name", "title", "about", "seeds", "features"))
    name = _name(said["name"])
    theme = Theme(name, text(said["title"]), text(said["about"]), _seeds(said))
    for each in items(said["features"], MOST_FEATURES):
        theme.features.append(_feature(each, name))
    return theme


_ENTRY = ("name", "meaning", "unit", "says", "bad", "seeds")
_MEASURED = ("measure", "source", "value", "where", "window", "part")


def _feature(found: object, theme: str) -> Feature:
    is_formula = isinstance(found, dict) and "formula" in found
    how = ("formula",) if is_formula else _MEASURED
    said = fields(found, (*_ENTRY, *how))
    return Feature(
        name=_name(said["name"]),
        meaning=text(said["meaning"]),
        unit=text(said["unit"]),
        says=read_says(said["says"]),
        bad=read_bad(said["bad"]),
        theme=theme,
        seeds=_seeds(said),
        how=Formula(read_expression(said["formula"])) if is_formula else _measure(said),
    )


def _measure(said: Mapping[str, Any]) -> Measure:
    if _name(said["measure"]) not in MEASURES:
        raise UnreadableError("a measure that there is not")
    if _name(said["source"]) not in SOURCES:
        raise UnreadableError("a source that there is not")
    value, part, window = said["value"], said["part"], said["window"]
    if window is not None and (type(window) is not int or not 0 < window <= MOST_DAYS):
        raise UnreadableError(f"a window of no whole days from 1 to {MOST_DAYS}")
    asked = Asked(
        None if value is None else read_expression(value),
        read_expression(said["where"]),
        window,
        None if part is None else read_expression(part),
    )
    return Measure(SOURCES[said["source"]], said["measure"], asked)


def _name(found: object) -> str:
    if not isinstance(found, str) or not NAME.fullmatch(found):
        raise UnreadableError("a name of other than small letters, digits and _")
    return found


def _seeds(said: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(text(seed) for seed in items(said["seeds"], MOST_THEMES))


def _require_new(what: str, names: Sequence[str], ours: set[str]) -> None:
    taken = sorted({name for name in names if name in ours or names.count(name) > 1})
    if taken:
        raise UnreadableError(f"the {what} {', '.join(taken)}, a name that is taken")


def _require_computable(features: Mapping[str, Feature]) -> None:
    """Refuses formulas that read what there is not, or in the end themselves."""
    sound = {
        name for name, each in features.items() if not isinstance(each.how, Formula)
    }
    waiting = set(features) - sound
    while waiting:
        ready = {name for name in waiting if _reads(features[name]) <= sound}
        if not ready:
            raise UnreadableError(
                f"the formula {min(waiting)}, which reads itself or a feature that there is not"
            )
        sound |= ready
        waiting -= ready


def _reads(feature: Feature) -> frozenset[str]:
    return (
        feature.how.expression.reads
        if isinstance(feature.how, Formula)
        else frozenset()
    )
