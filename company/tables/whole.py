"""All tables of a branch."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from company.arrays import stack
from company.branch import WRITE, Branch
from company.calendar import Calendar
from company.diary.pen import Pen
from company.diary.written import interactions
from company.firm import Company
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
from company.tables.contracts import contracts_table
from company.tables.departures import departures_table, noticed
from company.tables.firm import markets_table, reps_table
from company.tables.scheduled import scheduled_table
from company.tables.surveys import surveys_table
from company.week import Week


def write_down(
    branch: Branch, calendar: Calendar, lived: list[Week], company: Company
) -> Tables:
    """The tables of a branch that has been lived through; clean, with nothing planted."""
    rng = branch.stream(WRITE)
    pen = Pen(stack(lived), company.traits, calendar, branch.first, rng)
    ids = account_ids(branch)
    tables = {
        "accounts": accounts_table(company.traits, ids, calendar, rng),
        "interactions": interactions_table(interactions(pen), ids, branch),
        "surveys": surveys_table(pen, ids, branch),
    }
    left = noticed(pen)
    tables |= {
        "departures": departures_table(pen, left, ids),
        "reps": reps_table(pen, branch),
        "markets": markets_table(pen),
        "labels": labels_table(branch, company, ids),
    }
    if branch.knobs.contracts > 0:
        own = replace(pen, rng=branch.stream(WRITE, 1))
        tables["contracts"] = contracts_table(own, left, ids)
        tables["scheduled"] = scheduled_table(own, ids)
    return tables


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
