"""The dictionary is complete, and its page is the one that the code would write."""

import re
from pathlib import Path

from features import themes as room
from features.themes.dictionary import FEATURES, THEMES, page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_current():
    assert (DOCS / "features.md").read_text() == page()


def test_every_feature_is_described_once():
    names = [feature.name for theme in THEMES for feature in theme.features]
    assert len(names) == len(set(names)) == len(FEATURES)
    for feature in FEATURES.values():
        assert re.fullmatch(r"[a-z0-9_]+", feature.name)
        assert (
            feature.meaning.endswith((".", ")")) and "{window}" not in feature.meaning
        ), feature.name
        assert feature.unit and feature.seeds, feature.name
        assert all(
            re.fullmatch(r"S([1-9]|[12][0-9]|3[0-5])", seed) for seed in feature.seeds
        ), feature.name


def test_every_file_of_a_theme_is_in_the_dictionary():
    folder = Path(room.__path__[0])
    files = {f"features/themes/{file.name}" for file in folder.glob("*.py")}
    others = {"__init__", "dictionary", "lineage", "own", "own_sayings"}
    themes = files - {f"features/themes/{name}.py" for name in others}
    assert set(re.findall(r"^`(features/themes/\w+\.py)`", page(), re.M)) == themes
    assert len(themes) == len(THEMES)
