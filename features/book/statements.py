"""The statements of a book by name, each as a script that DuckDB runs as it stands.

A script makes a view of every relation that its query reads, down to the files of the book. Without a book the raw
tables, ``raw_accounts`` and so on, are taken to be there, with the columns of the contract as texts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from features.book.facts import labels_sql
from features.book.given import Given
from features.calendar.merges import FOLLOWED, followed_sql, merged_sql
from features.calendar.presence import (
    customers_sql,
    left_sql,
    seen_again_sql,
)
from features.calendar.renewals_sql import lapsed_sql, signed_sql, terms_sql
from features.cleaning.list_contacts import list_contacts_sql
from features.cleaning.normalised import clean_columns, normalised_sql
from features.cleaning.repeats import placed_sql
from features.cleaning.rows import typed_sql
from features.engine import indented, listed
from features.vocabulary.contract import OF_ACCOUNTS, TABLES

NOTHING = "(select 1 as nothing where false)"
"""What is read of a table that a book does not have."""


@dataclass(frozen=True)
class Statement:
    """A query, and what it reads.

    Attributes:
        about: what it gives, in a sentence.
        sql: the query.
        reads: the statements whose rows it reads, each as a relation of its name.
    """

    about: str
    sql: str
    reads: tuple[str, ...] = ()


_NOTHING_SIGNED = """\
select
    cast(null as varchar) as account_id,
    cast(null as bigint) as occurred_us,
    cast(null as bigint) as known_us,
    cast(null as bigint) as undoes_us
where false"""


def statements(given: Given) -> dict[str, Statement]:
    """Every statement of the book by its name: what it rests on before it."""
    made = {
        name: Statement(f"The view {name} of book.toml.", query)
        for name, query in given.views.items()
    }
    for table in TABLES:
        if table in given.raw:
            about = f"The table {table} as its files hold it."
            made[f"raw_{table}"] = Statement(about, given.raw[table], (*given.views,))
        made[f"typed_{table}"] = _typed(given, table)
        made[table] = _clean(given, table)
    if given.labels:
        made["labels"] = Statement(
            "What lists show of the accounts.",
            labels_sql("raw_accounts", given.labels),
            ("raw_accounts", "accounts"),
        )
    made["merged"] = Statement(
        "Which accounts the rows of merged ids count for, and since when.",
        merged_sql(),
        ("merges", "accounts"),
    )
    made |= _renewals(given, made["departures"])
    dated = ("accounts", "merged", "interactions", "departures", "signed")
    made["as_ofs"] = Statement(
        "The as-of dates that are looked at.", f"select {given.as_of} as as_of_us"
    )
    made["cohort"] = Statement(
        "Who is a customer at each as-of date, as far as was known by then.",
        customers_sql(given.departures, given.grace_days),
        ("as_ofs", *dated),
    )
    made["times_left"] = Statement(
        "Each time an account left.", left_sql(given.grace_days, given.as_of), dated
    )
    made["seen_again"] = Statement(
        "The accounts that a sign of life alone brought back.",
        seen_again_sql(given.grace_days),
        dated,
    )
    return made


def _renewals(given: Given, departures: Statement) -> dict[str, Statement]:
    """What contracts tell of who left, beside the departures, and of who signed."""
    about = "When accounts signed another term, or prolonged one."
    if not given.contracts:
        return {"signed": Statement(about, _NOTHING_SIGNED)}
    lapsed = "select *, true as lapsed\nfrom lapsed"
    united = f"{departures.sql}\nunion all by name\n{lapsed}"
    return {
        "terms": Statement(
            "Every version of every term of the contracts.", terms_sql(), ("contracts",)
        ),
        "lapsed": Statement(
            "The terms that ended and that no other followed within the grace.",
            lapsed_sql(given.renewal_grace_days, given.end),
            ("terms",),
        ),
        "signed": Statement(about, signed_sql(), ("terms",)),
        "departures": replace(
            departures,
            about=f"{departures.about} Terms that lapsed are among them.",
            sql=united,
            reads=(*departures.reads, "lapsed"),
        ),
    }


def _typed(given: Given, table: str) -> Statement:
    present = given.columns.get(table, {})
    raw = f"raw_{table}" if table in given.columns else NOTHING
    facts = given.facts if table == "accounts" else {}
    reads = [raw] if table in given.raw else []
    if table in OF_ACCOUNTS:
        reads.append("accounts")
    if table in FOLLOWED:
        reads.append("merged")
    return Statement(
        f"The table {table} in the contract's types, each row with its first problem.",
        typed_sql(table, raw, present, facts),
        tuple(reads),
    )


def _clean(given: Given, table: str) -> Statement:
    facts = list(given.facts) if table == "accounts" else []
    columns = clean_columns(table, facts)
    rows = normalised_sql(table, f"typed_{table}", facts, numbered=True)
    placed = placed_sql(table, rows, columns, given.copies.get(table, 1))
    sql = f"""\
select
    {listed(columns, 4)}
from (
    {indented(placed, 4)}
) as placed
where repeated is null"""
    about = f"The good rows of {table} in one form, without repeats."
    made = Statement(about, sql, (f"typed_{table}",))
    if table in FOLLOWED and given.merged:
        own = f"with own as (\n    {indented(sql, 4)}\n)"
        followed = f"{own}\n{followed_sql('own', columns)}"
        made = Statement(about, followed, (*made.reads, "merged", "accounts"))
    if table == "interactions" and "outcomes" in given.columns:
        return _with_list_contacts(made)
    return made


def _with_list_contacts(made: Statement) -> Statement:
    sql = f"{made.sql}\nunion all by name\n{list_contacts_sql()}"
    return replace(made, sql=sql, reads=(*made.reads, "outcomes"))
