"""Handing a night to all of its destinations, each by itself: one that fails keeps none of the others from it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from features.errors import PinchError
from serving.delivery.destinations import Destination, Whole
from serving.delivery.edition import Edition
from serving.delivery.ledger import DELIVERED
from serving.delivery.report import Report
from serving.delivery.web import Web
from serving.delivery.write_back import write_back
from serving.publishing.turn import turn


def deliver(
    edition: Edition,
    destinations: Sequence[Destination],
    nights: Path,
    web: Web,
    dry: bool = False,
    wait: float = 0.0,
    anew: bool = False,
) -> list[Report]:
    """Hands a night to destinations, in order.

    Args:
        edition: the night.
        destinations: where it goes.
        nights: the folder of nights; the ledgers are in its folder ``delivered``.
        web: sends requests.
        dry: only says what would be handed.
        anew: tells systems all accounts, whatever the ledgers are certain of.
        wait: for so many seconds for another delivery to end.

    Raises:
        BusyError: another delivery is at work.
    """
    its_turn = nullcontext() if dry else turn(nights / DELIVERED, wait)
    with its_turn:
        return [_to(each, edition, nights, web, dry, anew) for each in destinations]


def _to(
    destination: Destination,
    edition: Edition,
    nights: Path,
    web: Web,
    dry: bool,
    anew: bool,
) -> Report:
    try:
        if isinstance(destination, Whole):
            return destination.deliver(edition, nights, web, dry)
        return write_back(edition, destination, nights, web, dry, anew)
    except (PinchError, OSError) as error:
        report = Report(destination.title, len(edition.scores))
        report.error = str(error)
        return report
