"""A statement as a script: with a view for each one that it rests on, ready to paste into DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from features.book.statements import Statement


def script(name: str, of: Mapping[str, Statement]) -> str:
    """A statement as DuckDB runs it, after a view for each one that it rests on.

    Args:
        name: which of the statements.
        of: the statements by name.
    """
    views = [
        f"-- {of[other].about}\ncreate or replace temp view {other} as\n{of[other].sql};"
        for other in _rests_on(of[name].reads, of)
    ]
    query = f"-- {of[name].about}\n{of[name].sql};"
    return "\n\n".join(["set TimeZone = 'UTC';", *views, query])


def _rests_on(names: Iterable[str], of: Mapping[str, Statement]) -> list[str]:
    """The statements of these names and all that they rest on, what is read before what reads it."""
    found: dict[str, None] = {}
    for name in names:
        for other in (*_rests_on(of[name].reads, of), name):
            found.setdefault(other)
    return list(found)
