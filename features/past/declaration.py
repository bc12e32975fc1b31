"""How a feature is declared: a function whose name is the column and whose docstring is the dictionary entry.

For example::

    value = Theme("value", title="Value", seeds=("S9",), about="What the account spends with us.")

    @value.feature(windows=(30, 90), unit="purchases", bad="low", says="bought {value:times} in {window} days")
    def purchases(window: int) -> Measure:
        \"\"\"Purchases in the last {window} days.\"\"\"
        return count(PURCHASE, kind("purchase"), window)

    @value.feature(unit="money", bad="low", says="spends {value:money} a purchase")
    def mean_purchase() -> Formula:
        \"\"\"Mean amount of a purchase of the last 90 days.\"\"\"
        return Formula(of.spent_90d / of.purchases_90d)

A measure is taken of the rows of a source, a formula is made of other features; `features.snapshot.frame` computes
both.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from features.past.measure import Measure
from features.past.saying import Bad, Saying, Says, sayings
from features.timeline.expression import Expression


@dataclass(frozen=True, eq=False)
class Formula:
    """A feature made of other columns of the snapshot."""

    expression: Expression


_Declared = TypeVar("_Declared", bound=Callable[..., Measure | Formula])


_WINDOW = re.compile(r"_\d+d$")


@dataclass(frozen=True)
class Entry:
    """What the dictionary says of a column that models read.

    Attributes:
        name: the column.
        meaning: what it says of an account, in a sentence.
        unit: of its values.
        says: the reason in words: the first of these that can be said; none where it says nothing to people.
        theme: the name of its theme.
        seeds: the rows of the seed documents that it serves.
        bad: which of its values are bad news.
    """

    name: str
    meaning: str
    unit: str
    says: tuple[Saying, ...]
    theme: str
    seeds: tuple[str, ...]
    bad: Bad

    @property
    def code(self) -> str:
        """What a playbook can hang on: the theme and the feature, the same for all of its windows."""
        return f"{self.theme}.{_WINDOW.sub('', self.name)}"


@dataclass(frozen=True)
class Fitted(Entry):
    """A column that a training adds to the snapshot, since it is fitted on the accounts of a book.

    Attributes:
        reads: the features that it is made of.
    """

    reads: tuple[str, ...]


@dataclass(frozen=True)
class Feature(Entry):
    """A column of the snapshot, with its entry in the dictionary.

    Attributes:
        how: what computes it.
    """

    how: Measure | Formula


@dataclass
class Theme:
    """A family of features that give one kind of reason.

    Attributes:
        name: as in code.
        title: as people read it.
        about: what its features have in common, in a sentence.
        seeds: the rows of the seed documents that it serves.
        features: in the order of their declaration.
    """

    name: str
    title: str
    about: str
    seeds: tuple[str, ...]
    features: list[Feature] = field(default_factory=list)

    def feature(
        self,
        *,
        unit: str,
        says: Says | Callable[[int], Says] = (),
        bad: Bad = "either",
        windows: tuple[int, ...] = (),
        seeds: tuple[str, ...] = (),
    ) -> Callable[[_Declared], _Declared]:
        """Declares a feature, or with ``windows`` (in days) one for each window, named ``{function}_{window}d``.

        Args:
            unit: of the values.
            says: the reason in words: a format string over ``value`` and ``window``, one or more
                `features.past.saying.Saying`, or what gives them for a window. Left out where the values say nothing
                to people.
            bad: which values are bad news; only they are told.
            windows: handed to the function one by one.
            seeds: rows of the seed documents, where they differ from the theme's.
        """

        def declare(function: _Declared) -> _Declared:
            meaning = " ".join((inspect.getdoc(function) or "").split())
            for window in windows or (None,):
                self.features.append(
                    Feature(
                        name=function.__name__
                        if window is None
                        else f"{function.__name__}_{window}d",
                        meaning=meaning.replace("{window}", str(window)),
                        unit=unit,
                        says=_says(says, window),
                        theme=self.name,
                        seeds=seeds or self.seeds,
                        bad=bad,
                        how=function() if window is None else function(window),
                    )
                )
            return function

        return declare


def _says(says: Says | Callable[[int], Says], window: int | None) -> tuple[Saying, ...]:
    if callable(says):
        assert window is not None
        says = says(window)
    return sayings(says, window)
