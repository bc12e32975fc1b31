"""The columns of the accounts that are not of the contract: facts, which models read, and labels, which lists show.

A fact is a number where nearly all of its values are, unless ``book.toml`` says its type; the few that are no numbers
count as missing. The index that a data frame left in a file is no fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from features.blanks import Blank
from features.cleaning import EXPECTED, text_sql
from features.contract import JOINED_FACTS, TABLES
from features.dictionary import FEATURES
from features.engine import DUCKDB, Dialect
from features.errors import BookError
from features.headers import NAMELESS
from features.settings import Settings

MOST_NO_NUMBERS = 0.1
"""The share of a fact's values up to which it is a number although they are none, such as ``unknown``."""

_CONTRACT = frozenset(column.name for column in TABLES["accounts"].columns)
_OURS = {"account_id", "as_of_us", "row", "problem", "opened_us", "profile_filled", *FEATURES}
_INDEX = re.compile(r"__index_level_\d+__|Unnamed: [\d.]+|" + NAMELESS.format(r"\d+"))


def extra_columns(columns: Mapping[str, str]) -> dict[str, str]:
    """Those of the columns of ``accounts``, each with its SQL type, that are neither of the contract nor an index."""
    return {name: type_ for name, type_ in columns.items() if name not in _CONTRACT and not _INDEX.fullmatch(name)}


def indices(columns: Iterable[str]) -> list[str]:
    """Those of the columns that are the index of a data frame."""
    return [name for name in columns if _INDEX.fullmatch(name)]


def fact_columns(columns: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """Those of the columns of ``accounts``, each with its SQL type, that hold facts.

    Raises:
        BookError: one has a name that ours have, or that cannot stand in a query.
    """
    facts = {name: type_ for name, type_ in extra_columns(columns).items() if name not in settings.unread}
    taken = [fact for fact in facts if fact.lower() in _OURS or not re.fullmatch(r"[^\W\d][\w -]*", fact)]
    if taken:
        raise BookError(
            where="table accounts",
            found=", ".join(taken),
            expected="facts with names of letters and digits that no column of ours has",
            mend='rename the columns, or leave them out in book.toml: [facts] "NAME" = { ignore = true }',
        )
    return facts


def counts_sql(accounts: str, facts: Mapping[str, str], dialect: Dialect = DUCKDB) -> str:
    """SQL that counts the values of each fact: all, the numbers, the finite ones.

    Args:
        accounts: the relation that holds the raw accounts.
        facts: their SQL types by name.
        dialect: of the engine.
    """
    read, counts = [], []
    for place, (fact, type_) in enumerate(facts.items()):
        name, number = dialect.quoted(fact), f"number_{place}"
        read += [f"{text_sql(name, dialect)} as text_{place}", f"{dialect.number(name, type_)} as {number}"]
        finite = f"case when {dialect.finite.format(number)} then 1 end"
        counts.append(f"count(text_{place}), count({number}), count({finite})")
    return f"select {', '.join(counts)} from (select {', '.join(read)} from {accounts}) as read"


def fact_types(facts: Sequence[str], counts: Sequence[int], declared: Mapping[str, str]) -> dict[str, str]:
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


def blanked_facts(types: Mapping[str, str], counts: Sequence[int]) -> list[Blank]:
    """The number facts of which some values are no finite numbers, and count as missing.

    Args:
        types: of the facts.
        counts: what `counts_sql` gave of them.
    """
    told = zip(types.items(), _by_three(counts), strict=True)
    return [
        Blank("accounts", fact, EXPECTED["number"], values - finite, values)
        for (fact, type_), (values, _, finite) in told
        if type_ == "number" and finite < values
    ]


def labels_sql(accounts: str, labels: Mapping[str, str], dialect: Dialect = DUCKDB) -> str:
    """SQL giving the labels of each good account.

    Args:
        accounts: the relation that holds the raw accounts.
        labels: column by label.
        dialect: of the engine.

    Returns:
        A select with ``account_id`` and a text column for each label.
    """
    columns = {"account_id": "account_id", **labels}
    texts = [f"{text_sql(dialect.quoted(column), dialect)} as {label}" for label, column in columns.items()]
    named = f"select {', '.join(texts)} from {accounts} as raw"
    order = ", ".join(f"{label} nulls last" for label in labels) or "account_id"
    return f"""
        select {", ".join(columns)} from (
            select *, row_number() over (partition by account_id order by {order}) as place from ({named}) as named
        ) as placed
        where place = 1 and {dialect.known}"""


def _by_three(counts: Sequence[int]) -> list[tuple[int, int, int]]:
    return list(zip(counts[::3], counts[1::3], counts[2::3], strict=True))
