"""Fields: what a system is told of each account, by the names that it has for them, and how a change is noticed."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated

import pandas as pd
from pydantic import AfterValidator

from serving.delivery.edition import COLUMNS, Edition

AS_OF = "as_of"
LONGEST_TEXT = 255
"""Of a text field in Salesforce; HubSpot and Zendesk bear more."""

TOLD = (
    *("risk_90d", "band", "quadrant", "heading", "action", "reason_1"),
    *("place", AS_OF),
)
"""The columns that a system is told, unless it is said which."""

Value = str | int | float | bool | None


def _known(fields: dict[str, str]) -> dict[str, str]:
    unknown = sorted(set(fields.values()) - set(COLUMNS))
    if unknown:
        raise ValueError(
            f"no column {unknown[0]}; columns are those of the scores, and place"
        )
    return fields


Fields = Annotated[dict[str, str], AfterValidator(_known)]
"""Columns of an edition by the name that a system has for them."""


def told(edition: Edition, fields: Mapping[str, str], decimals: int) -> pd.DataFrame:
    """What a system is to be told of each account.

    Args:
        edition: the night.
        fields: the column that each field holds.
        decimals: of numbers. Fewer let fewer accounts change from night to night.

    Returns:
        A row per account, indexed by account, a column per field: texts of at most 255 letters, numbers, flags; None
        where nothing is known.
    """
    scores = edition.scores.set_index("account_id")
    columns = {
        field: _plain(scores[column], decimals) for field, column in fields.items()
    }
    return pd.DataFrame(columns, index=scores.index.astype("object"), dtype="object")


def contents(told: pd.DataFrame, fields: Mapping[str, str]) -> pd.Series:
    """A hash of what each account is told. The date of the night is left out: it alone is no change.

    Args:
        told: as of `told`.
        fields: the column that each field holds.

    Returns:
        Texts, indexed by account.
    """
    kept = sorted(field for field, column in fields.items() if column != AS_OF)
    written = told[kept].to_json(orient="records", lines=True, double_precision=15)
    hashes = [_hash(line) for line in written.split("\n")[: len(told)]]
    return pd.Series(hashes, told.index, dtype="object")


def _hash(line: str) -> str:
    return blake2b(line.encode(), digest_size=16).hexdigest()


def _plain(column: pd.Series, decimals: int) -> list[Value]:
    """The values of a column as JSON and CSV have them."""
    known = column.notna().tolist()
    if pd.api.types.is_float_dtype(column):
        # Plus zero makes minus zero zero.
        values = [round(value, decimals) + 0.0 for value in column.tolist()]
    elif pd.api.types.is_bool_dtype(column) or pd.api.types.is_integer_dtype(column):
        values = column.tolist()
    else:
        texts = {value: _short(str(value)) for value in column.dropna().unique()}
        values = [texts.get(value) for value in column.astype("object").tolist()]
    return [
        value if is_known else None
        for value, is_known in zip(values, known, strict=True)
    ]


def _short(text: str) -> str:
    """A text on one line that a field takes."""
    text = " ".join(text.split())
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[: LONGEST_TEXT - 1]}…"
