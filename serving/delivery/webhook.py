"""A webhook for accounts that crossed into another band, by Standard Webhooks 1.0.0: signed, a hundred a message.

The id of a message is made of what it says, so that one that is sent again, after an answer that was lost, can be known
again by it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar, Literal

import pandas as pd

from features.errors import SettingError
from serving.delivery.declared import Declared
from serving.delivery.edition import BAND, RISK, Edition
from serving.delivery.ledger import Ledger
from serving.delivery.rows import Changes, Outcome
from serving.delivery.web import JSON, Web

BATCH = 100
CROSSED = "accounts.crossed"
_DECIMALS = 4
_ABOUT = ["as_of", "model_version"]

Clock = Callable[[], datetime]


class Webhook(Declared):
    """Where messages go.

    Attributes:
        url: as it is, or as ``$NAME``.
        secret: as ``$NAME``: ``whsec_`` and Base64.
    """

    begins_silent: ClassVar[bool] = True
    blanks: ClassVar[bool] = False
    gone: ClassVar[frozenset[str]] = frozenset()

    to: Literal["webhook"]
    url: str
    secret: str = "$PINCH_WEBHOOK_SECRET"

    @property
    def address(self) -> str:
        """Which webhook it is."""
        return json.dumps([self.to, self.url])

    def told(self, edition: Edition) -> pd.DataFrame:
        """The band and the risk of each account."""
        scores = edition.scores.set_index("account_id")
        return scores[[*_ABOUT, BAND, RISK]].astype("object")

    def contents(self, told: pd.DataFrame) -> pd.Series:
        """The band of each account."""
        return told[BAND]

    def files(self, changes: Changes, edition: Edition) -> list[Path]:
        """There are none."""
        return []

    def send(self, changes: Changes, ledger: Ledger, web: Web) -> Iterator[Outcome]:
        """Sends a message for each hundred accounts."""
        url = self.held(self.url) if self.url.startswith("$") else self.url
        for first in range(0, len(changes.told), BATCH):
            part = changes.told.iloc[first : first + BATCH]
            body = json.dumps(_message(part, changes.before)).encode()
            headers = {**JSON, **self.signed(body, _now())}
            web.ask("POST", url, headers, body).required(200, 201, 202, 204)
            yield Outcome(list(part.index))

    def signed(self, body: bytes, moment: datetime) -> dict[str, str]:
        """The headers of a message.

        Raises:
            SettingError: the secret is none.
        """
        from standardwebhooks.webhooks import Webhook as Signer

        named = f"msg_{blake2b(body, digest_size=16).hexdigest()}"
        try:
            signer = Signer(self.held(self.secret))
        except (ValueError, RuntimeError):
            raise SettingError(
                where=self.where,
                found=f"{self.secret} that is no secret of Standard Webhooks",
                expected="whsec_ and Base64",
                mend="give the secret that the receiver has",
            ) from None
        return {
            "webhook-id": named,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signer.sign(named, moment, body.decode()),
        }


def _now() -> datetime:
    return datetime.now(UTC)


def _message(told: pd.DataFrame, before: pd.Series) -> dict[str, Any]:
    first = told.iloc[0]
    crossed = [
        {"account_id": account, "from": was or None, "to": band, RISK: _rounded(risk)}
        for account, was, band, risk in zip(
            told.index, before.loc[told.index], told[BAND], told[RISK], strict=True
        )
    ]
    return {
        "type": CROSSED,
        "timestamp": f"{first['as_of']}T00:00:00Z",
        "data": {
            "as_of": str(first["as_of"]),
            "model_version": first["model_version"],
            "accounts": crossed,
        },
    }


def _rounded(risk: float) -> float | None:
    return None if pd.isna(risk) else round(risk, _DECIMALS)
