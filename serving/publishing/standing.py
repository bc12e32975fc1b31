"""The lists of all published nights: who came onto one first, and who was withheld though as high."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from features.engine import instant
from serving.night_folder import STANDING
from serving.publishing.nights import published_nights

_COLUMNS = ["account_id", "arm", "as_of_us"]


def first_standing(folder: Path) -> pd.DataFrame:
    """The first night on which each account was listed or withheld.

    A later night says nothing new: who is listed for the second time has been contacted. Of a night that was revised
    the first list counts, which is the one that was worked.

    Args:
        folder: of nights; those without anybody withheld are passed over.

    Returns:
        ``account_id``, ``arm`` (of `models.score.arms`) and ``as_of_us``; no rows without such a night.

    Raises:
        NightError: a manifest cannot be read.
    """
    found = [pd.DataFrame(columns=_COLUMNS)]
    for night in published_nights(folder):
        file = night.folder / STANDING
        if file.exists():
            moment = instant(night.as_of)
            found.append(pd.read_parquet(file).assign(as_of_us=moment))
    kept = [part for part in found if len(part)] or found
    together = pd.concat(kept, ignore_index=True)
    return together.drop_duplicates("account_id").reset_index(drop=True)
