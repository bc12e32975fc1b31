"""The knobs of the sample company: what a user may set, with defaults near the seeds' figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

REASONS = (
    "died",
    "moved",
    "friend",
    "better_product",
    "dissatisfaction",
    "indifference",
)
"""The six reasons of leaving (S31), in the order of their codes."""

CAUSES = (*REASONS, "payment")
"""All causes of leaving, in the order of their codes; who could not pay did not mean to leave."""

SEED_MIX: Mapping[str, float] = MappingProxyType(
    dict(zip(REASONS, (0.01, 0.03, 0.05, 0.09, 0.14, 0.68), strict=True))
)
"""The mix of reasons that the seed claims."""


@dataclass(frozen=True)
class Knobs:
    """What can be set; shares are 0 to 1.

    Attributes:
        annual_departures: share of the accounts that leave in a year, about.
        reasons: share of each reason among departures, about; they are scaled to sum to one.
        accounts_per_rep: accounts that one rep serves.
        rep_turnover: share of the reps that leave in a year.
        competitor_entries: entries of a competitor per market and year.
        holdout: share of the accounts that we never contact unasked.
        contracts: share of the accounts that hold contracts; with none the book has no such tables.
        outreaches: times a year that an ordinary account hears from us unasked.
        list_wins: share of those who have turned away whom contact from a list wins over; None: as any contact.
        bad: share of rows of interactions and surveys that are planted and cannot be right.
        duplicates: share of rows that are written twice.
        late: share of rows that became known later than they occurred, beyond departures.
    """

    annual_departures: float = 0.15
    reasons: Mapping[str, float] = field(default_factory=lambda: SEED_MIX)
    accounts_per_rep: int = 40
    rep_turnover: float = 0.2
    competitor_entries: float = 0.5
    holdout: float = 0.1
    contracts: float = 0.4
    outreaches: float = 5.0
    list_wins: float | None = None
    bad: float = 0.001
    duplicates: float = 0.001
    late: float = 0.004

    def __post_init__(self) -> None:
        """Refuses what cannot be simulated."""
        strange = sorted(set(self.reasons) - set(REASONS))
        if (
            strange
            or not sum(self.reasons.values()) > 0
            or min(self.reasons.values()) < 0
        ):
            raise ValueError(
                f"found reasons {dict(self.reasons)}; expected shares of {REASONS}; to mend: name only these"
            )
        if not 0 <= self.contracts <= 1:
            raise ValueError(
                f"found contracts={self.contracts}; expected a share from 0 to 1; to mend: set one"
            )
        for name in (
            "annual_departures",
            "rep_turnover",
            "holdout",
            "bad",
            "duplicates",
            "late",
        ):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(
                    f"found {name}={getattr(self, name)}; expected a share from 0 to below 1; to mend: set one"
                )
        if self.accounts_per_rep < 1:
            raise ValueError(
                f"found accounts_per_rep={self.accounts_per_rep}; expected 1 or more; to mend: set one"
            )

    def emphasis(self, reason: str) -> float:
        """How much more often a reason is wanted than by default: 1 for the default mix and rate."""
        share = self.reasons.get(reason, 0.0) / sum(self.reasons.values())
        return share / SEED_MIX[reason] * self.annual_departures / 0.15
