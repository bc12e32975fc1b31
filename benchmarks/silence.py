"""Silent or overt: which words before leaving tell, and which model of the share that is silent is better.

    .venv/bin/python -m benchmarks.silence --seed 1 --seed 2 --seed 3

On simulated companies, whose departures say whether they were overt. First how far behaviour alone would have told the
same, for some sorts of words and numbers of days; then the log loss of silent or overt among those who left within 90
days of three test dates of each company, with what was known at the date: labels by the departures, and by behaviour.
The figures are in docs/adr/0010-silent-or-overt.md.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

from company import write_sample
from features.book.book import Book, open_book
from features.engine import MICROS_PER_DAY
from features.vocabulary.kinds import kinds_sql
from models.fitted.boosting import Setting
from models.fitted.calibration import sigmoid
from models.score.horizon import MIGRATION_HORIZON
from training.evaluation.comparison import compare
from training.fitting.blend import fit_blend
from training.fitting.encoding import encoding_of
from training.fitting.models import design_of
from training.fitting.silence import fit_silence
from training.metrics import defection_figures, log_losses
from training.past.enough import fewest
from training.past.leaving import leaving
from training.past.observed import observe
from training.past.panel import panel_at, split_at

WORDS = ("complaint", "reopen", "unmet_request", "cancellation", "failure")
"""Each row of the first table adds one."""
DAYS = (30, 60, 90)
TEST_DATES = 3


def agreement(books: list[Book]) -> pd.DataFrame:
    """The correlation of what was said before leaving with ``overt``, over all departures, by words and days."""
    found = {}
    for places in range(1, len(WORDS) + 1):
        for days in DAYS:
            query = f"""select overt, exists (select 1 from interactions as i where i.account_id = d.account_id
                and {kinds_sql(*WORDS[:places])} and i.occurred_us <= d.occurred_us
                and i.occurred_us > d.occurred_us - {days * MICROS_PER_DAY}) as said from departures as d"""
            both = pd.concat(
                [book.connection.execute(query).df() for book in books]
            ).astype(float)
            found["+ " + WORDS[places - 1], days] = both["overt"].corr(both["said"])
    return pd.Series(found).unstack(sort=False)


def said_of_leavers(book: Book) -> Iterator[pd.DataFrame]:
    """A row for each leaver of each test date: account, silent, and the share that each model gives."""
    step = MIGRATION_HORIZON * MICROS_PER_DAY
    newest = (
        book.watermark
        - step
        - leaving(book, book.watermark).delay_days * MICROS_PER_DAY
    )
    for as_of in (newest - place * step for place in range(TEST_DATES)):
        then, horizons = observe(book, as_of), [MIGRATION_HORIZON]
        known, test = split_at(then, panel_at(then), book.watermark, horizons)
        assert known.silent is not None and test.silent is not None
        encoding = encoding_of(known)
        learned, happened = known.silent.dropna(), test.silent.dropna()
        matrix = encoding.matrix(test.frame.loc[happened.index])
        share = fit_silence(known.frame, known.silent, encoding)
        assert share is not None
        design, leavers = (
            design_of(known, Setting()),
            fewest(known.frame["account_id"], learned),
        )
        outcome = learned.to_numpy(dtype=np.float64)
        blend = fit_blend(
            design, design.places(learned.index), outcome, Setting(), leavers
        )
        yield pd.DataFrame(
            {
                "date": as_of,
                "account": test.frame.loc[happened.index, "account_id"],
                "silent": happened,
                "constant": share.constant,
                "linear": share.shares(matrix),
                "blend": sigmoid(blend.raw(matrix)),
            }
        )


def compared(said: pd.DataFrame) -> pd.DataFrame:
    """The figures of each model, and the difference of its log loss to that of the linear one."""
    silent = said["silent"].to_numpy(dtype=np.float64)
    models = {
        name: said[name].to_numpy(dtype=np.float64)
        for name in ("constant", "linear", "blend")
    }
    losses = {
        name: log_losses(np.column_stack([1 - share, share]), silent.astype(np.int64))
        for name, share in models.items()
    }
    accounts, dates = (
        said["account"].to_numpy(dtype=object),
        pd.factorize(said["date"])[0],
    )
    rows = {}
    for name, share in models.items():
        figures = defection_figures(silent, share)
        shown = {
            figure: figures[figure]
            for figure in ("n", "base_rate", "mean_risk", "auc", "log_loss")
        }
        rows[name] = {
            **shown,
            "against linear": str(
                compare(accounts, dates, losses[name], losses["linear"])
            ),
        }
    return pd.DataFrame(rows).T


def main(
    seed: Annotated[
        list[int], typer.Option(help="Of a company; may be given several times.")
    ],
    accounts: int = 1200,
    months: int = 24,
) -> None:
    """Prints the tables."""
    with tempfile.TemporaryDirectory() as folder:
        books = []
        for number in seed:
            write_sample(Path(folder, str(number)), accounts, months, number)
            books.append(open_book(Path(folder, str(number))))
        print("correlation of words before leaving with overt, by days")
        print(agreement(books).round(3).to_string())
        for labels in ("the departures", "behaviour"):
            if labels == "behaviour":
                for book in books:
                    book.connection.execute("update departures set overt = null")
            parts = [
                part.assign(account=f"{number} " + part["account"])
                for number, book in zip(seed, books, strict=True)
                for part in said_of_leavers(book)
            ]
            print(f"\nlabels by {labels}")
            print(compared(pd.concat(parts)).to_string())


if __name__ == "__main__":
    typer.run(main)
