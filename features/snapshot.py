"""The snapshot: what was known of each account of a cohort at its as-of date, one row each, one column a feature.

All features are compiled to one statement: the sources they read, then one aggregation a source, then the formulas.
The same statement serves training, the night and the endpoint.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from features.book import Book
from features.cohort import batches, choose_cohort, choose_pairs
from features.dictionary import FEATURES
from features.engine import DUCKDB, Dialect
from features.history import Source
from features.theme import Feature, Formula, Measure

ROWS_AT_ONCE = 20_000_000
"""About how many interactions one statement looks at: a book with more of them over all as-of dates takes several."""

KEYS = ("account_id", "as_of_us")


def snapshot(book: Book, as_ofs: Iterable[int], features: Mapping[str, Feature] = FEATURES) -> pd.DataFrame:
    """What was known of every account of the cohort at each as-of date.

    Args:
        book: an opened book.
        as_ofs: as-of dates in microseconds since 1970.
        features: which features; all where left out.

    Returns:
        A row per account and as-of date, sorted by as-of date and account: ``account_id``, ``as_of_us``, the features
        as doubles (missing where not known), and the book's facts under their own names.
    """
    choose_cohort(book, as_ofs)
    return _measure(book, features)


def snapshot_of_pairs(book: Book, pairs: pd.DataFrame, features: Mapping[str, Feature] = FEATURES) -> pd.DataFrame:
    """As `snapshot`, of the given pairs of ``account_id`` and ``as_of_us``, whether or not they are in the cohort."""
    choose_pairs(book, pairs)
    return _measure(book, features)


def compile_snapshot(features: Mapping[str, Feature], facts: Sequence[str], dialect: Dialect = DUCKDB) -> str:
    """The one statement that measures the features of the table ``cohort`` on a book's tables."""
    named = [dialect.quoted(fact) for fact in facts]
    measures = {name: feature.how for name, feature in features.items() if isinstance(feature.how, Measure)}
    formulas = {name: feature.how for name, feature in features.items() if isinstance(feature.how, Formula)}
    sources = list(dict.fromkeys(source for measure in measures.values() for source in _chain(measure.source)))
    columns = [*(f"{_value(name, measure)} as {name}" for name, measure in measures.items())]
    columns += [f"facts.{fact} as {fact}" for fact in named]
    # The widest source is joined last: every join hands on all columns of those before it.
    widths = Counter(measure.source for measure in measures.values())
    measured = sorted(widths, key=lambda source: (widths[source], source.name))
    joins = [f"left join of_{s.name} on {_same('of_' + s.name)}" for s in measured]
    joins += ["left join accounts as facts on facts.account_id = c.account_id"] if facts else []
    readers = Counter(read for source in sources for read in (*source.reads, *([source] if source in widths else [])))
    relations = [
        f"{source.name} as {dialect.kept if source.kept and readers[source] > 1 else dialect.inlined} ({_sql(source)})"
        for source in sources
    ]
    relations += [f"of_{source.name} as ({_aggregation(source, measures)})" for source in measured]
    relations.append(
        f"measured as (select c.account_id, c.as_of_us, {', '.join(columns)} from cohort as c {' '.join(joins)})"
    )
    ordered = [f"cast({formulas[name].sql} as double) as {name}" if name in formulas else name for name in features]
    selected = ", ".join([*KEYS, *ordered, *named])
    return f"with {', '.join(relations)} select {selected} from measured order by as_of_us, account_id"


def vector_hashes(frame: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """A short hash of each row's features: equal for equal vectors, wherever they were computed.

    Example:
        >>> once, again = (pd.DataFrame({"a": [1.0, np.nan]}) for _ in range(2))
        >>> vector_hashes(once, ["a"]) == vector_hashes(again, ["a"])
        True
    """
    matrix = frame[list(names)].to_numpy(dtype=np.float64) + 0.0  # -0.0 and 0.0 are the same value
    matrix[np.isnan(matrix)] = np.nan  # and so are all kinds of NaN
    return [hashlib.sha256(row.tobytes()).hexdigest()[:16] for row in matrix]


def _measure(book: Book, features: Mapping[str, Feature]) -> pd.DataFrame:
    statement = compile_snapshot(features, list(book.facts))
    dates = max(ROWS_AT_ONCE // max(book.rows["interactions"], 1), 1)
    measured = [book.connection.sql(statement).to_arrow_table() for _ in batches(book, dates)]
    frame: pd.DataFrame = pa.concat_tables(measured).to_pandas(split_blocks=True, self_destruct=True)
    return frame


def _chain(source: Source) -> Iterator[Source]:
    for read in source.reads:
        yield from _chain(read)
    yield source


def _sql(source: Source) -> str:
    return source.sql.format(**{read.name: read.name for read in source.reads})


def _aggregation(source: Source, measures: Mapping[str, Measure]) -> str:
    aggregates = ", ".join(f"{m.sql} as {name}" for name, m in measures.items() if m.source == source)
    return f"select pair, {aggregates} from {source.name} group by pair"


def _value(name: str, measure: Measure) -> str:
    column = f"cast(of_{measure.source.name}.{name} as double)"
    if measure.empty is None:
        return column
    return f"case when of_{measure.source.name}.pair is null then {measure.empty}e0 else {column} end"


def _same(relation: str) -> str:
    return f"{relation}.pair = c.pair"
