"""Surveys: who is asked, who answers, and with what scores (S1, S8, S11)."""

from __future__ import annotations

import numpy as np

from company.arrays import Floats, sigmoid
from company.firm import Company, Seen
from company.index import hear

QUARTER = 13
"""Weeks from one survey of an account to the next."""
PRODUCT_STEPS, PEOPLE_STEPS = (10, 6), (10, 4)
"""Steps of the scales on which the two items of each axis are asked: 0 to 10, 1 to 7 and 1 to 5."""


def survey(company: Company, rng: np.random.Generator, seen: Seen) -> Seen:
    """Asks each account every quarter and after some resolutions; the warm answer more readily."""
    states, traits = company.states, company.traits
    size = len(states.pulse)
    draw, normal = rng.random((3, size)), rng.standard_normal((8, size))
    asked = states.present & (company.week % QUARTER == traits.survey_week)
    matter = seen["question"] | seen["request"] | seen["complaint"]
    asked_after = states.present & ~asked & matter & (draw[1] < 0.25)
    willing = sigmoid(0.35 + 0.7 * states.warmth + 0.2 * traits.voice) * (
        0.25 + 0.75 * states.pulse
    )
    answered = (asked | asked_after) & (draw[2] < willing)
    product_items = score_items(states.product, normal[0], normal[1:3], PRODUCT_STEPS)
    people_items = score_items(states.people, normal[3], normal[4:6], PEOPLE_STEPS)
    hear(company.product_heard, answered & asked, product_items.mean(axis=1))
    hear(company.people_heard, answered & asked, people_items.mean(axis=1))
    hear(company.people_heard, answered & asked_after, people_items[:, 1])
    overall = 0.5 * (states.product + states.people)
    return {
        "asked": asked,
        "asked_after": asked_after,
        "answered": answered,
        "product_items": product_items,
        "people_items": people_items,
        "recommend": np.clip(
            np.round(overall + 0.5 * states.warmth + normal[6]), 0, 10
        ),
        "effort": np.clip(
            np.round(
                4.2
                - 0.45 * (states.people - 5.5)
                + 0.5 * (states.waiting > 0)
                + normal[7]
            ),
            1,
            7,
        ),
    }


def score_items(
    level: Floats, mood: Floats, jitter: Floats, steps: tuple[int, int]
) -> Floats:
    """Scores on 0 to 10 that two items of an axis get, a column each, each rounded to its own number of steps."""
    felt = [
        np.clip(level + 0.5 * mood + 0.6 * jitter[item], 0, 10)
        for item in range(len(steps))
    ]
    return np.stack(
        [
            np.round(felt[item] * step / 10) * 10 / step
            for item, step in enumerate(steps)
        ],
        axis=1,
    )
