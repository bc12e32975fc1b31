"""An evaluation row by row: what was said of each account and what happened to it, for whoever wants to look closer."""

from __future__ import annotations

import pandas as pd

from features.engine import day_of
from models.score.horizon import MIGRATION_HORIZON, state_column
from models.score.states import STATES
from training.evaluation.outcomes import (
    Evaluation,
    Outcome,
    StateOutcome,
    horizons_said,
)
from training.fitting.rivals import MODEL


def row_level(found: Evaluation) -> pd.DataFrame:
    """The rows of an evaluation.

    Returns:
        A row for each horizon and account of which the outcome is known: ``account_id``, ``as_of`` (a date),
        ``horizon`` in days, ``left``, ``risk`` and for each baseline ``{baseline}_risk``. Where there are surveys also
        ``state``, in which the account was at the migration horizon, and the chances of each state, ``p_{state}_90d``
        and ``{baseline}_p_{state}_90d``; missing at other horizons, and where the state is not known.
    """
    horizons = horizons_said([found])
    told = pd.concat([_risks(found, horizon) for horizon in horizons])
    rows = told.reset_index(names="account_id")
    rows.insert(1, "as_of", day_of(found.as_of))
    if not found.states:
        return rows
    states = pd.concat([_state(found.states[0]), *map(_chances, found.states)], axis=1)
    of_states = states.assign(horizon=MIGRATION_HORIZON).reset_index(names="account_id")
    return rows.merge(of_states, on=["account_id", "horizon"], how="left")


def _risks(found: Evaluation, horizon: int) -> pd.DataFrame:
    said = [outcome for outcome in found.outcomes if outcome.horizon == horizon]
    columns = {
        f"{_prefix(outcome)}risk": pd.Series(outcome.risk, outcome.accounts)
        for outcome in said
    }
    left = pd.Series(said[0].left.astype(int), said[0].accounts)
    return pd.DataFrame({"horizon": horizon, "left": left, **columns}).sort_index()


def _state(outcome: StateOutcome) -> pd.Series:
    return pd.Series(
        [STATES[code] for code in outcome.state], outcome.accounts, name="state"
    )


def _chances(outcome: StateOutcome) -> pd.DataFrame:
    names = [f"{_prefix(outcome)}{state_column(state)}" for state in STATES]
    return pd.DataFrame(outcome.chances, index=outcome.accounts, columns=names)


def _prefix(outcome: Outcome | StateOutcome) -> str:
    return "" if outcome.model == MODEL else f"{outcome.model}_"
