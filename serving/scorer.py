"""The scorer: from a snapshot to scores, the same for the night and for the endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from features.book.trained_facts import TrainedFacts
from features.quadrants import KNOWN
from features.themes.dictionary import made_of
from models.fitted import artefact, defection, migration
from models.fitted.defection import DefectionModel
from models.fitted.encoding import Matrix
from models.fitted.known_answers import require_answers
from models.fitted.migration import MigrationModel, states
from models.score.at_stake import by_stake
from models.score.columns import JUDGED_RISK, NEXT, RISKS
from models.score.horizon import MIGRATION_HORIZON, risk_column
from models.score.reasons import Reason, reasons
from serving.scores import completed


@dataclass(frozen=True)
class Scorer:
    """Both models of a book.

    Attributes:
        defection: gives the risks and the reasons.
        migration: gives the chances of the quadrants and of the next answer; None for a book without surveys.
        version: what answers call the pair.
        about: what is known of their trainings, a JSON list, see `serving.champions`.
    """

    defection: DefectionModel
    migration: MigrationModel | None
    version: str
    about: str = "[]"

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

    @property
    def trained(self) -> TrainedFacts:
        """By which the facts of a book or a request are read."""
        encodings = [
            model.encoding
            for model in (self.defection, self.migration)
            if model is not None
        ]
        columns = {column for encoding in encodings for column in encoding.columns}
        of_all_facts = made_of(["any"])
        read = [
            fact
            for fact in self.facts
            if fact in columns or (made_of([fact]) - of_all_facts) & columns
        ]
        categories = {
            fact: values
            for encoding in encodings
            for fact, values in encoding.categories.items()
        }
        return TrainedFacts(self.facts, categories, frozenset(read))

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
            reasons_for: how many rows get reasons, those with most at stake; all where left out. The action of
                the others follows from their quadrant and zone.

        Returns:
            A row for each, in the same order, with the columns of `models.score.columns`, the judged risk only where it
            was trained. A chance that cannot be given is missing: of quadrants and answers without surveys, at horizons
            for which the history was too short, of silence where no leaver was known to be silent or overt.
        """
        matrix = self.defection.encoding.matrix(frame)
        risks = self._risks(frame, matrix)
        chances = pd.concat(
            [
                risks,
                self._silent(frame, matrix, risks),
                self._states(frame, matrix, risks),
                self._next_answers(frame, matrix),
            ],
            axis=1,
        )
        told = self._reasons(frame, matrix, risks, reasons_for)
        return completed(frame, chances, told, self.version)

    def _silent(
        self, frame: pd.DataFrame, matrix: Matrix, risks: pd.DataFrame
    ) -> pd.DataFrame:
        shares = self.defection.silent_shares(frame, matrix)
        silent = risks.mul(shares, axis=0)
        return silent.rename(columns=lambda risk: risk.replace("risk", "silent"))

    def _risks(self, frame: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
        risks = self.defection.risks(frame, matrix)
        return risks.reindex(
            columns=[JUDGED_RISK, *RISKS] if JUDGED_RISK in risks else list(RISKS)
        )

    def _states(
        self, frame: pd.DataFrame, matrix: Matrix, risks: pd.DataFrame
    ) -> pd.DataFrame:
        defected = risks[risk_column(MIGRATION_HORIZON)].to_numpy()
        quadrants = _unknown(frame)
        if self.migration is not None:
            quadrants = self.migration.quadrants(frame, self._shared(matrix))
        return states(quadrants, defected).set_index(frame.index)

    def _next_answers(self, frame: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
        shown = _unknown(frame)
        if self.migration is not None and self.migration.answer is not None:
            shown = self.migration.answer.quadrants(frame, self._shared(matrix))
        return pd.DataFrame(shown, columns=list(NEXT), index=frame.index)

    def _shared(self, matrix: Matrix) -> Matrix | None:
        """The matrix, where the model of migration reads the same one."""
        assert self.migration is not None
        return matrix if self.migration.encoding == self.defection.encoding else None

    def _reasons(
        self,
        frame: pd.DataFrame,
        matrix: Matrix,
        risks: pd.DataFrame,
        reasons_for: int | None,
    ) -> list[list[Reason]]:
        """The reasons of each row; none of those with less at stake than the others."""
        places = frame.index.get_indexer(
            by_stake(risks.assign(account_id=frame["account_id"]))[:reasons_for]
        )
        told: list[list[Reason]] = [[] for _ in range(len(frame))]
        if not len(places):  # LightGBM explains no empty matrix
            return told
        chosen, encoding = frame.iloc[places], self.defection.encoding
        contributions = self.defection.contributions(chosen, matrix[places])
        found = reasons(encoding.completed(chosen), encoding.columns, contributions)
        for place, mine in zip(places, found, strict=True):
            told[place] = mine
        return told


def _unknown(frame: pd.DataFrame) -> Matrix:
    return np.full((len(frame), len(KNOWN)), np.nan)


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
