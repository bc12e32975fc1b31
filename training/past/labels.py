"""Labels: what happened after the as-of date. The one module that looks ahead.

An account *has left by as_of + h* when it departed in (as_of, as_of + h]. In a book without departures it has left at
the start of a quiet stretch: no sign of life in (t, t + Q] for some t in [as_of, as_of + h], Q being the quiet period.
A label is given only once it can be known for every account of its as-of date, leavers and stayers alike; before that
it is missing, so nobody counts as staying because the future has not been seen yet.

An account *left silently* when the departure's ``overt`` says no. Where it does not say, and in a book without
departures, behaviour tells: silently is without a word, no complaint, reopened matter or request for what we do not
have in (t - `SILENT_DAYS`, t], where t is the departure or the last sign of life. These are what an account says of its
own accord when something is wrong or lacking; a failure is our doing and goods sent back are a deed, and many leave
silently after either. In a book that holds no such word of anybody behaviour tells nothing, and the label is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.book.book import Book
from features.calendar.presence import customers_sql, left_sql
from features.engine import MICROS_PER_DAY, single
from features.errors import BY_RULES, EvidenceError
from features.snapshot.answers import answers
from features.snapshot.frame import snapshot_of_pairs
from features.themes.dictionary import FEATURES
from features.vocabulary.kinds import kinds_sql
from models.score.horizon import ALREADY_GONE, MIGRATION_HORIZON
from models.score.states import DEFECTED

USUAL_GAPS = 0.95
"""The share of gaps between active days that a quiet period exceeds, unless it is given."""
REPORTED = 0.99
"""The share of departures that are known within the reporting delay."""
SILENT_DAYS = 60
"""How long before leaving a word counts as said in leaving (docs/adr/0010)."""

_WORD = kinds_sql("complaint", "reopen", "unmet_request")

QUADRANT = {
    name: FEATURES[name] for name in ("product_settled", "people_settled", "quadrant")
}
"""The features that tell the quadrant at a moment."""


@dataclass(frozen=True)
class Leaving:
    """What leaving means in a book.

    Attributes:
        quiet_days: Q, the quiet period; None in a book with departures.
        delay_days: how long after a moment it can be known who had left by then: Q, or the reporting delay.
        came_back: share of the quiet stretches of Q days that ended with the account coming back; None with departures.
    """

    quiet_days: int | None
    delay_days: int
    came_back: float | None

    @property
    def judged_horizon(self) -> int:
        """The horizon, in days, at which models are judged: that of migration; 0 where leaving is silence."""
        return MIGRATION_HORIZON if self.quiet_days is None else ALREADY_GONE


def leaving(book: Book, until: int, quiet_days: int | None = None) -> Leaving:
    """What leaving means in a book, as far as was known at a moment.

    Args:
        book: an opened book.
        until: the moment, in microseconds since 1970.
        quiet_days: the quiet period, for books without departures; else the book's own, else the 95th percentile of
            the gaps between active days.
    """
    if book.has("departures"):
        return Leaving(None, _reporting_delay(book, until), None)
    quiet = quiet_days or book.quiet_days or _usual_gap(book, until)
    return Leaving(quiet, quiet, _came_back(book, until, quiet))


def left_by(
    book: Book,
    cohort: pd.DataFrame,
    horizons: Sequence[int],
    until: int,
    meaning: Leaving,
) -> pd.DataFrame:
    """Who has left by each horizon, as far as is known at a moment.

    Args:
        book: an opened book.
        cohort: ``account_id`` and ``as_of_us``, a row each.
        horizons: in days.
        until: the moment, in microseconds since 1970.
        meaning: what leaving means.

    Returns:
        A column for each horizon: 1 has left, 0 stays, missing where that is not known yet, and where the account had
        left before the as-of date without anybody knowing; rows as in the cohort.
    """
    left_us = _left_us(book, cohort, until, meaning)
    as_of = cohort["as_of_us"]
    had_left = _had_left(book, cohort, until, meaning)
    columns = {}
    for horizon in horizons:
        end = as_of + horizon * MICROS_PER_DAY
        known = end + meaning.delay_days * MICROS_PER_DAY <= until
        columns[horizon] = (left_us <= end).astype(float).where(known & ~had_left)
    return pd.DataFrame(columns, index=cohort.index)


def left_within(
    book: Book,
    cohort: pd.DataFrame,
    start: int,
    horizons: Sequence[int],
    until: int,
    meaning: Leaving,
) -> pd.DataFrame:
    """Who has left after a day and by each horizon, of those who had not left by that day.

    Args, rows: as in `left_by`; ``start`` in days, less than each horizon.

    Returns:
        A column for each horizon: 1 has left within (as_of + start, as_of + horizon], 0 stays, missing where that is
        not known yet and where the account had left by the start.
    """
    left = left_by(book, cohort, [start, *horizons], until, meaning)
    return left[list(horizons)].where(left[start] == 0)


def departed(
    book: Book, cohort: pd.DataFrame, until: int, meaning: Leaving
) -> pd.Series:
    """When each account of a cohort next left, as far as is known at a moment.

    Args, rows: as in `left_by`.

    Returns:
        ``left_us``, after the as-of date, in microseconds since 1970; missing where the account did not leave, and
        where it had left before the as-of date without anybody knowing.
    """
    left_us = _left_us(book, cohort, until, meaning)
    after = (left_us > cohort["as_of_us"]) & np.isfinite(left_us)
    return left_us.where(after & ~_had_left(book, cohort, until, meaning)).rename(
        "left_us"
    )


def has_left(book: Book, until: int, meaning: Leaving) -> pd.Series:
    """Whether each account has left, as far as is known at a moment: 1 has, 0 has not, by account.

    Whoever came back has not. In a book without departures an account has left that has been quiet for longer than the
    quiet period.
    """
    if meaning.quiet_days is None:
        now = f"(select {until} as as_of_us)"
        filled = _DEPARTED_NOW.format(
            until=until, customers=customers_sql(True, book.grace_days, now)
        )
    else:
        filled = _QUIET_NOW.format(
            until=until, quiet=meaning.quiet_days * MICROS_PER_DAY
        )
    return (
        book.connection.execute(filled)
        .df()
        .set_index("account_id")["has_left"]
        .astype(float)
    )


def state_at(
    book: Book, cohort: pd.DataFrame, horizon: int, until: int, meaning: Leaving
) -> pd.Series:
    """The state at a horizon: 0 to 3 the quadrant as it was known then, 4 defected; missing where it is not known.

    Args, rows: as in `left_by`.
    """
    left = left_by(book, cohort, [horizon], until, meaning)[horizon]
    later = cohort[["account_id", "as_of_us"]].assign(
        as_of_us=cohort["as_of_us"] + horizon * MICROS_PER_DAY
    )
    then = snapshot_of_pairs(book, later, QUADRANT)
    quadrant = later.merge(then, on=["account_id", "as_of_us"], how="left")[
        "quadrant"
    ].set_axis(cohort.index)
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


def left_silently(
    book: Book, cohort: pd.DataFrame, until: int, meaning: Leaving
) -> pd.Series:
    """Who of those who left within the migration horizon did so without a word, as far as is known at a moment.

    Where that horizon is not known yet, those who have left already count, which only silence can show.

    Args, rows: as in `left_by`.

    Returns:
        1 left silently, 0 overtly, missing for all who did not leave and where neither is known.
    """
    left = left_by(book, cohort, [MIGRATION_HORIZON, ALREADY_GONE], until, meaning)
    leaver = left[MIGRATION_HORIZON].fillna(left[ALREADY_GONE]) == 1
    moments = _moments(until, meaning)
    queries = (
        query.format(moments=moments, until=until) for query in (_SAID, _BEHAVED)
    )
    said, behaved = (_looked_up(book, cohort, query, "overt") for query in queries)
    return (1.0 - said.fillna(behaved)).where(leaver).rename("silent")


def _had_left(
    book: Book, cohort: pd.DataFrame, until: int, meaning: Leaving
) -> pd.Series:
    """Who had left by the as-of date already, as became known later: neither a leaver after it nor one who stays."""
    if meaning.quiet_days is not None:
        return pd.Series(False, index=cohort.index)
    moments = "(select distinct as_of_us from looked_at)"
    customers = customers_sql(True, book.grace_days, moments, until)
    return _looked_up(
        book, cohort, _HAD_DEPARTED.format(until=until, customers=customers)
    ).notna()


def _left_us(
    book: Book, cohort: pd.DataFrame, until: int, meaning: Leaving
) -> pd.Series:
    """When each account of the cohort left after its as-of date; infinite where it did not."""
    return (
        _looked_up(book, cohort, _moments(until, meaning)).astype(float).fillna(np.inf)
    )


def _moments(until: int, meaning: Leaving) -> str:
    """Query: when each row of ``looked_at`` left after its as-of date, and its departure or last sign of life."""
    if meaning.quiet_days is None:
        return _DEPARTED.format(until=until)
    return _FELL_SILENT.format(until=until, quiet=meaning.quiet_days * MICROS_PER_DAY)


def _looked_up(
    book: Book, cohort: pd.DataFrame, query: str, column: str = "left_us"
) -> pd.Series:
    """What a query over ``looked_at`` gives of each row of the cohort, missing where it gives nothing."""
    pairs = cohort[["account_id", "as_of_us"]]
    book.connection.register("looked_at", pairs)
    found = book.connection.execute(query).df()
    book.connection.unregister("looked_at")
    return pairs.merge(found, on=["account_id", "as_of_us"], how="left")[
        column
    ].set_axis(cohort.index)


_DEPARTED = """
    select c.account_id, c.as_of_us, min(d.occurred_us) as left_us, left_us as last_us from looked_at as c
    join departures as d on d.account_id = c.account_id and d.occurred_us > c.as_of_us and d.known_us <= {until}
    group by c.account_id, c.as_of_us"""

_HAD_DEPARTED = """
    select c.account_id, c.as_of_us, max(d.occurred_us) as left_us from looked_at as c
    join departures as d on d.account_id = c.account_id
    and d.occurred_us <= c.as_of_us and d.known_us > c.as_of_us and d.known_us <= {until}
    where (c.account_id, c.as_of_us) not in ({customers})
    group by c.account_id, c.as_of_us"""

_DEPARTED_NOW = """
    select a.account_id, case when c.account_id is null then 1 else 0 end as has_left from accounts as a
    left join ({customers}) as c on c.account_id = a.account_id
    where a.opened_us <= {until} order by a.account_id"""

_QUIET_NOW = """
    select account_id, case when max(occurred_us) + {quiet} < {until} then 1 else 0 end as has_left
    from interactions where sign_of_life and known_us <= {until} group by account_id order by account_id"""

# Only the signs that a quiet stretch follows matter, and few do; the stretch may have begun before the as-of date.
_QUIET_STRETCHES = """
    select account_id, occurred_us, next_us from (
        select account_id, occurred_us,
            coalesce(lead(occurred_us) over (partition by account_id order by occurred_us), {until} + 1) as next_us
        from interactions where sign_of_life and known_us <= {until}) as signs
    where next_us - occurred_us > {quiet}"""

_FELL_SILENT = f"""
    select c.account_id, c.as_of_us, min(greatest(s.occurred_us, c.as_of_us)) as left_us,
        min(s.occurred_us) as last_us from looked_at as c
    join ({_QUIET_STRETCHES}) as s
    on s.account_id = c.account_id and s.next_us - greatest(s.occurred_us, c.as_of_us) > {{quiet}}
    group by c.account_id, c.as_of_us"""

_SAID = """
    select c.account_id, c.as_of_us, cast(bool_or(d.overt) as double) as overt from ({moments}) as c
    join departures as d on d.account_id = c.account_id and d.occurred_us = c.left_us and d.known_us <= {until}
    group by c.account_id, c.as_of_us"""

_BEHAVED = f"""
    with words as (select account_id, occurred_us from interactions where {_WORD} and known_us <= {{until}})
    select c.account_id, c.as_of_us, cast(count(w.occurred_us) > 0 as double) as overt from ({{moments}}) as c
    left join words as w on w.account_id = c.account_id
    and w.occurred_us <= c.last_us and w.occurred_us > c.last_us - {SILENT_DAYS * MICROS_PER_DAY}
    where exists (select 1 from words) group by c.account_id, c.as_of_us"""

_GAPS = f"""
    select day - lag(day) over (partition by account_id order by day) as gap from (
        select distinct account_id, occurred_us // {MICROS_PER_DAY} as day from interactions
        where sign_of_life and known_us <= {{until}}) as days"""


def _usual_gap(book: Book, until: int) -> int:
    query = f"select quantile_cont(gap, {USUAL_GAPS}) from ({_GAPS.format(until=until)}) where gap is not null"
    gap = single(book.connection, query)
    if gap is None:
        raise EvidenceError(
            found="no account with two active days",
            expected="gaps between active days, to tell how long a quiet period is",
            mend=f"give it with --quiet or as quiet_days in book.toml; or {BY_RULES}",
        )
    return max(int(np.ceil(gap)), 1)


def _came_back(book: Book, until: int, quiet: int) -> float | None:
    stretches = _QUIET_STRETCHES.format(until=until, quiet=quiet * MICROS_PER_DAY)
    query = f"select avg(case when next_us <= {until} then 1e0 else 0e0 end) from ({stretches})"
    share = single(book.connection, query)
    return None if share is None else float(share)


def _reporting_delay(book: Book, until: int) -> int:
    left = left_sql(book.grace_days, until)
    query = f"select quantile_disc(known_us - occurred_us, {REPORTED}) from ({left}) as departures"
    delay = single(book.connection, query)
    return 0 if delay is None else int(np.ceil(delay / MICROS_PER_DAY))
