"""The reference: how things stood when a model was trained, for the nights that come after to be set beside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from features.timeline.rows import Floats
from models.fitted import distribution
from models.fitted.distribution import Counts, Distribution

_FILE = "reference.json"


@dataclass(frozen=True)
class Reference:
    """How accounts, their features and risks, and the rows of the book stood at the end of the training data.

    Attributes:
        as_of: the moment, in microseconds since 1970.
        columns: the spread of each feature and fact that the model reads, and of the risk that lists look to.
        usual: of each column the greatest stability index between that moment and the as-of dates of the training: so
            far it moves by itself.
        rows: what rows of the half year before held, see `features.feeds.contents.summed`, a mapping for each.
    """

    as_of: int
    columns: Mapping[str, Distribution]
    usual: Mapping[str, float]
    rows: tuple[Mapping[str, object], ...] = ()

    @property
    def accounts(self) -> int:
        """How many accounts there were."""
        counted = next(iter(self.columns.values()), None)
        return 0 if counted is None else round(counted.rows)

    def tally(
        self, frame: pd.DataFrame, weight: Floats | None = None
    ) -> dict[str, Counts]:
        """How many rows fall in each bin of each column that a snapshot has, each counted by its weight, or once."""
        return {
            name: spread.tally(frame[name], weight)
            for name, spread in self.columns.items()
            if name in frame
        }

    def files(self) -> dict[str, str]:
        """The text that holds it, by file name."""
        described = {
            "as_of": self.as_of,
            "columns": {name: its.facts() for name, its in self.columns.items()},
            "usual": dict(self.usual),
            "rows": list(self.rows),
        }
        return {_FILE: json.dumps(described)}


def of_files(files: Mapping[str, str]) -> Reference | None:
    """The reference that `Reference.files` wrote; None of a model from before there was one."""
    if _FILE not in files:
        return None
    described = json.loads(files[_FILE])
    columns = {
        name: distribution.of_facts(facts)
        for name, facts in described["columns"].items()
    }
    return Reference(
        described["as_of"], columns, described["usual"], tuple(described["rows"])
    )
