"""The ledger of a few whole accounts, made in memory, as a request or a part of a cluster holds them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.past.ordered import table_of
from features.past.responses import NOT_THEIRS
from features.timeline.expression import Array
from features.timeline.histories import Ledger, Table
from features.timeline.rows import Floats, Ints
from features.vocabulary.items import item_code
from features.vocabulary.kinds import FLAGS
from features.vocabulary.vocabularies import COMPETITOR_ENTERED


def ledger_of(tables: Mapping[str, pd.DataFrame]) -> Ledger:
    """The ledger of a few whole accounts.

    Args:
        tables: ``accounts`` (in order of their ids), ``interactions``, ``surveys``, ``reps`` and ``markets``: clean
            rows in the form of `features.cleaning.normalised`, in any order.
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
        reps=_rep_columns(rep_served, rep_known, rep_style, reps),
        markets=_markets(markets, event_market),
    )


def _accounts(accounts: pd.DataFrame, style: Ints, market: Ints) -> dict[str, Array]:
    tier = accounts["tier"]
    return {
        "opened_us": _doubles(accounts["opened_us"]),
        "profile_filled": _doubles(accounts["profile_filled"]),
        "is_key": np.where(tier.isna(), np.nan, tier.str.lower() == "key"),
        "style": style,
        "market": market,
    }


def _interactions(rows: pd.DataFrame, accounts: pd.DataFrame, rep: Ints) -> Table:
    (channel,) = _numbers(rows["channel"])
    (matter,) = _numbers(rows["matter_id"])
    columns: dict[str, Array] = {"rep": rep, "channel": channel, "matter": matter}
    columns["kind_code"] = rows["kind_code"].to_numpy(dtype=np.uint8)
    for flag in FLAGS:
        columns[flag] = rows[flag].to_numpy(dtype=bool)
    for name in ("value", "minutes", "sentiment", "items"):
        columns[name] = _doubles(rows[name])
    return _dated(rows, accounts, columns)


def _surveys(rows: pd.DataFrame, accounts: pd.DataFrame) -> Table:
    item = rows["item"].map(item_code)
    columns: dict[str, Array] = {
        "item": item.to_numpy(dtype=np.uint8),
        "thread": _threads(rows),
        "has_id": rows["response_id"].notna().to_numpy(dtype=bool),
        "theirs": ~rows["source"].isin(NOT_THEIRS).to_numpy(dtype=bool),
    }
    for name in ("score", "answer", "weight"):
        columns[name] = _doubles(rows[name])
    return _dated(rows, accounts, columns)


def _markets(markets: pd.DataFrame, market: Ints) -> dict[str, Array]:
    entered = markets["kind"] == COMPETITOR_ENTERED
    return {
        "market": market,
        "occurred_us": markets["occurred_us"].to_numpy(dtype=np.int64),
        "known_us": markets["known_us"].to_numpy(dtype=np.int64),
        "competitor_entered": entered.to_numpy(dtype=bool),
    }


def _numbers(*columns: pd.Series) -> list[Ints]:
    """Texts as numbers in their own order, the same in all columns; -1 where missing."""
    texts = pd.concat(columns, ignore_index=True).astype(object)
    codes, _ = pd.factorize(texts, sort=True)
    ends = np.cumsum([len(column) for column in columns])
    numbers: list[Ints] = np.split(codes.astype(np.int64), ends[:-1])
    return numbers


def _threads(surveys: pd.DataFrame) -> Ints:
    """A number for each response that has an id, and for each source."""
    (by_id,) = _numbers(surveys["response_id"])
    (by_source,) = _numbers(surveys["source"])
    sources = by_source.max(initial=-1) + 2
    return np.where(by_id >= 0, by_id + sources, by_source + 1)


def _doubles(column: pd.Series) -> Floats:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _dated(
    rows: pd.DataFrame, accounts: pd.DataFrame, columns: dict[str, Array]
) -> Table:
    """Rows with the place of each one's account among the accounts."""
    ids = pd.Index(accounts["account_id"])
    account = ids.get_indexer(pd.Index(rows["account_id"])).astype(np.int64)
    occurred_us = rows["occurred_us"].to_numpy(dtype=np.int64)
    known_us = rows["known_us"].to_numpy(dtype=np.int64)
    return table_of(account, occurred_us, known_us, columns)


def _rep_columns(
    served: Ints, known: Ints, style: Ints, reps: pd.DataFrame
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
