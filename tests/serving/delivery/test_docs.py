"""docs/delivery.md: every declaration can be taken, and every kind and key is there."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from editions import edition

from serving.delivery.destinations import KINDS, destinations
from serving.delivery.webhook import _message

PAGE = (Path(__file__).parents[3] / "docs/delivery.md").read_text()
EXAMPLES = [
    tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE, re.S)
]
ROWS = re.findall(r"^\| (`.*?) \| .* \| (.*) \|$", PAGE, re.M)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda it: it["deliver"][0]["to"])
def test_an_example_can_be_taken(example, tmp_path):
    assert destinations(example["deliver"], tmp_path)


def test_all_examples_together_are_a_night_toml(tmp_path):
    declared = [one for example in EXAMPLES for one in example["deliver"]]
    assert {each.to for each in destinations(declared, tmp_path)} == KINDS.keys() - {
        "teams"
    }


def test_every_kind_has_its_keys():
    told = {
        kind: set(re.findall(r"`(\w+)`", keys))
        for kinds, keys in ROWS
        for kind in re.findall(r"`(\w+)`", kinds)
    }
    taken = {
        kind: {field.alias or name for name, field in model.model_fields.items()}
        for kind, model in KINDS.items()
    }
    assert {
        kind: keys | {"to", "name"} for kind, keys in told.items() if kind in KINDS
    } == taken


def test_the_message_is_of_the_form_that_is_shown():
    (shown,) = [
        json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.S)
    ]
    night = (
        edition({"a17": 0.61}, day=1).scores.set_index("account_id").astype("object")
    )
    assert _message(night, night["band"].replace("acute", "raised")) == shown
