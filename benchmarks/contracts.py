"""What contracts do to what is knowable: the same company with and without them, the models beside the oracle.

    .venv/bin/python -m benchmarks.contracts --accounts 3000 --months 24 --draws 100 --seed 41

Prints a table in Markdown: the AUC, for what happened, of the oracle, the models and the logistic baseline, for all
accounts and for those that do and do not hold a contract.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from benchmarks.knowable.chances import ORACLE, defection_chances
from benchmarks.knowable.known import WEEKS_BEFORE_END, as_of_before, company_of, learn
from benchmarks.knowable.oracle import Array, oracle_of
from benchmarks.shared.say import say
from company import Knobs, World
from models.score.horizon import HORIZONS
from training.fitting.rivals import MODEL

SHARES = (0.0, Knobs().contracts)
"""Shares of the accounts that hold contracts: none, and the usual."""
COLUMNS = (ORACLE, MODEL, "logistic")


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command."""
    asked = _parser().parse_args(arguments)
    print("| company | accounts | horizon | left | oracle | Pinch | logistic |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for share in SHARES:
        for row in measured(share, asked):
            print("| " + " | ".join(row) + " |")


def measured(share: float, asked: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table for the company of which such a share holds contracts."""
    company = f"{share:.0%} under contract"
    knobs, rows = Knobs(contracts=share), list[tuple[str, ...]]()
    with company_of(asked.seed, asked.accounts, asked.months, knobs) as firm:
        say(f"{company}: the models")
        known = learn(firm.book, as_of_before(WEEKS_BEFORE_END))
        ask = oracle_of(firm.world, known.now.frame)
        groups = groups_of(firm.world, known.now.frame["account_id"])
        for horizon in HORIZONS:
            say(f"{company}: {horizon} days")
            chances = defection_chances(known, horizon)
            risks = {name: told[:, 1] for name, told in chances.items()}
            risks[ORACLE] = ask(horizon, asked.draws)["p_defected"].to_numpy()
            left = known.now.left[horizon].to_numpy()
            rows += [
                (company, group, f"{horizon} days", *figures(left, risks, members))
                for group, members in groups.items()
                if members.any()
            ]
    return rows


def groups_of(world: World, account_ids: pd.Series[str]) -> dict[str, Array]:
    """Who is of which group: all, those under contract, the others."""
    held = np.concatenate([branch.found().traits.held for branch in world.branches])
    bound = held[account_ids.str[1:].astype(int).to_numpy()]
    everybody = np.ones(len(bound), dtype=bool)
    if not bound.any():
        return {"all": everybody}
    return {"all": everybody, "under contract": bound, "without": ~bound}


def figures(left: Array, risks: dict[str, Array], members: Array) -> list[str]:
    """How many left, and the AUC of each column, of the members whose outcome is known to the book and the oracle."""
    judged = members & ~np.isnan(left) & ~np.isnan(risks[ORACLE])
    happened = left[judged]
    aucs = [roc_auc_score(happened, risks[name][judged]) for name in COLUMNS]
    return [f"{happened.sum():.0f}", *(f"{auc:.3f}" for auc in aucs)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Measures what contracts do to what is knowable."
    )
    parser.add_argument("--accounts", type=int, default=3000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--seed", type=int, default=41)
    return parser


if __name__ == "__main__":
    main()
