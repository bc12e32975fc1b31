"""A campaign: what contacting accounts costs and brings, and the usual figures of that."""

from __future__ import annotations

from dataclasses import dataclass

OWED_WITHIN = 180
"""Days without a word after which what is open is no longer what an account is told first."""


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """What contacting costs and brings; where left out, the figures of Verbraken et al. (2013).

    Attributes:
        contact_cost: of contacting one account, in the currency of the book.
        offer_cost: of what is offered to one account, in the currency of the book.
        acceptance: probability that an account that would leave accepts the offer and stays.
        value: the column that tells what an account is worth, see `models.score.value`.
        owed_within: days without a word after which nothing is owed any more, see `models.score.owed`.
    """

    contact_cost: float = 1.0
    offer_cost: float = 10.0
    acceptance: float = 0.3
    value: str | None = None
    owed_within: int = OWED_WITHIN
