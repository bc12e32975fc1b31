"""The champion of a worker: what comes into the folder is taken over if it is sound, and the old goes on if not."""

import json
import random
import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import stores

from features.errors import ModelError
from models.fitted.artefact import seal
from serving.endpoint.champion import Champion
from serving.endpoint.checking import Checker


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    stores.save(folder)
    return folder


@pytest.fixture(scope="module")
def checker():
    one = Checker()
    yield one
    one.close()


def copied(tiny, place, version="defection-2 migration-2"):
    """A copy of the models by another version, sealed."""
    shutil.copytree(tiny, place)
    (place / "VERSION").write_text(version)
    seal(place)
    return place


def forge(folder, file, change):
    """Changes a file, and makes the manifest and the seal fit."""
    path = folder / file
    before = path.read_text()
    path.write_text(change(before))
    assert path.read_text() != before
    model = path.parent
    described = json.loads((model / "manifest.json").read_text())
    described[path.name] = sha256(path.read_bytes()).hexdigest()
    (model / "manifest.json").write_text(json.dumps(described))
    seal(folder)


def test_sound_models_are_told_by_their_version(checker, tiny):
    assert checker.require_sound(tiny) == "defection-1 migration-1"


DAMAGES = {
    "a byte is flipped": lambda f: _flip(f / "defection" / "90d.booster.txt", 700),
    "a file is cut": lambda f: _cut(f / "migration" / "booster.txt"),
    "a file is missing": lambda f: (f / "migration" / "booster.txt").unlink(),
    "a model is missing": lambda f: shutil.rmtree(f / "migration"),
    "the seal is missing": lambda f: (f / "SHA256SUMS").unlink(),
    "the version is another": lambda f: (f / "VERSION").write_text("defection-9"),
    "the manifest names nothing": lambda f: forge(
        f, "defection/manifest.json", lambda _: "{}"
    ),
    "a forged cut": lambda f: forge(
        f, "defection/90d.booster.txt", lambda text: text[: len(text) // 2]
    ),
    "a forged leaf": lambda f: forge(f, "defection/90d.booster.txt", _other_leaf),
    "a forged weight": lambda f: forge(
        f, "defection/90d.linear.json", lambda text: text.replace("0.", "1.")
    ),
    "forged answers": lambda f: forge(f, "defection/model.json", _without_answers),
    "a text that is no model": lambda f: forge(
        f, "migration/booster.txt", lambda _: "tree\n"
    ),
}


def _flip(path, place):
    found = bytearray(path.read_bytes())
    found[place] ^= 1
    path.write_bytes(found)


def _cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def _other_leaf(text):
    lines = [
        "leaf_value=" + " ".join(str(float(v) + 0.5) for v in line[11:].split())
        if line.startswith("leaf_value=")
        else line
        for line in text.splitlines()
    ]
    return "\n".join(lines)


def _without_answers(text):
    described = json.loads(text)
    del described["known_answers"]
    return json.dumps(described)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_models_are_refused(checker, tiny, tmp_path, damage):
    folder = copied(tiny, tmp_path / "models")
    DAMAGES[damage](folder)
    with pytest.raises(ModelError, match=r"expected .*; to mend: "):
        checker.require_sound(folder)


@pytest.fixture
def served(checker):
    """What was given to a worker to serve, and a worker of a folder."""
    given = []

    def make(folder, watched=False):
        looks = None if watched else checker
        champion = Champion(folder, looks, lambda scorer: given.append(scorer.version))
        champion.look()
        champion.look()
        return champion

    return given, make


def test_another_folder_in_its_place_is_taken_over_and_so_is_the_first_again(
    served, tiny, tmp_path
):
    given, make = served
    shutil.copytree(tiny, tmp_path / "models")
    champion = make(tmp_path / "models")
    copied(tiny, tmp_path / "next")
    (tmp_path / "models").rename(tmp_path / "before")
    (tmp_path / "next").rename(tmp_path / "models")
    looked_twice(champion)
    assert champion.version == "defection-2 migration-2"
    (tmp_path / "models").rename(tmp_path / "bad")
    (tmp_path / "before").rename(tmp_path / "models")
    looked_twice(champion)
    assert given == [f"defection-{n} migration-{n}" for n in (1, 2, 1)]


def looked_twice(champion):
    champion.look()
    champion.look()


def test_a_folder_that_is_being_written_is_left_until_it_holds_still(
    served, tiny, tmp_path
):
    given, make = served
    shutil.copytree(tiny, tmp_path / "models")
    champion = make(tmp_path / "models")
    for number in range(3):
        (tmp_path / "models" / "VERSION").write_text(f"defection-{number + 2}")
        champion.look()
    seal(tmp_path / "models")
    looked_twice(champion)
    assert given == ["defection-1 migration-1", "defection-4"]
    assert champion.refused is None


def test_a_bad_one_is_refused_once_and_the_old_goes_on(served, tiny, tmp_path):
    given, make = served
    shutil.copytree(tiny, tmp_path / "models")
    champion = make(tmp_path / "models")
    _flip(tmp_path / "models" / "defection" / "90d.booster.txt", 700)
    looked_twice(champion)
    looked_twice(champion)
    assert given == ["defection-1 migration-1"]
    assert (champion.version, champion.refused) == (
        "defection-1 migration-1",
        "1 files that are not those that were sealed",
    )


def test_a_worker_without_good_models_waits_for_them(served, tiny, tmp_path):
    given, make = served
    champion = make(tmp_path / "models")
    assert (champion.version, given) == (None, [])
    copied(tiny, tmp_path / "models", "defection-3")
    looked_twice(champion)
    assert champion.version == "defection-3"


def test_a_watched_link_is_followed_and_a_refusal_beside_it_is_told(
    served, tiny, tmp_path
):
    given, make = served
    copied(tiny, tmp_path / "1", "defection-1")
    copied(tiny, tmp_path / "2", "defection-2")
    link = tmp_path / "current"
    link.symlink_to("1")
    champion = make(link, watched=True)
    (tmp_path / "refused").write_text("nothing good")
    champion.look()
    assert champion.refused == "nothing good"
    (tmp_path / "refused").unlink()
    (tmp_path / "aside").symlink_to("2")
    (tmp_path / "aside").replace(link)
    looked_twice(champion)
    assert given == ["defection-1", "defection-2"]
    assert champion.refused is None


def test_known_answers_hold_no_row_of_the_training(tiny):
    kept = json.loads((tiny / "defection" / "model.json").read_text())["known_answers"]
    days = {day for day in json.loads(kept)["rows"]["days_silent"] if day is not None}
    assert days & set(stores.frame()["days_silent"]) == set()
    assert days <= set(np.array([0, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 90, 365, 1000.0]))
    assert Path(tiny / "SHA256SUMS").read_text().count("  ") == 8


@pytest.mark.slow
def test_of_two_hundred_damaged_folders_none_is_served_and_nothing_exits(
    checker, tiny, tmp_path
):
    draws = random.Random(7)
    for number in range(200):
        folder = copied(tiny, tmp_path / str(number))
        damage = draws.choice([flipped, cut, removed, forged_cut, forged_columns])
        damage(draws, folder)
        with pytest.raises(ModelError):
            checker.require_sound(folder)
        shutil.rmtree(folder)
    assert checker.require_sound(tiny) == "defection-1 migration-1"


def _any_file(draws, folder):
    return draws.choice(sorted(path for path in folder.rglob("*") if path.is_file()))


def flipped(draws, folder):
    path = _any_file(draws, folder)
    _flip(path, draws.randrange(path.stat().st_size))


def cut(draws, folder):
    path = _any_file(draws, folder)
    path.write_bytes(path.read_bytes()[: draws.randrange(path.stat().st_size)])


def removed(draws, folder):
    _any_file(draws, folder).unlink()


def forged_cut(draws, folder):
    name = draws.choice(["defection/90d.booster.txt", "migration/booster.txt"])
    forge(folder, name, lambda text: text[: draws.randrange(len(text))])


def forged_columns(draws, folder):
    def other(text):
        described = json.loads(text)
        described["columns"] = described["columns"][::-1]
        return json.dumps(described)

    forge(folder, draws.choice(["defection", "migration"]) + "/model.json", other)
