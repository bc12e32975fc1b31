"""Tables: one branch as the seven tables of a book, in Arrow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from company.arrays import Flags, Floats, Ints, stack
from company.branch import WRITE, Branch
from company.calendar import Calendar
from company.diary import Diary
from company.firm import Company
from company.knobs import REASONS
from company.labels import labels_table
from company.markets import MARKETS
from company.reps import STYLES
from company.rows import CHANNELS, KIND_NAMES, NONE, Rows
from company.traits import INDUSTRIES, PLANS, TIERS, Traits
from company.week import Week

TIME = pa.timestamp("us")
PRODUCT_ITEMS = ("better", "faster", "different", "cost_effective", "process")
PEOPLE_ITEMS = ("attitude", "skills", "knowledge")
SOURCES = ("satisfaction_survey", "focus_group", "mystery_shopping", "after_contact")
ROLES = ("owner", "buyer", "office", "director")

Tables = dict[str, pa.Table]
"""Tables of a book by name."""


def write_down(
    branch: Branch, calendar: Calendar, lived: list[Week], company: Company
) -> Tables:
    """The tables of a branch that has been lived through; clean, with nothing planted."""
    rng = branch.stream(WRITE)
    diary = Diary(stack(lived), company.traits, calendar, branch.first, rng)
    ids = account_ids(branch)
    return {
        "accounts": accounts_table(company.traits, ids, calendar, rng),
        "interactions": interactions_table(diary.write(), ids, branch),
        "surveys": surveys_table(diary, ids, branch),
        "departures": departures_table(diary, ids),
        "reps": reps_table(diary, branch),
        "markets": markets_table(diary),
        "labels": labels_table(branch, company, ids),
    }


def account_ids(branch: Branch) -> pa.Array:
    """The names of a branch's accounts."""
    return _names("A", np.arange(branch.first, branch.first + branch.accounts), 6)


def accounts_table(
    traits: Traits, ids: pa.Array, calendar: Calendar, rng: np.random.Generator
) -> pa.Table:
    """Accounts, and what is known of each that never changes; the profile is filled in only partly (S13)."""
    size = len(ids)
    opened = calendar.instants(traits.opened_week, -7 * rng.random(size))
    known = np.clip(rng.beta(2.5, 1.5, size), 0, 1)

    def some(share: Floats | float) -> Flags:
        return rng.random(size) >= share

    employees = np.maximum(
        1, np.round(np.exp(2.2 + 0.5 * traits.plan + rng.standard_normal(size)))
    )
    return pa.table(
        {
            "account_id": ids,
            "opened_at": pa.array(opened, TIME),
            "market": _words(traits.market, MARKETS),
            "industry": _words(traits.industry, INDUSTRIES),
            "style": _words(traits.style, STYLES, some(0.25 + 0.5 * known)),
            "plan": _words(traits.plan, PLANS),
            "tier": _words(traits.tier, TIERS),
            "holdout": _words(traits.holdout.astype(np.int64), ("no", "yes")),
            "employees": pa.array(employees, pa.float64(), mask=some(known)),
            "contact_role": _words(
                rng.integers(0, len(ROLES), size), ROLES, some(known)
            ),
            "budget_month": pa.array(
                rng.integers(1, 13, size).astype(float),
                pa.float64(),
                mask=some(0.8 * known),
            ),
            "heard_of_us": _words(
                rng.integers(0, 3, size), ("search", "fair", "referral"), some(known)
            ),
        }
    )


def interactions_table(written: Rows, ids: pa.Array, branch: Branch) -> pa.Table:
    """Interactions, each known when it occurred."""
    occurred = pa.array(written.time, TIME)
    return pa.table(
        {
            "account_id": ids.take(pa.array(written.account)),
            "occurred_at": occurred,
            "known_at": occurred,
            "kind": _words(written.kind, KIND_NAMES),
            "rep_id": _numbered(_rep_names(branch), written.rep),
            "channel": _words(written.channel, CHANNELS, written.channel < 0),
            "matter_id": _names("M", written.matter, 0, written.matter < 0),
            "value": _numbers(written.value),
            "minutes": _numbers(written.minutes),
            "sentiment": _numbers(written.sentiment),
        }
    )


def surveys_table(diary: Diary, ids: pa.Array, branch: Branch) -> pa.Table:
    """Answers to surveys: a row per item, on scales that differ by item."""
    w, rng = diary.weeks, diary.rng
    week, account = np.nonzero(w.answered & w.asked)
    quarter = week // 13 + account
    items = [
        ("product", w.product_items[week, account, 0], (0, 10)),
        (PRODUCT_ITEMS, w.product_items[week, account, 1], (1, 7)),
        ("people", w.people_items[week, account, 0], (0, 10)),
        (PEOPLE_ITEMS, w.people_items[week, account, 1], (1, 5)),
        ("recommend", w.recommend[week, account], (0, 10)),
    ]
    time = diary.at(week, 1.5 + 5 * rng.random(len(week)))
    source = rng.choice(3, len(week), p=(0.96, 0.025, 0.015))
    parts = [
        _scores(diary, branch, ids, (week, account, time, source, quarter), *item)
        for item in items
    ]
    week, account = np.nonzero(w.answered & w.asked_after)
    occasion = (
        week,
        account,
        diary.at(week, 1.5 + 5 * rng.random(len(week))),
        np.full(len(week), 3),
        week,
    )
    parts.append(
        _scores(
            diary,
            branch,
            ids,
            occasion,
            "attitude",
            w.people_items[week, account, 1],
            (1, 5),
        )
    )
    effort = 10 * (w.effort[week, account] - 1) / 6
    parts.append(_scores(diary, branch, ids, occasion, "effort", effort, (1, 7)))
    return (
        pa.concat_tables(parts)
        .combine_chunks()
        .sort_by([("occurred_at", "ascending"), ("account_id", "ascending")])
    )


def _scores(
    diary: Diary,
    branch: Branch,
    ids: pa.Array,
    occasion: tuple[Ints, Ints, Ints, Ints, Ints],
    item: str | Sequence[str],
    score: Floats,
    scale: tuple[int, int],
) -> pa.Table:
    week, account, time, source, quarter = occasion
    names = (item,) if isinstance(item, str) else item
    size, (low, high) = len(week), scale
    desk = diary.traits.desk[account]
    rep = diary.weeks.rep_generation[week, desk] * branch.desks + desk
    return pa.table(
        {
            "account_id": ids.take(pa.array(account)),
            "occurred_at": pa.array(time, TIME),
            "known_at": pa.array(time, TIME),
            "item": _words(quarter % len(names), names),
            "score": pa.array(np.round(low + score * (high - low) / 10)),
            "scale_min": pa.array(np.full(size, float(low))),
            "scale_max": pa.array(np.full(size, float(high))),
            "higher_is_better": pa.array(np.full(size, item != "effort")),
            "source": _words(source, SOURCES),
            "rep_id": _numbered(_rep_names(branch), rep),
        }
    )


def departures_table(diary: Diary, ids: pa.Array) -> pa.Table:
    """Departures; those who go without a word are noticed a few days later, and their reason not always."""
    week, account, time = diary.departed()
    overt = diary.weeks.voiced[week, account]
    draw = diary.rng.random((2, len(week)))
    known = (
        time
        + np.where(overt, 0, np.round(86_400 * 10 * draw[0])).astype(np.int64)
        * 1_000_000
    )
    heard = known < diary.calendar.stop
    order = np.flatnonzero(heard)[np.argsort(time[heard], kind="stable")]
    unknown = ~overt & (draw[1] < 0.1)
    return pa.table(
        {
            "account_id": ids.take(pa.array(account)),
            "occurred_at": pa.array(time, TIME),
            "known_at": pa.array(known, TIME),
            "reason": _words(diary.weeks.cause[week, account], REASONS, unknown),
            "overt": pa.array(overt),
        }
    ).take(pa.array(order))


def reps_table(diary: Diary, branch: Branch) -> pa.Table:
    """Reps of a branch; those who served before the records began have an older date of hire."""
    w, desks = diary.weeks, branch.desks
    number = w.rep_generation * desks + np.arange(desks)
    # Who sat at a desk in the first week, then all successors; who left in that very week is in no record.
    week, desk = np.nonzero(w.rep_left[1:])
    week += 1
    first_week = np.concatenate([np.zeros(desks, dtype=np.int64), week])
    desk = np.concatenate([np.arange(desks), desk])
    hired_week = first_week - w.rep_tenure[first_week, desk]
    hired = diary.at(np.zeros(len(desk), dtype=np.int64), 7 * hired_week)
    left = np.full(int(number.max()) + 1, NONE)
    left[number[week, desk[desks:]] - desks] = diary.at(week, np.zeros(len(week)))
    rep = number[first_week, desk]
    return pa.table(
        {
            "rep_id": _numbered(_rep_names(branch), rep),
            "hired_at": pa.array(hired, TIME),
            "left_at": pa.array(left[rep], TIME, mask=left[rep] == NONE),
            "style": _words(
                w.rep_style[first_week, desk], STYLES, diary.rng.random(len(rep)) < 0.15
            ),
        }
    )


def markets_table(diary: Diary) -> pa.Table:
    """What happened in the markets."""
    week, market = np.nonzero(diary.weeks.entered)
    return pa.table(
        {
            "market": _words(market, MARKETS),
            "occurred_at": pa.array(diary.at(week, np.full(len(week), 0.1)), TIME),
            "kind": pa.array(["competitor_entered"] * len(week), pa.string()),
        }
    )


def _rep_names(branch: Branch) -> str:
    return f"R{branch.number}-"


def _words(numbers: Ints, words: Sequence[str], null: Flags | None = None) -> pa.Array:
    return pa.array(list(words), pa.string()).take(pa.array(numbers, mask=null))


def _names(
    prefix: str, numbers: Ints, width: int, null: Flags | None = None
) -> pa.Array:
    digits = pc.cast(pa.array(numbers, pa.int64(), mask=null), pa.string())
    padded = pc.utf8_lpad(digits, width, "0") if width else digits
    return pc.binary_join_element_wise(prefix, padded, "")


def _numbered(prefix: str, numbers: Ints) -> pa.Array:
    """Names of few different numbers, made once each."""
    names = _names(prefix, np.arange(max(1, int(numbers.max(initial=0)) + 1)), 0)
    return names.take(pa.array(numbers, mask=numbers < 0))


def _numbers(values: Floats) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))
