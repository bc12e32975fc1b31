"""``pinch sample``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.options import AsJson
from commands.output import counting, errors, tell


def sample(
    folder: Annotated[Path, typer.Argument(help="Where to write the book.")],
    accounts: Annotated[int, typer.Option(min=1, help="How many accounts.")] = 2000,
    months: Annotated[
        int, typer.Option(min=1, help="How many months of history.")
    ] = 24,
    seed: Annotated[
        int, typer.Option(min=0, help="Another seed gives another company.")
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """Writes the book of a simulated company to try Pinch on."""
    with errors(as_json):
        from company import write_sample

        with counting("weeks simulated", as_json) as done:
            write_sample(folder, accounts, months, seed, progress=done)
        written = folder.glob("*.parquet")
        files = sorted(str(file) for file in written)
        facts = {"book": str(folder), "files": files}
        said = f"Wrote {len(files)} tables to {folder}."
        tell(facts, as_json, lambda: [said])
