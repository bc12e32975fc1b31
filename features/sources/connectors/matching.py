"""Matching: which accounts and which reps of several exports are one.

A source that knows the domains of its accounts has the view ``{source}_domain`` with ``account_id`` and ``domain``, one
that knows its reps' addresses of mail ``{source}_rep_mail`` with ``rep_id`` and ``mail``. Nobody is matched by a name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb

from features.engine import indented, listed
from features.errors import BookError
from features.sources.connectors.query import Query

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


def matching(
    connection: duckdb.DuckDBPyConnection, sources: Collection[str]
) -> dict[str, Query]:
    """The views that tell who is one: ``same_account`` of ids and, where two sources know their mail, ``same_rep``.

    Args:
        connection: has the views of each source.
        sources: in the order in which they lead.

    Raises:
        BookError: fewer than two know the domains of their accounts.
    """
    made = connection.execute("select view_name from duckdb_views()").fetchall()
    views = {str(name) for (name,) in made}
    with_domains = [source for source in sources if f"{source}_domain" in views]
    if len(with_domains) < 2:
        raise BookError(
            found=f"domains of {', '.join(with_domains) or 'no source'} alone",
            expected="two sources that know the domains of their accounts",
            mend="leave out --match domain_names",
        )
    everybody = listed([f"'{domain}'" for domain in OF_EVERYBODY], 4)
    telling = f"\nwhere domain not in (\n    {everybody}\n)"
    made_of = {
        "domain": _known(with_domains, "domain", "account_id", "domain", telling),
        "same_account": _same("account", "domain"),
    }
    with_mail = [source for source in sources if f"{source}_rep_mail" in views]
    if len(with_mail) > 1:
        made_of["rep_mail"] = _known(with_mail, "rep_mail", "rep_id", "mail", "")
        made_of["same_rep"] = _same("rep", "rep_mail", "mail")
    return made_of


def _known(sources: Sequence[str], view: str, of: str, by: str, telling: str) -> Query:
    """Who is known by what, in the order of the sources."""
    rows = [
        f"select {place} as place, '{source}:' || {of} as id, lower({by}) as {by}\n"
        f"from {source}_{view}"
        for place, source in enumerate(sources, start=1)
    ]
    united = indented("\nunion all\n".join(rows), 4)
    said = f"Who has which {by}, in the order of the sources."
    return Query(said, f"select *\nfrom (\n    {united}\n){telling}")


def _same(thing: str, view: str, by: str | None = None) -> Query:
    """The ids of things that are one with a thing of an earlier source, and which."""
    by = by or view
    return Query(
        f"Ids of one {thing}: those that share a {by} with one of an earlier source, which is the {thing}.",
        f"""\
with recursive first as (
    select
        *,
        arg_min(id, (place, id)) over (partition by {by}) as first_id,
        min(place) over (partition by {by}) as first_place
    from {view}
),
step as (
    select id, arg_min(first_id, (first_place, first_id)) as {thing}_id
    from first
    where first_place < place
    group by id
),
chain as (
    select id, {thing}_id
    from step
    union
    select chain.id, step.{thing}_id
    from chain
    join step
        on step.id = chain.{thing}_id
)
select id, {thing}_id
from chain
where {thing}_id not in (select id from step)""",
    )
