"""The worklist: whom to contact first."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from features.book.outcomes import Outcome
from models.score.at_stake import at_stake, stake_horizon
from models.score.columns import AT_STAKE
from models.score.horizon import risk_column
from models.score.order import in_order
from serving.night.tonight.done import done
from serving.scores import heading


def worklist(
    scores: pd.DataFrame, length: int, held_out: Collection[str] = ()
) -> pd.DataFrame:
    """The accounts that contacting gains most of, see `models.score.order`.

    Args:
        scores: as of `serving.scorer.Scorer.score`; of risks and states alone what follows from them is worked out.
        length: how many accounts at most.
        held_out: accounts that nobody may contact, or that rest; they are left off.

    Returns:
        The scores of each, with ``ranked_by``, the risk that what is at stake looks to.
    """
    contactable = scores[~scores["account_id"].isin(list(held_out))]
    first = contactable.loc[in_order(contactable)[:length]]
    horizon = stake_horizon(scores)
    told = {
        AT_STAKE: at_stake(scores).loc[first.index],
        "heading": heading(first),
        "ranked_by": None if horizon is None else risk_column(horizon),
    }
    return first.assign(**told).reset_index(drop=True)


def labelled(listed: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """A list with what people know its accounts by.

    Args:
        listed: a row for each account, ``account_id`` among its columns.
        labels: as of `features.book.labels.account_labels`; they stand beside the account's id.
    """
    beside = labels.reindex(listed["account_id"]).set_axis(listed.index)
    place = listed.columns.tolist().index("account_id") + 1
    return pd.concat([listed.iloc[:, :place], beside, listed.iloc[:, place:]], axis=1)


def with_done(listed: pd.DataFrame, outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """A list with what was ``done`` about each account, in a sentence; missing where nothing was.

    Args:
        listed: a row for each account, ``account_id`` among its columns.
        outcomes: the last of each account, as of `features.book.outcomes.last_outcomes`.
    """
    told = {account: done(outcome) for account, outcome in outcomes.items()}
    said = [told.get(account) for account in listed["account_id"]]
    return listed.assign(done=pd.Series(said, listed.index, dtype="object"))
