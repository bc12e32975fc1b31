"""Dirt: what is wrong in any real book, planted in known numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from company.arrays import Ints
from company.calendar import DAY
from company.knobs import Knobs
from company.tables.columns import TIME, Tables

Spoil = Callable[[pa.Table], pa.Table]

YEAR_1970 = 86_400_000_000
YEAR_9999 = 253_370_764_800_000_000
DIRTY_TABLES = ("interactions", "surveys")


def _constant(column: str, value: object) -> Spoil:
    def spoil(table: pa.Table) -> pa.Table:
        position = table.schema.get_field_index(column)
        field = table.schema.field(position)
        return table.set_column(
            position, field, pa.array([value] * len(table), field.type)
        )

    return spoil


def _valueless(value: float) -> Spoil:
    """Gives rows without a value one that cannot be read: without it they repeat the row that they were copied from."""
    spoil = _constant("value", value)
    return lambda table: spoil(table.filter(pc.is_null(table["value"])))


def _off_scale(table: pa.Table) -> pa.Table:
    position = table.schema.get_field_index("score")
    return table.set_column(position, "score", pc.add(table["scale_max"], 3.0))


_ALWAYS: dict[str, Spoil] = {
    "unknown account": _constant("account_id", "A-nobody"),
    "year 1970": _constant("occurred_at", YEAR_1970),
    "year 9999": _constant("occurred_at", YEAR_9999),
}
FLAWS: dict[str, dict[str, Spoil]] = {
    "interactions": {
        **_ALWAYS,
        "infinite value": _valueless(float("inf")),
        "value not a number": _valueless(float("nan")),
    },
    "surveys": {
        **_ALWAYS,
        "infinite score": _constant("score", float("inf")),
        "score not a number": _constant("score", float("nan")),
        "score off its scale": _off_scale,
    },
}
"""The ways in which rows are spoiled, by table."""


def soil(
    tables: Tables, knobs: Knobs, stop: int, rng: np.random.Generator
) -> tuple[Tables, list[tuple[str, str, int]]]:
    """Plants bad rows, duplicates and rows known late.

    Args:
        tables: clean tables.
        knobs: the shares to plant.
        stop: the instant at which the data stops; what becomes known only later is not in the book.
        rng: decides which rows.

    Returns:
        The tables, and what was planted as (table, flaw, rows).
    """
    soiled, planted = dict(tables), list[tuple[str, str, int]]()
    for name in DIRTY_TABLES:
        table, late = _delay(tables[name], knobs.late, stop, rng)
        extra, counts = _bad_rows(table, name, knobs.bad, rng)
        twice = table.take(pa.array(_sample(table, knobs.duplicates, rng)))
        whole = pa.concat_tables([table, twice, *extra]).combine_chunks()
        soiled[name] = whole.take(pc.sort_indices(whole["occurred_at"]))
        planted += [(name, "known late", late), (name, "duplicate", len(twice))]
        planted += [(name, flaw, count) for flaw, count in counts.items()]
    return soiled, planted


def _delay(
    table: pa.Table, share: float, stop: int, rng: np.random.Generator
) -> tuple[pa.Table, int]:
    known = table["known_at"].to_numpy().astype(np.int64)
    at = _sample(table, share, rng)
    known[at] += (
        (DAY * (0.5 + rng.exponential(6.0, len(at)))).astype(np.int64)
        // 1_000_000
        * 1_000_000
    )
    heard = known < stop
    position = table.schema.get_field_index("known_at")
    delayed = table.set_column(position, "known_at", pa.array(known, TIME))
    return delayed.filter(pa.array(heard)), int(heard[at].sum())


def _bad_rows(
    table: pa.Table, name: str, share: float, rng: np.random.Generator
) -> tuple[list[pa.Table], dict[str, int]]:
    at = np.array_split(_sample(table, share, rng), len(FLAWS[name]))
    parts = {
        flaw: spoil(table.take(pa.array(rows)))
        for rows, (flaw, spoil) in zip(at, FLAWS[name].items(), strict=True)
    }
    return list(parts.values()), {flaw: len(part) for flaw, part in parts.items()}


def _sample(table: pa.Table, share: float, rng: np.random.Generator) -> Ints:
    size = min(len(table), round(share * len(table)))
    return rng.permutation(len(table))[:size]
