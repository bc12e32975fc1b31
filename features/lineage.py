"""Lineage: which facts of an account a feature is made of, read off its SQL and the sources that it reads.

A fact has no date, so one that tells who left is kept out of models with all that is made of it. Where a source that
sees the accounts names a fact, all that is measured on it counts as made of that fact: rather too much than too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from features.contract import JOINED_FACTS
from features.history import ACCOUNT, Source
from features.theme import Feature, Formula

OF_ALL = "profile_filled"
"""The column of the account that is made of all its facts."""


def made_of(facts: Iterable[str], features: Mapping[str, Feature]) -> set[str]:
    """The names of the features that are made of any of these facts."""
    told = set(facts)
    columns = {*(told & set(JOINED_FACTS)), OF_ALL} if told else set()
    return {name for name in features if columns & columns_read(name, features)}


def columns_read(name: str, features: Mapping[str, Feature]) -> set[str]:
    """Those columns of the account that hold facts, or are made of them, and that a feature reads."""
    how = features[name].how
    if isinstance(how, Formula):
        parts = [part for part in _names(how.sql) if part in features and part != name]
        return _of_facts(how.sql).union(*(columns_read(part, features) for part in parts))
    return (_of_facts(how.sql) if _sees_accounts(how.source) else set()) | _of_source(how.source)


def _of_source(source: Source) -> set[str]:
    """The columns that a source, or one that it reads, makes use of; `ACCOUNT` only hands them on."""
    read = set().union(*(_of_source(part) for part in source.reads))
    return read | (_of_facts(source.sql) if _sees_accounts(source) and source != ACCOUNT else set())


def _sees_accounts(source: Source) -> bool:
    return "accounts" in _names(source.sql) or any(_sees_accounts(part) for part in source.reads)


def _of_facts(sql: str) -> set[str]:
    return _names(sql) & {*JOINED_FACTS, OF_ALL}


def _names(sql: str) -> set[str]:
    return set(re.findall(r"\w+", sql.lower()))
