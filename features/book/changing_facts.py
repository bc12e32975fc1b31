"""Facts that change: what a table of facts says of accounts by name, each value from when it became known.

A change without a value says that nothing is known from then on. Types are told as those of the accounts' columns are,
see `features.book.facts`. A fact is either a column of the accounts or changes: of a column nothing tells since when
its value holds, so the two are not put together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from features.book.facts import (
    blanked_facts,
    empty_facts,
    fact_types,
    require_free_names,
)
from features.book.trained_facts import TrainedFacts
from features.cleaning.blanks import Blank
from features.cleaning.values import text_sql
from features.engine import DUCKDB, Dialect, Query
from features.errors import BookError
from features.sources.settings import Settings
from features.vocabulary.contract import JOINED_FACTS


@dataclass(frozen=True)
class ChangingFacts:
    """What the facts that change are.

    Attributes:
        names: of all that the table has, those too that no model reads.
        types: of those that models may read, by name, each ``"number"`` or ``"text"``.
        blanks: values of number facts that are no numbers.
        empty: facts that models read, without a value in any row.
    """

    names: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    blanks: tuple[Blank, ...] = ()
    empty: tuple[str, ...] = ()


def names_sql(dialect: Dialect = DUCKDB) -> str:
    """SQL giving the names of all facts of ``raw_facts``, in order."""
    named = f"select distinct {text_sql('name', dialect)} as name from raw_facts"
    return f"select name from ({named}) as named where name is not null order by name"


def changing_facts(
    names: Sequence[str],
    columns: Mapping[str, str],
    settings: Settings,
    trained: TrainedFacts | None,
    run: Query,
    dialect: Dialect = DUCKDB,
) -> ChangingFacts:
    """Tells what the facts that change are: as models were trained on them, as declared, or by their values.

    Args:
        names: as `names_sql` gives them.
        columns: of ``raw_facts``, each with its SQL type.
        settings: what ``book.toml`` says.
        trained: the facts of the models that will score the book, if any.
        run: gives the rows of a query over ``raw_facts``.
        dialect: of the engine.

    Raises:
        BookError: a fact has a name that cannot be.
    """
    asked = [name for name in names if name not in settings.ignored]
    require_free_names("facts", asked)
    _require_no_joined(asked)
    if trained is not None:
        asked = [name for name in asked if name in trained.types]
    if not asked:
        return ChangingFacts(tuple(names))
    found = {str(name): counts for name, *counts in run(_counts_sql(columns, dialect))}
    counts = [count for name in asked for count in found[name]]
    declared = settings.types if trained is None else trained.types
    types = fact_types(asked, counts, declared)
    read = frozenset[str]() if trained is None else trained.read
    return ChangingFacts(
        tuple(names),
        types,
        tuple(blanked_facts(types, counts, "facts")),
        tuple(name for name in empty_facts(asked, counts) if name in read),
    )


def require_apart(columns: Iterable[str], names: Collection[str]) -> None:
    """Refuses facts that are columns of the accounts and change as well.

    Args:
        columns: the facts that are columns.
        names: those that change.

    Raises:
        BookError: there are some.
    """
    both = [name for name in columns if name in names]
    if both:
        raise BookError(
            where="table facts",
            found=f"{', '.join(both)}, which {'is' if len(both) == 1 else 'are'} in accounts as well",
            expected="a fact in one of them: a column of accounts does not say since when it holds",
            mend="leave the columns out of accounts, or their rows out of facts",
        )


def _require_no_joined(names: Iterable[str]) -> None:
    joined = [name for name in names if name in JOINED_FACTS]
    if joined:
        raise BookError(
            where="table facts",
            found=", ".join(joined),
            expected=f"{', '.join(JOINED_FACTS)} as columns of accounts, where features read them",
            mend="move them there, or rename them",
        )


def _counts_sql(columns: Mapping[str, str], dialect: Dialect) -> str:
    """SQL that counts the values of each fact: all, the numbers, the finite ones."""
    value, type_ = ("value", columns["value"]) if "value" in columns else ("null", "")
    finite = f"case when {dialect.finite.format('number')} then 1 end"
    return f"""\
select
    name,
    count(given),
    count(number),
    count({finite})
from (
    select
        {text_sql("name", dialect)} as name,
        {text_sql(value, dialect)} as given,
        {dialect.number(value, type_)} as number
    from raw_facts
) as read
group by name"""
