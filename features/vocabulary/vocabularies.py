"""Vocabularies: the names that columns of a book may have."""

from __future__ import annotations

from dataclasses import dataclass

from features.vocabulary.items import ITEM_SLOTS, ITEMS
from features.vocabulary.kinds import ALL_KINDS

COMPETITOR_ENTERED = "competitor_entered"


TIERS = ("key", "growth", "new", "other")


STYLES = ("pounder", "follower", "nurturer")


REASONS = (
    "died",
    "moved",
    "friend",
    "better_product",
    "dissatisfaction",
    "indifference",
)
"""Why accounts leave (S31)."""
INVOLUNTARY = "payment"
"""The reason of those who did not mean to leave: a payment failed."""

REACHED, SAVED, LOST, SNOOZED = "reached", "saved", "lost", "snoozed"
OUTCOMES = (REACHED, SAVED, LOST, SNOOZED)
"""What came of an account on a list: spoken with, won over, gone, left in peace until a day."""
CONTACTS = (REACHED, SAVED)
"""The outcomes that are a contact of ours."""


@dataclass(frozen=True)
class Vocabulary:
    """The names that a column of a clean table may have.

    Attributes:
        table, column: where they stand.
        effect: what becomes of another name, to follow "which".
        names: the known ones, where they are ours.
        of: otherwise the (table, column) that holds them; a table without rows knows all.
        models_read: whether what is lost is lost to models.
        upper_case: whether another case is another name.
    """

    table: str
    column: str
    effect: str
    names: tuple[str, ...] = ()
    of: tuple[str, str] | None = None
    models_read: bool = True
    upper_case: bool = True


VOCABULARIES = (
    Vocabulary("accounts", "tier", "count as not key", TIERS, upper_case=False),
    Vocabulary("accounts", "style", "fit no style of ours", STYLES),
    Vocabulary("interactions", "kind", "count as other", tuple(ALL_KINDS)),
    Vocabulary("interactions", "rep_id", "have no row in reps", of=("reps", "rep_id")),
    Vocabulary(
        "surveys",
        "item",
        "belong to no axis and no feature",
        (*ITEMS, *(slot for slots in ITEM_SLOTS.values() for slot in slots)),
    ),
    Vocabulary(
        "departures",
        "reason",
        "are reported as other",
        (*REASONS, INVOLUNTARY),
        models_read=False,
    ),
    Vocabulary(
        "outcomes", "outcome", "count as no contact, and let nobody rest", OUTCOMES
    ),
    Vocabulary("reps", "style", "fit no style of ours", STYLES),
    Vocabulary("markets", "market", "no account has", of=("accounts", "market")),
    Vocabulary("markets", "kind", "are read by no feature", (COMPETITOR_ENTERED,)),
)
"""Every vocabulary of a book."""
