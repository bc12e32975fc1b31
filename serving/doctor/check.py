"""A check: what was looked at, what was found, and how it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from features.errors import PinchError


class Status(StrEnum):
    """How a check ended: as it should be, to be looked at, or to be mended before anything else."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """What was found.

    Attributes:
        name: what was looked at.
        found: in words; nothing of a customer, and no secret.
        status: how it ended.
        mend: what to do; empty where it is as it should be.
    """

    name: str
    found: str
    status: Status = Status.OK
    mend: str = ""

    def facts(self) -> dict[str, str]:
        """As JSON can hold it."""
        return asdict(self)


def warned(name: str, found: str, mend: str) -> Check:
    """A check that is to be looked at."""
    return Check(name, found, Status.WARN, mend)


def failed(name: str, found: str, mend: str) -> Check:
    """A check that is to be mended."""
    return Check(name, found, Status.FAIL, mend)


Look = Callable[[], Iterable[Check]]


def looked(name: str, look: Look) -> Iterator[Check]:
    """The checks that a look gives; where it is refused, that is one, in place of those after it."""
    try:
        yield from look()
    except PinchError as error:
        where = "" if error.where is None else f"{error.where}: "
        yield failed(name, f"{where}{error.found}", error.mend)
    except OSError as error:
        yield failed(name, error.strerror or str(error), "correct the path")
