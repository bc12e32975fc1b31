"""The one form in which good rows are kept, of typed rows in arrays (`features.cleaning.normalised`)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping

import numpy as np

from features.cleaning.arrays.repeats import kept_once
from features.cleaning.arrays.scaling import scale_of
from features.cleaning.arrays.typed import Typed
from features.cleaning.arrays.values import MISSING_US
from features.cleaning.repeats import IDS
from features.timeline.expression import Array, Columns
from features.timeline.rows import Floats, Ints
from features.vocabulary.contract import JOINED_FACTS
from features.vocabulary.kinds import ALL_KINDS, FLAGS, code


def normalised(table: str, rows: Typed, account_id: Array | None = None) -> Columns:
    """Good typed rows as history reads them, each once.

    Args:
        table: a name of the contract, but ``accounts``.
        rows: without flaws.
        account_id: of each row, where it belongs to an account.
    """
    own = {} if account_id is None else {"account_id": account_id}
    clean = {**own, **_NORMALISED[table](rows.columns)}
    ids = rows.columns[IDS[table]] if table in IDS else None
    return kept_once(table, clean, ids)


def normalised_accounts(
    rows: Typed, facts: Iterable[str], changing: Container[str] = ()
) -> Columns:
    """Good typed accounts as history reads them, in order of their ids.

    Args:
        rows: without flaws, each id once.
        facts: the names of those that models read.
        changing: those of them that change, which are no part of a profile.
    """
    facts = list(facts)
    profile = [fact for fact in facts if fact not in changing]
    ids = rows.columns["account_id"]
    order = np.argsort(ids)
    columns = {
        "account_id": ids,
        "opened_us": rows.columns["opened_at"],
        "profile_filled": _filled(rows.columns, profile),
    }
    columns |= {fact: rows.columns[fact] for fact in (*facts, *JOINED_FACTS)}
    return {name: values[order] for name, values in columns.items()}


def _filled(accounts: Columns, facts: list[str]) -> Floats:
    """Which share of its facts is filled in for each account."""
    filled = np.zeros(len(accounts["account_id"]))
    for fact in facts:
        filled += [
            value is not None and value == value for value in accounts[fact].tolist()
        ]
    with np.errstate(invalid="ignore"):
        return filled / len(facts)


def known_us(table: str, rows: Columns) -> Ints:
    """When each typed row of a table of accounts became known: not before it happened, but for what is agreed."""
    known: Ints = rows["known_at"]
    if table == "contracts":
        return np.where(known == MISSING_US, rows["starts_at"], known)
    return known if table == "scheduled" else np.maximum(rows["occurred_at"], known)


def _dated(rows: Columns) -> dict[str, Array]:
    occurred, known = rows["occurred_at"], rows["known_at"]
    return {"occurred_us": occurred, "known_us": np.maximum(occurred, known)}


def _interactions(rows: Columns) -> Mapping[str, Array]:
    kind, value = rows["kind"], rows["value"]
    bought, taken_back = kind == "purchase", kind == "cancellation"
    counted = np.where(bought & (value < 0), "cancellation", kind)
    named = counted.tolist()
    flags = {
        flag: np.array([name in _COUNTING[flag] for name in named], dtype=bool)
        for flag in FLAGS
    }
    return {
        **_dated(rows),
        "kind": counted,
        "kind_code": np.array([code(name) for name in named], dtype=np.int64),
        **flags,
        "rep_id": rows["rep_id"],
        "channel": rows["channel"],
        "matter_id": rows["matter_id"],
        "value": np.where(bought | taken_back, np.abs(value), value),
        "minutes": rows["minutes"],
        "sentiment": rows["sentiment"],
        "items": rows["items"],
    }


_COUNTING = {
    flag: {kind.name for kind in ALL_KINDS.values() if getattr(kind, flag)}
    for flag in FLAGS
}


def _surveys(rows: Columns) -> Mapping[str, Array]:
    scale, score = scale_of(rows), rows["score"]
    low, high = scale.lowest, scale.highest
    points = 10 * np.where(scale.upward, score - low, high - score) / (high - low)
    own = 10 * np.where(scale.upward, score, low + high - score) / high
    return {
        **_dated(rows),
        "item": rows["item"],
        "score": points,
        "answer": np.where((low == 0) | (low == 1), own, points),
        "source": rows["source"],
        "rep_id": rows["rep_id"],
        "response_id": rows["response_id"],
        "weight": np.where(np.isnan(rows["weight"]), 1.0, rows["weight"]),
    }


def _contracts(rows: Columns) -> Mapping[str, Array]:
    known = known_us("contracts", rows)
    return {
        "occurred_us": known,
        "known_us": known,
        "contract_id": rows["contract_id"],
        "starts_us": rows["starts_at"],
        "ends_us": _doubles(rows["ends_at"]),
        "value": rows["value"],
        "plan": rows["plan"],
        "seats": rows["seats"],
        "auto_renews": rows["auto_renews"],
    }


def _scheduled(rows: Columns) -> Mapping[str, Array]:
    return {
        "occurred_us": rows["known_at"],
        "known_us": rows["known_at"],
        "scheduled_id": rows["scheduled_id"],
        "scheduled_us": rows["scheduled_at"],
        "kind": rows["kind"],
        "cancelled": rows["cancelled"] == 1,
    }


def _reps(rows: Columns) -> Mapping[str, Array]:
    return {
        "rep_id": rows["rep_id"],
        "hired_us": _doubles(rows["hired_at"]),
        "left_us": _doubles(rows["left_at"]),
        "style": rows["style"],
    }


def _markets(rows: Columns) -> Mapping[str, Array]:
    occurred = rows["occurred_at"]
    return {
        "market": rows["market"],
        "occurred_us": occurred,
        "known_us": occurred,
        "kind": rows["kind"],
    }


def _doubles(moments: Ints) -> Floats:
    return np.where(moments == MISSING_US, np.nan, moments)


_NORMALISED: Mapping[str, Callable[[Columns], Mapping[str, Array]]] = {
    "interactions": _interactions,
    "surveys": _surveys,
    "contracts": _contracts,
    "scheduled": _scheduled,
    "reps": _reps,
    "markets": _markets,
}
