"""Blanks: values that could not be read although their row could do without them, counted as missing.

A sentiment of -5 on -1 to 1 says nothing that can be used, yet the complaint that carries it happened. So the value of
an optional column that cannot be read is left out and counted, with the kinds of the rows that it was in. A request is
refused instead: whoever sends it can correct it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from features.cleaning.values import blank, blankable, expected_of, given, mistyped
from features.engine import Query
from features.vocabulary.contract import Column
from features.vocabulary.names import LARGE_SHARE, NAMED, counted

OF = {"interactions": "kind", "surveys": "item"}
"""The column of a table that tells what its rows are."""


@dataclass(frozen=True)
class Blank:
    """Values of one column that count as missing.

    Attributes:
        table, column: where they stood.
        expected: what they should have been.
        rows: how many there were.
        of: how many values there were in all.
        kinds: rows by kind or item, the most frequent ``NAMED``; none for tables without.
        more: how many kinds there are beside those.
    """

    table: str
    column: str
    expected: str
    rows: int
    of: int
    kinds: Mapping[str, int] = field(default_factory=dict)
    more: int = 0

    @property
    def large(self) -> bool:
        """Whether much is missing by it."""
        return self.rows >= LARGE_SHARE * self.of

    @property
    def sentence(self) -> str:
        """What was found, and what becomes of it.

        Example:
            >>> Blank("interactions", "value", "a finite number", 2, 9, {"purchase": 2}).sentence
            'table interactions, value: 2 of 9 values are not a finite number and count as missing: purchase (2)'
        """
        where = f"table {self.table}, {self.column}"
        said = f"{where}: {self.rows:,} of {self.of:,} values are not {self.expected} and count as missing"
        return f"{said}: {counted(self.kinds, self.more)}" if self.kinds else said

    def facts(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return {**vars(self), "kinds": dict(self.kinds), "sentence": self.sentence}


@dataclass(frozen=True)
class Total:
    """How many values of one column that may be blanked there are, in all rows, good or bad.

    Attributes:
        column: which.
        given: there are so many values.
        mistyped: so many of them are in another notation, such as 12,50.
        blank: so many of them, the mistyped among them, cannot be read.
    """

    column: Column
    given: int
    mistyped: int
    blank: int


def totals(
    table: str,
    typed: str,
    present: Mapping[str, str],
    run: Query,
    beside: Sequence[str] = (),
) -> tuple[int, list[Total], list[Any]]:
    """How many rows a table has, good or bad, the totals of its columns, and other aggregates of the same rows.

    Args:
        table: a name of the contract.
        typed: the relation that `features.cleaning.rows.typed_sql` makes.
        present: the columns that the table has.
        run: gives the rows of a query.
        beside: the other aggregates, as SQL.
    """
    columns = blankable(table, present)
    conditions = [
        condition
        for column in columns
        for condition in (given(column), mistyped(column), blank(column))
    ]
    counts = [f"count(case when {condition} then 1 end)" for condition in conditions]
    ((rows, *found),) = run(
        f"select {', '.join(['count(*)', *counts, *beside])} from {typed}"
    )
    counted = found[: len(counts)]
    by_column = zip(counted[::3], counted[1::3], counted[2::3], strict=True)
    of_columns = [
        Total(column, *map(int, its))
        for column, its in zip(columns, by_column, strict=True)
    ]
    return int(rows), of_columns, found[len(counts) :]


def blanks(table: str, typed: str, totals: Iterable[Total], run: Query) -> list[Blank]:
    """What is blanked in the good rows of a table; the arguments are those of `totals`, and what it gave."""
    return [
        blank
        for total in totals
        if total.blank
        for blank in _blanks(table, typed, total, run)
    ]


def _blanks(table: str, typed: str, total: Total, run: Query) -> list[Blank]:
    of = OF.get(table, "cast(null as varchar(1))")
    rows = list(
        run(f"""
            select {of} as kind, count(*) as n, sum(count(*)) over () as lost, count(*) over () as kinds
            from {typed}
            where problem is null and {blank(total.column)}
            group by {of}
            order by n desc, kind
            limit {NAMED}""")
    )
    if not rows:
        return []
    kinds = {str(kind): int(n) for kind, n, *_ in rows if kind is not None}
    lost, many = (int(figure) for figure in rows[0][2:])
    column = total.column
    return [
        Blank(
            table,
            column.name,
            expected_of(column),
            lost,
            total.given,
            kinds,
            many - len(rows),
        )
    ]
