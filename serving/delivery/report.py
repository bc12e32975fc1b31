"""What became of a delivery to one destination."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """What a destination was to be told of a night, and what it has.

    Attributes:
        name: of the destination.
        accounts: of the night.
        new, changed: accounts that it has not heard of, and of which it has something else or nobody knows what.
        blank: accounts that are not in the night any more.
        delivered: of the three, those that it has said it has.
        failed: why it does not have an account, by account.
        shown: of a dry run, what the first accounts would be told, by account.
        said: what else is to be said, such as why there was nothing to do.
        error: why the delivery stopped.
        files: which were written.
    """

    name: str
    accounts: int
    new: int = 0
    changed: int = 0
    blank: int = 0
    delivered: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    shown: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    said: str | None = None
    error: str | None = None
    files: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether the destination has all that it is to have."""
        return self.error is None and not self.failed

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many accounts failed, by reason."""
        return dict(sorted(Counter(self.failed.values()).items()))

    def facts(self) -> dict[str, Any]:
        """The report as a document; the accounts that failed are counted, and none is named."""
        return {**vars(self), "failed": self.reasons, "whole": self.whole}
