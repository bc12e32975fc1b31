"""Names that a book writes and that ours must match: which are known, and which of a book's are not.

A name outside its vocabulary is lost to the features that look for it, so it is counted and named, with the known name
that it is near to. Names are compared as they stand: ``Purchase`` is told, not taken for ``purchase``, since only the
book's owner knows what it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from features.engine import DUCKDB, Dialect, Query, Row
from features.vocabulary.vocabularies import (
    COMPETITOR_ENTERED,
    VOCABULARIES,
    Vocabulary,
)

NAMED = 10
"""How many names are told one by one; of the others their number is."""
LARGE_SHARE = 0.05
"""The share of a column's rows from which on a training or a night warns of them."""
LONGEST = 60
"""Letters of a name that are shown."""
MOST_HELD = 1000
"""How many names of a book's own are looked through for a near one."""
_NEAR = 0.75
"""How alike two names are at least, by `difflib`, to be taken for near."""


SYNONYMS = {
    "nps": "recommend",
    "net_promoter_score": "recommend",
    "ces": "effort",
    "customer_effort_score": "effort",
    "competitor": COMPETITOR_ENTERED,
    "new_competitor": COMPETITOR_ENTERED,
}
"""What is often written for a name of ours; a suggestion only."""


@dataclass(frozen=True)
class UnknownNames:
    """Names of a column that its vocabulary does not have.

    Attributes:
        vocabulary: which.
        rows: how many rows have such a name.
        named_rows: how many rows have any name.
        names: rows by name, the most frequent ``NAMED``.
        more: how many names there are beside those.
        near: the known name that a name is near to, where there is one.
    """

    vocabulary: Vocabulary
    rows: int
    named_rows: int
    names: Mapping[str, int]
    more: int
    near: Mapping[str, str]

    @property
    def large(self) -> bool:
        """Whether models lose by it, and much."""
        return (
            self.vocabulary.models_read and self.rows >= LARGE_SHARE * self.named_rows
        )

    @property
    def sentence(self) -> str:
        """What was found, and what becomes of it.

        Example:
            >>> kinds = Vocabulary("interactions", "kind", "count as other", ("visit",))
            >>> UnknownNames(kinds, 5, 9, {"Visit": 5}, 0, {"Visit": "visit"}).sentence
            'table interactions, kind: 5 of 9 rows have unknown names, which count as other: Visit (5, like visit)'
        """
        where = f"table {self.vocabulary.table}, {self.vocabulary.column}"
        return (
            f"{where}: {self.rows:,} of {self.named_rows:,} rows have unknown names, "
            f"which {self.vocabulary.effect}: {counted(self.names, self.more, self.near)}"
        )

    def facts(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return {
            "table": self.vocabulary.table,
            "column": self.vocabulary.column,
            "rows": self.rows,
            "named_rows": self.named_rows,
            "names": dict(self.names),
            "more": self.more,
            "near": dict(self.near),
            "sentence": self.sentence,
        }


def counted(names: Mapping[str, int], more: int, near: Mapping[str, str] = {}) -> str:
    """Names with their rows, and how many names there are beside.

    Example:
        >>> counted({"Visit": 5, "seance": 2}, 3, {"Visit": "visit"})
        'Visit (5, like visit), seance (2) and 3 more'
    """
    told = [
        f"{_short(name)} ({rows:,}{f', like {_short(near[name])}' if name in near else ''})"
        for name, rows in names.items()
    ]
    return ", ".join(told) + (f" and {more:,} more" if more else "")


def unknown_sql(
    vocabularies: Sequence[Vocabulary] = VOCABULARIES, dialect: Dialect = DUCKDB
) -> str:
    """SQL over clean tables that finds the unknown names, the most frequent ``NAMED`` of each vocabulary.

    Returns:
        A select with ``vocabulary`` (its place), ``name``, ``n`` (rows of the name), ``unknown_rows``, ``named_rows``
        and ``names``, the last three of the whole vocabulary.
    """
    named = " union all ".join(
        _named(place, vocabulary, dialect)
        for place, vocabulary in enumerate(vocabularies)
    )
    return f"""
        with named as ({named}),
        summed as (
            select *,
                sum(case when known then 0 else n end) over (partition by vocabulary) as unknown_rows,
                sum(n) over (partition by vocabulary) as named_rows,
                sum(case when known then 0 else 1 end) over (partition by vocabulary) as names,
                row_number() over (partition by vocabulary, known order by n desc, name) as place
            from named
        )
        select vocabulary, name, n, unknown_rows, named_rows, names
        from summed
        where not known and place <= {NAMED}
        order by vocabulary, place"""


def unknown_names(
    query: str, run: Query, vocabularies: Sequence[Vocabulary] = VOCABULARIES
) -> tuple[UnknownNames, ...]:
    """The unknown names of each vocabulary that has any.

    Args:
        query: `unknown_sql` of the vocabularies, or what stands for it where it was prepared.
        run: gives the rows of a query over the clean tables.
        vocabularies: those of the SQL.
    """
    found: dict[int, list[Row]] = {}
    for place, *row in run(query):
        found.setdefault(int(place), []).append(tuple(row))
    return tuple(
        _unknown(vocabularies[place], rows, run) for place, rows in found.items()
    )


def near_name(name: str, known: Iterable[str]) -> str | None:
    """The known name that another is near to: but for case and marks, by a synonym, or by a few letters.

    Example:
        >>> from features.vocabulary.items import ITEMS
        >>> asked = ("Cost Effective", "NPS", "knowlege", "parking")
        >>> [near_name(name, ITEMS) for name in asked]
        ['cost_effective', 'recommend', 'knowledge', None]
    """
    plain = {_plain(candidate): candidate for candidate in known}
    asked = _plain(name[:LONGEST])
    if SYNONYMS.get(asked) in plain.values():
        return SYNONYMS[asked]
    close = (
        [asked]
        if asked in plain
        else get_close_matches(asked, plain, n=1, cutoff=_NEAR)
    )
    return plain[close[0]] if close else None


def _named(place: int, vocabulary: Vocabulary, dialect: Dialect) -> str:
    """The names of one vocabulary, each with its rows and whether it is known."""
    column = f"t.{dialect.quoted(vocabulary.column)}"
    name = column if vocabulary.upper_case else f"lower({column})"
    if vocabulary.of is None:
        known = f"coalesce({name} in ({', '.join(map(dialect.literal, vocabulary.names))}), false)"
        joined = ""
    else:
        table, held = vocabulary.of
        known = f"ours.name is not null or (select count(*) from {table}) = 0"
        joined = f"left join (select distinct {held} as name from {table}) as ours on ours.name = {name}"
    return f"""
        select {place} as vocabulary, name, known, count(*) as n
        from (select {name} as name, {known} as known from {vocabulary.table} as t {joined} where {column} is not null)
        group by name, known"""


def _unknown(vocabulary: Vocabulary, rows: Sequence[Row], run: Query) -> UnknownNames:
    names = {str(name): int(n) for name, n, *_ in rows}
    unknown_rows, named_rows, count = (int(figure) for figure in rows[0][2:])
    known = vocabulary.names if vocabulary.of is None else _held(*vocabulary.of, run)
    near = {name: like for name in names if (like := near_name(name, known))}
    return UnknownNames(
        vocabulary, unknown_rows, named_rows, names, count - len(names), near
    )


def _held(table: str, column: str, run: Query) -> tuple[str, ...]:
    """The first names that a column holds, among which to look for a near one."""
    query = f"select distinct {column} from {table} where {column} is not null order by {column} limit {MOST_HELD}"
    return tuple(str(name) for (name,) in run(query))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def _short(name: str) -> str:
    """A name on one line, and not too long."""
    line = " ".join(name.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
