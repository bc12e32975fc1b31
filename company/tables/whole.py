"""All tables of a branch."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from company.arrays import stack
from company.branch import WRITE, Branch
from company.calendar import Calendar
from company.diary.absence import departed
from company.diary.pen import Pen
from company.diary.written import interactions
from company.firm import Company
from company.knobs import REASONS
from company.labels import labels_table
from company.rows import CHANNELS, KIND_NAMES, Rows
from company.tables.accounts import account_ids, accounts_table
from company.tables.columns import (
    TIME,
    Tables,
    names,
    numbered,
    numbers,
    rep_names,
    words,
)
from company.tables.firm import markets_table, reps_table
from company.tables.surveys import surveys_table
from company.week import Week


def write_down(
    branch: Branch, calendar: Calendar, lived: list[Week], company: Company
) -> Tables:
    """The tables of a branch that has been lived through; clean, with nothing planted."""
    rng = branch.stream(WRITE)
    pen = Pen(stack(lived), company.traits, calendar, branch.first, rng)
    ids = account_ids(branch)
    return {
        "accounts": accounts_table(company.traits, ids, calendar, rng),
        "interactions": interactions_table(interactions(pen), ids, branch),
        "surveys": surveys_table(pen, ids, branch),
        "departures": departures_table(pen, ids),
        "reps": reps_table(pen, branch),
        "markets": markets_table(pen),
        "labels": labels_table(branch, company, ids),
    }


def interactions_table(written: Rows, ids: pa.Array, branch: Branch) -> pa.Table:
    """Interactions, each known when it occurred."""
    occurred = pa.array(written.time, TIME)
    return pa.table(
        {
            "account_id": ids.take(pa.array(written.account)),
            "occurred_at": occurred,
            "known_at": occurred,
            "kind": words(written.kind, KIND_NAMES),
            "rep_id": numbered(rep_names(branch), written.rep),
            "channel": words(written.channel, CHANNELS, written.channel < 0),
            "matter_id": names("M", written.matter, 0, written.matter < 0),
            "value": numbers(written.value),
            "minutes": numbers(written.minutes),
            "sentiment": numbers(written.sentiment),
        }
    )


def departures_table(pen: Pen, ids: pa.Array) -> pa.Table:
    """Departures; those who go without a word are noticed a few days later, and their reason not always."""
    week, account, time = departed(pen)
    overt = pen.weeks.voiced[week, account]
    draw = pen.rng.random((2, len(week)))
    known = (
        time
        + np.where(overt, 0, np.round(86_400 * 10 * draw[0])).astype(np.int64)
        * 1_000_000
    )
    heard = known < pen.calendar.stop
    order = np.flatnonzero(heard)[np.argsort(time[heard], kind="stable")]
    unknown = ~overt & (draw[1] < 0.1)
    return pa.table(
        {
            "account_id": ids.take(pa.array(account)),
            "occurred_at": pa.array(time, TIME),
            "known_at": pa.array(known, TIME),
            "reason": words(pen.weeks.cause[week, account], REASONS, unknown),
            "overt": pa.array(overt),
        }
    ).take(pa.array(order))
