"""``[source]`` of a ``book.toml``: where the address of a PostgreSQL database is."""

from __future__ import annotations

import re
from pathlib import Path

from features.sources.toml_values import mistake, require_names

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
        require_names(f"{file}, source", said, ["postgres"])
        address = _SETTING.fullmatch(str(said.get("postgres")))
    if address is None:
        expected = 'postgres = "$DATABASE_URL", a setting of the environment that has the address'
        raise mistake(file, "source", expected)
    return address[1]
