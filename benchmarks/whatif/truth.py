"""The truth: what events change in a simulated company, account by account, and whose accounts they are."""

from __future__ import annotations

from datetime import date

import pandas as pd

from company import World
from features.edits.kinds import COMPETITOR_ENTERS, REP_LEAVES, Kind

EVENTS = {REP_LEAVES.name: "rep_leaves", COMPETITOR_ENTERS.name: "competitor_enters"}


def changes(
    world: World, kind: Kind, as_of: date, days: int, draws: int
) -> pd.DataFrame:
    """What an event changes for each account: ``holder``, ``more`` (risk) and ``quadrant``, indexed by account.

    Args:
        world: the company, of one branch.
        kind: of event, which happens to every holder: each account is met by its own.
        as_of: when.
        days: the horizon.
        draws: futures lived.
    """
    event = EVENTS[kind.name]
    found = world.counterfactual(as_of, event, days, draws)  # type: ignore[arg-type]
    holder = _reps(world) if kind is REP_LEAVES else _markets(world)
    found["holder"] = found["account_id"].map(holder)
    told = {"p_defected": "more", "quadrant_now": "quadrant"}
    renamed = found.rename(columns=told).set_index("account_id")
    return renamed[["holder", "more", "quadrant"]]


def _reps(world: World) -> dict[str, str]:
    """The rep at each account's desk when the records end."""
    (branch,) = world.branches
    company = branch.at(world.calendar.weeks)
    desk = company.traits.desk
    number = company.desks.generation[desk] * branch.desks + desk
    return {f"A{a:06d}": f"R0-{rep}" for a, rep in enumerate(number.tolist())}


def _markets(world: World) -> dict[str, str]:
    accounts = world.tables()["accounts"]
    return dict(zip(accounts["account_id"], accounts["market"], strict=True))
