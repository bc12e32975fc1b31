"""Problems: what makes a typed row bad, as SQL that names the first of them as ``field: expected``."""

from __future__ import annotations

from collections.abc import Mapping

from features.calendar.merges import FOLLOWED
from features.cleaning.scaling import HIGHEST, LOWEST
from features.cleaning.values import EXPECTED, blank, bounds_of, outside_sql
from features.engine import Dialect
from features.vocabulary.contract import OF_ACCOUNTS, TABLES, Column

KNOWN_ACCOUNT = "the id of an account in accounts"
RISING = "a scale whose lowest score is below its highest"
WITHIN = "a score within its scale"
AFTER = "a time that is not before starts_at"

Check = tuple[str, str, str]
"""When a row is bad, as SQL; the field; what was expected."""


def problem_sql(table: str, present: Mapping[str, str], dialect: Dialect) -> str:
    """The first problem of a typed row, null where it has none.

    Args:
        table: a name of the contract.
        present: the raw columns that it has, each with its SQL type.
        dialect: of the engine.
    """
    checks = []
    for column in TABLES[table].columns:
        if column.name in present:
            checks += _column_checks(column, dialect)
    checks += _table_checks(table, dialect)
    if not checks:
        return f"cast(null as {dialect.text})"
    whens = "".join(
        f"\n    when {bad} then '{field}: {expected}'"
        for bad, field, expected in checks
    )
    return f"case{whens}\nend"


def _column_checks(column: Column, dialect: Dialect) -> list[Check]:
    if not (column.required or column.vital):
        return []
    name, expected = column.name, EXPECTED[column.type]
    missing = f"{name} is null" if column.required else blank(column)
    checks = [(missing, name, expected)]
    if column.type == "time":
        checks.append((outside_sql(name, dialect), name, expected))
    if column.type == "number":
        within = f"a number {bounds_of(column)}"
        beyond = f"{name} not between {column.low} and {column.high}"
        checks.append((f"not {dialect.finite.format(name)}", name, expected))
        checks.append((beyond, name, within))
    return checks


def _table_checks(table: str, dialect: Dialect) -> list[Check]:
    checks = []
    if table in OF_ACCOUNTS:
        known = dialect.known
        if table in FOLLOWED:
            known += f" or {dialect.merged}"
        checks.append((f"not ({known})", "account_id", KNOWN_ACCOUNT))
    if table == "surveys":
        beyond = f"score not between {LOWEST} and {HIGHEST}"
        checks.append((f"not ({LOWEST} < {HIGHEST})", "scale_min", RISING))
        checks.append((beyond, "score", WITHIN))
    if table == "contracts":
        checks.append(("ends_at < starts_at", "ends_at", AFTER))
    return checks
