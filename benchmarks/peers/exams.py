"""The exams of the peers, with what each account had bought."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from benchmarks.peers.buying import buyers, with_buying
from benchmarks.shared.exam import COMPANY, EXAMPLES, ROOT, Exam, last_known_date, take
from company import write_sample
from features.book.book import Book, open_book
from features.engine import instant
from models.fitted.encoding import Encoding
from models.score.horizon import ALREADY_GONE, MIGRATION_HORIZON
from training.fitting.encoding import encoding_of


@dataclass(frozen=True)
class PeerExam:
    """An exam, and what each account had bought at each of its dates.

    Attributes:
        of: as of `benchmarks.shared.exam`.
        silent_days: for how long an account that has left does not buy.
        buyers: ``account_id``, ``as_of_us``, and a column for each part of `models.fitted.bgnbd.Returns`, in weeks.
    """

    of: Exam
    silent_days: int
    buyers: pd.DataFrame

    @property
    def lesson(self) -> Lesson:
        """What can be learned at the test date."""
        left = self.of.past.left[self.of.horizon].dropna()
        buyers = self.buyers[self.buyers["as_of_us"] == self.of.as_of]
        return Lesson(
            self.of.past.frame.loc[left.index],
            left,
            encoding_of(self.of.past),
            buyers,
            self.silent_days / 7,
        )


@dataclass(frozen=True)
class Lesson:
    """What a peer learns from.

    Attributes:
        frame: snapshots, with what each account had bought by then.
        left: 1 has left, 0 stayed; rows as in frame.
        encoding: the columns that Pinch reads.
        buyers: what all accounts had bought at the end of the lesson.
        silent_weeks: for how long an account that has left does not buy.
    """

    frame: pd.DataFrame
    left: pd.Series
    encoding: Encoding
    buyers: pd.DataFrame
    silent_weeks: float


def exams(asked: argparse.Namespace, examples: Sequence[str]) -> Iterator[PeerExam]:
    """The exams asked for: public books first, then simulated companies."""
    for name in examples:
        example = EXAMPLES[name]
        title, as_of = example.title, instant(example.as_of)
        with open_book(ROOT / "examples" / name) as book:
            exam = take_with_buying(
                book, title, as_of, ALREADY_GONE, example.quiet_days
            )
        yield exam
    for seed in asked.seeds:
        with tempfile.TemporaryDirectory() as folder:
            write_sample(Path(folder), asked.accounts, asked.months, seed)
            with open_book(folder) as book:
                as_of = last_known_date(book)
                exam = take_with_buying(book, COMPANY, as_of, MIGRATION_HORIZON)
        yield exam


def take_with_buying(
    book: Book, group: str, as_of: int, horizon: int, quiet_days: int | None = None
) -> PeerExam:
    """The exam of a book; arguments as of `benchmarks.shared.exam.take`."""
    exam = take(book, group, as_of, horizon, quiet_days)
    bought = buyers(book, [*exam.past.frame["as_of_us"].unique(), as_of])
    past = replace(exam.past, frame=with_buying(exam.past.frame, bought))
    now = replace(exam.now, frame=with_buying(exam.now.frame, bought))
    return PeerExam(
        replace(exam, past=past, now=now),
        horizon or quiet_days or MIGRATION_HORIZON,
        bought,
    )
