"""Choosing what to do about an account: the first play of a playbook that fits it, and who says so."""

from __future__ import annotations

from collections.abc import Sequence

from models.score.play import Action, Play
from models.score.playbook import PLAYS, STEADY
from models.score.reasons import Reason


def choose(
    reasons: Sequence[Reason],
    quadrant: str,
    zone: str,
    plays: Sequence[Play] = PLAYS,
) -> Action:
    """What to do about an account.

    Args:
        reasons: for its risk.
        quadrant: that it is in, or ``unknown``.
        zone: that it is in, or ``unknown``.
        plays: the playbook, from its top.

    Example:
        >>> choose([Reason("promises_overdue", 1.0)], "exceptional", "recovery").code
        'keep_promise'
    """
    fitting = (play.action for play in plays if play.fits(reasons, quadrant, zone))
    return next(fitting, STEADY)


def sources(plays: Sequence[Play] = PLAYS) -> dict[str, str]:
    """Who says so, by the action's code: rows of the seeds, or what a user names.

    Example:
        >>> sources()["keep_promise"]
        'S14, S16'
    """
    said = {play.action.code: ", ".join(play.seeds) for play in plays}
    return {STEADY.code: "S25, S33", **said}
