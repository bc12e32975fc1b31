"""The order of lists: by gain, and of accounts that are close key, growth and new ones first. Worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import BookError
from models.score.campaign import Campaign
from models.score.gain import expected_gain, gains_of
from models.score.order import CLOSE, in_order, places_in_order
from models.score.value import require_value, values_of

NAN = float("nan")
HALF = Campaign(contact_cost=1.0, offer_cost=10.0, acceptance=0.5)


def ordered(**accounts):
    """The accounts in their order; each is a gain, a tier, and what is at stake."""
    frame = pd.DataFrame(
        [(name, *of) for name, of in accounts.items()],
        columns=["account_id", "gain", "tier", "at_stake"],
    )
    return "".join(frame.loc[in_order(frame), "account_id"])


def test_the_greater_gain_comes_first_whatever_the_risk():
    assert ordered(a=(10.0, "other", 0.9), b=(300.0, "other", 0.1)) == "ba"


def test_a_favoured_account_passes_others_that_gain_up_to_a_twentieth_more():
    assert CLOSE == 0.05
    for tier in ("key", "growth", "new"):
        assert ordered(a=(104.0, "other", 0.5), b=(100.0, tier, 0.5)) == "ba"
        assert ordered(a=(106.0, "other", 0.5), b=(100.0, tier, 0.5)) == "ab"
    assert ordered(a=(-100.0, "other", 0.5), b=(-104.0, "key", 0.5)) == "ba"
    assert ordered(a=(-100.0, "other", 0.5), b=(-106.0, "key", 0.5)) == "ab"


def test_ties_go_by_what_is_at_stake_then_by_tier_then_by_account():
    same = (100.0, "new", 0.5)
    assert (
        ordered(
            d=same,
            c=same,
            b=(100.0, "growth", 0.5),
            a=(100.0, "key", 0.5),
            e=(100.0, "new", 0.6),
        )
        == "eabcd"
    )


def test_without_money_what_is_at_stake_decides_and_the_unknown_come_last():
    assert (
        ordered(
            a=(NAN, "other", 0.2),
            b=(NAN, "key", 0.1),
            c=(NAN, "other", NAN),
            d=(NAN, "other", 0.3),
            e=(-5.0, "other", 0.0),
        )
        == "edabc"
    )


@given(
    st.lists(
        st.tuples(
            st.floats(-1e6, 1e6) | st.just(NAN),
            st.sampled_from(["key", "growth", "new", "other"]),
            st.floats(0, 1),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_an_account_is_behind_no_other_by_more_than_what_is_close(rows):
    frame = pd.DataFrame(rows, columns=["gain", "tier", "at_stake"])
    frame.insert(0, "account_id", [f"a{place:02}" for place in range(len(frame))])
    gains = frame["gain"].to_numpy()[places_in_order(frame)]
    known = gains[~np.isnan(gains)]
    assert np.isnan(gains[len(known) :]).all()
    best_to_come = np.maximum.accumulate(known[::-1])[::-1]
    slack = CLOSE * np.maximum(np.abs(known), np.abs(best_to_come))
    assert (best_to_come - known <= slack * (1 + 1e-9)).all()


def test_the_gain_of_an_account_by_hand():
    # 0.5 * 0.5 * 100 - 0.5 * 10 - 1;  0.5 * 0.5 * 20 - 0.5 * 10 - 1;  0.25 * 0.5 * 500 - 0.75 * 10 - 1.
    risk, value = np.array([0.5, 0.5, 0.25]), np.array([110.0, 30.0, 510.0])
    assert expected_gain(risk, 1.0 - risk, value, HALF).tolist() == [19.0, -1.0, 54.0]


def test_with_the_figures_of_the_paper_contact_pays_beyond_a_risk_of_11_in_67():
    risk = np.array([11 / 67, 12 / 67])
    at, beyond = expected_gain(risk, 1.0 - risk, np.full(2, 200.0), Campaign())
    assert at == pytest.approx(0.0)
    assert beyond == pytest.approx(1.0)


def test_who_leaves_within_the_lead_time_is_not_saved_and_takes_no_offer():
    scores = pd.DataFrame({"account_id": ["a"], "risk_14d": [0.25], "risk_90d": [0.5]})
    # 0.25 can be saved: 0.25 * 0.5 * 100 - 0.5 * 10 - 1.
    assert gains_of(scores, np.array([110.0]), HALF).tolist() == [6.5]
    assert np.isnan(gains_of(scores, np.array([NAN]), HALF)).all()


def worth(**known):
    usual = {"contract_value": 0.0, "spent_365d": 0.0, "purchases_ever": 0.0}
    account = usual | {"term_value": NAN} | known
    return values_of({name: np.array([value]) for name, value in account.items()})[0]


def test_an_account_is_worth_its_contracts_or_else_what_it_spent_in_a_year():
    bought = {"purchases_ever": 3.0}
    assert worth(contract_value=900.0, spent_365d=50.0, **bought) == 900.0
    assert worth(spent_365d=50.0, **bought) == 50.0
    assert worth(spent_365d=-50.0, **bought) == 0.0  # more was credited than spent
    assert worth(term_value=700.0) == 700.0  # a contract that has just ended
    assert np.isnan(worth(spent_365d=NAN, **bought))  # purchases without an amount
    assert np.isnan(worth())


def test_a_fact_tells_the_value_if_it_is_a_number():
    assert values_of({"mrr": [5.0, None]}, "mrr").tolist() == pytest.approx(
        [5.0, NAN], nan_ok=True
    )
    require_value({"mrr": "number"}, "mrr")
    with pytest.raises(BookError, match="no number plan") as raised:
        require_value({"mrr": "number", "plan": "text"}, "plan")
    assert "contract_value, spent_365d, mrr" in str(raised.value)
