"""What accounts had bought at as-of dates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.book.book import Book
from features.engine import MICROS_PER_DAY
from models.fitted.bgnbd import Returns

BUYING = ("repeats", "last", "age")


def buyers(book: Book, as_ofs: Sequence[int]) -> pd.DataFrame:
    """What every account that had bought at all had bought at as-of dates, as far as was known then.

    Purchases of one day are one. Returns ``account_id``, ``as_of_us``, and a column for each part of
    `models.fitted.bgnbd.Returns`, in weeks.
    """
    dates = pd.DataFrame({"as_of_us": list(as_ofs)})
    book.connection.register("dates", dates)
    found = book.connection.execute(_BUYERS).df()
    book.connection.unregister("dates")
    return found


_BUYERS = f"""
    select account_id, as_of_us, count(*) - 1e0 as repeats, (max(day) - min(day)) / 7e0 as last,
        (as_of_us // {MICROS_PER_DAY} - min(day)) / 7e0 as age
    from (select distinct i.account_id, d.as_of_us, i.occurred_us // {MICROS_PER_DAY} as day
        from dates as d join interactions as i on i.known_us <= d.as_of_us where i.kind = 'purchase')
    group by account_id, as_of_us order by account_id, as_of_us"""


def with_buying(frame: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    """Snapshots with what was bought; one who never bought counts as having bought when first heard of, or now."""
    keys = ["account_id", "as_of_us"]
    found = (
        frame[keys]
        .merge(bought, on=keys, how="left")
        .set_axis(frame.index)[list(BUYING)]
    )
    never = pd.DataFrame(
        {"repeats": 0.0, "last": 0.0, "age": frame["days_on_record"].fillna(0.0) / 7.0}
    )
    return pd.concat([frame, found.fillna(never)], axis=1)


def bought_again(buyers: pd.DataFrame) -> Returns:
    """How buyers have come back to buy, see `buyers`."""
    return Returns(*(buyers[name].to_numpy(dtype=np.float64) for name in BUYING))
