"""How a model is handed to MLflow: a plain folder, and the code that reads it where there is no Pinch."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

import features
import models
from features.quadrants import KNOWN
from models.fitted.artefact import digest
from models.fitted.defection import DefectionModel
from models.fitted.migration import MigrationModel
from models.score.columns import NEXT
from models.score.horizon import risk_column

if TYPE_CHECKING:
    from mlflow.models import ModelSignature

Model = DefectionModel | MigrationModel

FOLDER = "folder"
"""Where in a logged model its folder lies."""
_CODE = [Path(models.__file__).parent, Path(features.__file__).parent]
_NEEDED = ("lightgbm", "numpy", "pandas")


def log_model(
    model: Model, name: str, workplace: Path, example: pd.DataFrame | None
) -> tuple[str, str]:
    """Logs a model to the run that is active, and gives its id, and the hash of its manifest.

    Args:
        model: a fitted model.
        name: what MLflow calls it.
        workplace: a folder for its files on their way.
        example: a row that it can read.
    """
    import mlflow

    folder = workplace / FOLDER
    for old in folder.glob("*"):
        old.unlink()
    model.save(folder)
    types = _inputs(model)
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message=".*input example", category=UserWarning
        )
        logged = mlflow.pyfunc.log_model(
            name=name,
            python_model=str(Path(__file__).with_name("pyfunc.py")),
            artifacts={"model": str(folder)},
            code_paths=[str(package) for package in _CODE],
            signature=_signature(types, _outputs(model)),
            input_example=None
            if example is None
            else example.reindex(columns=list(types)),
            pip_requirements=[f"{package}=={version(package)}" for package in _NEEDED],
        )
    return str(logged.model_id), digest(folder)


def _inputs(model: Model) -> dict[str, str]:
    """The type of each column that a model reads."""
    categories = model.encoding.categories
    types = {
        column: "string" if column in categories else "double"
        for column in model.encoding.reads
    }
    if isinstance(model, MigrationModel):
        types.setdefault("quadrant", "double")
    return types


def _outputs(model: Model) -> list[str]:
    if isinstance(model, MigrationModel):
        return [
            *(str(quadrant) for quadrant in KNOWN),
            *(() if model.answer is None else NEXT),
        ]
    return [risk_column(horizon) for horizon in model.blends]


def _signature(inputs: Mapping[str, str], outputs: list[str]) -> ModelSignature:
    """Every column of the input may be missing."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, DataType, Schema

    return ModelSignature(
        inputs=Schema(
            [
                ColSpec(DataType[type_], name, required=False)
                for name, type_ in inputs.items()
            ]
        ),
        outputs=Schema([ColSpec(DataType.double, name) for name in outputs]),
    )
