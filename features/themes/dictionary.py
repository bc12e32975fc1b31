"""The dictionary: every theme and every feature, in the order of the snapshot's columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from features.past.declaration import Entry, Feature, Fitted, Formula, Theme
from features.past.saying import Saying
from features.themes import (
    attention,
    axis_scores,
    contract,
    dependence,
    indifference,
    lineage,
    movement,
    needs,
    payments,
    recovery,
    responsiveness,
    tenure,
    trust,
    value,
    voice,
)
from features.timeline.expression import of

_FILES = (
    axis_scores,
    movement,
    indifference,
    attention,
    voice,
    responsiveness,
    recovery,
    trust,
    dependence,
    value,
    tenure,
    needs,
    contract,
    payments,
)

THEMES: tuple[Theme, ...] = tuple(file.theme for file in _FILES)
"""Every theme, in the order of the snapshot's columns."""

FEATURES: Mapping[str, Feature] = {
    feature.name: feature for theme in THEMES for feature in theme.features
}
"""Every feature by its name: the dictionary."""

QUIET = Fitted(
    name="quiet_chance",
    meaning="Chance of no active day for a quiet period from now on, by how this account and all others have come back "
    "(BG/NBD, see `models/fitted/bgnbd.py`). Only where leaving is judged by a quiet period.",
    unit="probability",
    says=(
        Saying(
            "{value:percent} likely to stay quiet for as long as leaving takes",
            of.value >= 0.3,
        ),
    ),
    theme=indifference.theme.name,
    seeds=indifference.theme.seeds,
    bad="high",
    reads=("active_days", "active_span", "days_silent"),
)
"""The column that a training adds to a snapshot: it is fitted on the accounts of the book."""

ENTRIES: Mapping[str, Entry] = {**FEATURES, QUIET.name: QUIET}
"""Every column of which the dictionary says something, by its name."""


@dataclass(frozen=True, eq=False)
class Dictionary:
    """What the columns of a snapshot say: those of Pinch, and those that a book declares of its own.

    Attributes:
        own: the themes of one's own, see `features.themes.own`.
    """

    own: tuple[Theme, ...] = ()

    @cached_property
    def features(self) -> Mapping[str, Feature]:
        """Every feature by its name, in the order of a snapshot's columns."""
        own = (feature for theme in self.own for feature in theme.features)
        return {**FEATURES, **{feature.name: feature for feature in own}}

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Every column of which something is said, by its name."""
        return {**self.features, QUIET.name: QUIET}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The titles of all themes by their names."""
        return {theme.name: theme.title for theme in (*THEMES, *self.own)}


OURS = Dictionary()
"""The dictionary of a book that declares nothing of its own."""


def made_of(
    facts: Iterable[str], features: Mapping[str, Feature] = FEATURES
) -> set[str]:
    """The features that are made of any of these facts of the account.

    Example:
        >>> sorted(made_of(["style"]))
        ['profile_filled', 'style_match']
        >>> made_of([])
        set()
    """
    return lineage.made_of(facts, features)


def with_parts(
    names: Iterable[str], dictionary: Dictionary = OURS
) -> dict[str, Feature]:
    """The features that columns are made of, they themselves among them, in the order of the dictionary.

    Example:
        >>> list(with_parts(["tone_change"]))
        ['tone_60d', 'tone_365d', 'tone_change']
        >>> list(with_parts(["quiet_chance"]))
        ['days_silent', 'active_span', 'active_days']
    """
    needed: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        needed.add(name)
        waiting += _parts(dictionary.entries[name]) - needed
    known = dictionary.features
    return {name: feature for name, feature in known.items() if name in needed}


def _parts(entry: Entry) -> set[str]:
    """The features that a column is directly made of."""
    if isinstance(entry, Fitted):
        return set(entry.reads)
    if isinstance(entry, Feature) and isinstance(entry.how, Formula):
        return set(entry.how.expression.reads)
    return set()


def page() -> str:
    """The dictionary as a page: a table for each theme, for ``docs/features.md``."""
    tables = [_table(file.__name__, file.theme) for file in _FILES]
    head = (
        "# Features\n\nWritten by `make docs` from the code: the docstring of a feature is its meaning. Seeds are the "
        "notes from which Pinch was made, S1 to S35: what people in customer service hold to be true, which a feature "
        "measures and a training puts to the test. The code of a reason is its theme and its feature "
        "without the window: `complaints_90d` of the theme `voice` gives `voice.complaints`, and a fact "
        "`plan` gives `facts.plan`."
    )
    added = f"## What a training adds\n\n`models/fitted/quiet.py`.\n\n{_HEAD}\n{_row(QUIET)}"
    return (
        "\n\n".join(
            [head, f"{len(FEATURES)} features in {len(THEMES)} themes.", *tables, added]
        )
        + "\n"
    )


_HEAD = "| feature | meaning | unit | seeds |\n|---|---|---|---|"


def _table(module: str, theme: Theme) -> str:
    file = f"{module.replace('.', '/')}.py"
    about = f"`{file}`, the theme `{theme.name}`. {theme.about}"
    head = f"## {theme.title}\n\n{about}\n\n{_HEAD}"
    return "\n".join([head, *(_row(feature) for feature in theme.features)])


def _row(entry: Entry) -> str:
    return f"| `{entry.name}` | {entry.meaning} | {entry.unit} | {', '.join(entry.seeds)} |"
