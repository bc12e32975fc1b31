"""Facts that change, as they were known: of each pair of account and as-of date the last value known by then."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pandas as pd

from features.engine import DUCKDB, single


def known_facts(
    connection: duckdb.DuckDBPyConnection, facts: Mapping[str, str], pairs: str
) -> pd.DataFrame:
    """The values of facts that change, for pairs of account and as-of date.

    Args:
        connection: holds the clean ``facts``, and the pairs.
        facts: which, each ``"number"`` or ``"text"``.
        pairs: a relation of ``account_id``, ``as_of_us`` and ``place``.

    Returns:
        A row per pair, by place, with a column for each fact; missing where nothing was known.
    """
    count = single(connection, f"select count(*) from {pairs}")
    known = pd.DataFrame(index=range(count))
    for fact, type_ in facts.items():
        found = connection.sql(_known_sql(type_, pairs), params=[fact])
        known[fact] = found.to_arrow_table().to_pandas()["value"]
    return known


def _known_sql(type_: str, pairs: str) -> str:
    value = "f.value"
    if type_ == "number":
        number = DUCKDB.number("f.value", "varchar")
        value = f"case when {DUCKDB.finite.format(number)} then {number} end"
    return f"""\
select {value} as value
from {pairs} as p
asof left join (
    select account_id, known_us, value
    from facts
    where name = $1
) as f
    on f.account_id = p.account_id and f.known_us <= p.as_of_us
order by p.place"""
