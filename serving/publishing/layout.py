"""The names in a folder of nights.

::

    nights/
    ├── current -> 2026-11-21/defection-2_migration-2    the night that readers follow
    ├── 2026-11-21/
    │   ├── defection-2_migration-2/                     a night: its files and manifest.json
    │   └── defection-2_migration-2+r2/                  the same night of data that were corrected since
    ├── runs.jsonl                                       a line for each run: its steps, seconds, memory
    ├── .pinch-lock                                      whoever holds it writes
    └── .pinch-staging-*                                 a night that is being made
"""

from __future__ import annotations

import re
from datetime import date

CURRENT = "current"
MANIFEST = "manifest.json"
RUNS = "runs.jsonl"
LOCK = ".pinch-lock"
STAGING = ".pinch-staging-"
"""What the name of a folder begins with in which a night is being made: nobody else's folders are called so."""

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]")


def place_of(as_of: date, model_version: str, revision: int) -> str:
    """Where a night lies in its folder; its manifest has its version to the letter.

    Example:
        >>> place_of(date(2026, 11, 21), "defection-2 migration-2", 1)
        '2026-11-21/defection-2_migration-2'
        >>> place_of(date(2026, 11, 21), "rules", 2)
        '2026-11-21/rules+r2'
    """
    version = _UNSAFE.sub("_", model_version)
    return f"{as_of}/{version}{f'+r{revision}' if revision > 1 else ''}"
