"""Drift: all that is not as usual of a night, of its rows and of its accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from features.book.book import Book
from features.feeds.contents import contents
from features.feeds.streams import stopped
from models.fitted.distribution import Counts
from models.fitted.reference import Reference
from serving.monitoring.finding import Finding
from serving.monitoring.held import held
from serving.monitoring.limits import DriftLimits
from serving.monitoring.names import named
from serving.monitoring.off_scale import off_scale
from serving.monitoring.standing import Column, columns_of, standing


@dataclass(frozen=True)
class Drift:
    """A night beside what is usual.

    Attributes:
        findings: what is not as usual: of rows first, then of accounts, then of columns, the farthest first.
        columns: how each column is spread, the farthest beyond its limit first; empty without a reference.
    """

    findings: tuple[Finding, ...]
    columns: tuple[Column, ...]

    def facts(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "findings": [finding.facts() for finding in self.findings],
            "columns": [column.facts() for column in self.columns],
        }


def drift(
    book: Book,
    as_of: int,
    tally: Mapping[str, Counts],
    reference: Reference | None,
    limits: DriftLimits = DriftLimits(),
) -> Drift:
    """Sets a night beside what is usual.

    Args:
        book: an opened book.
        as_of: in microseconds since 1970.
        tally: of the night's snapshot and risks, see `models.fitted.reference.Reference.tally`.
        reference: of the models; None of models from before there was one, and without models: then only rows are
            looked at, beside those of the half year before.
        limits: what is allowed.
    """
    found = contents(book, as_of)
    trained = found.head(0) if reference is None else pd.DataFrame([*reference.rows])
    findings = [
        *named(book, as_of, found, trained, stopped(book, as_of)),
        *held(found, trained),
        *off_scale(book, as_of),
    ]
    if reference is None:
        return Drift(tuple(findings), ())
    columns = columns_of(tally, reference, limits)
    findings += standing(columns, tally, reference, limits)
    return Drift(tuple(findings), tuple(columns))
