"""Tonight, as its page and its sheets tell it: the list, the rest in order, who moved, whom to win back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from features.book.book import Book
from features.book.held_out import drawn, held_out
from features.book.labels import account_labels
from features.book.outcomes import resting
from features.engine import day_of
from models.score.at_stake import stake_horizon
from models.score.choosing import sources
from models.score.horizon import risk_column
from models.score.play import Play
from models.score.playbook import PLAYS
from serving.night.night import Night
from serving.night.tonight.lines import Looked, lines
from serving.night.tonight.movers import movers
from serving.night.tonight.past import LAST_NIGHT, MONTH, everybody_on, no_risks
from serving.night.tonight.win_back import win_back
from serving.scorer import Scorer

ON_THE_PAGE = 2_000
"""Accounts that have a line and a card: the list and who comes next."""


def looked_by(
    scorer: Scorer | None,
    scores: pd.DataFrame,
    as_of: int,
    plays: Sequence[Play] = PLAYS,
    heard: int | None = None,
) -> Looked:
    """How a night looked at its accounts.

    Args:
        scorer: its models; None for a night by rules.
        scores: of the night.
        as_of: in microseconds since 1970.
        plays: the playbook of actions.
        heard: until when what came of lists counts, in microseconds since 1970; all of it where left out.
    """
    horizon, said = stake_horizon(scores), sources(plays)
    if scorer is None or horizon is None:
        return Looked(as_of, None, no_risks, lambda frame: frame[[]], said, heard)
    model = scorer.defection

    def risks(frame: pd.DataFrame) -> pd.Series:
        return model.risks(frame)[risk_column(horizon)]

    def added(frame: pd.DataFrame) -> pd.DataFrame:
        by_column = model.contributions(frame)
        return pd.DataFrame(by_column, frame.index, list(model.encoding.columns))

    return Looked(as_of, horizon, risks, added, said, heard)


def tonight(
    book: Book, looked: Looked, night: Night, order: pd.DataFrame, listed: int
) -> dict[str, Any]:
    """All that tonight's page tells.

    Args:
        book: an opened book.
        looked: how the night looked at its accounts.
        night: its scores.
        order: the scores of all accounts that may be contacted, the first ones first.
        listed: how many of them are on the list.
    """
    labels, nobody = account_labels(book), held_out(book)
    shown = order.head(ON_THE_PAGE)
    here = night.scores["account_id"].tolist()
    return {
        "as_of": str(day_of(looked.as_of)),
        "horizon": looked.horizon,
        "accounts_in_all": len(night.scores),
        "held_out": len(set(here) & nobody),
        "drawn": len(set(here) & drawn(book)),
        "resting": len(set(here) & resting(book, looked.as_of, looked.heard)),
        "listed": min(listed, len(shown)),
        "not_shown": len(order) - len(shown),
        "accounts": lines(book, looked, shown, labels),
        "movers": _moved(book, looked, night, labels, nobody),
        "win_back": [
            _named(one, labels) for one in win_back(book, looked.as_of, here, nobody)
        ],
    }


def _moved(
    book: Book,
    looked: Looked,
    night: Night,
    labels: pd.DataFrame,
    nobody: Collection[str],
) -> list[dict[str, Any]]:
    """Who crossed a line since last night and in a month, of those that may be contacted."""
    scores = night.scores.set_index("account_id")
    scores = scores[~scores.index.isin([*nobody])]
    now = scores[["quadrant"]].assign(risk=float("nan"))
    if looked.horizon is not None:
        now["risk"] = scores[risk_column(looked.horizon)]
    found = []
    for days in (LAST_NIGHT, MONTH):
        then = everybody_on(book, looked.as_of, days, looked.risks)
        found += [_named(asdict(one), labels) for one in movers(now, then, days)]
    return found


def _named(one: dict[str, Any], labels: pd.DataFrame) -> dict[str, Any]:
    account = one["account_id"]
    known = labels.loc[account].to_dict() if account in labels.index else {}
    return {**one, **{label: known.get(label) for label in ("name", "owner", "link")}}
