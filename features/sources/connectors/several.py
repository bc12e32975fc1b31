"""Several exports in one book: ids with the name of their source, accounts put together by their domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb

from features.engine import indented, listed
from features.errors import BookError
from features.sources.connectors.query import Query, make

OF_EVERYBODY = (
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "aol.com",
    "gmx.net",
    "gmx.de",
    "web.de",
    "proton.me",
    "protonmail.com",
    "mail.ru",
    "qq.com",
    "163.com",
)
"""Domains of mail that anybody may have: they tell of no account."""

ONE_OF_EACH = ("accounts", "labels")
"""Tables with one row an account."""

OF_ACCOUNTS = ("account_id", "from_id", "into_id")
"""Columns that name an account."""

Found = Mapping[str, Mapping[str, Query]]
"""The tables of each source by its name, in the order in which accounts are looked for."""


def put_together(
    connection: duckdb.DuckDBPyConnection, found: Found, match_domains: bool
) -> tuple[dict[str, Query], dict[str, Query]]:
    """The views and the tables of a book of several exports.

    Args:
        connection: has the views of each; gets those that are given.
        found: the tables of each.
        match_domains: whether accounts that share a domain with one of an earlier source are that one; a source that
            knows domains has the view ``{source}_domain`` with the columns ``account_id`` and ``domain``.
    """
    views = {
        f"{source}_{table}": Query(f"The {table} of {source}.", query.sql)
        for source, tables in found.items()
        for table, query in tables.items()
    }
    if match_domains:
        views["domain"] = _domains(_with_domains(connection, found))
        views["same_account"] = _same_account()
    make(connection, views)
    tables: dict[str, Query] = {}
    for table in dict.fromkeys(name for named in found.values() for name in named):
        places = [
            (place, source)
            for place, (source, named) in enumerate(found.items(), start=1)
            if table in named
        ]
        columns = {
            source: _columns(connection, f"{source}_{table}") for _, source in places
        }
        rows = [
            _rows(source, table, place, columns[source], match_domains)
            for place, source in places
        ]
        united = "\n\nunion all by name\n\n".join(rows)
        if table in ONE_OF_EACH:
            united = _one_of_each(united, columns.values())
        if table == "merges":
            within = indented(united, 4)
            united = f"select *\nfrom (\n    {within}\n)\nwhere from_id <> into_id"
        tables[table] = Query("", united)
    return views, tables


def _columns(connection: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    described = connection.execute(f"describe {view}").fetchall()
    return [str(name) for name, *_ in described]


def _rows(
    source: str, table: str, place: int, columns: Sequence[str], match: bool
) -> str:
    """The rows of a source in a table, with its name before every id."""
    replaced = []
    for name in columns:
        value = f"'{source}:' || mine.{name}"
        if match and name in OF_ACCOUNTS:
            same = f"select account_id from same_account where id = {value}"
            replaced.append(f"coalesce(({same}), {value}) as {name}")
        elif name.endswith("_id"):
            replaced.append(f"{value} as {name}")
    first = f"{place} as place,\n    " if table in ONE_OF_EACH else ""
    kept = listed(replaced, 8)
    lines = [
        f"select\n    {first}mine.* replace (\n        {kept}\n    )",
        f"from {source}_{table} as mine",
    ]
    return "\n".join(lines)


def _one_of_each(rows: str, columns: Iterable[Sequence[str]]) -> str:
    """One row an account: when it first opened, and what the first source that knows it says."""
    names = dict.fromkeys(name for named in columns for name in named)
    first = {"account_id": "account_id", "opened_at": "min(opened_at) as opened_at"}
    kept = [first.get(name, f"arg_min({name}, place) as {name}") for name in names]
    said = listed(kept, 4)
    return (
        f"select\n    {said}\nfrom (\n    {indented(rows, 4)}\n)\ngroup by account_id"
    )


def _with_domains(connection: duckdb.DuckDBPyConnection, found: Found) -> list[str]:
    """The sources that know the domains of their accounts.

    Raises:
        BookError: fewer than two do.
    """
    made = connection.execute("select view_name from duckdb_views()").fetchall()
    sources = [source for source in found if (f"{source}_domain",) in made]
    if len(sources) < 2:
        raise BookError(
            found=f"domains of {', '.join(sources) or 'no source'} alone",
            expected="two sources that know the domains of their accounts",
            mend="leave out --match domain_names",
        )
    return sources


def _domains(sources: Sequence[str]) -> Query:
    rows = [
        f"select {place} as place, '{source}:' || account_id as id, lower(domain) as domain\n"
        f"from {source}_domain"
        for place, source in enumerate(sources, start=1)
    ]
    everybody = listed([f"'{domain}'" for domain in OF_EVERYBODY], 4)
    return Query(
        "Who has which domain, in the order of the sources.",
        "select *\nfrom (\n    "
        + indented("\nunion all\n".join(rows), 4)
        + f"\n)\nwhere domain not in (\n    {everybody}\n)",
    )


def _same_account() -> Query:
    return Query(
        "Ids of one account: those that share a domain with one of an earlier source, which is the account.",
        """\
with recursive first as (
    select
        *,
        arg_min(id, (place, id)) over (partition by domain) as first_id,
        min(place) over (partition by domain) as first_place
    from domain
),
step as (
    select id, arg_min(first_id, (first_place, first_id)) as account_id
    from first
    where first_place < place
    group by id
),
chain as (
    select id, account_id
    from step
    union
    select chain.id, step.account_id
    from chain
    join step
        on step.id = chain.account_id
)
select id, account_id
from chain
where account_id not in (select id from step)""",
    )
