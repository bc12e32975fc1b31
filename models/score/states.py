"""The states that an account can be in at a horizon: the quadrants, and defected, which absorbs."""

from __future__ import annotations

from features.quadrants import KNOWN

DEFECTED = len(KNOWN)
"""The code of the absorbing state; the quadrants have codes 0 to 3."""

STATES = (*(str(quadrant) for quadrant in KNOWN), "defected")
