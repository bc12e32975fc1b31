"""A mean with its interval, in words."""

from __future__ import annotations

from collections.abc import Mapping


def within(
    found: Mapping[str, float] | None, form: str = ",.0f", unknown: str = "-"
) -> str:
    """A mean with its interval.

    Args:
        found: ``mean``, ``low`` and ``high``; None where they are not known.
        form: of each of them.
        unknown: what is said where they are not known.

    Example:
        >>> within({"mean": 1.25, "low": 0.4, "high": 2.5}, ".1f"), within(None)
        ('1.2 (0.4 to 2.5)', '-')
        >>> within({"mean": 12.34, "low": 8.0, "high": 1017.0})
        '12 (8 to 1,017)'
    """
    if found is None:
        return unknown
    return f"{found['mean']:{form}} ({found['low']:{form}} to {found['high']:{form}})"
