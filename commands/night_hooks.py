"""The hooks of a night, each in its turn, whatever the one before said."""

from __future__ import annotations

from collections.abc import Mapping

from commands.after_night import AfterNight, Came, Hook
from commands.delivering import deliver_after
from commands.monitoring import told_after
from serving.steps import Step

HOOKS: Mapping[str, Hook] = {"monitor": told_after, "deliver": deliver_after}
"""By the name of the step, in order. A hook runs again when the same night does, and does nothing twice."""


def run_hooks(after: AfterNight, step: Step) -> dict[str, Came]:
    """Runs all hooks; what came of each."""
    came = {}
    for name, hook in HOOKS.items():
        with step(name):
            came[name] = hook(after)
    return came
