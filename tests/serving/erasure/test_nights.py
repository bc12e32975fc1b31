"""Nights without an account: killed at any call of the file system, files are whole and a rerun ends the same."""

import json
import os
import signal
from datetime import date

import pandas as pd
import pyarrow.parquet as pq
import pytest
from editions import scores

from serving.erasure.nights import erase_from_night, folders_of_nights
from serving.erasure.rewriting import PLAN
from serving.night_folder import digest, note_of, read_note, write_scores
from serving.publishing.manifest import About, differing, read_manifest
from serving.publishing.publish import publish
from serving.publishing.staging import staging
from serving.publishing.turn import turn

FRIDAY = date(2026, 11, 20)
RISKS = {"A1": 0.9, "A2": 0.1, "A3": 0.4}
LIST = 'rank,"account_id"\n1,"A1"\n2,"A3"\n3,"A2"\n'
CALLS = ("open", "fsync", "replace", "unlink")


def files(night):
    (night / "worklist.csv").write_text(LIST)
    (night / "histories").mkdir()
    rows = pd.DataFrame({"account_id": ["A1", "A2", "A2"], "kind": ["use"] * 3})
    history = "histories/interactions.parquet"
    rows.to_parquet(night / history, row_group_size=2)
    (night / "quadrants.png").write_bytes(b"points")
    noted = ("worklist.csv", "quadrants.png", history)
    note = note_of({name: night / name for name in noted})
    write_scores(scores(RISKS), night / "scores.parquet", note)


@pytest.fixture
def publish_to():
    def make(nights):
        with turn(nights), staging(nights) as made:
            files(made.night)
            counts = {"accounts": 3, "listed": 3, "rows": {"accounts": 3}}
            return publish(made, About(FRIDAY, "rules", counts)).night.folder

    return make


def is_whole(night):
    """Whether the note of the scores tells of the files that are there."""
    note = read_note(pq.read_schema(night / "scores.parquet"))
    return all(digest(night / name) == sha for name, sha in note.files.items())


def ids(night, name):
    return pq.read_table(night / name)["account_id"].to_pylist()


def require_erased(night):
    assert ids(night, "scores.parquet") == ["A2", "A3"]
    assert ids(night, "histories/interactions.parquet") == ["A2", "A2"]
    listed = 'rank,"account_id"\n1,"A3"\n2,"A2"\n'
    assert (night / "worklist.csv").read_text() == listed
    assert is_whole(night)
    manifest = read_manifest(night)
    assert differing(night, manifest) == []
    assert manifest.about.counts == {
        "accounts": 2, "listed": 2, "rows": {"accounts": 3},
    }  # fmt: skip


def test_a_night_without_an_account(publish_to, tmp_path):
    night = publish_to(tmp_path)
    assert erase_from_night(night, {"A1"}) == {
        "histories/interactions.parquet": 1, "scores.parquet": 1, "worklist.csv": 1,
    }  # fmt: skip
    require_erased(night)
    written = (night / "manifest.json").read_bytes()
    assert erase_from_night(night, {"A1"}) == {}
    assert (night / "manifest.json").read_bytes() == written
    assert (night / "quadrants.png").read_bytes() == b"points"


def test_who_is_not_in_it_leaves_it_as_it_is(publish_to, tmp_path):
    night = publish_to(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in night.rglob("*")}
    assert erase_from_night(night, {"A9"}) == {}
    assert {path: path.stat().st_mtime_ns for path in night.rglob("*")} == before


def killed_at(place, night):
    """Erases in a child that is killed at the call of some number; whether it was."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    made = [0]

    def counted(call):
        def counting(*arguments, **more):
            made[0] += 1
            if made[0] == place:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **more)

        return counting

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))
    erase_from_night(night, {"A1"})
    os._exit(0)


def test_killed_at_any_call_a_rerun_finishes_it(publish_to, tmp_path):
    kills = 0
    for place in range(1, 100):
        night = publish_to(tmp_path / str(place))
        if not killed_at(place, night):
            break
        kills += 1
        # Each file is whole, before or after; the list is never half of each.
        assert len(ids(night, "scores.parquet")) in (2, 3)
        assert (night / "worklist.csv").read_text().count("\n") in (3, 4)
        if not (night / PLAN).exists():
            assert is_whole(night)
        erase_from_night(night, {"A1"})
        require_erased(night)
        assert not [*night.rglob("*pinch-*")]
    assert kills >= 15


def test_folders_of_nights_are_found_wherever_they_lie(publish_to, tmp_path):
    night = publish_to(tmp_path / "nights")
    plain = tmp_path / "nights" / "plain"
    plain.mkdir()
    files(plain)
    assert folders_of_nights(tmp_path / "nights") == sorted([night, plain])
    assert folders_of_nights(plain) == [plain]
    assert folders_of_nights(tmp_path / "none") == []


def test_a_plan_that_was_left_is_carried_out_by_the_next_erasure(publish_to, tmp_path):
    night = publish_to(tmp_path)
    (night / "tonight.html.pinch-part").write_text("after")
    (night / "tonight.html").write_text("before")
    (night / PLAN).write_text(json.dumps({"tonight.html": True, "old.xlsx": False}))
    (night / "old.xlsx").write_text("before")
    erase_from_night(night, {"A9"})
    assert (night / "tonight.html").read_text() == "after"
    assert not (night / "old.xlsx").exists()
    assert not (night / PLAN).exists()
