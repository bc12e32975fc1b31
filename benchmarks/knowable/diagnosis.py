"""What more would help: a hidden state, more accounts, or outcomes free of chance."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from benchmarks.knowable.chances import defection_chances
from benchmarks.knowable.hidden import HIDDEN, NOTHING, gaps_of, with_hidden
from benchmarks.knowable.known import (
    WEEKS_BEFORE_END,
    as_of_before,
    company_of,
    outcomes,
    relearn,
)
from benchmarks.knowable.oracle import oracle_of, stay_or_leave
from benchmarks.knowable.shares import measure, score_defection, shares_known
from benchmarks.knowable.taught import taught_by_oracle
from benchmarks.shared.say import say
from models.score.horizon import MIGRATION_HORIZON
from training.fitting.rivals import MODEL

LARGER = 5
"""How many times as many accounts a larger book has."""
LARGER_BOOK = f"{LARGER} times as many accounts to learn from, of another company"
TAUGHT = "the oracle's probabilities instead of what happened, of all those accounts"


@dataclass(frozen=True)
class Diagnosis:
    """What holds the models back on a company.

    Attributes:
        seed: of the company.
        worth: told, and the shares at 90 days that models would close if told so: defection, migration.
        gaps: see `gaps_of`.
    """

    seed: int
    worth: pd.DataFrame
    gaps: pd.DataFrame


def diagnose(seed: int, accounts: int, months: int, draws: int) -> Diagnosis:
    """Fits models that are told hidden states, or have more to learn from, and looks where the others miss."""
    as_of = as_of_before(WEEKS_BEFORE_END)
    with company_of(seed, accounts, months) as firm:
        past, now, meaning = outcomes(firm.book, as_of)
        hidden = firm.world.truth(every_weeks=1)["states"]
        ask = oracle_of(firm.world, now.frame)
        fitted = {}
        for told, names in HIDDEN.items():
            say(f"seed {seed}, what more would help: {told}")
            fitted[told] = relearn(
                with_hidden(past, hidden, names),
                with_hidden(now, hidden, names),
                meaning,
            )
        with company_of(1000 + seed, LARGER * accounts, months) as larger:
            say(f"seed {seed}, what more would help: {LARGER_BOOK}")
            fitted[LARGER_BOOK] = relearn(outcomes(larger.book, as_of)[0], now, meaning)
            say(f"seed {seed}, what more would help: {TAUGHT}")
            taught = taught_by_oracle(larger, now.frame)
        rows = [
            {"told": told, **shares_known(measure(known, ask, draws))}
            for told, known in fitted.items()
        ]
        chances = {
            **defection_chances(fitted[NOTHING], MIGRATION_HORIZON),
            MODEL: stay_or_leave(taught),
        }
        losses = score_defection(chances, now, ask, MIGRATION_HORIZON, draws)
        worth = pd.DataFrame([*rows, {"told": TAUGHT, **shares_known(losses)}])
        moods = with_hidden(now, hidden, ("mood", "pulse")).frame
        return Diagnosis(
            seed, worth, gaps_of(fitted[NOTHING], ask(MIGRATION_HORIZON, draws), moods)
        )
