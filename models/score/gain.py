"""Gain: what contacting an account is expected to bring, in the currency of the book.

Of those that would leave within the horizon, some do so within the lead time, and are gone before contact helps. Of the
others each accepts the offer with the probability a of acceptance, and then stays: its value V less the offer d is
gained. One that would have stayed takes the offer all the same. Every contact costs f. So contacting an account of
which s can still be saved, and which stays with probability 1 - p, is expected to gain

    s a (V - d) - (1 - p) d - f

which is the profit of a retention campaign of Neslin et al. (2006), "Defection Detection", Journal of Marketing
Research 43(2), for one account, as in Verbraken, Verbeke and Baesens (2013), "A Novel Profit Maximizing Metric for
Measuring Classification Performance of Customer Churn Prediction Models", IEEE TKDE 25(5), where s is p.
"""

from __future__ import annotations

import pandas as pd

from features.timeline.expression import Columns
from features.timeline.rows import Floats
from models.score.at_stake import risk_ahead, stakes_of
from models.score.campaign import Campaign


def expected_gain(
    savable: Floats, stays: Floats, value: Floats, campaign: Campaign
) -> Floats:
    """What contacting each account is expected to gain, in the currency of the book; see this module for the formula.

    Args:
        savable: probability of leaving in time for contact to help, or 1 and 0 for what happened, shape (accounts,).
        stays: probability of staying, likewise, shape (accounts,).
        value: of each account, shape (accounts,).
        campaign: what contacting costs and brings.

    Example:
        >>> import numpy as np
        >>> savable, stays = np.array([0.5, 0.25, 0.0]), np.array([0.5, 0.5, 1.0])
        >>> expected_gain(savable, stays, np.full(3, 110.0), Campaign(acceptance=0.5)).tolist()
        [19.0, 6.5, -11.0]
    """
    saved = savable * campaign.acceptance * (value - campaign.offer_cost)
    return saved - stays * campaign.offer_cost - campaign.contact_cost


def gains_of(
    scores: Columns | pd.DataFrame, value: Floats, campaign: Campaign
) -> Floats:
    """The gain of each row of scores; missing where its risk or its value is not known."""
    return expected_gain(stakes_of(scores), 1.0 - risk_ahead(scores), value, campaign)
