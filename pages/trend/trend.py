"""The trend: a line for each published night, made of what its folder keeps and of what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Line:
    """A night.

    Attributes:
        as_of: its date.
        model_version: the models that scored it, or rules.
        revision: 1, and more where it was made again.
        quarantined: rows that were set aside.
        summary: see `serving.monitoring.summary.summary`; None of a night from before it was kept.
        drift: see `serving.monitoring.drift.Drift.facts`.
        realised: by horizon, see `training.evaluation.realised.Realised.facts`; empty as long as no horizon is over.
    """

    as_of: date
    model_version: str
    revision: int
    quarantined: int
    summary: Mapping[str, Any] | None
    drift: Mapping[str, Any]
    realised: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def findings(self) -> list[Mapping[str, str]]:
        """What was not as usual."""
        return list(self.drift.get("findings", []))

    @property
    def red(self) -> bool:
        """Whether anything was not as usual."""
        return bool(self.findings)

    @property
    def horizon(self) -> str | None:
        """The horizon that its list planned for; None of a night without risks."""
        horizon = None if self.summary is None else self.summary["horizon"]
        return None if horizon is None else str(horizon)

    @property
    def expected(self) -> Mapping[str, float] | None:
        """The leavers that were expected by that horizon, with their range."""
        return self._of_horizon("expected")

    @property
    def estimated(self) -> Mapping[str, float] | None:
        """The figures to expect of its risks by that horizon."""
        return self._of_horizon("estimated")

    @property
    def came(self) -> Mapping[str, Any] | None:
        """What became of it by that horizon; None as long as that is not over."""
        return None if self.horizon is None else self.realised.get(self.horizon)

    @property
    def farthest(self) -> float | None:
        """How far the column that moved most is, as a share of its limit; None without a reference."""
        columns = self.drift.get("columns") or []
        return max((one["index"] / one["limit"] for one in columns), default=None)

    def _of_horizon(self, name: str) -> Mapping[str, float] | None:
        if self.summary is None or self.horizon is None:
            return None
        by_horizon: Mapping[str, Mapping[str, float]] = self.summary[name]
        return by_horizon.get(self.horizon)

    def facts(self) -> dict[str, Any]:
        """As JSON can hold it; of the columns only those that are over their limits are in the findings."""
        return {
            "as_of": str(self.as_of),
            "model_version": self.model_version,
            "revision": self.revision,
            "accounts": None if self.summary is None else self.summary["accounts"],
            "quarantined": self.quarantined,
            "horizon": self.horizon and int(self.horizon),
            "expected": self.expected,
            "estimated": self.estimated,
            "realised": dict(self.realised),
            "missing": None if self.summary is None else self.summary["missing"],
            "farthest": self.farthest,
            "findings": self.findings,
            "red": self.red,
        }


Trend = Sequence[Line]
"""Nights, the oldest first."""
