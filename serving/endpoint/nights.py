"""The newest night: a new one is taken over when all of it is there, and the old one is served until then.

Of a folder of nights it is the one that the pointer names. The pointer is followed once for each look, so that no file
of another night is read, wherever it points meanwhile.
"""

from __future__ import annotations

import logging
import threading
import time
from http import HTTPStatus
from pathlib import Path

from features.errors import BookError, NightError
from features.sources.tombstones import FILE, PLACE, Tombstones, read_tombstones
from serving.endpoint.problem import RefusedError, problem
from serving.endpoint.stored_night import StoredNight, open_night
from serving.night_folder import SCORES, SPARK_SCORES
from serving.publishing.nights import current

CHECK_SECONDS = 1.0
"""After which the folder is looked at again."""

_NO_NIGHT = problem(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "server",
    found="no whole night",
    expected="scores in the folder that PINCH_NIGHT names",
    mend="run pinch night BOOK --nights FOLDER, or pinch score BOOK --out FOLDER, and start the endpoint with "
    "PINCH_NIGHT=FOLDER",
)

log = logging.getLogger("bentoml.pinch")


class Nights:
    """The nights of a folder, one after the other.

    Args:
        folder: where ``pinch night`` publishes, or ``pinch score`` writes; None where no night is served.
        book: whose erased accounts are not told of, also where a night was made without its tombstones.
    """

    def __init__(self, folder: Path | None, book: Path | None = None) -> None:
        self._folder, self._book = folder, book
        self._night: StoredNight | None = None
        self._seen: object = None
        self._checked = -CHECK_SECONDS
        self._looking = threading.Lock()

    def newest(self) -> StoredNight:
        """The newest night that is whole; while one thread looks for it, the others go on with the one before.

        Raises:
            RefusedError: there is none (503).
        """
        due = time.monotonic() - self._checked >= CHECK_SECONDS
        if due and self._looking.acquire(blocking=self._night is None):
            try:
                self._look()
            finally:
                self._looking.release()
        if self._night is None:
            raise RefusedError(_NO_NIGHT)
        return self._night

    def _look(self) -> None:
        self._checked = time.monotonic()
        if self._folder is None:
            return
        try:
            folder = _followed(self._folder)
            night = _state(folder)
            seen = night, self._erasures()
            if night is None or seen == self._seen:
                return
            self._night = open_night(folder).without(self._erased())
        except (
            BookError,
            NightError,
        ) as error:  # it may be half written: it is looked at again
            log.warning("a night is not taken over: found %s", error.found)
            return
        self._seen = seen
        log.info("a night is taken over: as of %s", self._night.as_of.date())

    def _erased(self) -> Tombstones | None:
        return None if self._book is None else read_tombstones(self._book)

    def _erasures(self) -> object:
        """Another one when an account was erased."""
        file = None if self._book is None else self._book / PLACE / FILE
        return file.stat().st_mtime_ns if file and file.exists() else None


def _followed(folder: Path) -> Path:
    """The folder of the night that a pointer names at this moment; the folder itself where it has none."""
    night = current(folder)
    return folder if night is None else night.folder


def _state(folder: Path) -> object:
    """Another one when another night is there, or scores were written again; None where there are none."""
    for name in (SCORES, SPARK_SCORES):
        try:
            found = (folder / name).stat()
        except OSError:
            continue
        return folder, name, found.st_ino, found.st_mtime_ns, found.st_size
    return None
