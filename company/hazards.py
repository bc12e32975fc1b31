"""Hazards: what turns an account away, how it wavers, and when it goes.

An account first turns away inwardly, for one of the reasons, and only then leaves; between the two it fades or speaks
up, and can be won over. Death and a move come without that stage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from company.arrays import Floats, Ints, sigmoid
from company.knobs import REASONS, Knobs
from company.states import States

TRIGGERS = (
    "chance",
    "neglect",
    "rep_left",
    "competitor_entered",
    "failure_not_fixed",
    "poor_service",
    "poor_product",
    "word_of_mouth",
    "payment_failed",
)
"""What was at work when an account turned away, or could not pay."""

(
    CHANCE,
    NEGLECT,
    REP_LEFT,
    COMPETITOR,
    NOT_FIXED,
    POOR_SERVICE,
    POOR_PRODUCT,
    WORD_OF_MOUTH,
    PAYMENT_FAILED,
) = range(len(TRIGGERS))

BASE = dict(
    zip(REASONS, (0.00003, 0.00008, 0.00016, 0.00014, 0.00055, 0.0016), strict=True)
)
"""Weekly chance of turning away for each reason where nothing speaks for or against it."""

SPOKEN = dict(zip(REASONS, (0.5, 0.6, 0.45, 0.75, 0.85, 0.12), strict=True))
"""Share of those that turn away for a reason who say so."""

NOVELTY_WEEKS = 26.0


def follow_pull(states: States) -> Floats:
    """How ready an account is to follow its rep out of the door: 0 to 1, near 1 for the people-carried (S3)."""
    return states.bond * sigmoid(1.2 * (states.people - states.product))


@dataclass(frozen=True)
class Forces:
    """What speaks for turning away, as factors of its chance; one element per account."""

    competitor: Floats
    lagging: Floats
    follow: Floats
    advised: Floats
    wronged: Floats
    unhappy: Floats
    cold: Floats
    neglect: Floats


def forces(states: States, weeks_open: Floats, pressure: Floats) -> Forces:
    """What is at work in accounts open for so many weeks, under so much pressure of competitors."""
    overall = 0.5 * (states.product + states.people)
    young = np.exp(-weeks_open / NOVELTY_WEEKS)
    # What keeps a customer is not what got it: the young watch the people, the old the product (S12).
    felt = overall + 0.2 * (young - 0.5) * (states.people - states.product)
    return Forces(
        # What holds the product-carried is only the product (S4).
        competitor=35.0 * pressure * sigmoid(1.2 * (states.product - states.people)),
        lagging=np.exp(0.35 * (5.5 - states.product)),
        follow=45.0 * states.pull,
        advised=np.exp(0.2 * (5.5 - overall)),
        wronged=2.5 * states.hurt,
        unhappy=np.exp(0.7 * (5.0 - felt) + 1.8 * (0.6 - states.patience)),
        cold=np.exp(-1.5 * states.warmth - 0.2 * (felt - 5.5)) * (1 + 0.8 * young),
        neglect=1.3 * np.clip(states.since_contact - 8, 0, 20) / 20,
    )


def onset(at_work: Forces, pull: Floats, knobs: Knobs) -> Floats:
    """Weekly chances of turning away, a row per reason."""
    no_matter_what = np.ones(len(pull))
    risks = [
        no_matter_what,
        no_matter_what,
        at_work.advised + at_work.follow,
        at_work.lagging + at_work.competitor,
        at_work.unhappy * (1 + at_work.wronged),
        at_work.cold * (1 + at_work.neglect + 4.0 * pull),
    ]
    weights = np.array([BASE[reason] * knobs.emphasis(reason) for reason in REASONS])
    return np.asarray(np.minimum(weights[:, None] * np.stack(risks), 0.2))


def triggers(at_work: Forces, states: States) -> Ints:
    """What would be at work if an account turned away now, a row per reason."""
    chance = np.full(len(states.pull), CHANCE)
    worse = np.where(states.people < states.product, POOR_SERVICE, POOR_PRODUCT)
    neglected = np.where(at_work.neglect > 0.5, NEGLECT, worse)
    return np.stack(
        [
            chance,
            chance,
            np.where(at_work.follow > at_work.advised, REP_LEFT, WORD_OF_MOUTH),
            np.where(at_work.competitor > at_work.lagging, COMPETITOR, POOR_PRODUCT),
            np.where(at_work.wronged > 1, NOT_FIXED, worse),
            np.where(
                4.0 * states.pull > np.maximum(at_work.neglect, 0.5),
                REP_LEFT,
                neglected,
            ),
        ]
    )


def leaving(states: States) -> Floats:
    """Weekly chance of leaving: none before an account has turned away, more the further it has faded."""
    faded = 0.003 + 0.13 * (1 - states.pulse) ** 4
    chance = np.where(states.voiced, 0.14, faded)
    # Who dies or moves does not waver.
    return np.where(states.intent == 0, 0.0, np.where(states.intent <= 2, 0.6, chance))


def calming(states: States) -> Floats:
    """Weekly chance that an account which has turned away comes round by itself; less the more its mind is made up."""
    chance = np.clip(0.025 * np.exp(0.4 * states.warmth), 0, 0.3)
    may = (states.intent > 2) & ~states.going
    return np.where(may, chance * (1 - states.will), 0.0)
