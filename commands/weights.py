"""``pinch weights``, with its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.options import AsJson
from commands.output import Parts, errors, records, table, tell


def weights(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv",
            help="Columns a, b, preferred_a, preferred_b: a row per pair.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Tells what matters to customers, from a survey that asked which of two attributes matters more."""
    with errors(as_json):
        from training.fitting.preferences import fit_weights, read_comparisons

        fitted = fit_weights(read_comparisons(file))
        facts = {
            "attributes": records(fitted.attributes),
            "pairs": records(fitted.pairs),
        }
        tell(facts, as_json, lambda: _tables(facts))


def _tables(facts: dict[str, Any]) -> Parts:
    weighed = []
    for row in facts["attributes"]:
        between = f"{row['low']:.1%} to {row['high']:.1%}"
        weight, answers = f"{row['weight']:.1%}", f"{row['compared']:,}"
        weighed.append([row["attribute"], weight, between, answers])
    asked = []
    for row in facts["pairs"]:
        said, fitted = f"{row['share_a']:.0%}", f"{row['fitted_a']:.0%}"
        asked.append([f"{row['a']} : {row['b']}", said, fitted, f"{row['n']:,}"])
    return [
        table(["attribute", "weight", "95% between", "answers"], weighed),
        table(["preferred the first", "said", "fitted", "answers"], asked),
    ]
