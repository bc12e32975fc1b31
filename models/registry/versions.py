"""What the registry speaks of: the registered models, their versions, and what is kept of a training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from models.registry.verdict import Verdict

DEFECTION, MIGRATION = "pinch-defection", "pinch-migration"
LEAKAGE, CLEAN, LEAKING = "leakage", "clean", "leaking"
"""The tag of a training that says whether its snapshots are free of the future, and its values."""
GATE = "gate."
"""What the tags of a version that hold verdicts begin with."""
PROMOTED_AT, BEFORE, ANYWAY = "promoted_at", "champion_before", "promoted_anyway"
"""Tags of a version that became champion: when (UTC), in place of which version, and why in spite of a verdict."""
DIGEST = "manifest_sha256"
"""The tag of a version that says which files it has: the hash of their manifest."""
JUDGED = "judged_horizon"
"""The parameter of a training that says at which horizon, in days, its risks were judged."""
MAIN_FIGURES = (
    "auc",
    "log_loss",
    "calibration_error",
    "calibration_floor",
    "lift_top_decile",
)


@dataclass(frozen=True)
class DataSet:
    """What a training was fitted on, by its hash.

    Attributes:
        name: for people.
        digest: a hash of its rows and outcomes.
        rows: how many.
    """

    name: str
    digest: str
    rows: int


@dataclass(frozen=True)
class Record:
    """What is kept of a training.

    Attributes:
        params: settings and facts of the data, such as its watermark and hashes.
        metrics: figures by name.
        tags: such as the leakage certificate.
        verdicts: of the gate.
        texts: by file name, such as the page of the training and the feature dictionary.
        name: of the training, for people.
        about: a description, in Markdown.
        data: what it was fitted on.
        example: a row that the models can read, of an account that does not exist.
    """

    params: Mapping[str, object]
    metrics: Mapping[str, float]
    tags: Mapping[str, str] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    name: str = "training"
    about: str = ""
    data: DataSet | None = None
    example: pd.DataFrame | None = None


@dataclass(frozen=True)
class Version:
    """A registered version of a model.

    Attributes:
        name: of the registered model.
        number: counted from 1.
        run_id: of the training.
    """

    name: str
    number: str
    run_id: str


@dataclass(frozen=True)
class Entry:
    """What the registry knows of a version.

    Attributes:
        version: which.
        aliases: such as champion.
        trained_until: the last day of its training data.
        horizon: at which its figures are, in days.
        figures: those of ``MAIN_FIGURES`` that its training has, by name.
        verdicts: of the gate; none of a version from before there was a gate.
        tags: when and why it became champion, where it did.
    """

    version: Version
    aliases: tuple[str, ...]
    trained_until: str | None
    horizon: int
    figures: Mapping[str, float]
    verdicts: tuple[Verdict, ...]
    tags: Mapping[str, str]

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The verdicts that keep it from becoming champion."""
        return tuple(verdict for verdict in self.verdicts if not verdict.passed)
