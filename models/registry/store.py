"""The store: a folder with MLflow's database and, beside it, the artifacts.

It may be moved, copied, and read where nothing can be written (docs/adr/0018). MLflow records where artifacts lie as
absolute addresses. Readers go by the folder that they were given and never by those; and whoever may write puts the
addresses right, so that MLflow's own tools find the artifacts as well. Writers take turns by a lock.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from filelock import FileLock, Timeout

from features.errors import ModelError
from models.registry.mlflow_client import Client

EXPERIMENT = "pinch"
DATABASE, ARTIFACTS, LOCK = "mlflow.db", "artifacts", ".lock"
_HALF_MADE = ".new-"
PATIENCE = 600.0
"""Seconds to wait for another process that writes: as long as one that registers large models may take."""

_ADDRESSES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "storage_location"),
    ("model_versions", "source"),
)
"""Where in MLflow's database artifacts are recorded by an absolute address."""


class Store:
    """An opened store.

    Args:
        folder: of a store that is there.

    Raises:
        ModelError: there is none, or it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(folder / LOCK, timeout=PATIENCE)
        if not self.database.is_file():
            raise _no_store(folder, f"a folder with {DATABASE}")
        if self._moved() and self.writable:
            with self.writing():
                pass

    @property
    def database(self) -> Path:
        """MLflow's database."""
        return self.folder / DATABASE

    @property
    def uri(self) -> str:
        """The tracking URI of the store."""
        return f"sqlite:///{self.database}"

    @property
    def writable(self) -> bool:
        """Whether this process may write to it."""
        lock = self.folder / LOCK
        return all(
            os.access(path, os.W_OK)
            for path in (self.folder, self.database, lock)
            if path.exists()
        )

    def mark(self) -> tuple[tuple[int, int], ...]:
        """What changes when the database is written: when that was, and how large it is, of each of its files."""
        beside = self.database.with_name(f"{DATABASE}-wal")
        found = [path.stat() for path in (self.database, beside) if path.exists()]
        return tuple((one.st_mtime_ns, one.st_size) for one in found)

    def require_writable(self) -> None:
        """Raises `ModelError` where nothing can be written."""
        if not self.writable:
            raise self._refused(
                "a store that can only be read",
                "a folder that can be written",
                "allow it, or copy it",
            )

    def here(self, address: str) -> Path | None:
        """Where in this folder an artifact lies that is recorded by an address; None where it lies elsewhere."""
        root = self._root()
        if root is None or not f"{address}/".startswith(f"{root}/"):
            return None
        below = address[len(root) :].lstrip("/")
        return (
            self.folder
            / ARTIFACTS
            / (unquote(below) if urlsplit(root).scheme else below)
        )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The one process that writes until the end of the block; what is recorded lies in this folder.

        Raises:
            ModelError: nothing can be written here, or another process writes for longer than `PATIENCE`.
        """
        self.require_writable()
        try:
            with self._lock:
                self._settle()
                yield
        except Timeout:
            said = f"another process that has been writing for {PATIENCE:.0f} seconds"
            raise self._refused(
                said, "a free store", "try again when it is done"
            ) from None

    def _settle(self) -> None:
        """Records all artifacts by their addresses in this folder, at once or not at all."""
        before, now = self._root(), self._address()
        if before is None or before == now:
            return
        with self._connected("rw") as connection:
            for table, column in _ADDRESSES:
                connection.execute(
                    f"update {table} set {column} = :now || substr({column}, :length + 1)"
                    f" where substr({column} || '/', 1, :length + 1) = :before || '/'",
                    {"now": now, "before": before, "length": len(before)},
                )

    def _moved(self) -> bool:
        return self._root() not in (None, self._address())

    def _address(self) -> str:
        return (self.folder / ARTIFACTS).as_uri()

    def _root(self) -> str | None:
        """The address that is recorded for the artifacts of our trainings."""
        with self._connected("ro") as connection:
            found = connection.execute(
                "select artifact_location from experiments where name = ?",
                (EXPERIMENT,),
            )
            return next((str(root) for (root,) in found), None)

    @contextmanager
    def _connected(self, mode: str) -> Iterator[sqlite3.Connection]:
        try:
            opened = sqlite3.connect(
                f"{self.database.as_uri()}?mode={mode}", uri=True, timeout=20.0
            )
            with closing(opened) as connection, connection:
                yield connection
        except sqlite3.Error as error:
            raise self._refused(
                f"{DATABASE}: {error}", "a database of MLflow", "restore the store"
            ) from None

    def _refused(self, found: str, expected: str, mend: str) -> ModelError:
        return ModelError(
            where=f"store {self.folder}", found=found, expected=expected, mend=mend
        )


def find_folder(store: str) -> Path | None:
    """The folder that a setting names, by its path or by that of its database; None for MLflow's other URIs.

    Raises:
        ModelError: no database can lie at that path.

    Example:
        >>> find_folder("sqlite:////data/store/mlflow.db") == find_folder("/data/store") == Path("/data/store")
        True
        >>> find_folder("https://mlflow.example.com") is None
        True
    """
    path = Path(store.removeprefix("sqlite:///"))
    if path.name == DATABASE:
        path = path.parent
    elif "://" in store:
        return None
    folder = path.resolve()
    if "?" in str(folder) or unquote(str(folder)) != str(folder):
        raise ModelError(
            where=str(folder),
            found="a path that reads otherwise as a part of a URI",
            expected="no ? in it, and no % before two hexadecimal digits",
            mend="put the store elsewhere",
        )
    return folder


def require_database(uri: str) -> None:
    """Raises `ModelError` where a URI names a SQLite database that is not there: MLflow would make it."""
    path = Path(uri.removeprefix("sqlite:///"))
    if uri.startswith("sqlite:///") and not path.is_file():
        raise _no_store(path, "the file of a database")


def _no_store(path: Path, expected: str) -> ModelError:
    return ModelError(
        where=str(path),
        found="no store, and so no models yet",
        expected=expected,
        mend="correct --store, or run pinch train BOOK, which makes one",
    )


def make_store(folder: Path) -> Store:
    """Opens a store to write to, and makes it where there is none; nobody sees one that is half made."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / DATABASE).exists():
        with FileLock(folder / LOCK, timeout=PATIENCE):
            if not (folder / DATABASE).exists():
                _make_database(folder)
    store = Store(folder)
    store.require_writable()
    return store


def _make_database(folder: Path) -> None:
    artifacts = folder / ARTIFACTS
    for left in folder.glob(f"{_HALF_MADE}*"):
        shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=_HALF_MADE, dir=folder) as workplace:
        made = Path(workplace) / DATABASE
        Client(f"sqlite:///{made}").create_experiment(
            EXPERIMENT, artifact_location=artifacts.as_uri()
        )
        with closing(sqlite3.connect(made)) as connection, connection:
            default = (artifacts / "default").as_uri()
            connection.execute(
                "update experiments set artifact_location = ? where name != ?",
                (default, EXPERIMENT),
            )
        made.replace(folder / DATABASE)
