"""The scorer: from a snapshot to scores, the same for the night and for the endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from features.book.own_features import declared_by, words_by
from features.book.trained_facts import TrainedFacts
from features.quadrants import KNOWN
from features.themes.dictionary import Dictionary, made_of
from features.timeline.rows import Floats, Ints
from features.vocabulary.own import OwnWords
from models.fitted import artefact, defection, migration
from models.fitted.defection import DefectionModel
from models.fitted.encoding import Matrix, Snapshot
from models.fitted.known_answers import require_answers
from models.fitted.migration import MigrationModel, states_of
from models.score.campaign import Campaign
from models.score.columns import JUDGED_RISK, NEXT, RISKS
from models.score.horizon import MIGRATION_HORIZON, risk_column
from models.score.order import places_in_order
from models.score.play import Play
from models.score.playbook import PLAYS
from models.score.promise import USUAL_SHIFT
from models.score.reasons import Reason, Terms, reasons
from serving.scores import Scores, as_frame, completed, worth_of


@dataclass(frozen=True)
class Scorer:
    """Both models of a book.

    Attributes:
        defection: gives the risks and the reasons.
        migration: gives the chances of the quadrants and of the next answer; None for a book without surveys.
        version: what answers call the pair.
        about: what is known of their trainings, a JSON list, see `serving.champions`.
        campaign: what contacting costs and brings, by which gains are worked out.
        plays: the playbook of actions.
    """

    defection: DefectionModel
    migration: MigrationModel | None
    version: str
    about: str = "[]"
    campaign: Campaign = Campaign()
    plays: tuple[Play, ...] = PLAYS

    @property
    def facts(self) -> Mapping[str, str]:
        """The facts of an account that the models read, each ``"number"`` or ``"text"``."""
        known = self.defection.facts.get("facts", {})
        assert isinstance(known, dict)
        return known

    @property
    def changing(self) -> frozenset[str]:
        """Those of the facts that change."""
        known = self.defection.facts.get("changing", [])
        assert isinstance(known, list)
        return frozenset(known)

    @cached_property
    def dictionary(self) -> Dictionary:
        """Of the features that the models were trained on.

        Raises:
            ModelError: what the models carry along of one's own cannot be read.
        """
        return declared_by(self.defection.facts.get("themes", []))

    @cached_property
    def words(self) -> OwnWords:
        """Kinds and items of one's own that the models were trained on.

        Raises:
            ModelError: they cannot be read.
        """
        return words_by(self.defection.facts.get("words"))

    @property
    def shift(self) -> float:
        """How far the risks of past lists were wrong together, see `models.score.promise`."""
        known = self.defection.facts.get("shift", USUAL_SHIFT)
        assert isinstance(known, float)
        return known

    @property
    def trained(self) -> TrainedFacts:
        """By which the facts of a book or a request are read."""
        encodings = [
            model.encoding
            for model in (self.defection, self.migration)
            if model is not None
        ]
        columns = {column for encoding in encodings for column in encoding.columns}
        features = self.dictionary.features
        of_all_facts = made_of(["any"], features)
        read = [
            fact
            for fact in self.facts
            if fact in columns or (made_of([fact], features) - of_all_facts) & columns
        ]
        categories = {
            fact: values
            for encoding in encodings
            for fact, values in encoding.categories.items()
        }
        return TrainedFacts(
            self.facts, categories, frozenset(read), self.dictionary, self.words
        )

    def require_known_answers(self, folder: Path) -> None:
        """Sees that the models answer as they did when they were saved to a folder.

        Raises:
            ModelError: they do not, or their answers were not kept.
        """
        models = {"defection": self.defection, "migration": self.migration}
        for name, model in models.items():
            if model is not None:
                described, _ = artefact.read_model(folder / name, name)
                require_answers(str(folder / name), described, model.answers)

    def score(
        self, frame: pd.DataFrame, reasons_for: int | None = None
    ) -> pd.DataFrame:
        """The scores of a snapshot's rows.

        Args:
            frame: a snapshot.
            reasons_for: how many rows get reasons, the first ones of the list; all where left out. The action of
                the others follows from their quadrant and zone.

        Returns:
            A row for each, in the same order, with the columns of `models.score.columns`, the judged risk only where it
            was trained. A chance that cannot be given is missing: of quadrants and answers without surveys, at horizons
            for which the history was too short, of silence where no leaver was known to be silent or overt.
        """
        return as_frame(self.scores(frame, reasons_for), frame.index)

    def scores(self, snapshot: Snapshot, reasons_for: int | None = None) -> Scores:
        """As `score`, by column: of a few rows in arrays this takes a tenth of the time."""
        matrix = self.defection.encoding.matrix(snapshot)
        risks = self._risks(matrix)
        chances = {
            **risks,
            **self._silent(matrix, risks),
            **states_of(self._quadrants(snapshot, matrix), risks[_MIGRATING]),
            **self._next_answers(snapshot, matrix),
        }
        worth = worth_of(snapshot, risks, self.campaign)
        ids = np.asarray(snapshot["account_id"], dtype=object)
        order = places_in_order({"account_id": ids, **worth})
        told = self._reasons(snapshot, matrix, order[:reasons_for])
        return completed(
            snapshot,
            chances,
            told,
            self.version,
            self.dictionary,
            self.campaign,
            self.plays,
        )

    def _risks(self, matrix: Matrix) -> dict[str, Floats]:
        """The risks at all horizons, missing where there is none."""
        fitted = self.defection.risks_of(matrix)
        wanted = (JUDGED_RISK, *RISKS) if JUDGED_RISK in fitted else RISKS
        unknown = np.full(len(matrix), np.nan)
        return {name: fitted.get(name, unknown) for name in wanted}

    def _silent(self, matrix: Matrix, risks: Mapping[str, Floats]) -> dict[str, Floats]:
        shares = self.defection.silent_shares_of(matrix)
        return {
            name.replace("risk", "silent"): risk * shares
            for name, risk in risks.items()
        }

    def _quadrants(self, snapshot: Snapshot, matrix: Matrix) -> Matrix:
        if self.migration is None:
            return _unknown(matrix)
        return self.migration.quadrants(snapshot, self._shared(matrix))

    def _next_answers(self, snapshot: Snapshot, matrix: Matrix) -> dict[str, Floats]:
        shown = _unknown(matrix)
        if self.migration is not None and self.migration.answer is not None:
            shown = self.migration.answer.quadrants(snapshot, self._shared(matrix))
        return dict(zip(NEXT, shown.T, strict=True))

    def _shared(self, matrix: Matrix) -> Matrix | None:
        """The matrix, where the model of migration reads the same one."""
        assert self.migration is not None
        return matrix if self.migration.encoding == self.defection.encoding else None

    def _reasons(
        self, snapshot: Snapshot, matrix: Matrix, places: Ints
    ) -> list[list[Reason]]:
        """The reasons of each row; none of those that do not stand at the places."""
        told: list[list[Reason]] = [[] for _ in range(len(matrix))]
        if not len(places):  # LightGBM explains no empty matrix
            return told
        encoding = self.defection.encoding
        completed_rows = encoding.completed(snapshot)
        contributions = self.defection.contributions_of(matrix[places])
        terms = Terms(self.dictionary, self.defection.typical)
        found = reasons(
            completed_rows, encoding.columns, contributions, terms, places.tolist()
        )
        for place, mine in zip(places.tolist(), found, strict=True):
            told[place] = mine
        return told


_MIGRATING = risk_column(MIGRATION_HORIZON)


def _unknown(matrix: Matrix) -> Matrix:
    return np.full((len(matrix), len(KNOWN)), np.nan)


def load_scorer(
    defection_folder: Path, migration_folder: Path | None, version: str
) -> Scorer:
    """Reads a scorer from the folders of its models, after checking that they are whole."""
    moving = None if migration_folder is None else migration.load(migration_folder)
    return Scorer(defection.load(defection_folder), moving, version)


VERSION, ABOUT = "VERSION", "models.json"
"""Files beside the models: what the pair is called, and what is known of their trainings."""


def load_models(folder: Path) -> Scorer:
    """Reads a scorer from a folder with ``defection/`` and, for a book with surveys, ``migration/``.

    The file ``VERSION`` names the pair; without it the pair is named by the hash of the models.
    """
    moving = folder / "migration"
    version = _text(folder / VERSION) or artefact.fingerprint(folder / "defection")
    scorer = load_scorer(
        folder / "defection", moving if moving.exists() else None, version
    )
    return replace(scorer, about=_text(folder / ABOUT) or scorer.about)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip() if file.exists() else ""
