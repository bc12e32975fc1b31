"""The registry: what is kept of a training in MLflow, and how a model is fetched from it.

A registered model for each prediction, with the aliases ``challenger`` for the newest training and ``champion`` for the
one that serves. Every version carries the verdicts of the gate as tags, and a failed one keeps it from being
champion.
"""

from __future__ import annotations

import shutil
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from features.errors import ModelError
from models.fitted.artefact import digest
from models.fitted.defection import DefectionModel
from models.fitted.migration import MigrationModel
from models.registry.aliases import CHALLENGER, CHAMPION, Aliases, find_versions
from models.registry.entries import entry_of
from models.registry.mlflow_client import Client, download
from models.registry.mlflow_run import keep_training
from models.registry.packing import FOLDER
from models.registry.promotion import keep_why, require_clean, require_passed, tags_of
from models.registry.store import Store, find_folder, make_store, require_database
from models.registry.versions import (
    BEFORE,
    DEFECTION,
    DIGEST,
    MIGRATION,
    Entry,
    Record,
    Version,
)


class Registry:
    """A store of trainings and models.

    Args:
        store: a folder, or an MLflow tracking URI.
        create: whether the folder is made where it is missing.

    Raises:
        ModelError: there is no store, or it does not answer.
    """

    def __init__(self, store: str, create: bool = False) -> None:
        folder = find_folder(store)
        if folder is None and not create:
            require_database(store)
        self._store = (
            None if folder is None else make_store(folder) if create else Store(folder)
        )
        self.uri = store if self._store is None else self._store.uri
        self._client = Client(self.uri)
        self._aliases = Aliases(self._client)

    def log(
        self,
        record: Record,
        defection: DefectionModel,
        migration: MigrationModel | None,
        workplace: Path,
    ) -> list[Version]:
        """Keeps a training and registers its models as challengers.

        Args:
            record: what is kept beside the models.
            defection: a fitted model.
            migration: a fitted model, where there is one.
            workplace: a folder for the files on their way.
        """
        models: dict[str, DefectionModel | MigrationModel] = {DEFECTION: defection}
        if migration is not None:
            models[MIGRATION] = migration
        with self._writing():
            versions = keep_training(self._client, record, models, workplace)
            self._aliases.point(CHALLENGER, versions)
        return versions

    def promote(self, *, anyway: str | None = None) -> list[Version]:
        """Makes the challengers, both or neither, the champions; a prediction that they lack has none any more.

        Args:
            anyway: a reason to pass over failed verdicts, kept with the versions; leakage is never passed over.

        Raises:
            ModelError: there is no challenger, its training has no clean leakage certificate, or a verdict of the gate
                failed and no reason is given.
        """
        reason = (anyway or "").strip()
        with self._writing():
            versions = self._aliases.versions(CHALLENGER) or [
                self.version(DEFECTION, CHALLENGER)
            ]
            for version in versions:
                require_clean(self._client, version)
                require_passed(self._client, version, reason)
            present = self._aliases.versions(CHAMPION)
            keep_why(self._client, versions, present, reason)
            self._aliases.point(CHAMPION, versions)
        return versions

    def rollback(self) -> list[Version]:
        """Makes those versions champions again that were before the present ones, both from one training.

        A prediction that the earlier training lacks has no champion any more.

        Raises:
            ModelError: there is no champion, or none was before it.
        """
        with self._writing():
            present = self.version(DEFECTION, CHAMPION)
            number = tags_of(self._client, present).get(BEFORE)
            before = next(
                (
                    version
                    for version in find_versions(self._client, DEFECTION)
                    if version.number == number
                ),
                None,
            )
            if before is None:
                raise ModelError(
                    where=f"{DEFECTION} version {present.number}",
                    found="no version that was champion before it",
                    expected=f"a version with the tag {BEFORE}, given by pinch promote",
                    mend="see pinch models; train again and promote what you want to serve",
                )
            versions = self._aliases.of_training(before)
            self._aliases.point(CHAMPION, versions)
        return versions

    def entries(self) -> list[Entry]:
        """All versions of both models, newest first."""
        versions = [
            *find_versions(self._client, DEFECTION),
            *find_versions(self._client, MIGRATION),
        ]
        held = self._held()
        return [entry_of(self._client, version, held) for version in versions]

    def entry(self, version: Version) -> Entry:
        """What is known of a version."""
        return entry_of(self._client, version, self._held())

    def _held(self) -> dict[str, list[Version]]:
        """The versions that have each alias."""
        return {
            alias: self._aliases.versions(alias) for alias in (CHALLENGER, CHAMPION)
        }

    def has(self, name: str, alias: str) -> bool:
        """Whether a model has a version with an alias.

        Raises:
            ModelError: the store does not answer.
        """
        return any(version.name == name for version in self._aliases.versions(alias))

    def version(self, name: str, alias: str) -> Version:
        """The version of a model with an alias.

        Raises:
            ModelError: there is none, or the store does not answer.
        """
        found = next(
            (
                version
                for version in self._aliases.versions(alias)
                if version.name == name
            ),
            None,
        )
        if found is None:
            raise ModelError(
                where=f"store {self.uri}",
                found=f"no {alias} of {name}",
                expected=f"a version with the alias {alias}",
                mend="run pinch train BOOK, and pinch promote to make its models champions",
            )
        return found

    def mark(self) -> Hashable | None:
        """What changes with any write to the store, looked up at little cost; None where only asking tells."""
        return None if self._store is None else self._store.mark()

    def champions(self) -> list[Version]:
        """The champions, of one training: that for defection, and that for migration where its training has one.

        Raises:
            ModelError: there are none, or the store does not answer.
        """
        return self._aliases.versions(CHAMPION) or [self.version(DEFECTION, CHAMPION)]

    def fetch(self, version: Version, folder: Path) -> Path:
        """Copies the files of a version to a folder, which is made where it is missing.

        Raises:
            ModelError: what the store knows of it cannot be found.
        """
        address = self._client.get_model_version_download_uri(
            version.name, version.number
        )
        try:
            with self._artifact(address) as found:
                folder.mkdir(parents=True, exist_ok=True)
                for file in (found / "artifacts" / FOLDER).iterdir():
                    shutil.copyfile(file, folder / file.name)
        except OSError as error:
            raise ModelError(
                where=f"{version.name} version {version.number}",
                found=f"no files that can be fetched ({type(error).__name__})",
                expected="the model that was registered",
                mend="restore the store's artifacts, or train again",
            ) from None
        self._require_registered(version, folder)
        return folder

    def _require_registered(self, version: Version, folder: Path) -> None:
        """Raises `ModelError` where files are not those whose hash the registry has, if it has one."""
        registered = tags_of(self._client, version).get(DIGEST)
        found = digest(folder)
        if registered not in (None, found):
            raise ModelError(
                where=f"{version.name} version {version.number}",
                found=f"files whose manifest has the SHA-256 {found[:12]}",
                expected=f"that of the model that was registered, {registered[:12]}",
                mend="restore the store's artifacts, or train again",
            )

    def text(self, version: Version, name: str) -> str:
        """A text that was kept of the training of a version, by its file name."""
        address = f"{self._client.get_run(version.run_id).info.artifact_uri}/{name}"
        with self._artifact(address) as found:
            return found.read_text(encoding="utf-8")

    def metrics(self, version: Version) -> dict[str, float]:
        """The figures of the training that a version came from."""
        return dict(self._client.get_run(version.run_id).data.metrics)

    def params(self, version: Version) -> dict[str, str]:
        """The settings and facts of the training that a version came from."""
        return dict(self._client.get_run(version.run_id).data.params)

    def _writing(self) -> AbstractContextManager[None]:
        return nullcontext() if self._store is None else self._store.writing()

    @contextmanager
    def _artifact(self, address: str) -> Iterator[Path]:
        """An artifact on this machine, until the end of the block; nothing is written beside it."""
        here = None if self._store is None else self._store.here(address)
        if here is not None:
            yield here
            return
        with TemporaryDirectory() as folder:
            yield download(self.uri, address, Path(folder))
