"""The registry: what is kept of a training in MLflow, and how a model is fetched from it.

A registered model for each prediction, with the aliases ``challenger`` for the newest and ``champion`` for the one that
serves. The store is a SQLite file and a folder beside it; no server is needed.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Set before MLflow is imported: nothing of ours is pickled, and nothing pickled is to be loaded.
os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] = "false"
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema

from features.errors import ModelError
from models.defection import DefectionModel
from models.migration import MigrationModel

DEFECTION, MIGRATION = "pinch-defection", "pinch-migration"
CHAMPION, CHALLENGER = "champion", "challenger"
EXPERIMENT = "pinch"
LEAKAGE, CLEAN, LEAKING = "leakage", "clean", "leaking"
"""The tag of a training that says whether its snapshots are free of the future, and its values."""
FOLDER = "folder"
"""Where in a logged model its folder lies."""

logging.getLogger("mlflow").setLevel(logging.WARNING)
logging.getLogger("alembic").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Record:
    """What is kept of a training.

    Attributes:
        params: settings and facts of the data, such as its watermark and hashes.
        metrics: figures by name.
        tags: such as the leakage certificate.
        pictures: PNG files.
        tables: texts by file name, such as the feature dictionary.
    """

    params: Mapping[str, object]
    metrics: Mapping[str, float]
    tags: Mapping[str, str] = field(default_factory=dict)
    pictures: tuple[Path, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)


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


class Registry:
    """A store of trainings and models.

    Args:
        store: a folder, made where it is missing, or an MLflow tracking URI.
    """

    def __init__(self, store: str) -> None:
        self._folder = None if "://" in store else Path(store).resolve()
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        self.uri = store if self._folder is None else f"sqlite:///{self._folder / 'mlflow.db'}"
        self._use()
        self._client = MlflowClient(self.uri, self.uri)

    def log(
        self, record: Record, defection: DefectionModel, migration: MigrationModel | None, workplace: Path
    ) -> list[Version]:
        """Keeps a training and registers its models as challengers.

        Args:
            record: what is kept beside the models.
            defection: a fitted model.
            migration: a fitted model, where there is one.
            workplace: a folder for the files on their way.
        """
        self._use()
        if migration is None:
            self._drop(MIGRATION, CHALLENGER)
        with mlflow.start_run(experiment_id=self._experiment()) as run:
            mlflow.log_params({name: str(value)[:500] for name, value in record.params.items()})
            mlflow.log_metrics(dict(record.metrics))
            mlflow.set_tags(dict(record.tags))
            for picture in record.pictures:
                mlflow.log_artifact(str(picture), "pictures")
            for name, text in record.tables.items():
                mlflow.log_text(text, name)
            models: dict[str, DefectionModel | MigrationModel] = {DEFECTION: defection}
            if migration is not None:
                models[MIGRATION] = migration
            return [self._register(run.info.run_id, name, model, workplace) for name, model in models.items()]

    def promote(self, name: str) -> Version:
        """Makes the challenger of a model its champion.

        Raises:
            ModelError: there is no challenger, or its training has no clean leakage certificate.
        """
        version = self.version(name, CHALLENGER)
        certificate = self._client.get_run(version.run_id).data.tags.get(LEAKAGE)
        if certificate != CLEAN:
            raise ModelError(
                where=f"{name} version {version.number}",
                found=f"a leakage certificate that says {certificate or 'nothing'}",
                expected=f"a certificate that says {CLEAN}",
                mend="mend the features that see the future, and train again",
            )
        self._client.set_registered_model_alias(name, CHAMPION, version.number)
        return version

    def promote_all(self) -> list[Version]:
        """Makes the challengers of the newest training the champions; a prediction that it lacks has none any more.

        Raises:
            ModelError: there is no challenger, or its training has no clean leakage certificate.
        """
        versions = [self.promote(DEFECTION)]
        if self.has(MIGRATION, CHALLENGER):
            return [*versions, self.promote(MIGRATION)]
        self._drop(MIGRATION, CHAMPION)
        return versions

    def has(self, name: str, alias: str) -> bool:
        """Whether a model has a version with an alias."""
        try:
            self._client.get_model_version_by_alias(name, alias)
        except MlflowException:
            return False
        return True

    def version(self, name: str, alias: str) -> Version:
        """The version of a model with an alias.

        Raises:
            ModelError: there is none.
        """
        try:
            found = self._client.get_model_version_by_alias(name, alias)
        except MlflowException:
            raise ModelError(
                where=f"store {self.uri}",
                found=f"no {alias} of {name}",
                expected=f"a version with the alias {alias}",
                mend="run pinch train BOOK, and pinch promote to make its models champions",
            ) from None
        return Version(name, str(found.version), str(found.run_id))

    def fetch(self, version: Version) -> Path:
        """The folder of a version, on this machine."""
        self._use()
        found = mlflow.artifacts.download_artifacts(f"models:/{version.name}/{version.number}")
        return Path(found) / "artifacts" / FOLDER

    def metrics(self, version: Version) -> dict[str, float]:
        """The figures of the training that a version came from."""
        return dict(self._client.get_run(version.run_id).data.metrics)

    def _use(self) -> None:
        """Points MLflow, which knows one store at a time, to this one."""
        mlflow.set_tracking_uri(self.uri)
        mlflow.set_registry_uri(self.uri)

    def _drop(self, name: str, alias: str) -> None:
        if self.has(name, alias):
            self._client.delete_registered_model_alias(name, alias)

    def _experiment(self) -> str:
        found = self._client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        location = None if self._folder is None else (self._folder / "artifacts").as_uri()
        return str(self._client.create_experiment(EXPERIMENT, artifact_location=location))

    def _register(self, run_id: str, name: str, model: DefectionModel | MigrationModel, workplace: Path) -> Version:
        folder = workplace / FOLDER
        for old in folder.glob("*"):
            old.unlink()
        model.save(folder)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*input example", category=UserWarning)
            logged = mlflow.pyfunc.log_model(
                name=name,
                python_model=str(Path(__file__).with_name("pyfunc.py")),
                artifacts={"model": str(folder)},
                signature=_signature(model),
                pip_requirements=["lightgbm", "numpy", "pandas"],
                registered_model_name=name,
            )
        number = str(logged.registered_model_version)
        self._client.set_registered_model_alias(name, CHALLENGER, number)
        return Version(name, number, run_id)


def _signature(model: DefectionModel | MigrationModel) -> ModelSignature:
    """Every column may be missing; numbers are doubles."""
    encoding = model.encoding
    types = {c: DataType.string if c in encoding.categories else DataType.double for c in encoding.columns}
    if isinstance(model, MigrationModel):
        types.setdefault("quadrant", DataType.double)
    return ModelSignature(inputs=Schema([ColSpec(type_, name, required=False) for name, type_ in types.items()]))
