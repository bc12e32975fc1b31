"""Following the store: its champion is fetched when it is another one, looked at, and handed to the workers.

The workers read a link, which is moved in one step to the folder of a champion that is sound. One that is not is
refused in a file beside the link, and what was served goes on.
"""

from __future__ import annotations

import logging
import math
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from features.errors import ModelError
from models.registry.registry import Registry
from models.registry.versions import Version
from serving.champions import fetch_champions
from serving.endpoint.champion import REFUSED
from serving.endpoint.checking import Checker
from serving.endpoint.request_log import as_json

LOOK_SECONDS = 0.5
AGAIN_SECONDS, NEVER = 30.0, math.inf
"""After which one that was refused is tried again: the store may have been out of reach."""
_KEPT = 3
"""Folders of champions that stay: workers may still be reading the one before, and a rollback finds it here."""

log = logging.getLogger("pinch.following")


class Follower:
    """Keeps a link at the champion of a store.

    Args:
        registry: of the store.
        place: a folder of ours, for the link and what it leads to.
        checker: looks at what was fetched.

    Attributes:
        link: to the folder of the champion.
    """

    def __init__(self, registry: Registry, place: Path, checker: Checker) -> None:
        self._registry, self._place, self._checker = registry, place, checker
        self.link = place / "current"
        self._mark: object = None
        self._tried: list[Version] = []
        self._again = NEVER
        self._sound: dict[tuple[Version, ...], Path] = {}

    def look(self) -> None:
        """Takes over the champion, if it is not the one that was tried last.

        Raises:
            ModelError: there is none, the store does not answer, or it is not sound.
        """
        mark = self._registry.mark()
        if mark is not None and mark == self._mark:
            return
        champions = self._registry.champions()
        if champions != self._tried or time.monotonic() > self._again:
            self._try(champions)
        if self._again == NEVER:
            self._mark = mark

    def look_on(self, stop: threading.Event) -> None:
        """Looks again and again; what goes wrong is logged, and what was served goes on."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except ModelError as error:
                log.error("%s", error)
            except Exception:
                log.exception("the store could not be looked at")

    def _try(self, champions: list[Version]) -> None:
        self._tried, self._again = champions, time.monotonic() + AGAIN_SECONDS
        wanted = tuple(champions)
        try:
            folder = self._sound.pop(wanted, None) or self._fetched()
        except ModelError as error:
            names = " ".join(f"{each.name} {each.number}" for each in champions)
            self._write(REFUSED, f"{names}: {error.found}")
            raise
        self._sound[wanted] = folder
        self._again = NEVER
        self._point(folder)
        (self._place / REFUSED).unlink(missing_ok=True)
        for former in list(self._sound)[:-_KEPT]:
            shutil.rmtree(self._sound.pop(former), ignore_errors=True)

    def _fetched(self) -> Path:
        """The folder of the champion, fetched and found sound."""
        folder = Path(tempfile.mkdtemp(prefix="models-", dir=self._place))
        try:
            fetch_champions(self._registry, folder)
            self._checker.require_sound(folder)
        except ModelError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return folder

    def _point(self, folder: Path) -> None:
        aside = self._place / ".current"
        aside.symlink_to(folder.name)
        aside.replace(self.link)

    def _write(self, name: str, text: str) -> None:
        aside = self._place / f".{name}"
        aside.write_text(text, encoding="utf-8")
        aside.replace(self._place / name)


@contextmanager
def following(store: str, place: Path) -> Iterator[Path]:
    """A link to the folder of the champion of a store, which goes with the champion until the end of the block.

    Raises:
        ModelError: there is none at the beginning, or it is not sound.
    """
    checker = Checker()
    stop = threading.Event()
    told = as_json(logging.StreamHandler())
    log.addHandler(told)
    try:
        follower = Follower(Registry(store), place, checker)
        follower.look()
        looking = threading.Thread(target=follower.look_on, args=[stop], daemon=True)
        looking.start()
        try:
            yield follower.link
        finally:
            stop.set()
            looking.join()
    finally:
        checker.close()
        log.removeHandler(told)
