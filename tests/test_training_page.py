"""The page of a training: self-contained, with every part, and saying what is weak."""

import re
from dataclasses import replace
from html import unescape

import numpy as np
import pandas as pd
import pytest

from models.verdict import Verdict
from training.gate import judge
from training.importance import theme_effects, theme_importance
from training.noise import Moves
from training.page import page, weaknesses
from training.segments import by_segment


def text_of(html):
    """What the page says, without its marks."""
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)).split())


@pytest.fixture(scope="module")
def html(trained):
    return page(trained, judge(trained), capacity=20)


def test_the_page_needs_nothing_else_and_runs_nothing(html):
    assert "<script" not in html
    assert set(re.findall(r'(?:src|href)="([a-z]+):', html)) == {"data"}
    assert not re.search(r"https?://|url\(|@import", html)


def test_it_has_every_part(html):
    titles = re.findall(r"<h2>(.*?)</h2>", html)
    assert titles == [
        *("What is weak", "The gate", "Beside the baselines", "What moves the risks", "Who is found, at 90 days"),
        *("Log loss at each test date, at 90 days", "Calibration at each horizon"),
        *("Calibration by segment, at 90 days", "Migration in 90 days: seen beside expected", "What it learned from"),
    ]
    assert html.count("<img") == 4


def test_its_figures_are_those_of_the_training(html, trained):
    said = text_of(html)
    figures = trained.figures().set_index(["prediction", "horizon", "model"])
    assert f"{figures.loc[('defection', 30, 'recency'), 'log_loss']:.3f}" in said
    assert f"{trained.moves.noise:.1%} would be." in said
    tested = sum(len(o.left) for e in trained.evaluations for o in e.outcomes if (o.model, o.horizon) == ("pinch", 90))
    assert f"Tested on {tested:,}" in said
    for verdict in judge(trained):
        assert verdict.sentence in said


def test_moves_that_were_seen_add_up_to_the_accounts_tested(html, trained):
    rows = re.findall(r"<td>([\d,]+)</td></tr>", html[html.index('class="heat"') :])[:5]
    assert sum(int(n.replace(",", "")) for n in rows) == sum(len(e.states[0].state) for e in trained.evaluations)


def test_what_is_weak_is_said(trained):
    nothing = by_segment([], trained.data, 90)
    failed = Verdict("calibration", False, "too far")
    alone = replace(trained, evaluations=[], moves=None)
    assert weaknesses(alone, [failed], nothing) == [
        "The gate's rule calibration failed.",
        "Defection: not enough evidence for any figure: before no past date was enough known to test there.",
    ]
    noisy = replace(alone, moves=Moves(100, 0.1, 0.08))
    assert weaknesses(noisy, [], nothing)[-1].startswith("Most moves between quadrants are noise: 10.0% seemed to move")
    off = pd.DataFrame(
        {"fact": "plan", "segment": ["gold", "tiny"], "n": [200, 20], "left": [30, 9], "expected": [5.0, 1.0]}
    ).assign(calibration_error=0.2, calibration_floor=0.01)
    assert weaknesses(alone, [], off)[1:] == [
        "Where plan is gold the risks are off: 5 were expected to leave and 30 did."
    ]


def test_a_training_without_test_dates_has_a_page_all_the_same(trained):
    alone = replace(trained, evaluations=[], moves=None)
    said = text_of(page(alone, judge(alone)))
    assert "Models without a test date behind them" in said
    assert "What it learned from" in said


def test_effects_of_themes_add_up_to_those_of_their_columns(trained):
    model, frame = trained.models.defection, trained.data.frame.head(50)
    effects = theme_effects(model, frame)
    assert effects.sum(axis=1).to_numpy() == pytest.approx(model.contributions(frame).sum(axis=1))
    importance = theme_importance(model, frame)
    assert importance.is_monotonic_decreasing
    assert importance.to_dict() == pytest.approx(effects.abs().mean().to_dict())
    assert np.isfinite(importance).all()
