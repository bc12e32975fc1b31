"""How MLflow loads a model of ours: this file as code and the model's folder beside it, no pickle.

``mlflow.pyfunc.load_model("models:/pinch-defection@champion").predict(snapshot)`` gives the risks of a snapshot's rows;
of ``pinch-migration`` the chances of each settled quadrant at 90 days given that the account stays, and, where they
were learned, those of the next answer, ``next_poor`` and so on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from features.quadrants import KNOWN
from models.fitted import defection, migration
from models.score.columns import NEXT


class FolderModel(PythonModel):
    """Reads the folder of either model and predicts a data frame from a snapshot."""

    def load_context(self, context: PythonModelContext) -> None:
        """Reads the model's folder."""
        folder = Path(context.artifacts["model"])
        described = json.loads((folder / "model.json").read_text())
        self.model = (
            migration.load(folder)
            if described["kind"] == "migration"
            else defection.load(folder)
        )

    def predict(
        self,
        context: PythonModelContext,
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Risks by horizon, or chances of each quadrant, a row for each row of the snapshot."""
        if isinstance(self.model, migration.MigrationModel):
            settled = pd.DataFrame(
                self.model.quadrants(model_input), columns=[str(q) for q in KNOWN]
            )
            if self.model.answer is None:
                return settled
            shown = pd.DataFrame(
                self.model.answer.quadrants(model_input), columns=list(NEXT)
            )
            return pd.concat([settled, shown], axis=1)
        return self.model.risks(model_input)


set_model(FolderModel())
