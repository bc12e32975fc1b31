"""What a ``book.toml`` declares of its own: kinds, items, and the file of its features."""

from __future__ import annotations

from pathlib import Path

from features.errors import BookError
from features.sources.toml_values import is_table_of, mistake, require_names
from features.vocabulary.own import OwnWords, UnfitWordError, read_words


def features_file(file: Path, said: object) -> str | None:
    """The Python file that declares features of one's own; None where there is none."""
    if said is None:
        return None
    if isinstance(said, dict):
        require_names(f"{file}, features", said, ["file"])
        name = said.get("file")
        if isinstance(name, str) and Path(name).name == name and name.endswith(".py"):
            return name
    raise mistake(
        file, "features", 'file = "NAME.py", the name of a Python file beside it'
    )


def own_words(file: Path, kinds: object, items: object) -> OwnWords:
    """The kinds and items of one's own."""
    if not is_table_of(kinds, dict) or not is_table_of(items, dict):
        raise mistake(file, "kinds, items", "a table for each, such as [kinds.demo]")
    named = {
        part: [{"name": name, **its} for name, its in said.items()]
        for part, said in (("kinds", kinds), ("items", items))
    }
    try:
        return read_words(named)
    except UnfitWordError as error:
        raise BookError(
            where=f"{file}, kinds and items",
            found=str(error),
            expected="kinds with an actor, items with an axis and a scale, of names that ours do not have",
            mend="correct them",
        ) from None
