"""Work of an earlier run that a system had not been seen to finish: nothing is sent past it, or it might come last."""

from __future__ import annotations

from collections.abc import Callable

from features.errors import DeliveryError
from serving.delivery.ledger import Ledger


def require_finished(ledger: Ledger, ended: Callable[[str], object | None]) -> None:
    """Waits for the jobs of earlier runs to end.

    Args:
        ledger: of the destination.
        ended: None of a job that goes on, when it has been waited for.

    Raises:
        DeliveryError: one goes on.
    """
    for job in ledger.jobs:
        if ended(job) is None:
            raise DeliveryError(
                where=ledger.file.stem,
                found="an earlier job that has not ended",
                expected="that it has, lest it be done after what is sent now",
                mend="run it again later; the system's list of jobs says where it is",
            )
        ledger.finished(job)
