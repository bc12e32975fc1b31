"""BG/NBD: worked numbers, what is drawn from it, and what always holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import beta, gamma

from models.fitted.bgnbd import BgNbd, Returns, of_numbers, returns_of
from training.fitting.bgnbd import fit_bgnbd, log_likelihood

PUBLISHED = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
"""Of the paper, in weeks, for a tenth of the CDNOW customers in their first 39 weeks."""
FIRST = (2, 30.43, 38.86)
"""The first customer of that tenth."""


def returns(*rows: tuple[float, float, float]) -> Returns:
    return Returns(*np.array(rows, dtype=float).T)


def test_the_likelihood_is_that_of_the_paper() -> None:
    """Equation 6, written out for two repeats at week 30.43 of 38.86, and for a single purchase."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    x, last, age = FIRST
    buying = gamma(r + x) * alpha**r / gamma(r)
    alive = beta(a, b + x) / beta(a, b) / (alpha + age) ** (r + x)
    stopped = beta(a + 1, b + x - 1) / beta(a, b) / (alpha + last) ** (r + x)
    once = (alpha / (alpha + age)) ** r
    found = np.exp(log_likelihood(PUBLISHED, returns(FIRST, (0, 0, age))))
    assert found == pytest.approx([buying * (alive + stopped), once])
    assert PUBLISHED.alive(returns(FIRST))[0] == pytest.approx(
        alive / (alive + stopped)
    )


def test_the_first_customer_of_the_paper() -> None:
    """By hand: (43.274 / 34.844) ** 2.243 = 1.6257, times .793 / 3.426 = .37631; alive 1 / 1.37631 = .7266.

    Of pausing 10 weeks, (43.274 / 53.274) ** 2.243 = .6273, so quiet are 1 - .7266 * (1 - .6273) = .7292.
    """
    assert PUBLISHED.alive(returns(FIRST))[0] == pytest.approx(0.7266, abs=5e-5)
    assert PUBLISHED.quiet(returns(FIRST), 10)[0] == pytest.approx(0.7292, abs=5e-5)


def test_who_came_once_has_not_stopped_and_may_pause() -> None:
    once = returns((0, 0, 10))
    assert PUBLISHED.alive(once).tolist() == [1.0]
    assert PUBLISHED.quiet(once, 5)[0] == pytest.approx((14.414 / 19.414) ** 0.243)


@given(
    repeats=st.integers(0, 300),
    last=st.floats(0, 500),
    silent=st.floats(0, 500),
    ahead=st.floats(0, 500),
    longer=st.floats(0, 500),
)
def test_a_longer_quiet_is_never_likelier_nor_less_likely_than_to_have_stopped(
    repeats: int, last: float, silent: float, ahead: float, longer: float
) -> None:
    seen = returns(
        (repeats, last if repeats else 0.0, (last if repeats else 0.0) + silent)
    )
    short, long = (
        float(PUBLISHED.quiet(seen, weeks)[0]) for weeks in (ahead, ahead + longer)
    )
    stopped = 1.0 - float(PUBLISHED.alive(seen)[0])
    assert PUBLISHED.quiet(seen, 0.0).tolist() == [1.0]
    assert stopped - 1e-12 <= long <= short + 1e-12 <= 1.0 + 1e-12


def test_quiet_is_likelier_the_longer_it_has_been() -> None:
    assert np.all(
        np.diff(PUBLISHED.quiet(returns((4, 20, 20), (4, 20, 30), (4, 20, 60)), 10)) > 0
    )


def test_fitting_finds_what_accounts_were_drawn_from_and_foretells_their_quiet() -> (
    None
):
    truth = BgNbd(r=1.0, alpha=5.0, a=1.0, b=3.0)
    seen, quiet = drawn(truth, 4000, until=50.0, ahead=20.0)
    found = fit_bgnbd(seen)
    assert [found.r, found.alpha, found.a / (found.a + found.b)] == pytest.approx(
        [1.0, 5.0, 0.25], rel=0.15
    )
    assert log_likelihood(found, seen).sum() >= log_likelihood(truth, seen).sum()
    chance = truth.quiet(seen, 20.0)
    for tenth in np.array_split(np.argsort(chance), 10):
        error = np.sqrt(chance[tenth].mean() * (1 - chance[tenth].mean()) / len(tenth))
        assert abs(chance[tenth].mean() - quiet[tenth].mean()) < 3.5 * error


def drawn(
    truth: BgNbd, size: int, until: float, ahead: float
) -> tuple[Returns, np.ndarray]:
    """How accounts came back by a time, and whether each was quiet for a time ahead of it."""
    draws = np.random.default_rng(0)
    rows, quiet = [], []
    for rate, stop in zip(
        draws.gamma(truth.r, 1 / truth.alpha, size),
        draws.beta(truth.a, truth.b, size),
        strict=True,
    ):
        repeats, last, now = 0.0, 0.0, draws.exponential(1 / rate)
        while now <= until:
            repeats, last = repeats + 1, now
            now = np.inf if draws.random() < stop else now + draws.exponential(1 / rate)
        rows.append((repeats, last, until))
        quiet.append(now > until + ahead)
    return returns(*rows), np.array(quiet)


def test_the_unit_of_time_changes_nothing() -> None:
    seen, _ = drawn(BgNbd(r=1.0, alpha=5.0, a=1.0, b=3.0), 500, until=50.0, ahead=20.0)
    in_days = Returns(seen.repeats, seen.last * 7, seen.age * 7)
    assert fit_bgnbd(in_days).quiet(in_days, 140.0) == pytest.approx(
        fit_bgnbd(seen).quiet(seen, 20.0), abs=0.001
    )


def test_returns_are_told_by_features() -> None:
    """Active on 3 days, the last 40 days after the first and 5 days ago; once, 9 days ago; never."""
    features = {
        "active_days": [3.0, 1.0, 0.0],
        "active_span": [40.0, 0.0, np.nan],
        "days_silent": [5.0, 9.0, np.nan],
    }
    seen = returns_of(pd.DataFrame(features))
    assert seen.repeats.tolist()[:2] == [2.0, 0.0]
    assert seen.last.tolist()[:2] == [40.0, 0.0]
    assert seen.age.tolist()[:2] == [45.0, 9.0]
    assert np.isnan([seen.repeats[2], seen.last[2], seen.age[2]]).all()
    assert np.isnan(PUBLISHED.quiet(seen, 10.0)[2])


def test_numbers_hold_it() -> None:
    assert of_numbers(PUBLISHED.numbers()) == PUBLISHED
