"""What a ``book.toml`` says of who is held out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from features.cleaning.holdout import Holdout
from features.cleaning.random_holdout import USUAL_SALT, RandomHoldout
from features.sources.toml_values import mistake


def holdout_setting(file: Path, said: object) -> Holdout | None:
    """What says who may not be contacted; None where nothing does.

    Raises:
        BookError: it is no column, nor a value of one.
    """
    if said is None or isinstance(said, str):
        return None if said is None else Holdout(said)
    if isinstance(said, dict) and len(said) == 1:
        ((column, told),) = said.items()
        values = told if isinstance(told, list) else [told]
        if values and all(isinstance(value, (str, bool, int)) for value in values):
            return Holdout(
                column, tuple(str(value).strip().lower() for value in values), free=None
            )
    raise mistake(
        file,
        "holdout",
        'a column of accounts, "holdout", or its value that means it, { arm = "control" }',
    )


def random_holdout_setting(file: Path, said: Mapping[str, object]) -> RandomHoldout:
    """How a random holdout is drawn, by all that a ``book.toml`` says.

    Raises:
        BookError: the share is none, or the salt no text.
    """
    share = said.get("holdout_share", 0.0)
    salt = said.get("holdout_salt", USUAL_SALT)
    if (
        isinstance(share, bool)
        or not isinstance(share, (int, float))
        or not 0 <= share < 1
    ):
        raise mistake(file, "holdout_share", "a share from 0 to below 1, such as 0.05")
    if not isinstance(salt, str) or not salt:
        raise mistake(file, "holdout_salt", "a text in quotes")
    return RandomHoldout(float(share), salt)
