"""The oracle: the best possible probabilities, by living the future many times from the hidden state.

Nobody leaves in these futures. Instead the chance that the account would still be here is carried along, which gives
the same probabilities as counting departures, with far less noise.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from company.arrays import Flags, Floats, Ints, select, stream
from company.branch import FORESEE, Branch
from company.firm import NOTHING, Company, Forced
from company.index import QUADRANTS, quadrants
from company.knobs import CAUSES
from company.levers import begin
from company.week import advance

LARGEST_CROWD = 20_000
"""Accounts, over all draws, that are moved at once; few enough to stay in the processor's cache."""

OBSERVED = (*QUADRANTS, "unknown")


def probability_names() -> list[str]:
    """Columns of the oracle's probabilities."""
    true = [f"p_{name}" for name in QUADRANTS]
    observed = [f"p_observed_{name}" for name in OBSERVED]
    return [
        "p_defected",
        *true,
        *observed,
        "p_overt",
        *(f"p_left_{cause}" for cause in CAUSES),
    ]


@dataclass
class Tally:
    """Sums over draws; one row per account.

    Attributes:
        left: chance of having left, a column per cause.
        overt: chance of having left and said so.
        true, observed: chance of being here and in each quadrant.
    """

    size: int
    left: Floats = field(init=False)
    overt: Floats = field(init=False)
    true: Floats = field(init=False)
    observed: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Starts from nothing."""
        self.left, self.overt = np.zeros((self.size, len(CAUSES))), np.zeros(self.size)
        self.true = np.zeros((self.size, len(QUADRANTS)))
        self.observed = np.zeros((self.size, len(OBSERVED)))

    def probabilities(self, draws: int) -> Floats:
        """Means over the draws and one more, the mean of all accounts: none is exactly zero for want of draws."""
        columns = [
            self.left.sum(axis=1),
            *self.true.T,
            *self.observed.T,
            self.overt,
            *self.left.T,
        ]
        sums = np.stack(columns, axis=1)
        return np.asarray((sums + sums.mean(axis=0) / draws) / (draws + 1))


def foresee(
    branch: Branch,
    week: int,
    days_into: int,
    horizon_days: int,
    draws: int,
    forced: Forced = NOTHING,
) -> pd.DataFrame:
    """Probabilities for each account of a branch that is here at an as-of date.

    Args:
        branch: the branch.
        week: the week that holds the as-of date; its start is where the future is lived from.
        days_into: days from the start of that week to the as-of date.
        horizon_days: how far ahead of the as-of date.
        draws: futures lived.
        forced: what is made to happen, from the first week on.
    """
    company = branch.at(week)
    product, people = company.states.product.copy(), company.states.people.copy()
    here = np.flatnonzero(still_here(branch, week, days_into))
    begin(company, forced)
    tally = Tally(len(here))
    crowd = max(1, LARGEST_CROWD // max(1, len(here)))
    for block, first in enumerate(range(0, draws, crowd)):
        copies = min(crowd, draws - first)
        live_future(
            multiply(company, here, copies),
            branch,
            block,
            copies,
            horizon_days,
            forced,
            tally,
        )
    now = np.array(QUADRANTS)[quadrants(product[here], people[here])]
    known = pd.DataFrame(
        {"account_id": account_names(branch, here), "quadrant_now": now}
    )
    return pd.concat(
        [known, pd.DataFrame(tally.probabilities(draws), columns=probability_names())],
        axis=1,
    )


def account_names(branch: Branch, accounts: Ints) -> list[str]:
    """Names of accounts of a branch, as in the book."""
    return [f"A{branch.first + account:06d}" for account in accounts.tolist()]


def still_here(branch: Branch, week: int, days_into: int) -> Flags:
    """Which accounts have opened and not left at an as-of date."""
    company = branch.at(week)
    here = company.states.present | (company.traits.opened_week == week)
    for lived in branch.live(company, week + 1):
        here = here & ~(lived.leaves & (lived.leave_day <= days_into))
    return np.asarray(here)


def multiply(company: Company, accounts: Ints, copies: int) -> Company:
    """A company in which some accounts stand many times, each copy with reps and markets of its own."""
    desks, markets = len(company.desks.tenure), len(company.markets.quality)
    index, copy = np.tile(accounts, copies), np.repeat(np.arange(copies), len(accounts))
    traits = select(company.traits, index)
    traits.desk += copy * desks
    traits.market += copy * markets
    return Company(
        week=company.week,
        traits=traits,
        states=select(company.states, index),
        desks=select(company.desks, np.tile(np.arange(desks), copies)),
        markets=select(company.markets, np.tile(np.arange(markets), copies)),
        product_heard=select(company.product_heard, index),
        people_heard=select(company.people_heard, index),
    )


def live_future(
    crowd: Company,
    branch: Branch,
    block: int,
    copies: int,
    horizon_days: int,
    forced: Forced,
    tally: Tally,
) -> None:
    """Lives one block of futures to the horizon and adds them to the tally."""
    here = np.ones(len(crowd.states.pulse))
    size, beginning = tally.size, crowd.week
    weeks = -(-horizon_days // 7)
    for step in range(weeks):
        path = (branch.seed, FORESEE, branch.number, beginning, block, step)
        now = forced.in_week(step)
        lived = advance(crowd, branch.knobs, stream(*path, 0), stream(*path, 1), now)
        part = min(1.0, horizon_days / 7 - step)
        within = np.where(lived.ends, lived.leave_day < 7 * part, part)
        chance = lived.leave_chance * within
        going = here * chance
        overt = going * lived.voiced
        for cause in range(len(CAUSES)):
            tally.left[:, cause] += (
                (going * (lived.cause == cause)).reshape(copies, size).sum(axis=0)
            )
        tally.overt += overt.reshape(copies, size).sum(axis=0)
        here -= going
        if step + 1 == max(1, round(horizon_days / 7)):
            true, observed = stand(crowd)
    add_quadrants(tally.true, true, here, copies)
    add_quadrants(tally.observed, observed, here, copies)


def stand(company: Company) -> tuple[Ints, Ints]:
    """Codes of the quadrants in which accounts truly are, and are as far as surveys have told."""
    observed = quadrants(company.product_heard.settled, company.people_heard.settled)
    return quadrants(company.states.product, company.states.people), np.where(
        observed < 0, len(QUADRANTS), observed
    )


def add_quadrants(sums: Floats, codes: Ints, here: Floats, copies: int) -> None:
    """Adds the chances of being here to the column of each account's quadrant."""
    for code in range(sums.shape[1]):
        sums[:, code] += (here * (codes == code)).reshape(copies, len(sums)).sum(axis=0)
