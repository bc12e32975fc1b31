"""How accounts stand beside the reference of their models: how many there are, values that are gone, spreads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

import numpy as np

from features.feeds.streams import CHANCE
from models.fitted.distribution import (
    Counts,
    Distribution,
    by_chance,
    stability_index,
)
from models.fitted.reference import Reference
from serving.monitoring.finding import Finding
from serving.monitoring.limits import DriftLimits


@dataclass(frozen=True)
class Column:
    """How a column is spread tonight.

    Attributes:
        name: of a feature, a fact or the risk.
        index: the population stability index against the training.
        limit: what is too much.
        missing: the share of accounts without a value.
        usually_missing: the same in the training.
    """

    name: str
    index: float
    limit: float
    missing: float
    usually_missing: float

    def facts(self) -> dict[str, str | float]:
        """As JSON can hold it."""
        return asdict(self)


def columns_of(
    tally: Mapping[str, Counts],
    reference: Reference,
    limits: DriftLimits = DriftLimits(),
) -> list[Column]:
    """How each column is spread, the farthest beyond its limit first."""
    chance = CHANCE / max(len(tally), 1)
    found = []
    for name, counts in tally.items():
        usual = np.array(reference.columns[name].counts)
        least = max(limits.index, limits.margin * reference.usual.get(name, 0.0))
        found.append(
            Column(
                name,
                stability_index(counts, usual),
                least + by_chance(counts, usual, chance),
                _missing(counts),
                _missing(usual),
            )
        )
    return sorted(found, key=lambda column: (column.limit - column.index, column.name))


def standing(
    columns: list[Column],
    tally: Mapping[str, Counts],
    reference: Reference,
    limits: DriftLimits = DriftLimits(),
) -> Iterator[Finding]:
    """What is not as usual of the accounts: their number, values of facts that are gone, and spreads."""
    yield from _accounts(tally, reference, limits)
    gone = {
        name: found
        for name, counts in tally.items()
        if (found := _gone(name, counts, reference.columns[name]))
    }
    for found in gone.values():
        yield from found
    for column in columns:
        if column.index > column.limit and column.name not in gone:
            yield _drifted(column, tally[column.name], reference.columns[column.name])


def _accounts(
    tally: Mapping[str, Counts], reference: Reference, limits: DriftLimits
) -> Iterator[Finding]:
    rows = next((int(counts.sum()) for counts in tally.values()), 0)
    before = reference.accounts
    if before and not 1.0 / limits.accounts < rows / before < limits.accounts:
        yield Finding(
            "accounts",
            "accounts",
            f"{rows:,} accounts are scored, and {before:,} were at the end of the training: are some there twice, "
            "or left out?",
        )


def _gone(name: str, counts: Counts, spread: Distribution) -> list[Finding]:
    """What no account has any more: every value of a fact, or some."""
    if spread.names and counts[-1] == counts.sum() and spread.counts[-1] < spread.rows:
        filled = 1.0 - spread.counts[-1] / spread.rows
        said = f"accounts: {name} is empty for all {counts[-1]:,.0f}, usually {filled:.0%} are filled"
        return [Finding("emptied", f"accounts: {name}", said)]
    return list(_vanished(name, counts, spread))


def _vanished(name: str, counts: Counts, spread: Distribution) -> Iterator[Finding]:
    rows = counts.sum()
    for place, value in enumerate(spread.names):
        share = spread.counts[place] / spread.rows
        if not counts[place] and (1.0 - share) ** rows < CHANCE / len(spread.names):
            new = counts[len(spread.names)]
            more = f"; {new:,.0f} have a value that was not there" if new else ""
            yield Finding(
                "vanished",
                f"{name} {value}",
                f"{name} {value} vanished: it had {spread.counts[place]:,.0f} accounts in training, and has none{more}",
            )


def _drifted(column: Column, counts: Counts, spread: Distribution) -> Finding:
    return Finding(
        "drifted",
        column.name,
        f"{column.name} is spread otherwise than in training (index {column.index:.2f}, limit {column.limit:.2f}): "
        f"{_moved(counts, spread)}",
    )


def _missing(counts: Counts) -> float:
    return float(counts[-1] / counts.sum()) if counts.sum() else 0.0


def _moved(counts: Counts, spread: Distribution) -> str:
    """The bin whose share moved most, in words."""
    shares, usual = counts / counts.sum(), np.array(spread.counts) / spread.rows
    place = int(np.argmax(np.abs(shares - usual)))
    return (
        f"{_bin(place, spread)} for {shares[place]:.0%}, usually for {usual[place]:.0%}"
    )


def _bin(place: int, spread: Distribution) -> str:
    if place == len(spread.counts) - 1:
        return "missing"
    if spread.names:
        return [*spread.names, "another value"][place]
    if place == len(spread.cuts):
        return f"above {spread.cuts[-1]:.4g}"
    if place == 0:
        return "below all that were seen"
    if place == 1:
        return f"at most {spread.cuts[1]:.4g}"
    return f"{spread.cuts[place - 1]:.4g} to {spread.cuts[place]:.4g}"
