"""Part: files of a table that can be read at once, and the SQL that reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """Files of a table that can be read at once.

    Attributes:
        relation: what reads them, as SQL.
        columns: names, each with the family of its type: parts of one family need no cast.
        files: their paths.
    """

    relation: str
    columns: Mapping[str, str]
    files: tuple[Path, ...]


def quoted(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def partitions_sql(table: str, file: Path) -> str:
    """Whether folders of a part name values, such as ``month=2``, which are read as texts."""
    named = bool(named_by_folders(table, file))
    return f"hive_partitioning = {str(named).lower()}" + (
        ", hive_types_autocast = false" if named else ""
    )


def named_by_folders(table: str, file: Path) -> list[str]:
    """The columns that the folders of a part, within that of its table, name."""
    folders = [folder.name for folder in file.parents]
    within = folders[: folders.index(table)] if table in folders else []
    return [name.split("=", 1)[0] for name in reversed(within) if "=" in name]


def paths_sql(files: Iterable[Path]) -> str:
    """A list of paths in SQL."""
    return f"[{', '.join(quoted(str(file)) for file in files)}]"


def texts_sql(names: Iterable[str]) -> str:
    """Columns, all of them texts, in SQL."""
    return "{" + ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names) + "}"
