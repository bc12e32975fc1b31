"""Telling a destination what changed since it was last told, and keeping its ledger right however that ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from features.errors import DeliveryError
from pages.spreadsheet import ENCODING, as_csv
from serving.delivery.edition import Edition
from serving.delivery.ledger import Ledger, open_ledger
from serving.delivery.report import Report
from serving.delivery.rows import Changes, Outcome, Rows, changes, rows_of
from serving.delivery.web import Web
from serving.delivery.whole import written_whole

SHOWN = 10
"""Accounts whose changes a dry run shows."""
OLDER = "it has a newer night: nothing is told"
REMEMBERED = "its first night: remembered, and nothing told"
HOPELESS = 100
"""So many accounts, all of them refused, are the fault of what is asked, and no more are sent."""


def write_back(
    edition: Edition,
    rows: Rows,
    nights: Path,
    web: Web,
    dry: bool = False,
    anew: bool = False,
) -> Report:
    """Tells a destination what changed; what is not certain to be there goes again.

    Args:
        edition: the night.
        rows: the destination.
        nights: the folder of nights, where its ledger lies.
        web: sends requests.
        dry: only says what would be told.
        anew: tells all, whatever the ledger is certain of.
    """
    ledger = open_ledger(nights, rows.title, rows.address)
    if anew:
        ledger.doubt()
    report = Report(rows.title, len(edition.scores))
    if ledger.mark is not None and edition.is_older_than(ledger.mark):
        report.said = OLDER
        return report
    found = changes(rows, edition, ledger)
    if not rows.blanks:
        found = _without_left(found, ledger)
    telling = _Telling(edition, rows, ledger, web, found, report)
    if rows.begins_silent and ledger.mark is None:
        report.said = REMEMBERED
        if not dry:
            telling.remember()
        return report
    _count(report, found)
    if dry:
        report.shown = dict(rows_of(found.told.head(SHOWN)))
    else:
        telling.tell()
        _write_failed(ledger.file.with_suffix(".failed.csv"), report)
    return report


def _count(report: Report, found: Changes) -> None:
    report.new = int((found.before == "").sum())
    report.changed = len(found.told) - report.new
    report.blank = len(found.left)


@dataclass(frozen=True)
class _Telling:
    """A destination that is being told of a night."""

    edition: Edition
    rows: Rows
    ledger: Ledger
    web: Web
    found: Changes
    report: Report

    def remember(self) -> None:
        """Takes all down as told."""
        self.ledger.expect(self.edition.mark, self.found.contents, self.found.left)
        self._settle(Outcome(self.found.accounts))
        self.ledger.save()

    def tell(self) -> None:
        """Tells all, as far as that goes."""
        self.ledger.expect(self.edition.mark, self.found.contents, self.found.left)
        try:
            if self.found.accounts:
                self._send()
        except DeliveryError as error:
            self.report.error = str(error)
        finally:
            self.ledger.save()

    def _send(self) -> None:
        files = self.rows.files(self.found, self.edition)
        self.report.files = [str(file) for file in files]
        for outcome in self.rows.send(self.found, self.ledger, self.web):
            self._settle(outcome)
            _require_hope(self.report)

    def _settle(self, outcome: Outcome) -> None:
        failed = dict(outcome.failed)
        is_gone = [
            one for one in self._left & failed.keys() if failed[one] in self.rows.gone
        ]
        for account in is_gone:
            del failed[account]
        done = {*outcome.done, *is_gone}
        told = self.found.contents.loc[list(done - self._left)]
        self.ledger.settle(told, done & self._left)
        self.report.delivered += len(done)
        self.report.failed.update(failed)

    @cached_property
    def _left(self) -> set[str]:
        return set(self.found.left)


def _without_left(found: Changes, ledger: Ledger) -> Changes:
    """Changes without the accounts that left, which a ledger forgets."""
    ledger.settle(found.contents.head(0), found.left)
    return replace(found, left=[])


def _require_hope(report: Report) -> None:
    if report.delivered or len(report.failed) < HOPELESS:
        return
    raise DeliveryError(
        where=report.name,
        found=f"all of the first {len(report.failed)} accounts refused ({', '.join(report.reasons)})",
        expected="at least one that is taken",
        mend="correct the fields in night.toml, or make them in the system",
    )


def _write_failed(file: Path, report: Report) -> None:
    """The accounts that failed, each with its reason; no file where there are none."""
    if not report.failed:
        file.unlink(missing_ok=True)
        return
    frame = pd.DataFrame(
        sorted(report.failed.items()), columns=["account_id", "reason"]
    )
    with written_whole(file) as part:
        part.write_text(as_csv(frame), encoding=ENCODING, newline="")
