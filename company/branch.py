"""Branches: a company is simulated branch by branch, so that its size is bounded by patience and not by memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from company.arrays import Flags, stream
from company.firm import Company, Forced
from company.index import unheard
from company.knobs import Knobs
from company.markets import found_markets
from company.reps import hire
from company.states import first_states
from company.traits import draw_traits
from company.week import Week, advance

LARGEST_BRANCH = 5000
"""Accounts of a branch; about 400 MB are needed while one is written down."""

FADING_AT_FIRST = 0.03
"""Share of the old accounts that are fading when the records begin, about what it is later."""

FOUND, MARKET, LIVE, WRITE, DIRT, FORESEE, LABEL = range(7)
"""What a stream of random numbers is for."""


@dataclass(frozen=True)
class Branch:
    """A branch before anything has happened: what is needed to live it through, as often as one likes.

    Attributes:
        number: from 0.
        first: number of its first account in the whole company.
        accounts: how many it has.
        weeks: how long the records run.
        listed: which of its accounts are reached from a list, by the week.
    """

    seed: int
    number: int
    first: int
    accounts: int
    weeks: int
    knobs: Knobs
    listed: Mapping[int, Flags] = field(default_factory=dict)

    @property
    def desks(self) -> int:
        """Places for reps."""
        return max(2, -(-self.accounts // self.knobs.accounts_per_rep))

    def stream(self, purpose: int, *path: int) -> np.random.Generator:
        """The branch's own random numbers for a purpose."""
        return stream(self.seed, purpose, self.number, *path)

    def found(self) -> Company:
        """The branch in its first week."""
        rng = self.stream(FOUND)
        markets = found_markets(stream(self.seed, FOUND))
        desks = hire(self.desks, rng)
        desks.tenure += rng.exponential(120, self.desks)
        traits = draw_traits(self.accounts, self.desks, self.weeks, self.knobs, rng)
        fading = FADING_AT_FIRST * self.knobs.emphasis("indifference")
        states = first_states(traits, desks, markets.quality, fading, rng)
        return Company(
            0,
            traits,
            states,
            desks,
            markets,
            unheard(self.accounts),
            unheard(self.accounts),
        )

    def live(self, company: Company, until: int) -> Iterator[Week]:
        """Moves the branch week by week until the given one; the same every time."""
        while company.week < until:
            yield advance(
                company,
                self.knobs,
                self.stream(LIVE, company.week),
                stream(self.seed, MARKET, company.week),
                Forced(contacted=self.listed.get(company.week, False)),
            )

    def at(self, week: int) -> Company:
        """The branch as it is at the start of a week."""
        company = self.found()
        for _ in self.live(company, week):
            pass
        return company


def branches(accounts: int, weeks: int, seed: int, knobs: Knobs) -> list[Branch]:
    """The branches of a company."""
    count = -(-accounts // LARGEST_BRANCH)
    edges = [accounts * number // count for number in range(count + 1)]
    return [
        Branch(seed, n, edges[n], edges[n + 1] - edges[n], weeks, knobs)
        for n in range(count)
    ]
