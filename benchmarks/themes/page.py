"""The page that shows what a run has found."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.shared.command import as_asked
from benchmarks.shared.exam import told_skipped
from benchmarks.shared.markdown import bullet, page_of
from benchmarks.themes.features_page import features_part
from benchmarks.themes.judging import Result
from benchmarks.themes.sections import section
from benchmarks.themes.texts import INTRODUCTION, METHOD
from benchmarks.themes.variants import RECENCY
from benchmarks.themes.worths import answer, losses
from features.engine import day_of
from models.score.horizon import ALREADY_GONE

_NUMBERS = ("accounts", "months", "growings", "draws")


def write_page(
    asked: argparse.Namespace, results: Sequence[Result], skipped: Sequence[str]
) -> str:
    """The page that shows what a run has found.

    Args:
        asked: the options of the run.
        results: of its exams.
        skipped: public books that were not at hand.
    """
    groups = {
        result.exam.group: [r for r in results if r.exam.group == result.exam.group]
        for result in results
    }
    books = [
        *(_described(result) for result in results),
        *(told_skipped(name) for name in skipped),
    ]
    parts = [
        INTRODUCTION.format(
            recency=RECENCY, command=as_asked("themes", asked, _NUMBERS)
        ),
        answer(groups),
        *(
            section(title, group, place)
            for title, group in groups.items()
            for place in losses(group)
        ),
        features_part(results),
        METHOD.format(
            books="\n".join(map(bullet, books)),
            draws=asked.draws,
            growings=asked.growings,
        ),
    ]
    return page_of(parts)


def _described(result: Result) -> str:
    exam = result.exam
    left = exam.now.left[exam.horizon]
    happened = (
        "had left already"
        if exam.horizon == ALREADY_GONE
        else f"left within {exam.horizon} days"
    )
    of_states = (
        ""
        if exam.now.state is None
        else f", and the state of {int(exam.now.state.notna().sum())} is known"
    )
    return (
        f"{exam.group}, {day_of(exam.as_of)}: {len(exam.past.frame)} rows to learn from, {len(left)} accounts to judge "
        f"on; {int(left.sum())} of them {happened}{of_states}."
    )
