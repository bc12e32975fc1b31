"""Baselines: simple predictions, fitted on the same rows as the models, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fitted.encoding import Encoding
from training.fitting.baselines import defection_baselines, migration_baselines
from training.fitting.design import make_design
from training.fitting.regression import fit_linear

NAN = float("nan")
ENCODING = Encoding(("days_silent", "silence_chance"), {})


def snapshots(silent, quadrant=None):
    silent = np.array(silent, dtype=np.float64)
    codes = [NAN] * len(silent) if quadrant is None else quadrant
    return pd.DataFrame(
        {
            "days_silent": silent,
            "silence_chance": np.exp(-silent / 30),
            "quadrant": codes,
        }
    )


def defection(frame, left):
    matrix = ENCODING.matrix(frame)
    return defection_baselines(
        frame,
        pd.Series(left),
        np.ones(len(left)),
        ENCODING,
        fit_linear(matrix, np.array(left), []),
    )


TRAINED = snapshots(
    [1, 2, 3, 5, 8, 20, 40, 60, 70, 90],
    [0.0, 0.0, 0.0, 3.0, 3.0, 3.0, 3.0, 1.0, NAN, NAN],
)
LEFT = [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]


@pytest.fixture(scope="module")
def fitted():
    return defection(TRAINED, LEFT)


@settings(max_examples=30, deadline=None)
@given(silent=st.lists(st.integers(0, 2000), min_size=2, max_size=20))
def test_recency_ranks_accounts_as_the_days_of_silence_do(fitted, silent):
    recency = fitted["recency"](snapshots(silent))
    assert ((recency > 0) & (recency < 1)).all()
    assert (np.diff(recency[np.argsort(silent, kind="stable")]) >= 0).all()
    assert len(set(recency.tolist())) == len(set(silent))


def test_the_risks_of_recency_are_on_average_the_share_that_left(fitted):
    recency = fitted["recency"](TRAINED)
    assert np.mean(recency) == pytest.approx(0.5, abs=1e-3)  # as many as leave


def test_a_silence_that_is_not_known_is_taken_for_the_mean(fitted):
    recency = fitted["recency"]
    mean = float(TRAINED["days_silent"].mean())
    assert recency(snapshots([NAN])) == pytest.approx(recency(snapshots([mean])))


def test_rhythm_ranks_accounts_against_the_chance_of_their_silence(fitted):
    rhythm = fitted["rhythm"](TRAINED)
    assert (np.diff(rhythm) > 0).all()  # the chance falls from row to row


def test_the_quadrant_gives_the_share_that_left_from_it_drawn_towards_the_mean(fitted):
    quadrant = fitted["quadrant"]
    found = quadrant(snapshots([9] * 5, [0.0, 1.0, 2.0, 3.0, NAN]))
    # Half of all left: 1 of 3 from poor, 1 of 1 people-carried, none product-carried, 1 of 4 exceptional, 2 of 2.
    assert found == pytest.approx([1.5 / 4, 1.5 / 2, 0.5, 1.5 / 5, 2.5 / 3])


def test_without_quadrants_there_is_no_such_baseline(fitted):
    assert set(defection(snapshots([1, 2, 30, 40]), [0.0, 0.0, 1.0, 1.0])) == {
        "recency",
        "rhythm",
        "logistic",
    }
    assert "quadrant" in fitted


def migration(frame, state):
    return migration_baselines(make_design(frame, ENCODING, 63), pd.Series(state))


STATE = [0, 0, 4, 3]
MOVED = snapshots([1, 2, 3, 4], [0.0, 0.0, 0.0, 3.0])
EVERYWHERE = snapshots([5] * 5, [0.0, 1.0, 2.0, 3.0, NAN])
SHARES = (
    np.array([3, 1, 1, 2, 2]) / 9
)  # two poor, one exceptional, one defected, and one more of each


def test_the_empirical_markov_matrix_by_hand():
    chances = migration(MOVED, STATE)["empirical_markov"](EVERYWHERE)
    # From poor: two stay, one defects, and five moves are spread as the states are; elsewhere one was seen.
    assert chances[0] == pytest.approx((np.array([2, 0, 0, 0, 1]) + 5 * SHARES) / 8)
    assert chances[3] == pytest.approx((np.array([0, 0, 0, 1, 0]) + 5 * SHARES) / 6)
    for unseen in (1, 2, 4):
        assert chances[unseen] == pytest.approx(SHARES)


def test_stay_put_by_hand():
    chances = migration(MOVED, STATE)["stay_put"](EVERYWHERE)
    # Three of four stayed; the fourth is spread over the other states as they are.
    assert chances[0] == pytest.approx(
        [0.75, 0.25 / 6, 0.25 / 6, 0.25 * 2 / 6, 0.25 * 2 / 6]
    )
    assert chances[3] == pytest.approx(
        [0.25 * 3 / 7, 0.25 / 7, 0.25 / 7, 0.75, 0.25 * 2 / 7]
    )
    assert chances[4] == pytest.approx(SHARES)


CODES = st.sampled_from([0.0, 1.0, 2.0, 3.0, NAN])


@settings(max_examples=50, deadline=None)
@given(moves=st.lists(st.tuples(CODES, st.integers(0, 4)), min_size=3, max_size=25))
def test_the_chances_of_all_states_sum_to_one(moves):
    today, later = zip(*moves, strict=True)
    later = [0, 1, 4, *later[3:]]
    frame = snapshots(range(len(moves)), list(today))
    for name, baseline in migration(frame, later).items():
        chances = baseline(EVERYWHERE)
        assert chances.shape == (5, 5), name
        assert chances.sum(axis=1) == pytest.approx(np.ones(5)), name
        assert (chances >= 0).all(), name


def test_the_logistic_gives_nothing_to_states_it_has_never_seen():
    chances = migration(MOVED, STATE)["logistic"](EVERYWHERE)
    assert (chances[:, [1, 2]] == 0).all()
    assert (chances[:, [0, 3, 4]] > 0).all()


@pytest.mark.parametrize(
    "state", [[0, 0, 4, 4], [3, 3, 3, 3]], ids=["two states", "one state"]
)
def test_with_fewer_than_three_states_seen_the_chances_sum_to_one_as_well(state):
    chances = migration(MOVED, state)["logistic"](EVERYWHERE)
    assert chances.sum(axis=1) == pytest.approx(np.ones(5))
    assert set(np.flatnonzero(chances.any(axis=0))) == set(state)
