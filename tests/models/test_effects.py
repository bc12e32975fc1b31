"""Effects: ratios and their checks by hand; the posterior goes from the model's edit to the evidence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.effects.evidence import NOTHING_SEEN, Count, Evidence, e_value
from models.effects.hazards import hazard_of, risk_of
from models.effects.posterior import Struck, met, posterior
from models.effects.telling import claim, facts, sentences


def evidence(*groups, before=Count(100, 5.0, 5.0)):
    """Evidence of groups of accounts: event, accounts, leavers, expected share, dependence, side."""
    rows = [
        (event, dependence, side, share, float(place < left), share)
        for event, accounts, left, share, dependence, side in groups
        for place in range(accounts)
    ]
    event, *others = (np.array(column) for column in zip(*rows, strict=True))
    return Evidence(event, *others, before)


def test_a_ratio_of_leavers_by_hand():
    count = Count(accounts=100, left=9.5, expected=4.5)
    assert count.ratio == 2.0
    assert count.error == pytest.approx(np.sqrt(1 / 10 + 1 / 23))
    assert not Count(100, 5, 5).surely_apart
    assert Count(100, 20, 5).surely_apart


def test_an_e_value_by_the_published_formula():
    assert e_value(3.9) == pytest.approx(3.9 + np.sqrt(3.9 * 2.9))
    assert e_value(0.5) == e_value(2.0)
    assert e_value(1.0) == 1.0


def test_events_that_differ_more_than_chance_count_for_less():
    alike = evidence((0, 50, 10, 0.1, 0.5, 1.0), (1, 50, 10, 0.1, 0.5, 1.0))
    apart = evidence((0, 50, 20, 0.1, 0.5, 1.0), (1, 50, 0, 0.1, 0.5, 1.0))
    assert alike.dispersion == 1.0
    # Each event expected 10 by the common ratio, 20 and 0 left: squares of 10 and 10, drawn to ten ones.
    assert apart.dispersion == pytest.approx((20 + 10) / (2 + 9), rel=0.1)
    assert evidence((0, 50, 10, 0.1, 0.5, 1.0)).dispersion == 2.0


def test_a_difference_before_the_events_widens_what_is_told_after():
    groups = [(event, 50, 10, 0.1, 0.5, 1.0) for event in range(4)]
    fair = evidence(*groups, before=Count(200, 10.0, 10.0))
    unfair = evidence(*groups, before=Count(200, 40.0, 10.0))
    assert fair.bias == 0.0
    assert unfair.bias == pytest.approx(np.log(40.5 / 10.5), rel=0.1)
    assert unfair.spread > fair.spread
    assert not facts(fair)["before"]["differed"]
    assert facts(unfair)["before"]["differed"]


def test_without_evidence_the_model_is_told_and_the_range_is_wide():
    known = posterior(1.0, NOTHING_SEEN)
    excess, share = known.drawn()
    assert np.median(excess) == pytest.approx(1.0, abs=0.25)
    low, high = np.quantile(excess, [0.1, 0.9])
    assert low < 0.1 and high > 3.0
    assert share.mean() == pytest.approx(2 / 3, abs=0.05)


def test_much_evidence_outweighs_the_model():
    seen = evidence(*((event, 100, 30, 0.1, 0.5, 1.0) for event in range(20)))
    known = posterior(0.0, seen)
    assert known.excess == pytest.approx(2.0, abs=0.2)
    low, high = np.quantile(known.drawn()[0], [0.1, 0.9])
    # The next event lies apart from the mean of these by 0.3 in the logarithm of 3.
    assert 0.7 < low < 1.1 < 3.0 < high < 3.6


@pytest.mark.parametrize("events", [3, 10])
def test_less_evidence_is_told_less_surely(events):
    some = [(event, 40, 8, 0.1, 0.5, 1.0) for event in range(30)]
    wide, narrow = (
        np.subtract(
            *np.quantile(posterior(1.0, evidence(*part)).drawn()[0], [0.9, 0.1])
        )
        for part in (some[:events], some)
    )
    assert wide > narrow


def test_it_is_learned_whether_the_effect_follows_dependence():
    follows, alike = (
        evidence(
            *((event, 50, high, 0.1, 0.8, 1.0) for event in range(20)),
            *((event, 50, low, 0.1, 0.2, -1.0) for event in range(20)),
        )
        for high, low in ((20, 6), (12, 12))
    )
    assert posterior(1.0, follows).follows > 0.75
    assert posterior(1.0, alike).follows < 0.4
    assert claim(follows)["verdict"] == "holds"
    assert claim(alike)["verdict"] == "unknown"
    against = evidence((0, 500, 50, 0.1, 0.8, 1.0), (1, 500, 150, 0.1, 0.2, -1.0))
    assert claim(against)["verdict"] == "does not hold"


def test_what_an_event_adds_by_hand():
    struck = Struck(
        hazard=np.array([0.04, 0.01]),
        dependence=np.array([0.8, 0.2]),
        usual=0.09,
        usual_dependence=0.4,
    )
    assert struck.unit(1.0) == pytest.approx([2.0 * 0.06, 0.5 * 0.03])
    assert struck.unit(0.0) == pytest.approx([0.06, 0.03])


@given(st.lists(st.tuples(st.floats(0.001, 0.5), st.floats(0.01, 1.0)), min_size=1))
def test_an_excess_of_one_doubles_the_hazard_of_those_that_were_met(rows):
    hazard, dependence = (np.array(column) for column in zip(*rows, strict=True))
    seen = Evidence(
        np.zeros(len(rows), dtype=np.int64),
        *(dependence, dependence, hazard, hazard, hazard),
        Count(0, 0.0, 0.0),
    )
    for share in (0.0, 0.5, 1.0):
        assert met(seen).unit(share).sum() == pytest.approx(hazard.sum())


@given(st.floats(0.0, 0.999))
def test_hazards_and_risks_are_each_others_inverse(risk):
    assert risk_of(hazard_of(np.array([risk]))) == pytest.approx([risk])


def test_a_book_without_such_events_says_so():
    (said,) = sentences(NOTHING_SEEN, "departures of reps", "people-carried accounts")
    assert said.startswith("Out of what this book has seen: no departures of reps.")


def test_what_the_evidence_says_in_words():
    seen = evidence((0, 60, 9, 0.05, 0.8, 1.0), (1, 40, 3, 0.05, 0.2, -1.0))
    said = sentences(seen, "departures of reps", "people-carried accounts")
    assert said[0].startswith(
        "Past departures of reps: 2, few. Of 100 accounts that they met 12 left within 180 days;"
        " of accounts like them 5.0 would have: 2.3 times as many ("
    )
    assert said[1].startswith("Before the events there was no effect, as should be: 5")
    assert said[3].startswith(
        "Whether people-carried accounts are struck more this book cannot tell"
    )
