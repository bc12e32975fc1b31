"""Progress: what long work tells of itself, a sentence for each step."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]
