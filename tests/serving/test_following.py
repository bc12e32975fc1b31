"""A server that follows its store: promotions, rollbacks, and champions that are no good."""

from contextlib import closing

import pytest
import stores

from benchmarks import promotions
from features.errors import ModelError
from models.fitted.artefact import read_folder, write_folder
from models.registry.registry import Registry
from serving.endpoint.checking import Checker
from serving.following import Follower

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path):
    """A store whose champion is version 1, and whose challenger is version 2."""
    folder = tmp_path / "store"
    stores.train(folder)
    Registry(str(folder)).promote()
    stores.train(folder)
    return folder


@pytest.fixture
def checker():
    with closing(Checker()) as one:
        yield one


def test_the_link_follows_the_champion_and_what_is_refused_stays_out(
    store, tmp_path, checker
):
    place, registry, checker = tmp_path / "place", Registry(str(store)), checker
    place.mkdir()
    follower = Follower(registry, place, checker)
    follower.look()
    assert version_of(follower.link) == "defection-1 migration-1"
    registry.promote()
    follower.look()
    assert version_of(follower.link) == "defection-2 migration-2"
    stores.train(store)
    registry.promote()
    damage(store)
    with pytest.raises(ModelError, match="whose manifest has"):
        follower.look()
    assert version_of(follower.link) == "defection-2 migration-2"
    assert "pinch-defection 3" in (place / "refused").read_text()
    registry.rollback()
    follower.look()
    assert version_of(follower.link) == "defection-2 migration-2"
    assert not (place / "refused").exists()


def version_of(link):
    return (link / "VERSION").read_text()


def damage(store):
    """Changes the newest defection model of a store, and makes its manifest fit."""
    texts = (store / "artifacts").rglob("model.json")
    ours = [file for file in texts if '"defection"' in file.read_text()]
    newest = max(ours, key=lambda file: file.stat().st_mtime_ns)
    files = read_folder(newest.parent)
    files["model.json"] = files["model.json"].replace("basic", "silver")
    write_folder(newest.parent, files)


def test_nothing_fails_and_nothing_is_mixed_while_champions_come_and_go(
    store, tmp_path
):
    outcome = promotions.run(store, tmp_path, promotions=3, rollbacks=1, requests=300)
    assert outcome.failed == {}
    assert outcome.mixed == 0
    assert outcome.requests >= 300
    assert len(outcome.answers) == 4  # the first one, and three with other risks
    assert max(outcome.seconds) < 5
