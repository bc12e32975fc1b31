"""Distributions: how a column is spread over accounts, in a few numbers, and how far another spread is from it.

The distance is the population stability index, the symmetrised divergence of Kullback & Leibler (1951) of two binned
distributions: the sum of (p - q) ln(p / q). Of two samples of n and m rows from one distribution with k bins it is
about 1/n + 1/m times a chi-squared number of k - 1 degrees of freedom (Yurdakul, 2018), so a limit can allow for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.timeline.rows import Floats

Counts = npt.NDArray[np.float64]
"""Rows in each bin, those without a value last."""

TENTHS = np.arange(1, 10) / 10
MOST_NAMES = 50
"""Texts that have a bin of their own, the most frequent; all others share one."""
LEAST_SHARE = 1e-3
"""What an empty bin counts as, so that the index is finite."""


@dataclass(frozen=True)
class Distribution:
    """The spread of a column.

    Attributes:
        cuts: of numbers, the greatest value of each bin but the last, ascending; the first bin is below all that were
            seen, and the last above.
        names: of texts, the value of each bin; the one after them is of all others.
        counts: rows of each bin, and last those without a value.
    """

    cuts: tuple[float, ...]
    names: tuple[str, ...]
    counts: tuple[float, ...]

    @property
    def rows(self) -> float:
        """How many rows there were."""
        return sum(self.counts)

    def tally(self, values: pd.Series, weight: Floats | None = None) -> Counts:
        """How many of other values fall in each bin, each counted as often as its weight says, or once.

        Example:
            >>> distribution_of(pd.Series([1.0, 2.0, None])).tally(pd.Series([0.0, 1.5, 2.0])).tolist()
            [1.0, 0.0, 2.0, 0.0, 0.0]
        """
        if self.names:
            return _counted(self._named(values), len(self.names) + 1, weight)
        return _counted(_binned(values, self.cuts), len(self.cuts) + 1, weight)

    def _named(self, values: pd.Series) -> Floats:
        place = {name: float(at) for at, name in enumerate(self.names)}
        other = float(len(self.names))
        found = values.map(place).where(values.isna(), values.map(place).fillna(other))
        return np.asarray(found, dtype=np.float64)

    def facts(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def of_facts(facts: Mapping[str, Any]) -> Distribution:
    """The distribution that `Distribution.facts` wrote."""
    return Distribution(*(tuple(facts[name]) for name in ("cuts", "names", "counts")))


def distribution_of(values: pd.Series) -> Distribution:
    """The spread of numbers over their tenths, or of texts over their values.

    Example:
        >>> distribution_of(pd.Series(["north", "south", "north"])).names
        ('north', 'south')
    """
    if pd.api.types.is_numeric_dtype(values):
        empty = Distribution(_cuts(values), (), ())
    else:
        frequent = values.value_counts().sort_index(kind="stable")
        most = frequent.sort_values(ascending=False, kind="stable").head(MOST_NAMES)
        empty = Distribution((), tuple(map(str, most.index)) or ("",), ())
    return Distribution(empty.cuts, empty.names, tuple(empty.tally(values).tolist()))


def _cuts(values: pd.Series) -> tuple[float, ...]:
    known = values.dropna().to_numpy(dtype=np.float64)
    if not len(known):
        return (0.0,)
    below = np.nextafter(known.min(), -np.inf)
    tenths = np.quantile(known, TENTHS, method="inverted_cdf")
    return tuple(np.unique([below, *tenths, known.max()]).tolist())


def _binned(values: pd.Series, cuts: tuple[float, ...]) -> Floats:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    places = np.searchsorted(cuts, numbers, side="left").astype(np.float64)
    return np.where(np.isnan(numbers), np.nan, places)


def _counted(places: Floats, bins: int, weight: Floats | None) -> Counts:
    filled = np.where(np.isnan(places), bins, places).astype(np.int64)
    return np.bincount(filled, weight, minlength=bins + 1).astype(np.float64)


def stability_index(counts: Counts, usual: Counts) -> float:
    """The population stability index of two counts over the same bins; 0 where either has no row.

    Example:
        >>> round(stability_index(np.array([50.0, 50.0]), np.array([80.0, 20.0])), 2)
        0.42
    """
    if not counts.sum() or not usual.sum():
        return 0.0
    p, q = (_shares(each) for each in (counts, usual))
    return float(((p - q) * np.log(p / q)).sum())


def _shares(counts: Counts) -> Floats:
    shares = np.maximum(counts / counts.sum(), LEAST_SHARE)
    return np.asarray(shares / shares.sum())


def by_chance(counts: Counts, usual: Counts, chance: float) -> float:
    """The index that two samples of one distribution exceed with a small chance.

    Example:
        >>> round(by_chance(np.full(10, 40.0), np.full(10, 40.0), 0.05), 3)
        0.085
    """
    bins = int(((counts > 0) | (usual > 0)).sum())
    rows = counts.sum(), usual.sum()
    if bins < 2 or not all(rows):
        return 0.0
    ours, theirs = map(float, rows)
    return chi_squared(bins - 1, 1.0 - chance) * (1.0 / ours + 1.0 / theirs)


def chi_squared(degrees: int, share: float) -> float:
    """The quantile of a chi-squared distribution, as Wilson & Hilferty (1931) approximate it.

    Example:
        >>> round(chi_squared(9, 0.95), 1)
        16.9
    """
    spread = 2.0 / (9.0 * degrees)
    normal = NormalDist().inv_cdf(share)
    return float(degrees * (1.0 - spread + normal * spread**0.5) ** 3)
