"""Reps: who serves the accounts. A desk is a place for one rep; when the rep leaves, a successor takes it over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from company.arrays import Flags, Floats, Ints
from company.knobs import Knobs

STYLES = ("pounder", "follower", "nurturer")
"""Styles of dealing with people (S34), of reps and accounts alike."""

WEEKS_TO_LEARN = 26.0


@dataclass
class Desks:
    """The state of every desk; one element per desk.

    Attributes:
        generation: reps that sat here before the present one.
        skill: of the present rep, standard normal over reps.
        diligence: how often the rep reaches out, about 1.
        style: index into `STYLES`.
        tenure: weeks since the present rep was hired; negative for nobody.
    """

    generation: Ints
    skill: Floats
    diligence: Floats
    style: Ints
    tenure: Floats


def hire(desks: int, rng: np.random.Generator) -> Desks:
    """New reps for so many desks."""
    return Desks(
        generation=np.zeros(desks, dtype=np.int64),
        skill=rng.standard_normal(desks),
        diligence=np.exp(0.35 * rng.standard_normal(desks) - 0.06),
        style=rng.integers(0, len(STYLES), desks),
        tenure=np.zeros(desks),
    )


def advance_desks(
    desks: Desks, knobs: Knobs, rng: np.random.Generator, *, forced: bool = False
) -> Flags:
    """Moves the desks by a week and says which rep left; ``forced`` makes all of them leave."""
    size = len(desks.tenure)
    desks.tenure += 1
    # A new rep leaves more readily than one who has stayed.
    chance = knobs.rep_turnover / 52 * np.where(desks.tenure < 52, 1.4, 0.9)
    left = (rng.random(size) < chance) | forced
    successors = hire(size, rng)
    desks.generation += left
    for name in ("skill", "diligence", "style", "tenure"):
        setattr(
            desks, name, np.where(left, getattr(successors, name), getattr(desks, name))
        )
    return left


def working_skill(desks: Desks) -> Floats:
    """Skill as the accounts meet it: a beginner's is lower."""
    return desks.skill - 0.6 * np.exp(-desks.tenure / WEEKS_TO_LEARN)
