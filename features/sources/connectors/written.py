"""Written: a draft as the text of a ``book.toml``, plain enough to be edited by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from features.engine import indented
from features.sources.connectors.draft import Draft
from features.sources.connectors.query import Query


def written(draft: Draft, title: str, assumed: Iterable[str]) -> str:
    """The text of a ``book.toml``.

    Args:
        draft: what it says.
        title: its first line.
        assumed: what was taken for granted, each as a sentence.
    """
    head = [title, "Made by pinch init; edit it as you like.", "", *assumed]
    parts = ["\n".join(f"# {line}".rstrip() for line in head)]
    if draft.quiet_days is not None:
        said = "Who is quiet for longer has left; without it the book tells how long."
        parts.append(f"# {said}\nquiet_days = {draft.quiet_days}")
    for sort, words in draft.words.items():
        parts += [_word(sort, name, said) for name, said in words.items()]
    parts += _section("views", _queries(draft.views))
    parts += _section("tables", _queries(draft.tables))
    for name, query in draft.empty.items():
        text = f"{name} = {_text(query.sql)}"
        off = "\n".join(f"# {line}".rstrip() for line in text.splitlines())
        parts.append(f"# Switched off, as the export has no row of them.\n{off}")
    return "\n\n".join(parts) + "\n"


def _word(sort: str, name: str, said: Mapping[str, object]) -> str:
    lines = [f"{key} = {json.dumps(value)}" for key, value in said.items()]
    return "\n".join([f"[{sort}.{name}]", *lines])


def _section(name: str, entries: Sequence[str]) -> list[str]:
    return [f"[{name}]", *entries] if entries else []


def _queries(queries: Mapping[str, Query]) -> list[str]:
    return [
        (f"# {query.about}\n" if query.about else "") + f"{name} = {_text(query.sql)}"
        for name, query in queries.items()
    ]


def _text(sql: str) -> str:
    """A query as a text of several lines in TOML."""
    escaped = sql.replace("\\", "\\\\").replace('"""', '""\\"')
    return f'"""\n    {indented(escaped, 4)}\n"""'
