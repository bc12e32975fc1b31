"""Merged accounts: which ids are another account's by now, and from when that was known (docs/adr/0027).

Until a merge is known the two are two accounts, each with its own history. From then on there is one: the rows of the
merged id count for the account that it was merged into, from the moment of the merge on, and the merged account is no
customer any more. Nothing of this is seen earlier, so what was known at a date stays what it was.

``merges`` are the rows as a book has them. ``merged`` follows them through: a row for each id and each account that its
rows count for, with ``known_us``, when the last of the merges between the two became known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from features.engine import Query
from features.errors import BookError
from features.vocabulary.contract import OF_ACCOUNTS

FOLLOWED = tuple(table for table in OF_ACCOUNTS if table != "facts")
"""The tables whose rows count for another account after a merge; of facts the account that stayed has its own."""
MOST_STEPS = 100
"""Merges one after the other; a longer chain is taken for a circle."""

_STEPS = f"""\
with recursive steps(from_id, into_id, known_us, length) as (
    select from_id, into_id, known_us, 1 from merges
    union all
    select s.from_id, m.into_id, greatest(s.known_us, m.known_us), s.length + 1
    from steps as s
    join merges as m on m.from_id = s.into_id
    where s.from_id <> s.into_id and s.length < {MOST_STEPS}
)"""


def merged_sql() -> str:
    """SQL giving ``merged`` of ``merges`` and ``accounts``: ``from_id``, ``into_id``, ``known_us``."""
    return f"""\
{_STEPS}
select from_id, into_id, known_us
from steps
where into_id in (select account_id from accounts)"""


def require_no_circle(run: Query) -> None:
    """Refuses merges that end where they began, and chains that do not end.

    Args:
        run: gives the rows of a query over ``merges``.

    Raises:
        BookError: there are some.
    """
    query = f"{_STEPS}\nselect count(distinct case when from_id = into_id then from_id end), max(length) from steps"
    ((circling, longest),) = run(query)
    found = None
    if circling:
        found = f"ids that are merged into themselves, at once or through others: {circling:,}"
    elif longest == MOST_STEPS:
        found = f"a chain of {MOST_STEPS} merges or more"
    if found is not None:
        raise BookError(
            where="table merges",
            found=found,
            expected="merges that end at an account that stayed",
            mend="remove the merges that were taken back, or name the account that stayed at once",
        )


def followed_sql(
    rows: str, columns: Sequence[str], replaced: Mapping[str, str] = {}
) -> str:
    """SQL giving the clean rows of one of `FOLLOWED`, and those of merged ids again for whom they count for.

    Args:
        rows: the relation of clean rows.
        columns: its columns.
        replaced: of columns that tell the account, how ``m.into_id`` is written in them; ``account_id`` as it is.
    """
    written = {
        "account_id": "m.into_id",
        "known_us": "greatest(r.known_us, m.known_us)",
        **replaced,
    }
    again = ", ".join(
        f"{written[column]} as {column}" if column in written else f"r.{column}"
        for column in columns
    )
    return f"""\
select {", ".join(columns)}
from {rows} as r
where r.account_id in (select account_id from accounts)
union all
select {again}
from {rows} as r
join merged as m on m.from_id = r.account_id"""


def gone_sql(moment: str) -> str:
    """SQL giving the ids that are merged by a moment, in microseconds since 1970 or as SQL."""
    return f"select from_id from merged where known_us <= {moment}"
