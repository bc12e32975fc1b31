"""How to speak with an account of a style (S34); a style that is not known or not named there says nothing."""

from __future__ import annotations

from collections.abc import Mapping

SPEAK: Mapping[str, str] = {
    "pounder": "Come to the point: the result first, then when. Keep it short.",
    "follower": "Go step by step: what happens, in which order, in writing.",
    "nurturer": "Take time: ask how they are before you talk business.",
}


def how_to_speak(style: object) -> str | None:
    """What to mind when speaking with an account.

    Example:
        >>> how_to_speak("Pounder")
        'Come to the point: the result first, then when. Keep it short.'
    """
    return SPEAK.get(style.strip().lower()) if isinstance(style, str) else None
