"""Levers: what we can do for an account in the coming quarter, each as an edit of its log (S7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from features.edits.coming import SETTLES, opened
from features.edits.records import Records
from features.edits.rows import new_matter, with_interactions, without
from features.engine import MICROS_PER_DAY

ANSWER_HOURS = 4
SETTLE_HOURS = 24
PROMISES = 3
CONTACTS = 3
EVERY_DAYS = 28
"""From one promise or contact to the next."""
_HOUR = MICROS_PER_DAY // 24


@dataclass(frozen=True)
class Lever:
    """Something that we can do for an account.

    Attributes:
        name: what it is called.
        sentence: what to do.
        who: pulls it.
        seeds: rows of the seeds that say so.
        raises: the doses that it is to raise, see `features.edits.doses`; by these accounts of the past are like it.
        edit: by records and the moment at which the quarter begins, the records as they would be. Accounts for which
            there is nothing to do stay as they are.
    """

    name: str
    sentence: str
    who: str
    seeds: tuple[str, ...]
    raises: tuple[str, ...]
    edit: Callable[[Records, int], Records]


def settle(records: Records, at: int) -> Records:
    """What waits is settled a day later."""
    past = records.tables["interactions"]
    known = past[past["known_us"] <= at]
    settled = known.loc[known["kind"].isin(SETTLES), "matter_id"]
    waiting = opened(known)
    waiting = waiting[~waiting["matter_id"].isin(settled)]
    return with_interactions(records, _dealt(waiting, at + 24 * _HOUR, "resolution"))


def answer(records: Records, at: int) -> Records:
    """What is opened in the quarter is answered and settled within hours."""
    rows = records.tables["interactions"]
    matters = opened(rows)
    matters = matters[matters["opened"] > at]
    first = rows["matter_id"].map(matters.set_index("matter_id")["opened"])
    kept = without(records, "interactions", rows["occurred_us"] > first)
    for hours, kind in ((ANSWER_HOURS, "answer"), (SETTLE_HOURS, "resolution")):
        when = matters["opened"] + hours * _HOUR
        kept = with_interactions(kept, _dealt(matters, when, kind))
    return kept


def promise(records: Records, at: int) -> Records:
    """Promises are made and kept, two weeks after each."""
    free, rows = new_matter(records), []
    for account in records.account_ids:
        for turn in range(PROMISES):
            made = at + (1 + turn * EVERY_DAYS) * MICROS_PER_DAY
            for kind, days in (("promise_made", 0), ("promise_kept", 14)):
                when = made + days * MICROS_PER_DAY
                rows.append(_row(account, when, kind) | {"matter_id": free})
            free += 1
    return with_interactions(records, rows)


def reach_out(records: Records, at: int) -> Records:
    """We reach out unasked."""
    rows = []
    for account in records.account_ids:
        for turn in range(CONTACTS):
            when = at + (1 + turn * EVERY_DAYS) * MICROS_PER_DAY
            rows.append(_row(account, when, "outreach"))
    return with_interactions(records, rows)


def hand_over(records: Records, at: int) -> Records:
    """Who is served by a rep of another style goes to the longest serving rep of its own (S34)."""
    best = _longest_serving(records.tables["reps"], at)
    accounts = records.tables["accounts"]
    serving = _serving(records, at)
    rows: list[dict[str, object]] = []
    for account, style in zip(accounts["account_id"], accounts["style"], strict=True):
        present = serving.get(account)
        if style in best.index and present is not None and present != style:
            handed = _row(account, at + MICROS_PER_DAY, "handover")
            rows.append(handed | {"rep_id": best[style]})
    return with_interactions(records, rows)


def _longest_serving(reps: pd.DataFrame, at: int) -> pd.Series:
    """Of those here, the rep of each style who was hired first."""
    gone = reps["left_us"].notna() & (reps["left_us"] <= at)
    here = reps[~gone & reps["style"].notna() & (reps["hired_us"] <= at)]
    ordered = here.sort_values(["hired_us", "rep_id"])
    first = ordered.drop_duplicates("style").set_index("style")
    return first["rep_id"]


def _serving(records: Records, at: int) -> pd.Series:
    """The style of the rep of each account's last contact, where it is known."""
    rows = records.tables["interactions"]
    served = rows[(rows["known_us"] <= at) & rows["rep_id"].notna()]
    last = served.sort_values("occurred_us").drop_duplicates("account_id", keep="last")
    styles = records.tables["reps"].set_index("rep_id")["style"].dropna()
    found = last.set_index("account_id")["rep_id"].astype(object).map(styles)
    return found.dropna()


def _dealt(
    matters: pd.DataFrame, when: int | pd.Series, kind: str
) -> list[dict[str, object]]:
    rows = matters[["account_id", "matter_id"]].assign(occurred_us=when, kind=kind)
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]


def _row(account: str, when: int, kind: str) -> dict[str, object]:
    return {"account_id": account, "occurred_us": when, "kind": kind}


LEVERS = (
    Lever(
        "settle",
        "settle what is open",
        "the rep",
        ("S21", "S23"),
        ("fast_grave", "fast_asked", "late"),
        settle,
    ),
    Lever(
        "answer",
        f"answer within {ANSWER_HOURS} hours, settle within {SETTLE_HOURS}",
        "service",
        ("S15", "S24"),
        ("fast_grave", "fast_asked"),
        answer,
    ),
    Lever(
        "promise",
        f"make {PROMISES} promises and keep them",
        "the rep",
        ("S14", "S29"),
        ("kept",),
        promise,
    ),
    Lever(
        "reach_out",
        f"reach out {CONTACTS} times unasked",
        "the rep",
        ("S25",),
        ("reached",),
        reach_out,
    ),
    Lever(
        "hand_over",
        "hand over to a rep of its own style",
        "the head of the team",
        ("S34",),
        ("handed",),
        hand_over,
    ),
)
"""All that are offered. None that we cannot pull: nobody can make an account younger."""
