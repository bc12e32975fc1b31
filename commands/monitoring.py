"""Monitoring as a step of the night: how it stands is written beside its scores, and told once it is published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.after_night import AfterNight, Came
from commands.exit_code import ExitCode
from commands.output import error_line, error_of
from commands.trend import kept_came, lines_of, newest_revisions, write_trend
from features.errors import PinchError

if TYPE_CHECKING:
    from commands.scoring import Ranked
    from features.book.book import Book
    from serving.monitoring.limits import DriftLimits
    from serving.publishing.night_toml import NightToml


def drift_limits(settings: NightToml) -> DriftLimits:
    """The section ``[drift]`` of a ``night.toml``.

    Raises:
        SettingError: a key is unknown or has another value.
    """
    from serving.monitoring.limits import DriftLimits
    from serving.publishing.night_toml import validated

    return validated(DriftLimits, settings.drift, "night.toml, [drift]")


def look_at(book: Book, ranked: Ranked, limits: DriftLimits, folder: Path) -> None:
    """Writes how a night that was scored stands to its folder."""
    from features.engine import instant
    from serving.monitoring.monitored import Models, Seen, monitored, write_monitored

    night, scorer = ranked.night, ranked.scorer
    seen = Seen(instant(ranked.as_of), night.scores, night.tally)
    models = (
        Models() if scorer is None else Models(scorer.defection.reference, scorer.shift)
    )
    write_monitored(monitored(book, seen, models, limits), folder)


def told_after(after: AfterNight) -> Came:
    """Tells what of a published night is not as usual, which may end the run, and writes the page of all nights."""
    from serving.monitoring.monitored import read_monitored

    try:
        found = read_monitored(after.publication.night.folder)
        files = _trend(after)
    except (PinchError, OSError) as error:
        said = error_line(error_of(error))
        return Came(ExitCode.STORAGE, {"error": said}, (f"No trend: {said}",))
    findings = [] if found is None else found["drift"]["findings"]
    return Came(
        drift_code(findings, drift_limits(after.settings)),
        {"findings": findings, "files": files},
        tuple(findings_told(findings)),
    )


def _trend(after: AfterNight) -> list[str]:
    """The page of all nights, written unless it has the night already; which file."""
    from pages.trend.page import PAGE
    from serving.publishing.publish import Outcome

    page, nights = after.nights / PAGE, after.nights
    if after.publication.outcome is Outcome.SAME and page.exists():
        return [str(page)]
    return write_trend(lines_of(newest_revisions(nights), kept_came(nights)), nights)


def drift_code(findings: list[dict[str, Any]], limits: DriftLimits) -> ExitCode:
    """What a run ends with by what is not as usual."""
    fails = findings and limits.action == "fail"
    return ExitCode.DRIFT if fails else ExitCode.DONE


MOST_TOLD = 10
"""Findings that are told on the console; the trend page has them all."""


def findings_told(findings: list[dict[str, Any]]) -> list[str]:
    """Findings as sentences, the first ones told and the others counted."""
    told = [f"Not as usual: {one['sentence']}." for one in findings[:MOST_TOLD]]
    more = len(findings) - len(told)
    return [*told, f"and {more:,} more."] if more else told
