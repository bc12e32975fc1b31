"""Publishing: nights that appear whole, a pointer that moves last, revisions, turns, leftovers."""

import errno
import json
import os
import random
import signal
import time
from contextlib import suppress
from datetime import date
from hashlib import sha256

import pytest

from features.errors import BusyError, NightError
from serving.publishing import durable
from serving.publishing.manifest import About, differing
from serving.publishing.nights import (
    current,
    last_before,
    newest_of,
    published_nights,
)
from serving.publishing.publish import Outcome, publish
from serving.publishing.staging import staging, sweep
from serving.publishing.turn import turn

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


def put(nights, as_of, version="rules", **files):
    """Publishes a night of some files, each a text by its name."""
    with turn(nights), staging(nights) as made:
        for name, text in files.items():
            (made.night / name).write_text(text)
        return publish(made, About(as_of, version, {"accounts": 3}))


def places(nights):
    return [night.place for night in published_nights(nights)]


def test_a_night_lies_under_its_date_and_models_with_a_manifest_and_is_followed(
    tmp_path,
):
    done = put(tmp_path, FRIDAY, "defection-2 migration-1", scores="1", list="ab")
    place = "2026-11-20/defection-2_migration-1"
    assert (done.outcome, done.is_current) == (Outcome.PUBLISHED, True)
    assert os.readlink(tmp_path / "current") == place
    assert json.loads((tmp_path / place / "manifest.json").read_bytes()) == {
        "as_of": "2026-11-20",
        "model_version": "defection-2 migration-1",
        "revision": 1,
        "counts": {"accounts": 3},
        "settings": {},
        "files": {
            "list": {"sha256": sha256(b"ab").hexdigest(), "bytes": 2},
            "scores": {"sha256": sha256(b"1").hexdigest(), "bytes": 1},
        },
    }
    assert {path.name for path in tmp_path.iterdir()} == {
        "2026-11-20",
        "current",
        ".pinch-lock",
    }


def test_the_same_night_again_is_the_same_and_writes_nothing(tmp_path):
    first = put(tmp_path, FRIDAY, scores="1")
    written = (first.night.folder / "manifest.json").stat().st_mtime_ns
    again = put(tmp_path, FRIDAY, scores="1")
    assert (again.outcome, again.night) == (Outcome.SAME, first.night)
    assert (first.night.folder / "manifest.json").stat().st_mtime_ns == written
    assert places(tmp_path) == ["2026-11-20/rules"]


def test_other_files_are_a_further_revision_beside_the_first(tmp_path):
    for text in ("1", "2", "3"):
        done = put(tmp_path, FRIDAY, scores=text)
    assert done.outcome is Outcome.REVISED
    assert (done.before.revision, done.night.revision) == (2, 3)
    rules = "2026-11-20/rules"
    assert places(tmp_path) == [rules, f"{rules}+r2", f"{rules}+r3"]
    texts = [(tmp_path / place / "scores").read_text() for place in places(tmp_path)]
    assert texts == ["1", "2", "3"]
    assert current(tmp_path).place == f"{rules}+r3"
    assert newest_of(tmp_path, FRIDAY, "rules").revision == 3


def test_an_earlier_night_is_published_and_never_followed(tmp_path):
    put(tmp_path, SATURDAY, scores="2")
    for text in ("1", "corrected"):
        assert not put(tmp_path, FRIDAY, scores=text).is_current
        assert current(tmp_path).as_of == SATURDAY
    assert put(tmp_path, SATURDAY, "other", scores="2").is_current


def test_the_night_before_is_the_one_that_was_followed(tmp_path):
    assert last_before(tmp_path, FRIDAY) is None
    put(tmp_path, FRIDAY, "b", scores="1")
    put(tmp_path, FRIDAY, "a", scores="1")
    assert last_before(tmp_path, FRIDAY) is None
    assert last_before(tmp_path, SATURDAY).model_version == "a"
    put(tmp_path, SATURDAY, "a", scores="1")
    assert (
        last_before(tmp_path, SATURDAY).model_version == "b"
    )  # none of it is followed


def test_a_pointer_that_was_left_behind_is_mended_by_the_same_night(tmp_path):
    put(tmp_path, FRIDAY, scores="1")
    put(tmp_path, SATURDAY, scores="2")
    os.unlink(tmp_path / "current")
    os.symlink("2026-11-20/rules", tmp_path / "current")
    assert put(tmp_path, SATURDAY, scores="2").outcome is Outcome.SAME
    assert current(tmp_path).as_of == SATURDAY


def test_a_night_that_is_not_as_published_is_told_and_never_built_upon(tmp_path):
    night = put(tmp_path, FRIDAY, scores="1", list="a").night
    (night.folder / "scores").write_text("2")
    (night.folder / "list").unlink()
    (night.folder / "more").write_text("")
    assert differing(night.folder, night.manifest) == ["list", "more", "scores"]
    with pytest.raises(NightError, match="list, more, scores not as published"):
        put(tmp_path, FRIDAY, scores="1", list="a")


def test_what_is_no_night_and_no_pointer_is_said(tmp_path):
    with pytest.raises(NightError, match="a night without files"):
        put(tmp_path, FRIDAY)
    put(tmp_path, FRIDAY, scores="1")
    (tmp_path / "current").unlink()
    (tmp_path / "current").mkdir()
    with pytest.raises(NightError, match="expected a symbolic link"):
        current(tmp_path)
    (tmp_path / "2026-11-20/rules/manifest.json").write_text("{}")
    with pytest.raises(NightError, match="no manifest that can be read"):
        published_nights(tmp_path)


# Turns and leftovers


def test_the_second_leaves_or_waits(tmp_path):
    ready, go_on = os.pipe()
    holder = os.fork()
    if not holder:
        with turn(tmp_path):
            os.write(go_on, b"1")
            signal.sigtimedwait([signal.SIGTERM], 0.5)
        os._exit(0)
    os.read(ready, 1)
    with pytest.raises(BusyError, match="one at a time"), turn(tmp_path):
        pass
    with turn(tmp_path, wait=10):
        pass
    os.waitpid(holder, 0)


def test_leftovers_of_the_dead_are_swept_and_no_one_elses(tmp_path):
    dead = tmp_path / ".pinch-staging-dead"
    (dead / "night").mkdir(parents=True)
    for others in ("staging", ".other-staging-1", "notes.txt.pinch-part"):
        (tmp_path / others).mkdir()
    (tmp_path / ".pinch-staging-file").write_text("no folder")
    with staging(tmp_path) as alive:
        assert not dead.exists()
        assert sweep(tmp_path) == []
        assert alive.night.exists()
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == [
        *(".other-staging-1", ".pinch-staging-file"),
        *("notes.txt.pinch-part", "staging"),
    ]


# Kills and faults: a child process publishes, and at the Nth call on the file system it dies or is refused


CALLS = ("open", "fsync", "rename", "symlink", "mkdir")


def published_until(nights, place, at_that_call):
    """Publishes Saturday in a child, at whose call of some number something happens; how the child ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    made = [0]

    def counted(call):
        def counting(*arguments, **more):
            made[0] += 1
            if made[0] == place:
                at_that_call()
            return call(*arguments, **more)

        return counting

    code = 1
    with suppress(OSError), turn(nights), staging(nights) as staged:
        (staged.night / "scores").write_text("tonight")
        (staged.night / "list").write_text("tonight")
        for name in CALLS:
            setattr(os, name, counted(getattr(os, name)))
        publish(staged, About(SATURDAY, "rules"))
        code = 0
    os._exit(code)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(number):
    def refusing():
        raise OSError(number, os.strerror(number))

    return refusing


def whole(nights):
    """The date that readers see, all of whose files are as published."""
    seen = current(nights)
    assert differing(seen.folder, seen.manifest) == []
    return seen.as_of


@pytest.fixture
def last_night(tmp_path):
    put(tmp_path, FRIDAY, scores="1")
    return tmp_path


def tonight_of(nights):
    done = put(nights, SATURDAY, scores="tonight", list="tonight")
    assert whole(nights) == SATURDAY
    assert places(nights) == ["2026-11-20/rules", "2026-11-21/rules"]
    assert not [*nights.glob(".pinch-staging-*")]
    return (done.night.folder / "manifest.json").read_bytes()


def test_killed_at_any_call_readers_see_last_night_or_tonight_and_a_rerun_is_identical(
    last_night, tmp_path_factory
):
    clean = tmp_path_factory.mktemp("clean")
    put(clean, FRIDAY, scores="1")
    put(clean, SATURDAY, scores="tonight", list="tonight")
    expected = (clean / "current" / "manifest.json").read_bytes()
    seen = []
    for place in range(1, 100):
        ended = published_until(last_night, place, die)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        seen.append(whole(last_night))
        again = tonight_of(last_night)
        assert json.loads(again)["files"] == json.loads(expected)["files"]
        _forget_saturday(last_night)
    assert len(seen) >= 14
    assert seen == sorted(seen)
    assert {*seen} == {FRIDAY, SATURDAY}


def test_killed_at_30_random_moments_readers_see_last_night_or_tonight(last_night):
    draws = random.Random(0)
    for _ in range(30):
        child = os.fork()
        if not child:
            large = "tonight" * 150_000
            put(last_night, SATURDAY, **{f"file_{place}": large for place in range(9)})
            os._exit(0)
        time.sleep(draws.uniform(0, 0.04))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if whole(last_night) == SATURDAY:
            _forget_saturday(last_night)
    with staging(last_night):
        assert len([*last_night.glob(".pinch-staging-*")]) == 1


def test_refused_at_any_call_last_night_is_still_served(last_night):
    errors = (errno.ENOSPC, errno.EIO, errno.EROFS)
    for place in range(1, 100):
        ended = published_until(last_night, place, refuse(errors[place % 3]))
        if ended == 0:
            break
        assert ended == 1
        assert whole(last_night) == FRIDAY
        assert not [*last_night.glob(".pinch-staging-*")]
        tonight_of(last_night)
        _forget_saturday(last_night)
    assert place >= 14


def _forget_saturday(nights):
    durable.point(nights / "current", "2026-11-20/rules", nights / "spare")
    (saturday,) = nights.glob("2026-11-21")
    for path in sorted(saturday.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    saturday.rmdir()
