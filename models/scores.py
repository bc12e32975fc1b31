"""The columns of scores that hold chances: one list, which the scorer, the rules and the endpoint's answer read."""

from __future__ import annotations

from models.horizon import ALREADY_GONE, HORIZONS, risk_column, silent_column, state_column
from models.states import STATES

RISKS = tuple(risk_column(horizon) for horizon in HORIZONS)

CHANCES = (*RISKS, silent_column(), *(state_column(state) for state in STATES))
"""Of every account; missing where they cannot be given."""

JUDGED_RISK = risk_column(ALREADY_GONE)
"""The risk that an account has left already: only in books without departures, where leaving is judged by silence."""
