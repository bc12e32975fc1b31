"""Which registered models an account may have been trained on: those that look at a date after its opening.

No training keeps who was in it. Its run has the last date that it looked at, and an account that was open by then is
taken to be in it: one that had left before its first date is named as well, and none is missed (docs/adr/0051).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models.registry.registry import Registry

LAST = "last_as_of"
"""The parameter of a training that has the last date that it looked at."""


def trained_on(store: str, opened: date | None) -> list[dict[str, Any]]:
    """The models of a store that may have been trained on an account.

    Args:
        store: as of `models.registry.registry.Registry`.
        opened: when the account was opened; all models are named where that is not known.

    Returns:
        Of each its ``model``, ``version``, ``run``, ``aliases`` and ``last_as_of``, the newest first.

    Raises:
        ModelError: there is no store, or it does not answer.
    """
    registry = Registry(store)
    found = []
    for entry in registry.entries():
        last = registry.params(entry.version).get(LAST)
        if opened is None or last is None or date.fromisoformat(last) >= opened:
            found.append(
                {
                    "model": entry.version.name,
                    "version": entry.version.number,
                    "run": entry.version.run_id,
                    "aliases": list(entry.aliases),
                    LAST: last,
                }
            )
    return found
