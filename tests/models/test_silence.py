"""Silence: the share of the risk that is silent, shrunk where few have left, and the same after it has been saved."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.themes.dictionary import FEATURES
from models.fitted import defection
from models.fitted.boosting import Setting
from models.fitted.calibration import sigmoid
from models.fitted.defection import DefectionModel
from models.fitted.encoding import Encoding
from models.fitted.silence import Silence
from serving.scorer import Scorer
from training.fitting.defection import fit_defection
from training.fitting.design import make_design
from training.fitting.silence import FEWEST_ACCOUNTS, fit_silence

ENCODING = Encoding(("complaints_90d",), {})


def leavers(silent, overt, stayers=0, dates=1):
    """Accounts that left silently, with no complaint, then overtly, with four, then stayers; each at some dates."""
    sorts = np.repeat([1.0, 0.0, np.nan], [silent, overt, stayers])
    frame = pd.DataFrame(
        {
            "account_id": [f"a{n}" for n in range(len(sorts))],
            "complaints_90d": 4.0 * (sorts == 0),
        }
    )
    return pd.concat([frame] * dates, ignore_index=True), pd.Series(
        np.tile(sorts, dates)
    )


def fitted(*args, **more):
    return fit_silence(*leavers(*args, **more), ENCODING)


@pytest.mark.parametrize(
    ("silent", "overt", "share"),
    # An account of each sort is assumed before any are seen.
    [
        (1, 0, 2 / 3),
        (0, 1, 1 / 3),
        (7, 0, 8 / 9),
        (5, 2, 6 / 9),
        (50, FEWEST_ACCOUNTS - 1, 51 / 61),
    ],
)
def test_of_few_leavers_of_either_sort_the_shrunken_share_is_told(silent, overt, share):
    found = fitted(silent, overt, stayers=5)
    assert found == Silence(pytest.approx(share))
    assert found.shares(np.array([[0.0], [99.0]])) == pytest.approx([share, share])


def test_an_account_counts_once_however_many_dates_it_was_seen_at():
    assert fitted(7, 2, dates=3) == Silence(pytest.approx(8 / 11))


def test_where_nobody_is_known_to_be_of_either_sort_there_is_no_share():
    assert fitted(0, 0, stayers=5) is None


def test_with_enough_of_both_sorts_those_who_complain_are_thought_to_leave_overtly():
    found = fitted(30, FEWEST_ACCOUNTS)
    assert found.constant == pytest.approx(31 / 42)
    quiet, loud = found.shares(np.array([[0.0], [4.0]]))
    assert quiet > 30 / 40 > loud


def test_the_more_leavers_there_are_the_further_shares_part():
    apart = []
    for leaving in (10, 100, 1000):
        quiet, loud = fitted(leaving, leaving).shares(np.array([[0.0], [4.0]]))
        apart.append(quiet - loud)
    assert 0 < apart[0] < apart[1] < apart[2] < 1


# As a part of the defection model


class Certain:
    """Stands for a blend that gives every row the same log-odds."""

    def __init__(self, log_odds):
        self._log_odds = log_odds

    def raw(self, matrix):
        return np.full(len(matrix), self._log_odds)

    def contributions(self, matrix):
        return np.zeros(matrix.shape)


def scored(log_odds, share):
    model = DefectionModel(ENCODING, {90: Certain(log_odds)}, silence=share)
    nothing = dict.fromkeys(FEATURES, np.nan)
    account = nothing | {"account_id": "a", "as_of_us": 0, "complaints_90d": 0.0}
    frame = pd.DataFrame([account])
    (row,) = Scorer(model, None, "by hand").score(frame).to_dict("records")
    return row


def test_the_risk_of_leaving_silently_is_the_risk_times_the_share():
    row = scored(np.log(0.2 / 0.8), Silence(0.75))
    assert (row["risk_90d"], row["silent_90d"]) == pytest.approx((0.2, 0.15))


def test_without_a_share_it_is_missing():
    row = scored(0.0, None)
    assert row["risk_90d"] == 0.5
    assert np.isnan(row["silent_90d"])


@given(log_odds=st.floats(-15, 15), share=st.floats(0, 1))
def test_silent_and_overt_leaving_are_parts_of_the_risk_whatever_they_are(
    log_odds, share
):
    row = scored(log_odds, Silence(share))
    silent, overt = row["silent_90d"], sigmoid(np.array([log_odds]))[0] * (1 - share)
    assert 0.0 <= silent <= row["risk_90d"]
    assert silent + overt == pytest.approx(row["risk_90d"], rel=1e-12)


@pytest.mark.parametrize("sorts", [(40, 40), (40, 1)])
def test_a_saved_model_gives_the_same_shares_to_the_last_bit(tmp_path, sorts):
    frame, silent = leavers(*sorts, stayers=80)
    left = silent.notna().astype(float).to_frame(90)
    model = fit_defection(make_design(frame, ENCODING, 63), left, Setting(trees=5), {})
    model = DefectionModel(
        model.encoding, model.blends, silence=fit_silence(frame, silent, ENCODING)
    )
    model.save(tmp_path)
    assert (
        defection.load(tmp_path).silent_shares(frame).tolist()
        == model.silent_shares(frame).tolist()
    )


def test_a_folder_from_before_there_was_a_share_loads_and_tells_none(tmp_path):
    frame, silent = leavers(40, 40, stayers=80)
    left = silent.notna().astype(float).to_frame(90)
    fit_defection(make_design(frame, ENCODING, 63), left, Setting(trees=5), {}).save(
        tmp_path
    )
    assert not (tmp_path / "silence.json").exists()
    assert np.isnan(defection.load(tmp_path).silent_shares(frame)).all()
