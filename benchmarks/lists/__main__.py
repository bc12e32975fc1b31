"""What lists earn and whether they keep their promises, on simulated companies whose truth is known.

    .venv/bin/python -m benchmarks.lists --seed 1 --seed 2 --seed 3

Of each company twelve lists, 30 days apart, by models trained only on what was known before each. First the true gain
of their first accounts, by the company's own chances, beside the order by risk alone and that of an oracle; then how
often those who left were as many as the list had promised. The figures are in docs/adr/0019-who-is-on-a-list.md.
"""

from __future__ import annotations

from typing import Annotated

import pandas as pd
import typer

from benchmarks.knowable.known import company_of
from benchmarks.lists.figures import earned, kept_promises
from benchmarks.lists.truth import lists_of


def main(
    seed: Annotated[list[int], typer.Option(help="A company each.")],
    accounts: Annotated[int, typer.Option(help="Of each company.")] = 1_200,
    months: Annotated[int, typer.Option(help="Of records.")] = 30,
    capacity: Annotated[int, typer.Option(help="Calls of a list.")] = 50,
) -> None:
    """Prints both."""
    gains, promised = [], []
    for number in seed:
        with company_of(number, accounts, months) as firm:
            lists = lists_of(firm)
        gains.append(earned(lists, capacity))
        promised.append(kept_promises(lists, capacity))
    table = pd.DataFrame(gains, index=pd.Index(seed, name="company"))
    table.loc["all"] = table.sum()
    table["times by risk"] = table["by gain"] / table["by risk alone"]
    typer.echo(table.round(2).to_string())
    judged = pd.concat(promised).groupby("calls")["held"].agg(["size", "mean"])
    typer.echo(judged.round(3).to_string())


if __name__ == "__main__":
    typer.run(main)
