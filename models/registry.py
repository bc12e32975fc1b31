"""The registry: what is kept of a training in MLflow, and how a model is fetched from it.

A registered model for each prediction, with the aliases ``challenger`` for the newest and ``champion`` for the one that
serves. Every version carries the verdicts of the gate as tags, and a failed one keeps it from becoming champion. The
store is a SQLite file and a folder beside it; no server is needed.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
from models.horizon import MIGRATION_HORIZON
from models.migration import MigrationModel
from models.verdict import Verdict, of_text

DEFECTION, MIGRATION = "pinch-defection", "pinch-migration"
CHAMPION, CHALLENGER = "champion", "challenger"
EXPERIMENT = "pinch"
LEAKAGE, CLEAN, LEAKING = "leakage", "clean", "leaking"
"""The tag of a training that says whether its snapshots are free of the future, and its values."""
FOLDER = "folder"
"""Where in a logged model its folder lies."""
GATE = "gate."
"""What the tags of a version that hold verdicts begin with."""
PROMOTED_AT, BEFORE, ANYWAY = "promoted_at", "champion_before", "promoted_anyway"
"""Tags of a version that became champion: when (UTC), in place of which version, and why in spite of a verdict."""
JUDGED = "judged_horizon"
"""The parameter of a training that says at which horizon, in days, its risks were judged."""
MAIN_FIGURES = ("auc", "log_loss", "calibration_error", "calibration_floor", "lift_top_decile")

logging.getLogger("mlflow").setLevel(logging.WARNING)
logging.getLogger("alembic").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Record:
    """What is kept of a training.

    Attributes:
        params: settings and facts of the data, such as its watermark and hashes.
        metrics: figures by name.
        tags: such as the leakage certificate.
        verdicts: of the gate.
        texts: by file name, such as the page of the training and the feature dictionary.
    """

    params: Mapping[str, object]
    metrics: Mapping[str, float]
    tags: Mapping[str, str] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


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
        figures: those of `MAIN_FIGURES` that its training has, by name.
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
            for name, text in record.texts.items():
                mlflow.log_text(text, name)
            models: dict[str, DefectionModel | MigrationModel] = {DEFECTION: defection}
            if migration is not None:
                models[MIGRATION] = migration
            versions = [self._register(run.info.run_id, name, model, workplace) for name, model in models.items()]
        for version in versions:
            self._tag(version, {f"{GATE}{verdict.name}": verdict.text[:5000] for verdict in record.verdicts})
            self._client.set_registered_model_alias(version.name, CHALLENGER, version.number)
        return versions

    def promote(self, name: str, anyway: str | None = None) -> Version:
        """Makes the challenger of a model its champion.

        Args:
            name: of the registered model.
            anyway: a reason to pass over failed verdicts, kept with the version; leakage is never passed over.

        Raises:
            ModelError: there is no challenger, its training has no clean leakage certificate, or a verdict of the gate
                failed and no reason is given.
        """
        (version,) = self._promote([self.version(name, CHALLENGER)], anyway)
        return version

    def promote_all(self, anyway: str | None = None) -> list[Version]:
        """Makes the challengers of the newest training the champions; a prediction that it lacks has none any more.

        Args, errors: as of `promote`; also where the challengers do not come from one training. No champion changes
        unless both may.
        """
        versions = [
            self.version(name, CHALLENGER)
            for name in (DEFECTION, MIGRATION)
            if name == DEFECTION or self.has(name, CHALLENGER)
        ]
        self._promote(versions, anyway)
        if len(versions) == 1:
            self._drop(MIGRATION, CHAMPION)
        return versions

    def rollback(self) -> list[Version]:
        """Makes those versions champions again that were before the present ones, both from one training.

        A prediction that the earlier training lacks has no champion any more.

        Raises:
            ModelError: there is no champion, or none was before it.
        """
        present = self.version(DEFECTION, CHAMPION)
        number = self._tags(present).get(BEFORE)
        before = next((version for version in self._versions(DEFECTION) if version.number == number), None)
        if before is None:
            raise ModelError(
                where=f"{DEFECTION} version {present.number}",
                found="no version that was champion before it",
                expected=f"a version with the tag {BEFORE}, given by pinch promote",
                mend="see pinch models; train again and promote what you want to serve",
            )
        versions = [before, *(v for v in self._versions(MIGRATION) if v.run_id == before.run_id)]
        for version in versions:
            self._client.set_registered_model_alias(version.name, CHAMPION, version.number)
        if len(versions) == 1:
            self._drop(MIGRATION, CHAMPION)
        return versions

    def entries(self) -> list[Entry]:
        """All versions of both models, newest first."""
        return [self.entry(version) for name in (DEFECTION, MIGRATION) for version in self._versions(name)]

    def entry(self, version: Version) -> Entry:
        """What is known of a version."""
        run, tags = self._client.get_run(version.run_id).data, self._tags(version)
        horizon = MIGRATION_HORIZON if version.name == MIGRATION else int(run.params.get(JUDGED, MIGRATION_HORIZON))
        stem = f"{version.name.removeprefix('pinch-')}_{horizon}d_"
        aliases = self._client.get_registered_model(version.name).aliases
        return Entry(
            version=version,
            aliases=tuple(sorted(alias for alias, number in aliases.items() if str(number) == version.number)),
            trained_until=run.params.get("trained_until"),
            horizon=horizon,
            figures={name: run.metrics[stem + name] for name in MAIN_FIGURES if stem + name in run.metrics},
            verdicts=_verdicts(tags),
            tags={name: tags[name] for name in (PROMOTED_AT, BEFORE, ANYWAY) if tags.get(name)},
        )

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
        """The folder of a version, on this machine.

        Raises:
            ModelError: what the store knows of it cannot be found.
        """
        self._use()
        try:
            found = mlflow.artifacts.download_artifacts(f"models:/{version.name}/{version.number}")
        except (MlflowException, OSError) as error:
            raise ModelError(
                where=f"{version.name} version {version.number}",
                found=f"no files that can be fetched ({type(error).__name__})",
                expected="the model that was registered",
                mend="restore the store's artifacts, or train again",
            ) from None
        return Path(found) / "artifacts" / FOLDER

    def text(self, version: Version, name: str) -> str:
        """A text that was kept of the training of a version, by its file name."""
        self._use()
        return str(mlflow.artifacts.load_text(f"runs:/{version.run_id}/{name}"))

    def metrics(self, version: Version) -> dict[str, float]:
        """The figures of the training that a version came from."""
        return dict(self._client.get_run(version.run_id).data.metrics)

    def _use(self) -> None:
        """Points MLflow, which knows one store at a time, to this one."""
        mlflow.set_tracking_uri(self.uri)
        mlflow.set_registry_uri(self.uri)

    def _tags(self, version: Version) -> dict[str, str]:
        return dict(self._client.get_model_version(version.name, version.number).tags)

    def _tag(self, version: Version, tags: Mapping[str, str]) -> None:
        for name, value in tags.items():
            self._client.set_model_version_tag(version.name, version.number, name, value)

    def _versions(self, name: str) -> list[Version]:
        """All versions of a model, newest first."""
        found = self._client.search_model_versions(f"name = '{name}'", order_by=["version_number DESC"])
        return [Version(name, str(version.version), str(version.run_id)) for version in found]

    def _promote(self, versions: list[Version], anyway: str | None) -> list[Version]:
        """Makes versions of one training champions, if all of them may be."""
        reason = (anyway or "").strip()
        for version in versions:
            self._require_clean(version)
            self._require_passed(version, reason)
        self._require_one_training(versions)
        for version in versions:
            self._crown(version, reason)
        return versions

    def _require_clean(self, version: Version) -> None:
        certificate = self._client.get_run(version.run_id).data.tags.get(LEAKAGE)
        if certificate != CLEAN:
            raise ModelError(
                where=f"{version.name} version {version.number}",
                found=f"a leakage certificate that says {certificate or 'nothing'}",
                expected=f"a certificate that says {CLEAN}",
                mend="mend the features that see the future, and train again",
            )

    def _require_passed(self, version: Version, anyway: str) -> None:
        failed = [v for v in _verdicts(self._tags(version)) if not v.passed and (v.name == LEAKAGE or not anyway)]
        if failed:
            raise ModelError(
                where=f"{version.name} version {version.number}",
                found="; ".join(f"the rule {verdict.name} failed: {verdict.sentence}" for verdict in failed),
                expected="every rule of the gate passed",
                mend='train again; unless it is leakage, pinch promote --anyway "the reason" passes over it',
            )

    def _require_one_training(self, versions: list[Version]) -> None:
        if len({version.run_id for version in versions}) > 1:
            raise ModelError(
                where=f"store {self.uri}",
                found="challengers of two trainings",
                expected="both from one, so that they mean the same",
                mend="run pinch train BOOK again",
            )

    def _crown(self, version: Version, anyway: str) -> None:
        """Makes a version champion, if it is not, and keeps when, why and in place of which."""
        before = self.version(version.name, CHAMPION).number if self.has(version.name, CHAMPION) else ""
        if before != version.number:
            self._tag(version, {PROMOTED_AT: datetime.now(UTC).isoformat(timespec="seconds"), BEFORE: before})
            self._client.set_registered_model_alias(version.name, CHAMPION, version.number)
        if anyway:
            self._tag(version, {ANYWAY: anyway})

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
        return Version(name, str(logged.registered_model_version), run_id)


def _verdicts(tags: Mapping[str, str]) -> tuple[Verdict, ...]:
    found = {name.removeprefix(GATE): text for name, text in sorted(tags.items()) if name.startswith(GATE)}
    return tuple(of_text(name, text) for name, text in found.items())


def _signature(model: DefectionModel | MigrationModel) -> ModelSignature:
    """Every column may be missing; numbers are doubles."""
    encoding = model.encoding
    types = {c: DataType.string if c in encoding.categories else DataType.double for c in encoding.columns}
    if isinstance(model, MigrationModel):
        types.setdefault("quadrant", DataType.double)
    return ModelSignature(inputs=Schema([ColSpec(type_, name, required=False) for name, type_ in types.items()]))
