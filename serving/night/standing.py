"""Standing: who is on a list, and who of those drawn at random stood as high and is withheld from it."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from models.score.arms import LISTED, WITHHELD


def parted(
    everybody: pd.DataFrame, drawn: Collection[str], capacity: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Parts an order into those who may be contacted and those drawn at random.

    Args:
        everybody: the scores of both, the first to contact first.
        drawn: whom no list names, to see what contact saves.
        capacity: how many are on the list.

    Returns:
        The scores of all others, in order; and ``account_id`` and ``arm`` of those who are listed and of those withheld
        who would be, were they not drawn: they come before the last of the list, or the list has room.
    """
    apart = everybody["account_id"].isin(list(drawn)).to_numpy()
    free = np.flatnonzero(~apart)
    full = len(free) >= capacity
    end = int(free[capacity - 1]) + 1 if full else len(everybody)
    arms = np.where(apart[:end], WITHHELD, LISTED)
    standing = pd.DataFrame(
        {"account_id": everybody["account_id"].to_numpy()[:end], "arm": arms}
    )
    return everybody[~apart].reset_index(drop=True), standing
