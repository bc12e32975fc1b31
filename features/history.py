"""History: the only door to the past.

Every source of a feature reads through the relations of this module, which show, for each ``pair`` of account and
as-of date of the cohort, the rows that were known by then (``known_us <= as_of_us``), and no others. ``age`` is in
days, from the row to the as-of date, never negative; a window of w days is ``age < w``, that is (as_of - w, as_of].
"""

from __future__ import annotations

from dataclasses import dataclass

from features.engine import MICROS_PER_DAY
from features.kinds import code

AGE = f"(c.as_of_us - {{when}}) / {MICROS_PER_DAY}e0"


@dataclass(frozen=True)
class Source:
    """A relation that features are measured on, with ``pair`` among its columns.

    Attributes:
        name: what measures call it by.
        sql: a select that reads other sources, each by its name in braces.
        reads: those sources.
        kept: whether it is computed once where several read it, rather than by each for the columns that it needs.
    """

    name: str
    sql: str
    reads: tuple[Source, ...] = ()
    kept: bool = True


def _visible(name: str, table: str, columns: str) -> Source:
    age = AGE.format(when="r.occurred_us")
    sql = f"""select c.pair, c.as_of_us, r.occurred_us, r.known_us, {age} as age, {columns}
        from cohort as c join {table} as r on r.account_id = c.account_id and r.known_us <= c.as_of_us"""
    return Source(name, sql, kept=False)


ACCOUNT = Source(
    "account",
    f"""select c.pair, {AGE.format(when="r.opened_us")} as age, r.market, r.style, r.tier, r.profile_filled
        from cohort as c join accounts as r on r.account_id = c.account_id""",
)
"""The account itself: ``age`` is its tenure."""

INTERACTION = _visible(
    "interaction",
    "interactions",
    "r.kind_code, r.sign_of_life, r.rep_id, r.channel, r.matter_id, r.value, r.minutes, r.sentiment",
)
"""Interactions known by the as-of date."""


def _part(name: str, where: str) -> Source:
    return Source(name, f"select * from {{interaction}} where {where}", reads=(INTERACTION,), kept=False)


SIGN = _part("sign", "sign_of_life")
"""Interactions that show that the account still does business with us."""

DEAL = _part("deal", f"kind_code in ({code('purchase')}, {code('cancellation')})")
"""Purchases and cancellations."""

DEALING = _part("dealing", f"kind_code not in ({code('use')}, {code('visit')}, {code('purchase')})")
"""What the account and our people said to each other and did for each other: all but use, visits and purchases."""

SURVEY = _visible("survey", "surveys", "r.item, r.score, r.answer, r.weight, r.source, r.response_id, r.rep_id")
"""Survey scores known by the as-of date, on 0 to 10, high is good; ``answer`` is tenths of its scale's highest."""

REP = Source(
    "rep",
    f"""select c.as_of_us, r.rep_id, r.style, {AGE.format(when="r.hired_us")} as hired_age,
            case when r.left_us <= c.as_of_us then {AGE.format(when="r.left_us")} end as left_age
        from (select distinct as_of_us from cohort) as c
        join reps as r on r.hired_us is null or r.hired_us <= c.as_of_us""",
)
"""Reps known by the as-of date; ``left_age`` is missing for those who had not left by then."""

MARKET_EVENT = Source(
    "market_event",
    f"""select c.pair, m.occurred_us, {AGE.format(when="m.occurred_us")} as age, m.kind
        from cohort as c join accounts as r on r.account_id = c.account_id
        join markets as m on m.market = r.market and m.known_us <= c.as_of_us""",
)
"""What happened in the account's market by the as-of date."""
