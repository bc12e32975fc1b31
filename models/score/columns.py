"""The columns of scores that hold chances: one list, which the scorer, the rules and the endpoint's answer read."""

from __future__ import annotations

from collections.abc import Mapping

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
from models.score.states import DEFECTED, STATES

RISKS = tuple(risk_column(horizon) for horizon in HORIZONS)

NEXT = tuple(next_column(quadrant) for quadrant in KNOWN)
"""Where the next answer will stand, given that the account answers within the migration horizon."""

CHANCES = (*RISKS, silent_column(), *(state_column(state) for state in STATES), *NEXT)
"""Of every account; missing where they cannot be given."""

JUDGED_RISK = risk_column(ALREADY_GONE)
"""The risk that an account has left already: only in books without departures, where leaving is judged by silence."""

_LATER, _WITHIN = f"in {MIGRATION_HORIZON} days", f"within {MIGRATION_HORIZON} days"
_SETTLED = "the settled quadrant, of the mean of the last three answers, moves more slowly than answers"

MEANINGS: Mapping[str, str] = {
    JUDGED_RISK: "The risk that the account has left already, where leaving is judged by silence.",
    **{
        risk_column(h): f"The risk that the account has left within {h} days."
        for h in HORIZONS
    },
    silent_column(): f"Of {risk_column(MIGRATION_HORIZON)} the part that is leaving without a word.",
    **{
        state_column(
            quadrant
        ): f"The chance that {_LATER} the account is here and settled as {quadrant}; {_SETTLED}."
        for quadrant in KNOWN
    },
    state_column(STATES[DEFECTED]): f"The chance that the account has left {_LATER}.",
    **{
        next_column(
            quadrant
        ): f"The chance that the next answer {_WITHIN} shows {quadrant} by itself, if there is one."
        for quadrant in KNOWN
    },
}
"""What each column says, in a sentence."""
