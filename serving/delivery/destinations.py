"""The destinations of a night, from ``[[deliver]]`` of a ``night.toml``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from features.errors import SettingError
from serving.delivery.chat import Chat
from serving.delivery.duckdb_file import DuckDBFile
from serving.delivery.hubspot import HubSpot
from serving.delivery.parquet_folder import ParquetFolder
from serving.delivery.postgres_tables import PostgresTables
from serving.delivery.salesforce import Salesforce
from serving.delivery.webhook import Webhook
from serving.delivery.zendesk import Zendesk
from serving.publishing.night_toml import NIGHT_TOML, validated

ByRow = Salesforce | HubSpot | Zendesk | Webhook
Whole = ParquetFolder | DuckDBFile | PostgresTables | Chat
Destination = ByRow | Whole

KINDS: Mapping[str, type[Destination]] = {
    "parquet": ParquetFolder,
    "duckdb": DuckDBFile,
    "postgres": PostgresTables,
    "salesforce": Salesforce,
    "hubspot": HubSpot,
    "zendesk": Zendesk,
    "webhook": Webhook,
    "slack": Chat,
    "teams": Chat,
}
_PATHS = ("folder", "file")


def destinations(
    declared: Sequence[Mapping[str, Any]], beside: Path
) -> list[Destination]:
    """The destinations that are declared, in order.

    Args:
        declared: the tables ``[[deliver]]``.
        beside: the folder of the ``night.toml``, at which relative paths begin.

    Raises:
        SettingError: one is of no known kind, has a key that is not known or another value, or a name of another.
    """
    found = [_read(said, place, beside) for place, said in enumerate(declared, 1)]
    ((name, many),) = Counter(each.title for each in found).most_common(1) or [("", 1)]
    if many > 1:
        raise SettingError(
            where=f"{NIGHT_TOML}, [[deliver]]",
            found=f"{many} destinations called {name}",
            expected="a name of its own for each, which its ledger is called by",
            mend='add name = "…"',
        )
    return found


def _read(said: Mapping[str, Any], place: int, beside: Path) -> Destination:
    where = f"{NIGHT_TOML}, [[deliver]][{place}]"
    kind = KINDS.get(str(said.get("to")))
    if kind is None:
        raise SettingError(
            where=where,
            found="another value of to",
            expected=f"one of {', '.join(KINDS)}",
            mend="correct the file",
        )
    paths = {key: str(beside / str(said[key])) for key in _PATHS if key in said}
    return validated(kind, {**said, **paths}, where)
