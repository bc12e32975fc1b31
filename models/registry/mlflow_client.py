"""MLflow as the registry asks it: with settings that last for the call alone, and with errors of ours.

MLflow is imported when the first store is opened, and not before: its import looks at the environment.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features.errors import ModelError

if TYPE_CHECKING:
    from mlflow.exceptions import MlflowException

_SETTINGS = {
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",  # standard output is the command's
}
_NOISY = ("mlflow", "alembic")
_NOT_THERE, _BUSY = "RESOURCE_DOES_NOT_EXIST", "TEMPORARILY_UNAVAILABLE"


class NotThereError(ModelError):
    """The store answered, and does not have what was asked for."""


class Client:
    """MLflow's client of one store. It has the methods of ``mlflow.MlflowClient``, and raises `ModelError`.

    Args:
        uri: the tracking URI of the store.
    """

    def __init__(self, uri: str) -> None:
        self.uri = uri
        with asking(uri):
            from mlflow import MlflowClient

            self._client = MlflowClient(uri, uri)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def asked(*arguments: Any, **named: Any) -> Any:
            with asking(self.uri):
                return method(*arguments, **named)

        return asked


@contextmanager
def using(uri: str) -> Iterator[None]:
    """MLflow's functions, which know one store at a time, look at this one until the end of the block."""
    with asking(uri):
        import mlflow

        before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None  # type: ignore[no-untyped-call]
        mlflow.set_tracking_uri(uri)
        try:
            yield
        finally:
            mlflow.set_tracking_uri(before)  # type: ignore[arg-type]


def download(uri: str, address: str, folder: Path) -> Path:
    """Copies an artifact of a store to a folder, and gives where it lies there."""
    with using(uri):
        import mlflow

        return Path(mlflow.artifacts.download_artifacts(address, dst_path=str(folder)))


@contextmanager
def asking(uri: str) -> Iterator[None]:
    """MLflow is quiet, tells nobody, reads no pickle, and raises errors of ours, until the end of the block."""
    with _settings():
        from mlflow.exceptions import MlflowException
        from sqlalchemy.exc import SQLAlchemyError

        with _silence():
            try:
                yield
            except MlflowException as error:
                raise _told(uri, error) from None
            except (SQLAlchemyError, ImportError) as error:
                raise _no_answer(uri, type(error).__name__, str(error)) from None


@contextmanager
def _settings() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _SETTINGS}
    os.environ.update(_SETTINGS)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _silence() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in _NOISY]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)  # what goes wrong is raised, and told once
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _told(uri: str, error: MlflowException) -> ModelError:
    code = str(error.error_code)
    if code == _NOT_THERE:
        return NotThereError(
            where=f"store {uri}",
            found=_first_line(str(error.message)),
            expected="it to be there",
            mend="see pinch models",
        )
    return _no_answer(uri, code, str(error.message))


def _no_answer(uri: str, code: str, message: str) -> ModelError:
    again = (
        "try again when nothing else writes to the store"
        if code == _BUSY
        else "see that the store is whole"
    )
    return ModelError(
        where=f"store {uri}",
        found=f"{code}: {_first_line(message)}",
        expected="an answer of MLflow",
        mend=again,
    )


def _first_line(message: str) -> str:
    return (message.splitlines() or [""])[0][:300]
