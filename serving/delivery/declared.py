"""What every ``[[deliver]]`` of ``night.toml`` holds, and what those hold that tell a CRM of accounts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import ClassVar

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from serving.delivery.edition import Edition
from serving.delivery.fields import Fields, contents, told
from serving.delivery.rows import Changes, Row, rows_of
from serving.publishing.night_toml import secret


class Declared(BaseModel):
    """A destination as it is declared.

    Attributes:
        to: which kind.
        name: tells it from others of its kind; the kind where it is left out.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    to: str
    name: str = Field("", pattern="^[a-z0-9-]*$")

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or self.to

    @property
    def where(self) -> str:
        """What errors name it by."""
        return f"night.toml, [[deliver]] {self.title}"

    def held(self, reference: str) -> str:
        """What a variable of the environment holds that it names.

        Raises:
            SettingError: there is none.
        """
        return secret(reference, self.where)


class WriteBack(Declared):
    """A system that is told fields of accounts, by files or by requests.

    Attributes:
        fields: the columns of an account by the system's names.
        decimals: of numbers.
        send: whether requests are sent.
        url: of the system.
        folder: where what is told is written to files; needed where nothing is sent.
    """

    identity: ClassVar[tuple[str, ...]] = ()
    """The settings that tell one system from another."""
    begins_silent: ClassVar[bool] = False
    blanks: ClassVar[bool] = True
    gone: ClassVar[frozenset[str]] = frozenset()

    fields: Fields
    decimals: int = Field(4, ge=0, le=10)
    send_: bool = Field(False, alias="send")
    url: str = ""
    folder: str | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> WriteBack:
        if not self.send_ and self.folder is None:
            raise ValueError("neither send = true nor a folder to write files to")
        if self.send_ and not self.url:
            raise ValueError("send = true without url")
        return self

    @property
    def address(self) -> str:
        """Which system it is; whether by files or by requests is another as well."""
        named = {key: getattr(self, key) for key in ("to", "send_", *self.identity)}
        return json.dumps(named)

    def told(self, edition: Edition) -> pd.DataFrame:
        """What it is to be told of each account."""
        return told(edition, self.fields, self.decimals)

    def contents(self, told: pd.DataFrame) -> pd.Series:
        """A hash of what each account is told."""
        return contents(told, self.fields)

    def new_file(self, edition: Edition, ending: str) -> Path:
        """A file of a night that is not there yet: one that is there may not have been fetched."""
        night = Path(self.folder or "", str(edition.as_of))
        names = (f"{self.title}-{number:03}{ending}" for number in count(1))
        return next(night / name for name in names if not (night / name).exists())


def blank_rows(left: list[str], fields: Mapping[str, str]) -> list[Row]:
    """Accounts of which nothing is known any more."""
    return [(account, dict.fromkeys(fields)) for account in left]


def batches(rows: list[Row], size: int) -> Iterator[list[Row]]:
    """Rows in parts."""
    for first in range(0, len(rows), size):
        yield rows[first : first + size]


def all_rows(changes: Changes, fields: Mapping[str, str]) -> list[Row]:
    """The rows of changes, those that are blank last."""
    return [*rows_of(changes.told), *blank_rows(changes.left, fields)]
