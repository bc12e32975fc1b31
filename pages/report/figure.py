"""A figure of the report: a sum over accounts, or one such sum over another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A figure of the report.

    Attributes:
        name: as in the table.
        title: as people read it.
        unit: of its values.
        part: the sum above.
        whole: the sum below; None for a plain count.
        n: the sum that says on how much it rests.
        of: what n counts, in words.
        says: what the figure means, in a sentence.
    """

    name: str
    title: str
    unit: str
    part: str
    whole: str | None
    n: str
    of: str
    says: str
