"""What doses did, by hand: planted effects are found, claims hold where nothing is seen, and who is like is counted."""

import numpy as np
import pandas as pd
import pytest

from features.edits.doses import DOSES
from models.effects.doses import AXES, CLAIMED, effects_of

KEPT = DOSES.index("kept")
LEVELS = [f"{axis}_level" for axis in AXES]


def quarters(size, effect=0.0, skill=0.0):
    """Quarters in which each promise kept adds so much to the people; better reps keep more."""
    rng = np.random.default_rng(1)
    rep = rng.integers(0, 10, size)
    kept = rng.poisson(1.0 + 2.0 * (rep >= 5))
    past = pd.DataFrame(0.0, index=range(size), columns=[*DOSES, *LEVELS])
    past[LEVELS] = rng.normal(6.0, 1.0, (size, 2))
    noise = rng.normal(0.0, 0.5, (size, 2))
    people = past["people_level"] + effect * kept + skill * (rep >= 5)
    return past.assign(
        account_id=[f"a{row % 50}" for row in range(size)],
        rep_id=[f"r{each}" for each in rep],
        quadrant=3.0,
        kept=kept.astype(float),
        product=past["product_level"] + noise[:, 0],
        people=people + noise[:, 1],
    )


def test_a_planted_effect_is_found_on_its_axis_alone():
    found = effects_of(quarters(5000, effect=0.3))
    assert found.effect[1, KEPT] == pytest.approx(0.3, abs=0.04)
    assert found.effect[0, KEPT] == pytest.approx(0.0, abs=0.04)
    assert found.spread == pytest.approx([0.5, 0.5], abs=0.03)


def test_the_skill_of_reps_is_no_effect_of_what_they_do():
    found = effects_of(quarters(5000, skill=1.0))
    assert found.effect[1, KEPT] == pytest.approx(0.0, abs=0.04)


def test_without_a_past_the_claims_are_all_that_is_known():
    found = effects_of(quarters(5000).iloc[:0])
    for place, dose in enumerate(DOSES):
        assert found.effect[:, place] == pytest.approx(CLAIMED.get(dose, (0.0, 0.0)))
    assert np.isfinite(found.drawn()).all()
    levels = np.array([[5.1, 5.1], [np.nan, np.nan]])
    even = found.exceptional(levels, np.zeros((2, 2)))
    assert even == pytest.approx([0.25, 0.25])  # each axis at the cut: one half


def test_more_points_give_more_chance_and_missing_levels_are_the_usual():
    found = effects_of(quarters(5000))
    levels = np.array([[6.0, 6.0], [np.nan, np.nan]])
    nothing, something = (
        found.exceptional(levels, np.full((2, 2), points)) for points in (0.0, 0.5)
    )
    assert (something > nothing).all()
    assert nothing[0] == pytest.approx(nothing[1], abs=0.02)


def test_accounts_like_it_are_counted_once_each():
    past = pd.DataFrame(
        {
            **{dose: [0.0] * 5 for dose in (*DOSES, *LEVELS, *AXES)},
            "account_id": ["a", "a", "b", "c", "d"],
            "rep_id": "r",
            "quadrant": [3.0, 3.0, 3.0, 0.0, np.nan],
            "kept": [3.0, 4.0, 2.0, 3.0, 3.0],
        }
    )
    found = effects_of(past)
    assert found.like(3.0, ("kept",), 3.0) == 1
    assert found.like(3.0, ("kept",), 2.0) == 2
    assert found.like(0.0, ("kept", "late"), 3.0) == 1
    assert found.like(float("nan"), ("kept",), 3.0) == 1
