"""Delivering a night, for ``pinch deliver`` and as a step of ``pinch night``: what is asked, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands.after_night import AfterNight, Came
from commands.exit_code import ExitCode
from commands.output import Parts, counted, error_line, table
from features.errors import NightError, PinchError

if TYPE_CHECKING:
    from serving.delivery.report import Report
    from serving.publishing.night_toml import NightToml

_PATIENCE = 600.0
"""Seconds that a night waits for another delivery to end."""


def deliver_after(after: AfterNight) -> Came:
    """Delivers a night that was published; nothing where its book names no destination."""
    if not after.settings.deliver:
        return Came()
    from serving.delivery.deliver import deliver
    from serving.delivery.destinations import destinations
    from serving.delivery.edition import read_edition
    from serving.delivery.web import Web

    try:
        named = destinations(after.settings.deliver, after.book)
        edition = read_edition(after.publication.night.folder)
        reports = deliver(edition, named, after.nights, Web(), wait=_PATIENCE)
    except PinchError as error:
        return Came(ExitCode.DELIVERY, {"error": str(error)}, (error_line(error),))
    facts = {"to": [report.facts() for report in reports]}
    return Came(code_of(reports), facts, tuple(map(sentence, reports)))


def require_destinations(settings: NightToml, book: Path) -> None:
    """Reads the destinations of a night before it is made: a mistake is found by day.

    Raises:
        SettingError: one cannot be taken.
    """
    if settings.deliver:
        from serving.delivery.destinations import destinations

        destinations(settings.deliver, book)


def code_of(reports: Sequence[Report]) -> ExitCode:
    """What a delivery ends with."""
    whole = all(report.whole for report in reports)
    return ExitCode.DONE if whole else ExitCode.DELIVERY


def sentence(report: Report) -> str:
    """What came of a destination."""
    told = [f"{report.name}: {counted(report.delivered, 'account')} delivered"]
    if report.failed:
        why = ", ".join(f"{code} {many:,}" for code, many in report.reasons.items())
        told.append(f"{counted(len(report.failed), 'account')} failed ({why})")
    if report.said is not None:
        told.append(report.said)
    if report.error is not None:
        told.append(f"stopped: {report.error}")
    return "; ".join(told)


def difference(reports: Sequence[Report]) -> Parts:
    """What destinations are to be told, as a table, and what the first accounts of each are told, as another."""
    columns = ["destination", "new", "changed", "blank", "says"]
    counts = table(columns, map(_counts, reports))
    rows = [row for report in reports for row in _shown(report)]
    return [
        counts,
        *([table(["destination", "account", "is told"], rows)] if rows else []),
    ]


def _counts(report: Report) -> list[str]:
    many = [f"{number:,}" for number in (report.new, report.changed, report.blank)]
    return [report.name, *many, report.error or report.said or ""]


def _shown(report: Report) -> list[list[str]]:
    return [
        [report.name, account, _values(told)] for account, told in report.shown.items()
    ]


def _values(told: Mapping[str, object]) -> str:
    blank = "(blank)"
    pairs = {field: blank if value is None else value for field, value in told.items()}
    return ", ".join(f"{field} {value}" for field, value in pairs.items())


def places(folder: Path) -> tuple[Path, Path]:
    """A night's own folder and the folder of nights, of either of the two.

    Raises:
        NightError: it is neither.
    """
    from serving.night_folder import SCORES
    from serving.publishing.layout import MANIFEST
    from serving.publishing.nights import current

    if (folder / SCORES).is_file():
        whole = folder.resolve()
        published = (whole / MANIFEST).is_file()
        return whole, whole.parent.parent if published else whole.parent
    night = current(folder)
    if night is None:
        raise NightError(
            where=str(folder),
            found="no night and no folder of nights",
            expected="the folder of a night, or one whose link current leads to a night",
            mend="pinch night BOOK makes both",
        )
    return night.folder, folder
