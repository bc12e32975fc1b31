"""The columns of the accounts that are not of the contract: facts, which models read, and labels, which lists show.

A fact is a number where nearly all of its values are, unless ``book.toml`` says its type; the few that are no numbers
count as missing. The index that a data frame left in a file is no fact.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from features.book.trained_facts import TrainedFacts
from features.cleaning.blanks import Blank
from features.cleaning.rows import ROW_OF_SOURCE
from features.cleaning.values import EXPECTED, text_sql
from features.engine import DUCKDB, Dialect, Query
from features.errors import BookError
from features.sources.headers import NAMELESS
from features.sources.settings import Settings
from features.themes.dictionary import ENTRIES
from features.vocabulary.contract import JOINED_FACTS, TABLES

MOST_NO_NUMBERS = 0.1
"""The share of a fact's values up to which it is a number although they are none, such as ``unknown``."""

_CONTRACT = frozenset(
    [ROW_OF_SOURCE, *(column.name for column in TABLES["accounts"].columns)]
)
_OURS = {
    "account_id",
    "as_of_us",
    "row",
    "problem",
    "opened_us",
    "profile_filled",
    *ENTRIES,
}
_INDEX = re.compile(r"__index_level_\d+__|Unnamed: [\d.]+|" + NAMELESS.format(r"\d+"))


@dataclass(frozen=True)
class AccountColumns:
    """What the columns of the accounts beside the contract's are.

    Attributes:
        types: of the facts, each ``"number"`` or ``"text"``.
        blanks: values of number facts that are no numbers.
        unread: columns that are the index of a data frame, and so no facts.
        lacking: facts that models were trained on, yet do not read, and that are not there.
        empty: facts that models read, without a value in any row.
    """

    types: Mapping[str, str]
    blanks: tuple[Blank, ...]
    unread: tuple[str, ...]
    lacking: tuple[str, ...]
    empty: tuple[str, ...] = ()


def account_columns(
    columns: Mapping[str, str],
    settings: Settings,
    trained: TrainedFacts | None,
    run: Query,
    dialect: Dialect = DUCKDB,
    changing: Collection[str] = (),
) -> AccountColumns:
    """Tells what the columns of the accounts are: as models were trained on them, as declared, or by their values.

    Args:
        columns: of the accounts, each with its SQL type.
        settings: what ``book.toml`` says.
        trained: the facts of the models that will score the book, if any.
        run: gives the rows of a query over ``raw_accounts``.
        dialect: of the engine.
        changing: the names of the facts that are dated, see `features.book.changing_facts`.

    Raises:
        BookError: a fact has a name that cannot be.
        ModelError: there is no column of a fact that models read.
    """
    facts = fact_columns(columns, settings)
    lacking = () if trained is None else trained.lacking([*facts, *changing])
    if trained is not None:
        facts = {fact: facts[fact] for fact in trained.types if fact in facts}
    (counts,) = run(counts_sql("raw_accounts", facts, dialect)) if facts else ((),)
    types = fact_types(
        list(facts), counts, settings.types if trained is None else trained.types
    )
    blanks = tuple(blanked_facts(types, counts))
    if trained is None:
        return AccountColumns(types, blanks, tuple(indices(columns)), lacking)
    types |= {fact: trained.types[fact] for fact in lacking}
    empty = tuple(fact for fact in empty_facts(facts, counts) if fact in trained.read)
    return AccountColumns(types, blanks, tuple(indices(columns)), lacking, empty)


def extra_columns(columns: Mapping[str, str]) -> dict[str, str]:
    """Those of the columns of ``accounts``, each with its SQL type, that are neither of the contract nor an index."""
    return {
        name: type_
        for name, type_ in columns.items()
        if name not in _CONTRACT and not _INDEX.fullmatch(name)
    }


def indices(columns: Iterable[str]) -> list[str]:
    """Those of the columns that are the index of a data frame."""
    return [name for name in columns if _INDEX.fullmatch(name)]


def fact_columns(columns: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """Those of the columns of ``accounts``, each with its SQL type, that hold facts.

    Raises:
        BookError: one has a name that ours have, or that cannot stand in a query.
    """
    facts = {
        name: type_
        for name, type_ in extra_columns(columns).items()
        if name not in settings.unread
    }
    require_free_names("accounts", facts)
    return facts


def require_free_names(table: str, facts: Iterable[str]) -> None:
    """Refuses facts with a name that a column of ours has, or that cannot stand in a query.

    Raises:
        BookError: there are some.
    """
    taken = [
        fact
        for fact in facts
        if fact.lower() in _OURS or not re.fullmatch(r"[^\W\d][\w -]*", fact)
    ]
    if taken:
        raise BookError(
            where=f"table {table}",
            found=", ".join(taken),
            expected="facts with names of letters and digits that no column of ours has",
            mend='rename them, or leave them out in book.toml: [facts] "NAME" = { ignore = true }',
        )


def counts_sql(
    accounts: str, facts: Mapping[str, str], dialect: Dialect = DUCKDB
) -> str:
    """SQL that counts the values of each fact: all, the numbers, the finite ones.

    Args:
        accounts: the relation that holds the raw accounts.
        facts: their SQL types by name.
        dialect: of the engine.
    """
    read, counts = [], []
    for place, (fact, type_) in enumerate(facts.items()):
        name, number = dialect.quoted(fact), f"number_{place}"
        read += [
            f"{text_sql(name, dialect)} as text_{place}",
            f"{dialect.number(name, type_)} as {number}",
        ]
        finite = f"case when {dialect.finite.format(number)} then 1 end"
        counts.append(f"count(text_{place}), count({number}), count({finite})")
    return f"select {', '.join(counts)} from (select {', '.join(read)} from {accounts}) as read"


def fact_types(
    facts: Sequence[str], counts: Sequence[int], declared: Mapping[str, str]
) -> dict[str, str]:
    """The type of each fact: the declared one, or a number where nearly all values are; what features join is text.

    Args:
        facts: their names.
        counts: what `counts_sql` gave of them.
        declared: types by fact, as ``book.toml`` has them.
    """
    types = {}
    for fact, (values, numbers, _) in zip(facts, _by_three(counts), strict=True):
        are_numbers = numbers > 0 and values - numbers <= MOST_NO_NUMBERS * values
        told = "number" if are_numbers and fact not in JOINED_FACTS else "text"
        types[fact] = declared.get(fact, told)
    return types


def blanked_facts(
    types: Mapping[str, str], counts: Sequence[int], table: str = "accounts"
) -> list[Blank]:
    """The number facts of which some values are no finite numbers, and count as missing.

    Args:
        types: of the facts.
        counts: what `counts_sql` gave of them.
        table: where they stand.
    """
    told = zip(types.items(), _by_three(counts), strict=True)
    return [
        Blank(table, fact, EXPECTED["number"], values - finite, values)
        for (fact, type_), (values, _, finite) in told
        if type_ == "number" and finite < values
    ]


def empty_facts(facts: Iterable[str], counts: Sequence[int]) -> list[str]:
    """The facts that have no value in any row.

    Args:
        facts: their names.
        counts: what `counts_sql` gave of them.
    """
    return [
        fact
        for fact, (values, *_) in zip(facts, _by_three(counts), strict=True)
        if values == 0
    ]


def labels_sql(
    accounts: str, labels: Mapping[str, str], dialect: Dialect = DUCKDB
) -> str:
    """SQL giving the labels of each good account.

    Args:
        accounts: the relation that holds the raw accounts.
        labels: column by label.
        dialect: of the engine.

    Returns:
        A select with ``account_id`` and a text column for each label.
    """
    columns = {"account_id": "account_id", **labels}
    texts = [
        f"{text_sql(dialect.quoted(column), dialect)} as {label}"
        for label, column in columns.items()
    ]
    named = f"select {', '.join(texts)} from {accounts} as raw"
    order = ", ".join(f"{label} nulls last" for label in labels) or "account_id"
    return f"""
        select {", ".join(columns)} from (
            select *, row_number() over (partition by account_id order by {order}) as place from ({named}) as named
        ) as placed
        where place = 1 and {dialect.known}"""


def _by_three(counts: Sequence[int]) -> list[tuple[int, int, int]]:
    return list(zip(counts[::3], counts[1::3], counts[2::3], strict=True))
