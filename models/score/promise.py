"""The promise: what a team that calls the first of a list may expect, and in what range it will be nine times of ten.

The range is of accounts that leave or stay by their risks, each by itself, and accept or not: a Poisson-binomial
number, and what it brings. And it is of risks that are wrong together, as those of past lists were: one shift of all
log-odds, drawn anew each time (`training.evaluation.shift`). Contact is taken to help as often as is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from features.timeline.rows import Floats
from models.score.at_stake import risk_ahead
from models.score.campaign import Campaign
from models.score.gain import expected_gain

LENGTHS = (10, 20, 40, 80)
"""Calls of which it is told, beside those of the team."""
SURE = 0.9
"""How often what happens lies in the range."""
DRAWS, SEED = 2_000, 16
USUAL_SHIFT = 0.3
"""How far risks are wrong together, in log-odds, where past lists do not tell."""


@dataclass(frozen=True)
class Expected:
    """What is expected, and the range in which it is nine times of ten."""

    mean: float
    low: float
    high: float

    def told(self, form: str) -> str:
        """In words, such as ``22 (15 to 29)``; the form is of the mean."""
        return f"{self.mean:{form}} ({self.low:,.0f} to {self.high:,.0f})"


@dataclass(frozen=True)
class Promise:
    """What so many calls bring.

    Attributes:
        calls: the first accounts of the list.
        at_risk: of them truly leave within the horizon, if nobody calls.
        saved: of these stay because of the call.
        kept: the money that this brings, less costs; None where nothing tells what accounts are worth.
    """

    calls: int
    at_risk: Expected
    saved: Expected
    kept: Expected | None

    @property
    def sentence(self) -> str:
        """For people.

        Example:
            >>> saved, kept = Expected(8.46, 4.0, 13.0), Expected(31_000.0, 9_000.0, 55_000.0)
            >>> print(Promise(40, Expected(22.2, 15.0, 29.0), saved, kept).sentence)
            40 calls: expect 22 (15 to 29) truly at risk, 8.5 (4 to 13) saved, 31,000 (9,000 to 55,000) kept
        """
        calls = "1 call" if self.calls == 1 else f"{self.calls:,} calls"
        said = f"{calls}: expect {self.at_risk.told(',.0f')} truly at risk, {self.saved.told(',.1f')} saved"
        return said if self.kept is None else f"{said}, {self.kept.told(',.0f')} kept"

    def facts(self) -> dict[str, Any]:
        """As plain data, with the sentence."""
        return {**asdict(self), "sentence": self.sentence}


def promises(
    order: pd.DataFrame,
    capacity: int,
    campaign: Campaign = Campaign(),
    shift: float = USUAL_SHIFT,
) -> list[Promise]:
    """What the first of a list bring, for the team's calls and for some other lengths, the shortest first.

    Args:
        order: the list as far as it is known, the first account first: risks, ``at_stake`` and ``value``.
        capacity: how many calls the team makes.
        campaign: what contacting costs and brings.
        shift: how far risks are wrong together, the standard deviation in log-odds.

    Returns:
        None of more calls than accounts; nothing where no risk is known.
    """
    wanted = {*LENGTHS, min(capacity, len(order))}
    lengths = sorted(length for length in wanted if 0 < length <= len(order))
    known = risk_ahead(order)
    if not lengths or np.isnan(known).all():
        return []
    first = order.head(lengths[-1])
    risk = np.nan_to_num(known[: len(first)])
    stake = np.nan_to_num(first["at_stake"].to_numpy(dtype=np.float64))
    value = first["value"].to_numpy(dtype=np.float64)
    worth = None if np.isnan(value).all() else np.nan_to_num(value)
    lived = _lived(risk, stake, worth, campaign, shift)
    return [
        _promised(length, sums)
        for length, sums in enumerate(lived, start=1)
        if length in lengths
    ]


_Sums = tuple[Floats, float]
"""What happens in each draw, and what is expected."""


def _lived(
    risk: Floats, stake: Floats, worth: Floats | None, campaign: Campaign, shift: float
) -> Iterator[list[_Sums]]:
    """Sums over the first account, the first two, and so on: who leaves, who is saved, and what that brings."""
    rng = np.random.default_rng(SEED)
    times = np.exp(shift * rng.standard_normal(DRAWS))
    money = np.zeros(len(risk)) if worth is None else worth
    mean = expected_gain(stake, 1.0 - risk, money, campaign)
    means = np.cumsum([risk, campaign.acceptance * stake, mean], axis=1)
    sums = np.zeros((3, DRAWS))
    for row in range(len(risk)):
        drawn, accepts = rng.random((2, DRAWS))
        stays, goes = 1.0 - risk[row], risk[row] * times
        leaves = drawn * (stays + goes) < goes
        share = stake[row] / risk[row] if risk[row] else 0.0
        in_time = leaves & (rng.random(DRAWS) < share)
        saved = in_time & (accepts < campaign.acceptance)
        brings = saved * (money[row] - campaign.offer_cost)
        spent = ~leaves * campaign.offer_cost + campaign.contact_cost
        sums += [leaves, saved, brings - spent]
        kinds = sums[: 3 if worth is not None else 2]
        yield [(of, float(means[kind, row])) for kind, of in enumerate(kinds)]


def _promised(calls: int, sums: list[_Sums]) -> Promise:
    at_risk, saved, *kept = (_expected(of, mean) for of, mean in sums)
    return Promise(calls, at_risk, saved, kept[0] if kept else None)


def _expected(draws: Floats, mean: float) -> Expected:
    tail = (1.0 - SURE) / 2.0
    low, high = np.quantile(draws, [tail, 1.0 - tail], method="inverted_cdf")
    return Expected(mean, float(low), float(high))
