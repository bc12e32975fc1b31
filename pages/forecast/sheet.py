"""The table of a forecast for a spreadsheet: every figure in a row, those of past quarters beside what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

COLUMNS = (
    *("as_of", "figure", "fact", "segment", "accounts"),
    *("mean", "low", "high", "happened", "as_last", "markov"),
)


def sheet(told: Mapping[str, Any]) -> pd.DataFrame:
    """The figures of a forecast.

    Args:
        told: as of `training.forecasts.forecast.forecast`.

    Returns:
        A row for each figure, those of the coming quarter first; ``figure`` is ``lost``, ``value_lost``, or a quadrant,
        and ``fact`` and ``segment`` are empty for the whole book.
    """
    rows = [*_coming(told), *_past(told)]
    return pd.DataFrame(rows).reindex(columns=list(COLUMNS))


def _coming(told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    whole = {"as_of": told["as_of"], "accounts": told["accounts"]}
    yield from _losses(whole, told["lost"])
    for each in told["mix"]:
        yield {"as_of": told["as_of"], "figure": each["quadrant"], **_interval(each)}
    for each in told["segments"]:
        names = ("fact", "segment", "accounts")
        line = {"as_of": told["as_of"], **{name: each[name] for name in names}}
        yield from _losses(line, each["lost"])


def _losses(line: dict[str, Any], lost: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {**line, "figure": "lost", **_interval(lost)}
    if lost["value"] is not None:
        yield {**line, "figure": "value_lost", **_interval(lost["value"])}


def _past(told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for each in told["past"]:
        yield {**each, **_interval(each["forecast"])}


def _interval(found: Mapping[str, Any]) -> dict[str, float]:
    return {name: found[name] for name in ("mean", "low", "high")}
