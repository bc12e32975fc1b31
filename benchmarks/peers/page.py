"""The page that shows what a run has found."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from benchmarks.peers.figures import BY_LINE, FIGURES, LOSSES, Result, ahead, pooled
from benchmarks.peers.models import PINCH, RFV
from benchmarks.peers.texts import INTRODUCTION, METHOD, WHY
from benchmarks.shared.command import as_asked
from benchmarks.shared.exam import told_skipped
from benchmarks.shared.markdown import page_of, table
from benchmarks.shared.resampling import Array, interval
from features.engine import day_of
from models.score.horizon import ALREADY_GONE

MARGIN = 0.005
"""Pinch reaches a peer where the lower end of the interval by which it is ahead is above the negative of this."""

_NUMBERS = ("accounts", "months", "budget", "draws")


def write_page(
    asked: argparse.Namespace, results: Sequence[Result], skipped: Sequence[str]
) -> str:
    """The page that shows what a run has found.

    Args:
        asked: the options of the run.
        results: of its exams.
        skipped: public books that were not at hand.
    """
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.exam.of.group, []).append(result)
    books = [
        *map(_described, results),
        *map(told_skipped, skipped),
        *_lacking(results),
    ]
    no_room = [
        title
        for title, group in groups.items()
        if not all(result.room for result in group)
    ]
    parts = [
        INTRODUCTION.format(command=as_asked("peers", asked, _NUMBERS), margin=MARGIN),
        *(_section(title, group) for title, group in groups.items()),
        METHOD.format(
            books="\n".join(f"- {said}" for said in books),
            budget=asked.budget,
            rfv="`, `".join(RFV),
            no_room=", ".join(no_room) or "nowhere here",
            draws=asked.draws,
        ),
    ]
    return page_of(parts)


def _described(result: Result) -> str:
    exam = result.exam.of
    left = exam.now.left[exam.horizon]
    happened = (
        "had left already"
        if exam.horizon == ALREADY_GONE
        else f"left within {exam.horizon} days"
    )
    return (
        f"{exam.group}, {day_of(exam.as_of)}: {len(exam.past.frame)} rows to learn from, {len(left)} accounts to judge "
        f"on; {int(left.sum())} of them {happened}."
    )


def _lacking(results: Sequence[Result]) -> list[str]:
    lacking = [
        name
        for name in ("CatBoost", "FLAML")
        if any(name not in result.figures for result in results)
    ]
    return [f"{' and '.join(lacking)} left out: not installed."] if lacking else []


def _section(title: str, group: Sequence[Result]) -> str:
    """The tables of a set, and what they say."""
    figures = pooled(group)
    names = sorted(figures, key=lambda name: -figures[name][0, 0])
    levels = [
        [_bold(name, name == PINCH), *(f"{value:.4f}" for value in figures[name][0])]
        for name in names
    ]
    apart = [
        [name, *(_apart(gain) for gain in ahead(figures[PINCH], figures[name]).T)]
        for name in names
        if name != PINCH
    ]
    said = [f"## {title}", table(["model", *FIGURES], levels)]
    room = all(result.room for result in group)
    said += [
        table(["Pinch ahead of", *FIGURES], apart),
        in_words(figures, FIGURES.index(BY_LINE) - (not room)),
    ]
    said += [WHY[title]] if title in WHY else []
    return "\n\n".join(said)


def _apart(gain: Array) -> str:
    low, high = interval(gain[1:])
    return _bold(f"{gain[0]:+.4f} ({low:+.4f} to {high:+.4f})", low > 0 or high < 0)


def _bold(said: str, heavy: bool) -> str:
    return f"**{said}**" if heavy else said


def in_words(figures: Mapping[str, Array], product: int) -> str:
    """Figure by figure the best peer, and which peers Pinch does not reach.

    Args:
        figures: of each model by name.
        product: the place of the log loss that the product has, calibrated or not.
    """
    peers = {name: said for name, said in figures.items() if name != PINCH}
    gains = [
        (
            name,
            {
                peer: ahead(figures[PINCH], said)[:, place]
                for peer, said in peers.items()
            },
        )
        for place, name in enumerate(FIGURES)
    ]
    lowest = {
        peer: said[:, LOSSES].min(axis=1) - figures[PINCH][:, product]
        for peer, said in peers.items()
    }
    gains.append(
        ("log loss as the product gives it, against each peer's lower one", lowest)
    )
    return "\n".join(_bullet(name, by_peer) for name, by_peer in gains)


def _bullet(name: str, gains: Mapping[str, Array]) -> str:
    best = min(gains, key=lambda peer: gains[peer][0])
    short = [peer for peer, gain in gains.items() if interval(gain[1:])[0] <= -MARGIN]
    reached = f"not reached: {'; '.join(short)}" if short else "all reached"
    low, high = interval(gains[best][1:])
    apart = f"{gains[best][0]:+.4f} ahead ({low:+.4f} to {high:+.4f})"
    return f"- {name}: the best peer is {best}, Pinch is {apart}; {reached}."
