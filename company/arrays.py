"""Arrays that belong together: bundles of equal length, and seeded streams of random numbers."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

Bundle = TypeVar("Bundle")


def select(bundle: Bundle, index: Ints) -> Bundle:
    """A copy of a dataclass of arrays that holds the elements at ``index``; an index may be named more than once."""
    arrays: dict[str, Any] = {}
    for field in fields(bundle):  # type: ignore[arg-type]
        arrays[field.name] = getattr(bundle, field.name)[index]
    return type(bundle)(**arrays)


def stack(bundles: list[Bundle]) -> Bundle:
    """One dataclass of arrays with a new first axis, made of many."""
    stacked = {}
    for field in fields(bundles[0]):  # type: ignore[arg-type]
        its = [getattr(bundle, field.name) for bundle in bundles]
        stacked[field.name] = np.stack(its)
    return type(bundles[0])(**stacked)


def stream(*path: int) -> np.random.Generator:
    """The random numbers that belong to a path of whole numbers, such as (seed, purpose, branch, week).

    Each path has its own stream, so what one part of the company draws never shifts what another part draws.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(path)))


def sigmoid(x: Floats) -> Floats:
    """The logistic function: 0 to 1, one half at zero."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))
