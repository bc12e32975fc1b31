"""The path to exceptional as the card of an account tells it: the first levers, and the best pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from features.book.book import Book
from models.effects.doses import DoseEffects
from models.score.horizon import MIGRATION_HORIZON
from serving.scorer import Scorer
from serving.whatif.path import paths
from serving.whatif.scene import scene_of_some

FIRST = 2
"""Levers that are told, the best first, before the best pair; none that is not expected to help."""


def can_tell(scorer: Scorer) -> bool:
    """Whether models know quadrants, and the risk that they hang together with."""
    known = scorer.defection.blends
    return scorer.migration is not None and MIGRATION_HORIZON in known


def paths_on_cards(
    book: Book,
    scorer: Scorer,
    as_of: int,
    effects: DoseEffects,
    account_ids: Sequence[str],
) -> dict[str, dict[str, Any]]:
    """What the cards of some accounts tell, by account.

    Args:
        book: an opened book.
        scorer: its champions.
        as_of: in microseconds since 1970.
        effects: what was done in the past, and what followed.
        account_ids: accounts that are scored at the date.

    Returns:
        ``days``, ``now`` (the chance as it is, in words) and ``levers``, those that are
        expected to help, each ``sentence`` and ``more`` in words.
    """
    scene = scene_of_some(book, scorer, as_of, account_ids)
    found = paths(scene, effects, account_ids)
    return {path["account_id"]: _on_card(path) for path in found}


def _on_card(path: Mapping[str, Any]) -> dict[str, Any]:
    rows = [*path["levers"][:FIRST], *([path["pair"]] if path["pair"] else [])]
    helping = [row for row in rows if row["more"]["mean"] > 0.0]
    return {
        "days": path["days"],
        "now": f"{path['now']:.0%}",
        "levers": [{"sentence": _said(row), "more": _more(row)} for row in helping],
    }


def _said(row: Mapping[str, Any]) -> str:
    sentence = str(row["sentence"])
    return sentence[0].upper() + sentence[1:]


def _more(row: Mapping[str, Any]) -> str:
    """Points more, with their interval, such as ``+1.2 points (0.4 to 2.1)``; that evidence is thin is said."""
    points = {name: 100.0 * part for name, part in row["more"].items()}
    said = f"{points['mean']:+.1f} points ({points['low']:.1f} to {points['high']:.1f})"
    return f"{said}; thin evidence" if row["thin"] else said
