"""``pinch why``, with its tables."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from commands.opening import open_here
from commands.options import AsJson, BadShare, BookFolder, LookedFrom, Memory, NoSync
from commands.output import Parts, errors, records, table, tell

if TYPE_CHECKING:
    from features.snapshot.why import Why


def why(
    book: BookFolder,
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="The id of an account.")
    ],
    as_of: LookedFrom = None,
    feature: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            metavar="NAME",
            help="A feature, with its rows; may be given several times. All where left out.",
        ),
    ] = None,
    store: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Store whose champion gives the value of quiet_chance."),
    ] = None,
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    no_sync: NoSync = False,
    as_json: AsJson = False,
) -> None:
    """Tells what an account's features are made of: the values of all, or the rows behind some.

    For example: pinch why demo/book A000012 --feature matters_open --feature silence_over_rhythm

    quiet_chance, which models read beside the features where leaving is judged by a quiet period, is fitted by a
    training: its value is that of the champion of a --store, and without one only what it is made of is told. With
    --json, says is the reason in words, where the value is bad news.
    """
    with (
        errors(as_json),
        open_here(book, max_bad_share, memory_limit, no_sync=no_sync) as opened,
    ):
        from features.engine import day_of, instant
        from features.snapshot.why import explain

        moment = opened.end if as_of is None else instant(as_of)
        explained = explain(
            opened, account, moment, tuple(feature) if feature else None
        )
        if store is not None:
            explained = _with_quiet(explained, store)
        everything = explained if feature is None else explain(opened, account, moment)
        said = _sentences(everything)
        facts = {
            "account_id": account,
            "as_of": str(day_of(moment)),
            "features": [
                _facts(one) | {"says": said[one.feature.name]} for one in explained
            ],
        }
        shown = _values if feature is None else _rows_behind
        tell(facts, as_json, lambda: shown(explained))


def _sentences(everything: Sequence[Why]) -> dict[str, str | None]:
    """What is said of each feature where it adds to the risk; what is typical of others is left out."""
    import numpy as np

    from features.themes.dictionary import QUIET
    from models.score.telling import Row, sentence

    missing = float("nan")
    columns = {
        why.feature.name: np.array([missing if why.value is None else why.value])
        for why in everything
    }
    row = Row(columns, 0)
    told = {why.feature.name: sentence(why.feature, row, {}) for why in everything}
    return {QUIET.name: None, **told}


def _with_quiet(explained: Sequence[Why], store: str) -> list[Why]:
    """The same, the chance of a quiet period with the value that the champion of a store gives it."""
    from features.themes.dictionary import QUIET

    told = []
    for why in explained:
        if why.feature is QUIET:
            why = replace(why, value=_quiet_chance(why, store))
        told.append(why)
    return told


def _quiet_chance(why: Why, store: str) -> float | None:
    """The chance by the champion of a store; None where it reads none."""
    import pandas as pd

    from models.registry.registry import Registry
    from serving.champions import fetch_champions
    from serving.scorer import load_models

    with tempfile.TemporaryDirectory() as folder:
        champion = load_models(fetch_champions(Registry(store), Path(folder)))
    quiet = champion.defection.encoding.quiet
    if quiet is None:
        return None
    (chance,) = quiet.chances(pd.DataFrame([why.parts], dtype=float))
    return None if pd.isna(chance) else float(chance)


def _facts(why: Why) -> dict[str, Any]:
    rows = why.rows.astype({"when": str}) if "when" in why.rows else why.rows
    return {
        "feature": why.feature.name,
        "value": why.value,
        "theme": why.feature.theme,
        "meaning": why.feature.meaning,
        "how": why.how,
        "parts": dict(why.parts),
        "rows": records(rows),
    }


def _values(explained: Sequence[Why]) -> Parts:
    """The values of features."""
    rows = []
    for why in explained:
        behind = str(len(why.rows) or "")
        rows.append([why.feature.name, _value(why.value), why.feature.unit, behind])
    return [table(["feature", "value", "unit", "rows"], rows)]


def _rows_behind(explained: Sequence[Why]) -> Parts:
    """The values of features, and what each is made of."""
    parts: Parts = []
    for why in explained:
        value = f"{_value(why.value)} {why.feature.unit}"
        parts.append(f"{why.feature.name}: {value}. {why.feature.meaning}\n  {why.how}")
        if why.parts:
            made_of = [[name, _value(part)] for name, part in why.parts.items()]
            parts.append(table(["made of", "value"], made_of))
        if len(why.rows):
            shown = why.rows.map(_cell)
            columns = [str(name) for name in shown.columns]
            parts.append(table(columns, shown.to_numpy().tolist()))
    return parts


def _cell(cell: object) -> str:
    return _value(cell) if isinstance(cell, float) else str(cell)


def _value(value: float | None) -> str:
    return "not known" if value is None or value != value else f"{value:,.6g}"
