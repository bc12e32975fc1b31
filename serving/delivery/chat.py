"""A message for a channel of Slack or Teams: how many accounts, where to look, and no names unless that is set."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from features.errors import DeliveryError
from models.score.bands import BANDS
from serving.delivery.declared import Declared
from serving.delivery.edition import BAND, Edition
from serving.delivery.ledger import open_ledger
from serving.delivery.report import Report
from serving.delivery.web import Web
from serving.delivery.write_back import OLDER

SAID_BEFORE = "the channel has been told of this night"


class Chat(Declared):
    """A channel.

    Attributes:
        to: whose it is; Teams by a workflow that posts what a webhook receives.
        url: of its incoming webhook, as ``$NAME``, for who knows it may write.
        link: where people look further.
        names: how many accounts of the list are named.
    """

    to: Literal["slack", "teams"]
    url: str
    link: str = ""
    names: int = Field(0, ge=0, le=50)

    def deliver(
        self, edition: Edition, nights: Path, web: Web, dry: bool = False
    ) -> Report:
        """Tells the channel of a night, once."""
        ledger = open_ledger(nights, self.title, f"{self.to} {self.url}")
        report = Report(self.title, len(edition.scores), said=self.text(edition))
        if ledger.mark is not None and edition.is_older_than(ledger.mark):
            report.said = OLDER
        elif ledger.mark == edition.mark:
            report.said = SAID_BEFORE
        elif not dry:
            self._send(edition, web, report)
            if report.whole:
                ledger.expect(edition.mark, ledger.rows["content"].head(0), ())
        return report

    def _send(self, edition: Edition, web: Web, report: Report) -> None:
        try:
            url = self.held(self.url)
            answer = web.send_json("POST", url, {}, self.message(edition))
            answer.required(200, 201, 202, 204)
        except DeliveryError as error:
            report.error = str(error)

    def message(self, edition: Edition) -> dict[str, Any]:
        """The message as the channel takes it: Slack text, or an Adaptive Card of Teams."""
        text = self.text(edition)
        if self.to == "slack":
            return {"text": text.translate(_SLACK)}
        blocks = [
            {"type": "TextBlock", "text": line, "wrap": True}
            for line in text.split("\n")
        ]
        card = {"type": "AdaptiveCard", "version": "1.4", "body": blocks}
        kind = "application/vnd.microsoft.card.adaptive"
        return {
            "type": "message",
            "attachments": [{"contentType": kind, "content": card}],
        }

    def text(self, edition: Edition) -> str:
        """What the channel is told."""
        lines = [_counted(edition), *_named(edition, self.names)]
        return "\n".join([*lines, self.link] if self.link else lines)


_SLACK = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
"""What Slack takes for its own marks."""


def _counted(edition: Edition) -> str:
    bands, many = edition.scores[BAND].value_counts(), len(edition.scores)
    accounts = f"{many:,} account{'' if many == 1 else 's'}"
    highest = [band.name for band in reversed(BANDS[2:])]
    risks = ", ".join(f"{bands.get(name, 0):,} {name}" for name in highest)
    listed = f"{len(edition.listed):,} on the list"
    return f"Pinch, {edition.as_of}: {accounts}, {listed}; risk: {risks}."


def _named(edition: Edition, many: int) -> list[str]:
    first = edition.scores.dropna(subset="place").nsmallest(many, "place")
    rows = first[["account_id", BAND, "action"]].itertuples(index=False)
    return [f"{account}: {band}. {action}" for account, band, action in rows]
