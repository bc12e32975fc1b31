"""Labels: what happened after the as-of date. Only this module and `training.past.when_left` look ahead.

An account *has left by as_of + h* when it departed in (as_of, as_of + h]. In a book without departures it has left at
the start of a quiet stretch: no sign of life in (t, t + Q] for some t in [as_of, as_of + h], Q being the quiet period.
A label is given only once it can be known for every account of its as-of date, leavers and stayers alike; before that
it is missing, so nobody counts as staying because the future has not been seen yet. An account that was merged into
another is followed until then.

An account *left silently* when the departure's ``overt`` says no. Where it does not say, and in a book without
departures, behaviour tells: silently is without a word, no complaint, reopened matter or request for what we do not
have in (t - 60 days, t], where t is the departure or the last sign of life. These are what an account says of its
own accord when something is wrong or lacking; a failure is our doing and goods sent back are a deed, and many leave
silently after either. In a book that holds no such word of anybody behaviour tells nothing, and the label is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.book.book import Book
from features.engine import MICROS_PER_DAY
from features.snapshot.answers import answers
from features.snapshot.frame import snapshot_of_pairs
from features.themes.dictionary import FEATURES
from models.score.horizon import ALREADY_GONE, MIGRATION_HORIZON
from models.score.states import DEFECTED
from training.past.label_statements import (
    behaved_sql,
    contacts_sql,
    left_moments_sql,
    said_sql,
)
from training.past.observed import Observed
from training.past.when_left import (
    already_left,
    followed_until,
    looked_up,
    when_left,
)

QUADRANT = {
    name: FEATURES[name] for name in ("product_settled", "people_settled", "quadrant")
}
"""The features that tell the quadrant at a moment."""


def left_by(
    observed: Observed, cohort: pd.DataFrame, horizons: Sequence[int]
) -> pd.DataFrame:
    """Who has left by each horizon, as far as is known.

    Args:
        observed: a book until a moment.
        cohort: ``account_id`` and ``as_of_us``, a row each.
        horizons: in days.

    Returns:
        A column for each horizon: 1 has left, 0 stays, missing where that is not known yet, and where the account had
        left before the as-of date without anybody knowing; rows as in the cohort.
    """
    left_us = when_left(observed, cohort)
    as_of = cohort["as_of_us"]
    had_left = already_left(observed, cohort)
    until = followed_until(observed, cohort)
    columns = {}
    for horizon in horizons:
        end = as_of + horizon * MICROS_PER_DAY
        known = end + observed.meaning.delay_days * MICROS_PER_DAY <= until
        columns[horizon] = (left_us <= end).astype(float).where(known & ~had_left)
    return pd.DataFrame(columns, index=cohort.index)


def left_within(
    observed: Observed, cohort: pd.DataFrame, start: int, horizons: Sequence[int]
) -> pd.DataFrame:
    """Who has left after a day and by each horizon, of those who had not left by that day.

    Args, rows: as in `left_by`; ``start`` in days, less than each horizon.

    Returns:
        A column for each horizon: 1 has left within (as_of + start, as_of + horizon], 0 stays, missing where that is
        not known yet and where the account had left by the start.
    """
    left = left_by(observed, cohort, [start, *horizons])
    return left[list(horizons)].where(left[start] == 0)


def departed(observed: Observed, cohort: pd.DataFrame) -> pd.Series:
    """When each account of a cohort next left, as far as is known.

    Args, rows: as in `left_by`.

    Returns:
        ``left_us``, after the as-of date, in microseconds since 1970; missing where the account did not leave, and
        where it had left before the as-of date without anybody knowing.
    """
    left_us = when_left(observed, cohort)
    after = (left_us > cohort["as_of_us"]) & np.isfinite(left_us)
    seen_to_leave = after & ~already_left(observed, cohort)
    return left_us.where(seen_to_leave).rename("left_us")


def state_at(observed: Observed, cohort: pd.DataFrame, horizon: int) -> pd.Series:
    """The state at a horizon: 0 to 3 the quadrant as it was known then, 4 defected; missing where it is not known.

    Args, rows: as in `left_by`.
    """
    left = left_by(observed, cohort, [horizon])[horizon]
    later = cohort[["account_id", "as_of_us"]].assign(
        as_of_us=cohort["as_of_us"] + horizon * MICROS_PER_DAY
    )
    then = snapshot_of_pairs(observed.book, later, QUADRANT)
    found = later.merge(then, on=["account_id", "as_of_us"], how="left")
    quadrant = found["quadrant"].set_axis(cohort.index)
    return quadrant.where(left == 0).mask(left == 1, float(DEFECTED)).rename("state")


def next_answer(
    book: Book, cohort: pd.DataFrame, horizon: int, until: int
) -> pd.Series:
    """The quadrant that the next answer of each account shows by itself, of those that answer within a horizon.

    The next answer is the first response to a survey that scores both axes and is complete after the as-of date, see
    `features.snapshot.answers`.

    Args:
        book: an opened book with surveys.
        cohort: ``account_id`` and ``as_of_us``, a row each.
        horizon: in days.
        until: what happened is what was known at this moment, in microseconds since 1970.

    Returns:
        A code 0 to 3; missing where there is no such answer, and for everybody of an as-of date whose horizon is not
        over yet. Rows as in the cohort.
    """
    pairs = (
        cohort[["account_id", "as_of_us"]]
        .assign(row=np.arange(len(cohort)))
        .sort_values("as_of_us")
    )
    found = pd.merge_asof(
        pairs,
        answers(book, until).astype({"account_id": pairs["account_id"].dtype}),
        left_on="as_of_us",
        right_on="answered_us",
        by="account_id",
        direction="forward",
        allow_exact_matches=False,
    ).sort_values("row")
    end = found["as_of_us"] + horizon * MICROS_PER_DAY
    shown = found["quadrant"].where((found["answered_us"] <= end) & (end <= until))
    return shown.set_axis(cohort.index).rename("next_answer")


def left_silently(observed: Observed, cohort: pd.DataFrame) -> pd.Series:
    """Who of those who left within the migration horizon did so without a word, as far as is known.

    Where that horizon is not known yet, those who have left already count, which only silence can show.

    Args, rows: as in `left_by`.

    Returns:
        1 left silently, 0 overtly, missing for all who did not leave and where neither is known.
    """
    left = left_by(observed, cohort, [MIGRATION_HORIZON, ALREADY_GONE])
    leaver = left[MIGRATION_HORIZON].fillna(left[ALREADY_GONE]) == 1
    until = observed.until
    moments = left_moments_sql(until, observed.meaning.quiet_days)
    said = looked_up(observed, cohort, said_sql(until, moments), "overt")
    behaved = looked_up(observed, cohort, behaved_sql(until, moments), "overt")
    return (1.0 - said.fillna(behaved)).where(leaver).rename("silent")


def contacted(observed: Observed, cohort: pd.DataFrame, days: int) -> pd.Series:
    """Who was reached from a list within so many days after, as far as is known.

    What became of them is what became of them when called: of what would have happened otherwise nothing is known.

    Args, rows: as in `left_by`; ``days`` above 0.

    Returns:
        1 was, 0 was not.
    """
    found = looked_up(observed, cohort, contacts_sql(observed.until, days), "contacted")
    return found.fillna(0.0).astype(float).rename("contacted")
