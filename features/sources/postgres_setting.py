"""``[source]`` of a ``book.toml``: where the address of a PostgreSQL database is, and what is new in it."""

from __future__ import annotations

import re
from pathlib import Path

from features.sources.toml_values import is_table_of, mistake, require_names

_SETTING = re.compile(r"\$([A-Za-z_]\w*)")


def postgres_setting(file: Path, said: object) -> str | None:
    """The setting that has the address, which is not in the file itself, as it holds a password.

    Args:
        file: the ``book.toml``.
        said: the table of that name in it; None where there is none.

    Raises:
        BookError: it is anything but the name of a setting after a dollar sign.
    """
    if said is None:
        return None
    address = None
    if isinstance(said, dict):
        require_names(f"{file}, source", said, ["postgres", "sync_by"])
        address = _SETTING.fullmatch(str(said.get("postgres")))
    if address is None:
        expected = 'postgres = "$DATABASE_URL", a setting of the environment that has the address'
        raise mistake(file, "source", expected)
    return address[1]


def sync_by(file: Path, said: object) -> dict[str, str]:
    """Of tables, as ``SCHEMA.TABLE``, the column that tells when a row was last written.

    Args:
        file: the ``book.toml``.
        said: the table of ``source`` in it; None where there is none.

    Raises:
        BookError: it is anything but names of tables with that of a column each.
    """
    named = said.get("sync_by", {}) if isinstance(said, dict) else {}
    if is_table_of(named, str) and all(table.count(".") == 1 for table in named):
        return named
    expected = 'names such as "public.sales" = "updated_at", in quotes'
    raise mistake(file, "source.sync_by", expected)
