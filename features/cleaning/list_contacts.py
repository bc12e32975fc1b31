"""Contacts from lists: the outcomes that say that we reached an account, as interactions of a kind of their own.

So the features of a training, a night and the endpoint tell them from all else that we do for an account, and each is
seen from when it was known on.
"""

from __future__ import annotations

from features.engine import DUCKDB, Dialect
from features.vocabulary.kinds import code
from features.vocabulary.vocabularies import CONTACTS

LIST_CONTACT = "list_contact"
REACHED = f"outcome in ({', '.join(repr(outcome) for outcome in CONTACTS)})"
"""Condition: an outcome is a contact."""

_TEXTS, _NUMBERS = (
    ("rep_id", "channel", "matter_id"),
    ("value", "minutes", "sentiment", "items"),
)


def list_contacts_sql(dialect: Dialect = DUCKDB) -> str:
    """SQL giving the contacts of the clean ``outcomes`` as clean interactions, their texts as texts."""
    texts = [f"cast(null as {dialect.text}) as {name}" for name in _TEXTS]
    numbers = [f"cast(null as double) as {name}" for name in _NUMBERS]
    return f"""\
select
    account_id,
    occurred_us,
    known_us,
    '{LIST_CONTACT}' as kind,
    {code(LIST_CONTACT)} as kind_code,
    false as sign_of_life,
    {", ".join([*texts, *numbers])}
from outcomes
where {REACHED}"""
