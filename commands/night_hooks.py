"""The hooks of a night, each in its turn, whatever the one before said."""

from __future__ import annotations

from collections.abc import Mapping

from commands.after_night import AfterNight, Came, Hook
from commands.delivering import deliver_after
from commands.exit_code import code_of_night
from commands.monitoring import told_after
from commands.output import error_facts, error_line, error_of
from features.errors import PinchError
from serving.steps import Step

HOOKS: Mapping[str, Hook] = {"monitor": told_after, "deliver": deliver_after}
"""By the name of the step, in order. A hook runs again when the same night does, and does nothing twice."""


def run_hooks(after: AfterNight, step: Step) -> dict[str, Came]:
    """Runs all hooks; what came of each."""
    came = {}
    for name, hook in HOOKS.items():
        with step(name):
            came[name] = _came(hook, after)
    return came


def _came(hook: Hook, after: AfterNight) -> Came:
    """What came of a hook; an error of one that failed, as the night is published and others follow."""
    try:
        return hook(after)
    except (PinchError, OSError) as error:
        refused = error_of(error)
        said = error_line(refused)
        return Came(code_of_night(error), error_facts(refused), (said,))
