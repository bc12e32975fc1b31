"""DriftLimits: from when on a night is not as usual, and what then is done; ``[drift]`` of night.toml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class DriftLimits(BaseModel):
    """What is allowed.

    Attributes:
        action: ``warn`` only tells; ``fail`` has the command end with the exit code of drift.
        index: a column may be so far from its training, by the population stability index, to which is added what
            chance does; 0.25 is what is commonly called a major change.
        margin: or so many times as far as it moved during the training.
        accounts: there may be so many times as many accounts, or as few.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Literal["warn", "fail"] = "warn"
    index: float = Field(default=0.25, gt=0)
    margin: float = Field(default=1.5, ge=1)
    accounts: float = Field(default=1.5, gt=1)
