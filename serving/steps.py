"""The steps of a run: how long each took, and how much memory the process held."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

Step = Callable[[str], AbstractContextManager[object]]
"""Enters a step by its name, and leaves it at the end of the block."""


def unmeasured(name: str) -> AbstractContextManager[object]:
    """A step that nobody measures."""
    return nullcontext(name)


@dataclass(frozen=True)
class Taken:
    """What a step took.

    Attributes:
        step: its name.
        seconds: by the wall.
        cpu_seconds: of all threads of the process.
        peak_bytes: the most memory that the process held so far.
    """

    step: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int


class Steps:
    """The steps of a run, in order.

    Args:
        begun: is told the name of each as it begins.
        ended: is told what each took as it ends.

    Attributes:
        taken: of those that ended.
        under_way: the name of the one that has not; None between two.
    """

    def __init__(
        self, begun: Callable[[str], object], ended: Callable[[Taken], object]
    ) -> None:
        self._begun, self._ended = begun, ended
        self.taken: list[Taken] = []
        self.under_way: str | None = None

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """A step, until the end of the block; one that raises stays under way."""
        self.under_way = name
        self._begun(name)
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        taken = Taken(
            name,
            round(time.perf_counter() - wall, 3),
            round(time.process_time() - cpu, 3),
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        )
        self.under_way = None
        self.taken.append(taken)
        self._ended(taken)
