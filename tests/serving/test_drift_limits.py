"""Limits of drift: what the documentation says of them is what is read."""

import re
import tomllib
from pathlib import Path

import pytest

from features.errors import SettingError
from serving.monitoring.limits import DriftLimits
from serving.publishing.night_toml import validated

DOCS = Path(__file__).parents[2] / "docs"
WHERE = "night.toml, [drift]"


@pytest.mark.parametrize("page", ["monitoring.md", "operations.md"])
def test_the_example_has_every_key_with_what_it_usually_is(page):
    examples = re.findall(r"```toml\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
    (drift,) = [
        said["drift"] for text in examples if "drift" in (said := tomllib.loads(text))
    ]
    assert drift.keys() == DriftLimits.model_fields.keys()
    assert validated(DriftLimits, drift, WHERE) == DriftLimits(action="fail")


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"action": "cry"}, "action"),
        ({"index": 0}, "index"),
        ({"margin": 0.5}, "margin"),
        ({"accounts": 1}, "accounts"),
        ({"indx": 1}, "indx"),
    ],
)
def test_what_is_no_limit_is_refused_by_its_key(said, key):
    with pytest.raises(SettingError) as refused:
        validated(DriftLimits, said, WHERE)
    assert refused.value.where == f"{WHERE}, {key}"
