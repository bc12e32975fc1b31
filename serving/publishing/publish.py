"""Publishing a night: all of it gets its place at once, and the pointer moves last."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from features.errors import NightError
from serving.publishing.durable import move, point, sync_tree, write
from serving.publishing.layout import CURRENT, MANIFEST, place_of
from serving.publishing.manifest import About, Manifest, differing, files_of
from serving.publishing.nights import Published, current, newest_of
from serving.publishing.staging import Staging


class Outcome(StrEnum):
    """What became of a night."""

    PUBLISHED = "published"
    SAME = "same"
    REVISED = "revised"


@dataclass(frozen=True)
class Publication:
    """A night that is there.

    Attributes:
        night: as it is published.
        outcome: whether it was published now, was there already to the byte, or is a revision of one that stays.
        is_current: whether the pointer names it.
        before: the revision that it was compared with, if any.
    """

    night: Published
    outcome: Outcome
    is_current: bool
    before: Published | None = None


def publish(made: Staging, about: About) -> Publication:
    """Publishes the night whose files lie in a staging folder.

    Where it was published before with other files, it becomes a further revision; with the same ones, nothing is
    written. The pointer moves to it, unless it names a night of a later date.

    Args:
        made: where the files are; the caller has the turn, see `serving.publishing.turn`.
        about: what the night is.

    Raises:
        OSError: it cannot be written; then readers see what they saw before.
        NightError: there are no files, or a night that was published is damaged.
    """
    nights, files = made.nights, files_of(made.night)
    if not files:
        raise NightError(
            where=str(nights),
            found="a night without files",
            expected="its scores and list",
            mend="run pinch night again",
        )
    before = newest_of(nights, about.as_of, about.model_version)
    if before is not None:
        _require_sound(before)
        if before.manifest.files == files:
            return Publication(before, Outcome.SAME, follow(before, made), before)
    revision = 1 if before is None else before.revision + 1
    manifest = Manifest(about, files, revision)
    write(made.night / MANIFEST, manifest.as_json())
    sync_tree(made.night)
    place = nights / place_of(about.as_of, about.model_version, revision)
    move(made.night, place)
    night = Published(place, manifest)
    outcome = Outcome.PUBLISHED if before is None else Outcome.REVISED
    return Publication(night, outcome, follow(night, made), before)


def follow(night: Published, made: Staging) -> bool:
    """Points readers to a night, unless they follow one of a later date; whether they follow it now."""
    followed = current(made.nights)
    if followed is not None and followed.as_of > night.as_of:
        return False
    if followed is None or followed.place != night.place:
        point(made.nights / CURRENT, night.place, made.spare)
    return True


def _require_sound(night: Published) -> None:
    changed = differing(night.folder, night.manifest)
    if changed:
        raise NightError(
            where=str(night.folder),
            found=f"{', '.join(changed)} not as published",
            expected="the files that its manifest names",
            mend="restore them from a backup, or move this folder away and run pinch night again",
        )
