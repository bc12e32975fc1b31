"""The path to exceptional, on the sample company and its champions."""

from dataclasses import replace

import pytest

from features.edits.levers import LEVERS
from features.errors import EvidenceError
from serving.scorer import load_models
from serving.whatif.cards import can_tell, paths_on_cards
from serving.whatif.path import ENOUGH, paths
from serving.whatif.scene import scene_of
from training.effects.doses import dose_effects
from training.past.observed import observe


@pytest.fixture(scope="module")
def scene(sample_book, models_folder):
    return scene_of(sample_book, load_models(models_folder), sample_book.end)


@pytest.fixture(scope="module")
def effects(sample_book):
    return dose_effects(observe(sample_book))


@pytest.fixture(scope="module")
def told(scene, effects):
    return paths(scene, effects, list(scene.frame.index[:12]))


def test_the_best_lever_comes_first_and_all_are_ours(told):
    known = {lever.name for lever in LEVERS}
    for path in told:
        more = [row["more"]["mean"] for row in path["levers"]]
        assert more == sorted(more, reverse=True)
        assert {row["levers"][0] for row in path["levers"]} <= known


def test_chances_are_those_of_the_night_and_what_is_added(scene, told):
    for path in told:
        row = scene.frame.loc[[path["account_id"]]].reset_index()
        quadrants = scene.scorer.migration.quadrants(row)
        stays = 1 - scene.risks.loc[path["account_id"], 90]
        assert path["now"] == pytest.approx(quadrants[0, 3] * stays)
        for lever in path["levers"]:
            chance, more = lever["chance"], lever["more"]
            assert chance["mean"] == pytest.approx(path["now"] + more["mean"])
            assert 0 <= chance["low"] <= chance["high"] <= 1


def test_a_pair_is_of_two_levers_that_are_offered(told):
    for path in told:
        offered = {row["levers"][0] for row in path["levers"]}
        assert set(path["pair"]["levers"]) <= offered


def test_thin_is_fewer_than_enough_alike(told):
    rows = [row for path in told for row in path["levers"]]
    assert all(row["thin"] == (row["accounts_like"] < ENOUGH) for row in rows)
    assert any(row["thin"] for row in rows)


def test_one_account_alone_is_told_as_among_others(scene, effects, told):
    (alone,) = paths(scene, effects, [told[0]["account_id"]])
    assert alone["now"] == pytest.approx(told[0]["now"])
    for mine, among in zip(alone["levers"], told[0]["levers"], strict=True):
        assert mine["levers"] == among["levers"]
        assert mine["accounts_like"] == among["accounts_like"]
        assert mine["chance"] == pytest.approx(among["chance"])


def test_models_that_know_no_quadrants_are_refused(scene, effects, told):
    blind = replace(scene, scorer=replace(scene.scorer, migration=None))
    with pytest.raises(EvidenceError, match="know no quadrants"):
        paths(blind, effects, [told[0]["account_id"]])


def test_who_is_not_there_is_refused_without_a_name(scene, effects):
    with pytest.raises(EvidenceError, match="no customer at the date") as refused:
        paths(scene, effects, ["Nobody Atall"])
    assert "Nobody" not in str(refused.value)


def test_cards_tell_what_the_command_tells_and_nothing_that_does_not_help(
    scene, effects, told
):
    ids = [path["account_id"] for path in told]
    cards = paths_on_cards(scene.book, scene.scorer, scene.as_of, effects, ids)
    assert sorted(cards) == sorted(ids)
    for path in told:
        card = cards[path["account_id"]]
        assert card["now"] == f"{path['now']:.0%}"
        helping = [row for row in path["levers"][:2] if row["more"]["mean"] > 0]
        said = [lever["sentence"].lower() for lever in card["levers"]]
        assert said[: len(helping)] == [row["sentence"].lower() for row in helping]
        for row, lever in zip(helping, card["levers"], strict=False):
            assert lever["more"].startswith(f"+{100 * row['more']['mean']:.1f} points")
            assert lever["more"].endswith("thin evidence") == row["thin"]


def test_cards_tell_no_path_without_a_model_of_quadrants(scene):
    assert can_tell(scene.scorer)
    assert not can_tell(replace(scene.scorer, migration=None))
