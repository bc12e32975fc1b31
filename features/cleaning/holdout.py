"""The holdout: accounts that nobody may contact, kept apart to see what contacting does, or because they asked for it.

A ``book.toml`` declares it by a column of accounts: no model reads that, no list names these accounts, and they are
scored like all others.

    holdout = "holdout"               # a column that says yes or no; a blank one is no
    holdout = { arm = "control" }     # or the value, or values, of a column that mean it
"""

from __future__ import annotations

from dataclasses import dataclass

from features.cleaning.values import text_sql
from features.engine import DUCKDB, Dialect
from features.errors import BookError

YES = ("yes", "y", "true", "t", "1", "1.0")
NO = ("no", "n", "false", "f", "0", "0.0")


@dataclass(frozen=True)
class Holdout:
    """What says who may not be contacted.

    Attributes:
        column: of accounts.
        held: its values that mean it, in lower case.
        free: those that mean the contrary; None where all others do.
    """

    column: str
    held: tuple[str, ...] = YES
    free: tuple[str, ...] | None = NO


def holdout_sql(
    accounts: str, holdout: Holdout | None, dialect: Dialect = DUCKDB
) -> str:
    """SQL giving the ``account_id`` of each good account that is held out, once; an account is if any row says so.

    Args:
        accounts: the relation that holds the raw accounts.
        holdout: what says so; nobody is held out where nothing does.
        dialect: of the engine.
    """
    if holdout is None:
        return "select account_id from accounts where false"
    said = f"{_said(holdout, dialect)} in ({_texts(holdout.held)})"
    held = f"select distinct {text_sql('raw.account_id', dialect)} as account_id from {accounts} as raw where {said}"
    return f"select account_id from ({held}) as held where {dialect.known}"


def unclear_sql(accounts: str, holdout: Holdout, dialect: Dialect = DUCKDB) -> str:
    """SQL that counts the rows of accounts which say neither that they are held out nor the contrary."""
    if holdout.free is None:
        return "select 0"
    return f"""
        select count(*) from {accounts} as raw
        where {_said(holdout, dialect)} not in ({_texts(holdout.held + holdout.free)})"""


def require_clear(holdout: Holdout, unclear: int) -> None:
    """Raises `BookError` where it is unclear of any row whether its account may be contacted."""
    if unclear:
        raise BookError(
            where=f"table accounts, field {holdout.column}",
            found=f"{unclear:,} {'row that says' if unclear == 1 else 'rows that say'} neither yes nor no",
            expected="yes or no (true or false, 1 or 0) of who may not be contacted, or nothing",
            mend=f'name the value that means it in book.toml: holdout = {{ {holdout.column} = "control" }}',
        )


def nobody_held(holdout: Holdout | None, held: int) -> tuple[str, ...]:
    """A warning, as a sentence, where no account has the value that a ``book.toml`` names."""
    if holdout is None or holdout.free is not None or held:
        return ()
    values = " or ".join(holdout.held)
    return (
        f"book.toml, holdout: no account has {values} as {holdout.column}, so nobody is kept off the lists",
    )


def _said(holdout: Holdout, dialect: Dialect) -> str:
    return f"lower({text_sql(f'raw.{dialect.quoted(holdout.column)}', dialect)})"


def _texts(values: tuple[str, ...]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
