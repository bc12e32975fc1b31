"""The path to exceptional: the lever named best beside the one that truly is, on simulated companies.

    .venv/bin/python -m benchmarks.path --seed 2101 --seed 2102 --seed 2103

The truth of each lever is the chance of being here and truly exceptional 13 weeks on, with it less without, lived with
the same random numbers. The best is that of the levers offered. The figures are in docs/what-if.md.
"""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
import typer

from benchmarks.knowable.known import company_of
from benchmarks.whatif.told import scene
from company.world import Event, World
from features.edits.levers import LEVERS
from features.engine import day_of
from serving.whatif.path import paths
from serving.whatif.scene import Scene
from training.effects.doses import dose_effects
from training.past.observed import observe

FORCED: dict[str, Event] = {
    "settle": "settled",
    "answer": "answered",
    "promise": "promised",
    "reach_out": "kept_in_touch",
    "hand_over": "handed",
}
"""What the company calls each lever."""
DAYS = 91
LITTLE = 0.01
"""Where the best lever adds less than this to the chance, there is little to choose."""


def main(
    seed: Annotated[list[int], typer.Option(help="A company each.")],
    accounts: Annotated[int, typer.Option(help="Of each company.")] = 600,
    months: Annotated[int, typer.Option(help="Of records.")] = 24,
    asked: Annotated[int, typer.Option(help="Accounts asked for, of each.")] = 100,
    draws: Annotated[int, typer.Option(help="Futures lived.")] = 200,
) -> None:
    """Prints the figures of all accounts, and of those with something to choose."""
    parts = [_company(number, accounts, months, asked, draws) for number in seed]
    rows = pd.concat(parts, ignore_index=True)
    chosen = {
        "all": rows,
        "something to choose": rows[rows["true_more"] >= LITTLE],
        "something open": rows[rows["open"]],
        **{f"in {name}": part for name, part in rows.groupby("quadrant")},
    }
    told = pd.DataFrame({name: figures(part) for name, part in chosen.items()})
    typer.echo(told.T.round(3).to_string())
    best = pd.crosstab(rows["named"], rows["truly"])
    typer.echo(best.to_string())
    apart = rows.groupby("named")[["told_more", "true_more_of_named"]].mean()
    typer.echo(apart.round(4).to_string())


def _company(
    seed: int, accounts: int, months: int, asked: int, draws: int
) -> pd.DataFrame:
    with company_of(seed, accounts, months) as firm:
        at = scene(firm.book)
        ids = at.frame.sample(min(asked, len(at.frame)), random_state=seed).index
        effects = dose_effects(observe(firm.book))
        told = paths(at, effects, list(ids))
        true = _truth(firm.world, at, draws)
    rows = [beside(each, true.loc[each["account_id"]]) for each in told]
    return pd.DataFrame([row for row in rows if row])


def _truth(world: World, at: Scene, draws: int) -> pd.DataFrame:
    """What each lever truly adds to the chance, a column each, by account."""
    found = {}
    for lever in LEVERS:
        change = world.counterfactual(day_of(at.as_of), FORCED[lever.name], DAYS, draws)
        found[lever.name] = change.set_index("account_id")["p_exceptional"]
    return pd.DataFrame(found)


def beside(told: dict[str, Any], true: pd.Series) -> dict[str, Any]:
    """The levers of an account as they are told, beside what each truly adds.

    Args:
        told: the path of an account, see `serving.whatif.path.paths`.
        true: what each lever truly adds, by name.

    Returns:
        ``place`` of the truly best lever among those told, from 0; how many are ``offered``; and what is told and true
        of the one named first. Nothing where fewer than two are offered.
    """
    named = [row["levers"][0] for row in told["levers"]]
    if len(named) < 2:
        return {}
    truly = str(true[named].idxmax())
    return {
        "quadrant": told["quadrant"],
        "open": "settle" in named,
        "offered": len(named),
        "named": named[0],
        "truly": truly,
        "place": named.index(truly),
        "told_more": told["levers"][0]["more"]["mean"],
        "true_more": float(true[truly]),
        "true_more_of_named": float(true[named[0]]),
    }


def figures(rows: pd.DataFrame) -> pd.Series:
    """How often the lever named first is truly best, the first two hold it, and what chance and one answer give.

    Args:
        rows: see `beside`.
    """
    offered = rows["offered"]
    return pd.Series(
        {
            "n": len(rows),
            "first": (rows["place"] == 0).mean(),
            "first two": (rows["place"] < 2).mean(),
            "chance": (1 / offered).mean(),
            "chance of two": (2 / offered).mean(),
            "always the same": (rows["truly"] == "promise").mean(),
            "gained": rows["true_more_of_named"].sum() / rows["true_more"].sum(),
        }
    )


if __name__ == "__main__":
    typer.run(main)
