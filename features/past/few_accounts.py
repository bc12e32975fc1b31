"""The ledger of a few whole accounts, made in memory, as a request or a part of a cluster holds them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from features.past.ordered import table_of
from features.past.responses import NOT_THEIRS
from features.timeline.expression import Array, Columns
from features.timeline.histories import Ledger, Table
from features.timeline.rows import Floats, Ints, Rows
from features.vocabulary.items import item_code
from features.vocabulary.kinds import FLAGS
from features.vocabulary.vocabularies import COMPETITOR_ENTERED

Clean = Columns | pd.DataFrame
"""Clean rows of a table, by column."""


def ledger_of(tables: Mapping[str, Clean]) -> Ledger:
    """The ledger of a few whole accounts.

    Args:
        tables: ``accounts`` (in order of their ids), ``interactions``, ``surveys``, ``contracts``, ``scheduled``,
            ``reps`` and ``markets``: clean rows in the form of `features.cleaning.normalised`, in any order.
    """
    accounts, reps, markets = tables["accounts"], tables["reps"], tables["markets"]
    interactions, surveys = tables["interactions"], tables["surveys"]
    rep_served, rep_known = _numbers(interactions["rep_id"], reps["rep_id"])
    account_style, rep_style = _numbers(accounts["style"], reps["style"])
    account_market, event_market = _numbers(accounts["market"], markets["market"])
    return Ledger(
        accounts=_accounts(accounts, account_style, account_market),
        interactions=_interactions(interactions, accounts, rep_served),
        surveys=_surveys(surveys, accounts),
        contracts=_contracts(tables["contracts"], accounts),
        scheduled=_scheduled(tables["scheduled"], accounts),
        reps=_rep_columns(rep_served, rep_known, rep_style, reps),
        markets=_markets(markets, event_market),
    )


def _accounts(accounts: Clean, style: Ints, market: Ints) -> dict[str, Array]:
    tiers = _texts(accounts["tier"]).tolist()
    return {
        "opened_us": _doubles(accounts["opened_us"]),
        "profile_filled": _doubles(accounts["profile_filled"]),
        "is_key": np.array([_is_key(tier) for tier in tiers], dtype=np.float64),
        "style": style,
        "market": market,
    }


def _is_key(tier: object) -> float:
    return float(tier.lower() == "key") if isinstance(tier, str) else np.nan


def _interactions(rows: Clean, accounts: Clean, rep: Ints) -> Table:
    (channel,) = _numbers(rows["channel"])
    (matter,) = _numbers(rows["matter_id"])
    columns: dict[str, Array] = {"rep": rep, "channel": channel, "matter": matter}
    columns["kind_code"] = np.asarray(rows["kind_code"], dtype=np.uint8)
    for flag in FLAGS:
        columns[flag] = np.asarray(rows[flag], dtype=bool)
    for name in ("value", "minutes", "sentiment", "items"):
        columns[name] = _doubles(rows[name])
    return _dated(rows, accounts, columns)


def _surveys(rows: Clean, accounts: Clean) -> Table:
    source = _texts(rows["source"]).tolist()
    item = [item_code(name) for name in _texts(rows["item"]).tolist()]
    columns: dict[str, Array] = {
        "item": np.array(item, dtype=np.uint8),
        "thread": _threads(rows),
        "has_id": pd.notna(_texts(rows["response_id"])),
        "theirs": np.array([name not in NOT_THEIRS for name in source], dtype=bool),
    }
    for name in ("score", "answer", "weight"):
        columns[name] = _doubles(rows[name])
    return _dated(rows, accounts, columns)


def contract_rows(rows: Clean, accounts: Clean) -> Rows:
    """Clean rows of ``contracts`` by account, as `features.past.terms` reads them.

    Args:
        rows: the contracts.
        accounts: at least the ``account_id`` of each account, in order.
    """
    table = _contracts(rows, accounts)
    count = len(accounts["account_id"])
    return Rows(table.account, table.known_us, table.columns, count)


def _contracts(rows: Clean, accounts: Clean) -> Table:
    (contract,) = _numbers(rows["contract_id"])
    (plan,) = _numbers(rows["plan"])
    columns: dict[str, Array] = {
        "contract": contract,
        "plan": np.where(plan < 0, np.nan, plan),
        "renews": _doubles(rows["auto_renews"]),
    }
    for name in ("starts_us", "ends_us", "value", "seats"):
        columns[name] = _doubles(rows[name])
    return _dated(rows, accounts, columns)


def _scheduled(rows: Clean, accounts: Clean) -> Table:
    (event,) = _numbers(rows["scheduled_id"])
    columns: dict[str, Array] = {
        "event": event,
        "scheduled_us": _doubles(rows["scheduled_us"]),
        "cancelled": np.asarray(rows["cancelled"], dtype=bool),
    }
    return _dated(rows, accounts, columns)


def _markets(markets: Clean, market: Ints) -> dict[str, Array]:
    entered = _texts(markets["kind"]) == COMPETITOR_ENTERED
    return {
        "market": market,
        "occurred_us": _whole(markets["occurred_us"]),
        "known_us": _whole(markets["known_us"]),
        "competitor_entered": entered,
    }


def _numbers(*columns: ArrayLike) -> list[Ints]:
    """Texts as numbers in their own order, the same in all columns; -1 where missing."""
    texts = [_texts(column) for column in columns]
    codes, _ = pd.factorize(np.concatenate(texts), sort=True)
    ends = np.cumsum([len(column) for column in texts])
    numbers: list[Ints] = np.split(codes.astype(np.int64), ends[:-1])
    return numbers


def _threads(surveys: Clean) -> Ints:
    """A number for each response that has an id, and for each source."""
    (by_id,) = _numbers(surveys["response_id"])
    (by_source,) = _numbers(surveys["source"])
    sources = by_source.max(initial=-1) + 2
    return np.where(by_id >= 0, by_id + sources, by_source + 1)


def _texts(column: ArrayLike) -> Array:
    return np.asarray(column, dtype=object)


def _doubles(column: ArrayLike) -> Floats:
    return np.asarray(column, dtype=np.float64)


def _whole(column: ArrayLike) -> Ints:
    return np.asarray(column, dtype=np.int64)


def _dated(rows: Clean, accounts: Clean, columns: dict[str, Array]) -> Table:
    """Rows with the place of each one's account among the accounts."""
    ids = enumerate(_texts(accounts["account_id"]).tolist())
    place = {id_: number for number, id_ in ids}
    mine = _texts(rows["account_id"]).tolist()
    account = np.array([place[id_] for id_ in mine], dtype=np.int64)
    occurred_us, known_us = _whole(rows["occurred_us"]), _whole(rows["known_us"])
    return table_of(account, occurred_us, known_us, columns)


def _rep_columns(
    served: Ints, known: Ints, style: Ints, reps: Clean
) -> dict[str, Array]:
    """Columns of all reps by their number, those that only interactions name among them.

    Args:
        served: the number of the rep of each interaction.
        known: that of each row of the reps.
        style: of each row of the reps, by number.
        reps: their rows.
    """
    count = max(served.max(initial=-1), known.max(initial=-1)) + 1
    columns = {
        "hired_us": np.full(count, np.nan),
        "left_us": np.full(count, np.nan),
        "style": np.full(count, -1),
    }
    columns["hired_us"][known] = _doubles(reps["hired_us"])
    columns["left_us"][known] = _doubles(reps["left_us"])
    columns["style"][known] = style
    return columns
