"""What if a rep leaves, a competitor enters: what is told beside the truth, on simulated companies.

    .venv/bin/python -m benchmarks.whatif --seed 1811 --seed 1812 --seed 1813

Of each company every rep who carries accounts, and every market: the number lost more within 180 days. The figures are
in docs/what-if.md.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pandas as pd
import typer

from benchmarks.knowable.known import Firm, company_of
from benchmarks.whatif.told import scene, told
from benchmarks.whatif.truth import changes
from features.edits.kinds import KINDS, Kind
from features.engine import day_of
from serving.whatif.scene import Scene

TRUE_DAYS = 182
"""The oracle lives whole weeks; what is told is of 180 days."""


def main(
    seed: Annotated[list[int], typer.Option(help="A company each.")],
    accounts: Annotated[int, typer.Option(help="Of each company.")] = 1_000,
    months: Annotated[int, typer.Option(help="Of records.")] = 24,
    draws: Annotated[int, typer.Option(help="Futures lived.")] = 60,
) -> None:
    """Prints the figures of each company and of all."""
    parts = []
    for number in seed:
        with company_of(number, accounts, months) as firm:
            parts.append(_company(firm, draws).assign(company=number))
    rows = pd.concat(parts, ignore_index=True)
    for by in (["kind", "known", "company"], ["kind", "known"]):
        typer.echo(rows.groupby(by, sort=False).apply(figures).round(2).to_string())


def _company(firm: Firm, draws: int) -> pd.DataFrame:
    at = scene(firm.book)
    parts = [_beside(firm, at, kind, draws) for kind in KINDS.values()]
    return pd.concat(parts, ignore_index=True)


def _beside(firm: Firm, at: Scene, kind: Kind, draws: int) -> pd.DataFrame:
    """What is told of each holder, beside what is true."""
    true = changes(firm.world, kind, day_of(at.as_of), TRUE_DAYS, draws)
    people = at.frame["people_over_product"].reindex(true.index) > 0
    parts = {
        "true": true.groupby("holder")["more"].sum(),
        "true_people": true["more"].where(people).groupby(true["holder"]).mean(),
        "true_others": true["more"].where(~people).groupby(true["holder"]).mean(),
    }
    rows = pd.concat(told(at, kind), ignore_index=True)
    return rows.join(pd.DataFrame(parts), on="holder").assign(kind=kind.name)


def figures(rows: pd.DataFrame) -> pd.Series:
    """How what is told stands to what is true, over some reps or markets.

    Args:
        rows: of each what is told, ``more`` with its interval, and ``true``.

    Returns:
        ``sign``: share whose sign is right; ``order``: Spearman over them, the mean of the companies; ``size``: what
        is told in all, over what is true; ``held``: share whose truth lies in the 80% interval; ``apart``: share in
        which the difference of people-carried and others has the right sign.
    """
    apart = _each(rows, "people_carried") - _each(rows, "others")
    true_apart = rows["true_people"] - rows["true_others"]
    judged = apart.notna() & true_apart.notna()
    held = rows["true"].between(rows["more.low"], rows["more.high"])
    return pd.Series(
        {
            "n": len(rows),
            "events": rows["events"].mean(),
            "ratio": rows["ratio"].mean(),
            "by_edit": rows["by_edit"].mean(),
            "excess": rows["excess"].mean(),
            "sign": (np.sign(rows["more.mean"]) == np.sign(rows["true"])).mean(),
            "order": _order(rows),
            "size": rows["more.mean"].sum() / rows["true"].sum(),
            "held": held.mean(),
            "apart": (apart * true_apart > 0)[judged].mean(),
        }
    )


def _order(rows: pd.DataFrame) -> float:
    companies = (
        [rows] if "company" not in rows else [r for _, r in rows.groupby("company")]
    )
    each = [c["more.mean"].corr(c["true"], method="spearman") for c in companies]
    return float(np.mean(each))


def _each(rows: pd.DataFrame, part: str) -> pd.Series:
    """What is told of an account of a part, in the mean; missing where it has none."""
    accounts = rows[f"{part}.accounts"]
    return rows[f"{part}.more.mean"] / accounts.where(accounts > 0)


if __name__ == "__main__":
    typer.run(main)
