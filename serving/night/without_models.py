"""Rules: a night without models, for a book of which too little is known to fit any (docs/adr/0011).

First come the accounts whose silence is least likely in their own rhythm, in bands; within a band those of whom most
calls for us by the seeds; of these the one that is worth most, among those that are close key, growth and new accounts
first; then the less likely silence. Nothing is fitted, no probability of leaving is given, and so no gain.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.book.book import Book
from features.book.held_out import held_out
from features.book.labels import account_labels
from features.book.outcomes import resting
from features.quadrants import KNOWN, Quadrant
from features.snapshot.frame import snapshot
from features.themes.needs import HALF_A_YEAR
from models.score.campaign import Campaign
from models.score.columns import VALUE
from models.score.order import favoured
from models.score.play import Play
from models.score.playbook import PLAYS
from models.score.reasons import MOST_REASONS, Reason, reason
from models.score.telling import Row
from serving.night.night import LEVELS, Night, nobody, with_watermarks
from serving.night.worklist import labelled
from serving.scores import as_frame, completed, worth_of

VERSION = "rules"
SAID = "These are rules, not probabilities: first an unlikely silence, then what calls for us. Nothing was trained."

SILENCES = (0.01, 0.05, 0.2)
"""Bands of the chance of the present silence, from the least likely."""


@dataclass(frozen=True)
class Rule:
    """Something about an account that calls for us.

    Attributes:
        column: the feature that it looks at.
        calls: of the values of that feature, whether it does; never for a missing one.
        seeds: rows of the seeds that say so.
        told_by: the feature that gives the reason; the one looked at where left out.
    """

    column: str
    calls: Callable[[pd.Series], pd.Series]
    seeds: tuple[str, ...]
    told_by: str | None = None

    @property
    def told(self) -> str:
        """The feature that gives the reason."""
        return self.told_by or self.column


def _any(values: pd.Series) -> pd.Series:
    return values > 0


SILENCE = Rule("silence_chance", lambda chance: chance < SILENCES[-1], ("S32",))

RULES = (
    Rule("failures_not_fixed_365d", _any, ("S21", "S23")),
    Rule("promises_overdue", _any, ("S14", "S23")),
    Rule("promises_broken_365d", _any, ("S14",)),
    Rule(
        "quadrant",
        lambda code: code == KNOWN.index(Quadrant.POOR),
        ("S2",),
        "product_settled",
    ),
    Rule(
        "quadrant",
        lambda code: code == KNOWN.index(Quadrant.PEOPLE_CARRIED),
        ("S2", "S3"),
        "people_over_product",
    ),
    Rule("days_since_main_rep_left", lambda days: days < HALF_A_YEAR, ("S3",)),
    Rule("waiting_180d", _any, ("S24",)),
    Rule("complaints_90d", _any, ("S18",)),
    Rule("cancellations_90d", _any, ("S9",)),
)
"""What calls for us, what should be told first standing first."""


def rule_night(
    book: Book,
    as_of: int,
    campaign: Campaign = Campaign(),
    plays: tuple[Play, ...] = PLAYS,
    left_off: Collection[str] | None = None,
) -> tuple[Night, pd.DataFrame]:
    """Every account of the cohort by rules.

    Args:
        book: an opened book; nothing but accounts and interactions is needed.
        as_of: the as-of date, in microseconds since 1970.
        campaign: says what accounts are worth.
        plays: the playbook of actions.
        left_off: who is on no list; whoever may not be contacted or rests where left out.

    Returns:
        The night, its risks and chances missing; and the worklist of all others, in the order of the rules.

    Raises:
        EvidenceError: nobody was an account at the as-of date.
    """
    frame = snapshot(book, [as_of])
    if frame.empty:
        raise nobody(book, as_of)
    scores = with_watermarks(score_by_rules(frame, campaign, plays), book, as_of)
    listed = scores.loc[order(frame, campaign)]
    if left_off is None:
        left_off = held_out(book) | resting(book, as_of)
    listed = listed[~listed["account_id"].isin(list(left_off))]
    listed = listed.reset_index(drop=True)
    listed = listed.assign(ranked_by=VERSION)
    return Night(scores, frame[LEVELS]), labelled(listed, account_labels(book))


def score_by_rules(
    frame: pd.DataFrame,
    campaign: Campaign = Campaign(),
    plays: tuple[Play, ...] = PLAYS,
) -> pd.DataFrame:
    """As `serving.scorer.Scorer.score`, with risks and chances missing and reasons by rules."""
    return as_frame(
        completed(frame, {}, _reasons(frame), VERSION, campaign=campaign, plays=plays),
        frame.index,
    )


def order(frame: pd.DataFrame, campaign: Campaign = Campaign()) -> pd.Index:
    """The rows of a snapshot in the order of the rules, ties by account."""
    chance = frame["silence_chance"].fillna(1.0)
    band = pd.Series(np.searchsorted(SILENCES, chance, side="right"), frame.index)
    calling = -sum(_calls(rule, frame).astype(int) for rule in RULES)
    worth = worth_of(frame, {}, campaign)
    keys = pd.DataFrame(
        {
            "band": band,
            "calling": calling,
            "value": -favoured(worth[VALUE], worth["tier"]),
            "chance": chance,
            "account": frame["account_id"],
        }
    )
    return keys.sort_values(keys.columns.tolist()).index


def _calls(rule: Rule, frame: pd.DataFrame) -> pd.Series:
    return rule.calls(frame[rule.column])


def _reasons(frame: pd.DataFrame) -> list[list[Reason]]:
    """What calls for us at each account, a reason for each theme."""
    rules = (SILENCE, *RULES)
    called = [_calls(rule, frame).tolist() for rule in rules]
    told = []
    for place in range(len(frame)):
        row = Row(frame, place)
        calling = [
            rule for rule, calls in zip(rules, called, strict=True) if calls[place]
        ]
        spoken = (reason(rule.told, row) for rule in calling)
        first: dict[str, Reason] = {}
        for why in spoken:
            if why is not None:
                first.setdefault(why.theme, why)
        told.append([*first.values()][:MOST_REASONS])
    return told
