"""The columns of scores: one list, from which the scorer, the rules, Spark and the endpoint's answer are made.

What is in them is worked out in ``serving/scorer.py``, and without models in ``serving/night/without_models.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from features.quadrants import KNOWN
from models.score.horizon import (
    ALREADY_GONE,
    HORIZONS,
    MIGRATION_HORIZON,
    next_column,
    risk_column,
    silent_column,
    state_column,
)
from models.score.reasons import REASON_COLUMNS, REASON_PARTS
from models.score.states import DEFECTED, STATES

RISKS = tuple(risk_column(horizon) for horizon in HORIZONS)

NEXT = tuple(next_column(quadrant) for quadrant in KNOWN)
"""Where the next answer will stand, given that the account answers within the migration horizon."""

JUDGED_RISK = risk_column(ALREADY_GONE)
"""The risk that an account has left already: only in books without departures, where leaving is judged by silence."""
JUDGED = (JUDGED_RISK, silent_column(ALREADY_GONE))
"""What only scores of such books have."""

AT_STAKE = "at_stake"
VALUE, GAIN = "value", "gain"


@dataclass(frozen=True)
class Column:
    """A column of scores.

    Attributes:
        name: what it is called, in files, on Spark and in answers.
        meaning: what it says, in a sentence.
        kind: what it holds: a text, a date, a flag, an amount in the currency of the book, or a chance from 0 to 1;
            chances and amounts are missing where they cannot be given.
    """

    name: str
    meaning: str
    kind: Literal["text", "date", "flag", "amount", "chance"] = "chance"


_LATER, _WITHIN = f"in {MIGRATION_HORIZON} days", f"within {MIGRATION_HORIZON} days"
_SETTLED = "the settled quadrant, of the mean of the last three answers, moves more slowly than answers"


def _risks() -> Iterator[Column]:
    gone = "The risk that the account has left already, where leaving is judged by silence."
    yield Column(JUDGED_RISK, gone)
    for horizon in HORIZONS:
        said = f"The risk that the account has left within {horizon} days."
        yield Column(risk_column(horizon), said)
    for horizon in (ALREADY_GONE, *HORIZONS):
        said = f"Of {risk_column(horizon)} the part that is leaving without a word."
        yield Column(silent_column(horizon), said)


def _states() -> Iterator[Column]:
    for quadrant in KNOWN:
        said = f"The chance that {_LATER} the account is here and settled as {quadrant}; {_SETTLED}."
        yield Column(state_column(quadrant), said)
    left = f"The chance that the account has left {_LATER}."
    yield Column(state_column(STATES[DEFECTED]), left)


def _next_answers() -> Iterator[Column]:
    for quadrant in KNOWN:
        said = f"The chance that the next answer {_WITHIN} shows {quadrant} by itself, if there is one."
        yield Column(next_column(quadrant), said)


_OF_A_REASON = {
    "": "Reason {} for the risk in words, the strongest first.",
    "_code": "The code of reason {}: its theme and what it is.",
    "_feature": "The column of the snapshot that gives reason {}.",
    "_value": "What the account has in that column, as JSON.",
}


def _reasons() -> Iterator[Column]:
    for place, name in enumerate(REASON_COLUMNS, start=1):
        for part in REASON_PARTS:
            yield Column(name + part, _OF_A_REASON[part].format(place), "text")


COLUMNS = (
    Column("account_id", "The account.", "text"),
    Column("as_of", "The day that is looked at.", "date"),
    Column("quadrant", "The settled quadrant of today.", "text"),
    Column("zone", "What the account needs of us now, or unknown.", "text"),
    *_risks(),
    *_states(),
    *_next_answers(),
    Column(
        "heading",
        f"Where the account is most likely to be {_LATER}: a settled quadrant, defected, or unknown.",
        "text",
    ),
    Column(
        "band",
        "The risk at the horizon that lists look to, in a word: low, raised, high, acute, or unknown.",
        "text",
    ),
    Column(
        AT_STAKE, "What can still be saved: the risk less what is too soon to act on."
    ),
    Column(VALUE, "What the account is worth a year.", "amount"),
    Column(GAIN, "What contacting the account is expected to bring.", "amount"),
    Column("tier", "Whether it is a key, a growth, a new or another account.", "text"),
    Column("owed", "What we owe the account, in words; it is said first.", "text"),
    *_reasons(),
    Column("action", "What to do next, in words.", "text"),
    Column("action_code", "Its code.", "text"),
    Column("cold_start", "Whether nothing of the account was on record yet.", "flag"),
    Column(
        "watermark",
        "When the newest of what is known of the account became known, as ISO 8601 in UTC.",
        "text",
    ),
    Column(
        "features_hash",
        "Of the feature vector: a replay of the same past gives the same.",
        "text",
    ),
    Column("model_version", "The models that gave the scores, or rules.", "text"),
)
"""All columns, in order. Scores have every one of them, save those of `JUDGED` where departures are known."""


def names(judged: bool) -> list[str]:
    """The names of the columns of scores, in order.

    Args:
        judged: whether leaving is judged by silence.
    """
    return [column.name for column in COLUMNS if judged or column.name not in JUDGED]


AMOUNTS = {column.name: column.meaning for column in COLUMNS if column.kind == "amount"}
"""What each amount says, in a sentence."""
MEANINGS = {
    column.name: column.meaning for column in COLUMNS if column.kind == "chance"
}
"""What each chance says, in a sentence."""
CHANCES = tuple(name for name in MEANINGS if name not in JUDGED)
"""The chances that scores always have."""
