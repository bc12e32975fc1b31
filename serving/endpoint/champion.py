"""The champion of a worker: what it answers with, taken over from a folder when that holds another one.

A request goes with the one that it finds when it begins, to its end. A folder that is no good is refused, and
the one before goes on.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from features.errors import ModelError
from serving.endpoint.checking import Checker
from serving.endpoint.metrics import note_champion, note_refused
from serving.scorer import Scorer, load_models

LOOK_SECONDS = 0.5
REFUSED = "refused"
"""The file beside a watched folder that says why what came after it was refused."""

Mark = tuple[tuple[str, int, int, int], ...]
log = logging.getLogger("bentoml.pinch")


class Champion:
    """The scorer of a folder of models.

    Args:
        folder: of the models, or a link to it.
        checker: looks at what comes into the folder; None where somebody else does so and moves the link in one step.
        serve: is given each scorer, the first one too.
    """

    def __init__(
        self, folder: Path, checker: Checker | None, serve: Callable[[Scorer], None]
    ) -> None:
        self._folder, self._checker, self._serve = folder, checker, serve
        self._taken: Mark | None = None
        self._seen: Mark | None = None
        self.version: str | None = None
        self.since: datetime | None = None
        self.refused: str | None = None

    def start(self) -> None:
        """Takes what is there, and looks again and again from now on."""
        self._seen = _mark(self._folder)
        self.look()
        threading.Thread(target=self._look_on, daemon=True).start()

    def look(self) -> None:
        """Takes over what the folder holds if that is new, and has been the same for two looks."""
        if self._checker is None:
            self._read_refusal()
        before, self._seen = self._seen, _mark(self._folder)
        if self._seen in (None, self._taken):
            return
        if before != self._seen:
            return
        self._taken = self._seen
        try:
            self._take(self._loaded())
        except ModelError as error:
            self._refuse(error.found)
            log.error("the models are refused: %s", error)

    def _look_on(self) -> None:
        while True:
            threading.Event().wait(LOOK_SECONDS)
            try:
                self.look()
            except Exception:
                log.exception("the models could not be looked at")

    def _loaded(self) -> Scorer:
        """The scorer of the folder, of a copy of it that nobody changes between the look at it and its reading."""
        if self._checker is None:
            return load_models(self._folder.resolve())
        with tempfile.TemporaryDirectory(prefix="pinch-models-") as place:
            try:
                copied = Path(shutil.copytree(self._folder, Path(place) / "models"))
            except (OSError, shutil.Error) as error:
                raise ModelError(
                    where=str(self._folder),
                    found=f"{type(error).__name__} on reading it",
                    expected="a folder of models",
                    mend="fetch the models again by pinch fetch",
                ) from None
            self._checker.require_sound(copied)
            return load_models(copied)

    def _take(self, scorer: Scorer) -> None:
        self._serve(scorer)
        until = scorer.defection.facts.get("trained_until")
        note_champion(
            self.version, scorer.version, None if until is None else str(until)
        )
        self.version, self.since = scorer.version, datetime.now(UTC)
        self.refused = None
        log.info("serving %s", self.version)

    def _refuse(self, found: str | None) -> None:
        if found and found != self.refused:
            note_refused()
        self.refused = found

    def _read_refusal(self) -> None:
        try:
            told = (self._folder.parent / REFUSED).read_text(encoding="utf-8")
        except OSError:
            told = ""
        self._refuse(told or None)


def _mark(folder: Path) -> Mark | None:
    """What changes when a folder of models does; None where there is none."""
    try:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        stats = [(str(path.resolve()), path.stat()) for path in files]
    except OSError:
        return None
    return tuple(
        (name, found.st_ino, found.st_mtime_ns, found.st_size) for name, found in stats
    )
