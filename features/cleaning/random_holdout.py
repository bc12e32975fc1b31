"""A random holdout: a small share of the accounts that no list names, so that what contact saves can be seen.

    holdout_share = 0.05              # of the accounts; nobody where it is left out
    holdout_salt = "spring, 2026"     # another one draws other accounts; keep it, and keep it to yourself

Who is held out follows from the salt and the id alone, by SHA-256: it is the same every night, on every engine, and for
an account that opens tomorrow.
"""

from __future__ import annotations

from dataclasses import dataclass

from features.engine import DUCKDB, Dialect

_DIGITS = 8
USUAL_SALT = "pinch"


@dataclass(frozen=True)
class RandomHoldout:
    """How accounts are drawn.

    Attributes:
        share: of the accounts, from 0 to below 1.
        salt: what is hashed before the id.
    """

    share: float = 0.0
    salt: str = USUAL_SALT


def random_holdout_sql(drawn: RandomHoldout, dialect: Dialect = DUCKDB) -> str:
    """SQL giving the ``account_id`` of each of the clean ``accounts`` that is drawn."""
    salted = f"concat({dialect.literal(drawn.salt + ':')}, account_id)"
    place = f"substr({dialect.sha256.format(salted)}, 1, {_DIGITS})"
    below = f"{int(drawn.share * 16**_DIGITS):0{_DIGITS}x}"
    return f"select account_id from accounts where {place} < '{below}'"
