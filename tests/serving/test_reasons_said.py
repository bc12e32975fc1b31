"""Every reason of the sample company, by models and by rules, read against what may not be said."""

import re

import pandas as pd
import pytest

from features.themes.dictionary import ENTRIES
from models.score.reasons import REASON_COLUMNS
from serving.night.night import score_night
from serving.night.without_models import rule_night

NEVER = {
    "a code or a name of a column": r"_|\bzone \d|quadrant \d|: \d+$",
    "a count of nothing": r"(?<![\d.,])0 (?:times|days|scores|purchases|matters|minutes|%)|\b0%|of 0 days",
    "what is not known": r"\bnan\b|\binf\b|not known",
    "a spread or a measure of statistics": r"deviation|vary|varies|spread|mean of",
    "points to a border": r"points from another quadrant",
    "a number that nobody would read out": r"\d\.\d{2,}|\d{4,}",
    "one of several": r"(?<![\d.,+-])1 (?:\w+ )?(?:days|times|people|weeks|months|years|\w+s (?:are|were|wait|have))\b",
    "a brace that nothing filled": r"[{}]",
}
"""What may not be said, and how it is known."""


@pytest.fixture(scope="module")
def said(sample_book, scorer):
    as_of = sample_book.watermark // 86_400_000_000 * 86_400_000_000
    nights = (
        score_night(sample_book, as_of, scorer),
        rule_night(sample_book, as_of)[0],
    )
    parts = [
        night.scores[[name, f"{name}_feature"]]
        for night in nights
        for name in REASON_COLUMNS
    ]
    columns = ["sentence", "feature"]
    return pd.concat([part.set_axis(columns, axis=1) for part in parts]).dropna()


def test_there_is_something_to_read(said):
    assert len(said) > 200
    assert said["feature"].nunique() > 20


@pytest.mark.parametrize("why", NEVER)
def test_no_reason_says(said, why):
    found = said["sentence"][said["sentence"].str.contains(NEVER[why], regex=True)]
    assert found.empty, found.unique()[:5]


def test_no_reason_is_of_a_fact_or_of_a_feature_that_cannot_speak(said):
    assert all(ENTRIES[feature].says for feature in said["feature"])


def test_every_reason_is_a_sentence(said):
    assert said["sentence"].map(lambda text: bool(re.match(r"[A-Z0-9]", text))).all()
    assert said["sentence"].str.len().max() <= 120
