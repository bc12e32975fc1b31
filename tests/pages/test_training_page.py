"""The page of a training: self-contained, with every part, and saying what is weak."""

import re
from dataclasses import replace
from html import unescape

import numpy as np
import pandas as pd
import pytest

from models.registry.verdict import Verdict
from pages.training.page import page
from pages.training.weaknesses import weaknesses
from training.evaluation.outcomes import Evaluation, Outcome
from training.evaluation.segments import by_segment
from training.evaluation.survey_noise import Moves
from training.evaluation.theme_effects import theme_effects, theme_importance
from training.gate import judge, judge_baselines
from training.metrics import defection_figures


def text_of(html):
    """What the page says, without its marks."""
    return " ".join(
        unescape(
            re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
        ).split()
    )


@pytest.fixture(scope="module")
def html(trained):
    return page(trained, judge(trained), capacity=20)


def test_the_page_needs_nothing_else_and_runs_nothing(html):
    assert "<script" not in html
    assert set(re.findall(r'(?:src|href)="([a-z]+):', html)) == {"data"}
    assert not re.search(r"https?://|url\(|@import", html)


def test_it_has_every_part(html, trained):
    titles = re.findall(r"<h2>(.*?)</h2>", html)
    assert titles == [
        *(
            "What is weak",
            "The gate",
            "Beside the baselines",
            "What moves the risks",
            "Who is found, at 90 days",
        ),
        *("Log loss at each test date, at 90 days", "Calibration at each horizon"),
        *(
            "Calibration by segment, at 90 days",
            "Migration in 90 days: seen beside expected",
            "The next answer",
        ),
        "What it learned from",
    ]
    tested = {
        outcome.horizon
        for evaluation in trained.evaluations
        for outcome in evaluation.outcomes
    }
    assert html.count("<img") == 3 + len(tested)


def test_its_figures_are_those_of_the_training(html, trained):
    said = text_of(html)
    figures = trained.figures().set_index(["prediction", "horizon", "model"])
    assert f"{figures.loc[('defection', 30, 'recency'), 'log_loss']:.3f}" in said
    assert f"{trained.moves.noise:.1%} would be." in said
    tested = sum(
        len(o.left)
        for e in trained.evaluations
        for o in e.outcomes
        if (o.model, o.horizon) == ("pinch", 90)
    )
    assert f"Tested on {tested:,}" in said
    for verdict in judge(trained):
        assert verdict.sentence in said


def test_moves_that_were_seen_add_up_to_the_accounts_tested(html, trained):
    rows = re.findall(r"<td>([\d,]+)</td></tr>", html[html.index('class="heat"') :])[:5]
    assert sum(int(n.replace(",", "")) for n in rows) == sum(
        len(e.states[0].state) for e in trained.evaluations
    )


def test_what_is_weak_is_said(trained):
    nothing = by_segment([], trained.data, 90)
    failed = Verdict("calibration", False, "too far")
    alone = replace(trained, evaluations=[], moves=None)
    assert weaknesses(alone, [failed], nothing) == [
        "The gate's rule calibration failed.",
        "Defection: not enough evidence for any figure: before no past date was enough known to test there.",
    ]
    noisy = replace(alone, moves=Moves(100, 0.1, 0.08))
    assert weaknesses(noisy, [], nothing)[-1].startswith(
        "Most moves between quadrants are noise: 10.0% seemed to move"
    )
    off = pd.DataFrame(
        {
            "fact": "quadrant",
            "segment": ["poor", "people_carried"],
            "left": [9, 35],
            "expected": [11.0, 15.1],
        }
    ).assign(off=[-0.6, 3.4])
    assert weaknesses(alone, [], off)[1:] == [
        "Where quadrant is people-carried 35 left and 15.1 were expected, beyond chance."
    ]


def said_of(*models, rows=400, seed=0):
    """An evaluation of our model and others: what each says of all accounts, a tenth of which left."""
    left = (np.arange(rows) % 10 == 0).astype(float)
    accounts = np.array([f"a{place}" for place in range(rows)], dtype=object)
    draws = np.random.default_rng(seed)
    outcomes = [
        Outcome(
            name,
            90,
            left,
            np.clip(
                0.1 + lean * (left - 0.1) + noise * draws.normal(size=rows), 0.01, 0.99
            ),
            accounts,
        )
        for name, lean, noise in models
    ]
    rows = [
        {"model": outcome.model, "horizon": 90, **defection_figures(left, outcome.risk)}
        for outcome in outcomes
    ]
    return Evaluation(0, rows, [], outcomes)


@pytest.mark.parametrize(
    ("ours", "theirs", "headline", "passes"),
    [
        (0.1, 0.5, "Logistic is better at 90 days", False),
        (0.5, 0.1, "Better than every baseline at 90 days", True),
        (0.3, 0.3, "Not surely better than logistic at 90 days", True),
    ],
)
def test_headline_gate_and_what_is_weak_speak_of_significance_in_one_voice(
    trained, ours, theirs, headline, passes
):
    evaluation = said_of(("pinch", ours, 0.02), ("logistic", theirs, 0.02))
    training = replace(trained, evaluations=[evaluation], moves=None)
    verdict = judge_baselines(training.evaluations, 90)
    assert verdict.passed is passes
    assert f"<h1>{headline}</h1>" in page(training, [verdict])
    assert ("surely" in headline) == any(
        "not surely better" in sentence for sentence in training.losses()
    ) or passes
    weak = " ".join(weaknesses(training, [verdict], by_segment([], trained.data, 90)))
    assert ("logistic is better" in weak) is not passes


def test_nothing_is_sure_where_a_handful_left(trained):
    few = said_of(("pinch", 0.1, 0.0), ("logistic", 0.9, 0.0), rows=40)
    training = replace(trained, evaluations=[few], moves=None)
    assert "<h1>Not surely better than logistic at 90 days</h1>" in page(training, [])
    assert judge_baselines([few], 90).passed
    assert (
        training.losses()
        == [
            sentence
            for sentence in training.losses()
            if "not surely better" in sentence
        ]
        != []
    )


def test_accounts_of_an_unknown_quadrant_that_left_did_not_stay(html, trained):
    states = [
        outcome for evaluation in trained.evaluations for outcome in evaluation.states
    ]
    assert any(((one.today == 4) & (one.state == 4)).any() for one in states)
    heat = html[html.index('class="heat"') :]
    stayed = {}
    for name, cells in re.findall(
        r'<tr><th scope="row">([a-z-]+)</th>(.*?)</tr>', heat, flags=re.DOTALL
    )[:5]:
        stayed[name] = [
            place
            for place, cell in enumerate(cells.split("<td")[1:])
            if "stayed" in cell
        ]
    assert stayed == {
        "poor": [0],
        "people-carried": [1],
        "product-carried": [2],
        "exceptional": [3],
        "unknown": [],
    }


def test_a_training_without_test_dates_has_a_page_all_the_same(trained):
    alone = replace(trained, evaluations=[], moves=None)
    said = text_of(page(alone, judge(alone)))
    assert "Models without a test date behind them" in said
    assert "What it learned from" in said


def test_effects_of_themes_add_up_to_those_of_their_columns(trained):
    model, frame = trained.models.defection, trained.data.frame.head(50)
    effects = theme_effects(model, frame)
    assert effects.sum(axis=1).to_numpy() == pytest.approx(
        model.contributions(frame).sum(axis=1)
    )
    importance = theme_importance(model, frame)
    assert importance.is_monotonic_decreasing
    assert importance.to_dict() == pytest.approx(effects.abs().mean().to_dict())
    assert np.isfinite(importance).all()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, r"rows of \d+ as-of dates "),
        ({"half_life_days": 240}, "as-of dates, half as much after 240 days"),
        ({"rows_stand_for": 900_000}, "as-of dates, for 900,000 of the book"),
        (
            {"rows_stand_for": 900_000, "half_life_days": 240},
            "for 900,000 of the book, half as much after 240 days",
        ),
    ],
    ids=["all the same", "the old past less", "a part of a large book", "both"],
)
def test_what_was_learned_from_and_how_much_it_counts(trained, facts, said):
    defection = trained.models.defection
    told = replace(defection, facts={**defection.facts, **facts})
    training = replace(
        trained,
        models=replace(trained.models, defection=told),
        evaluations=[said_of(("pinch", 0.5, 0.02))],
        moves=None,
    )
    assert re.search(said, text_of(page(training, [])))
