"""Actions of a user's own, in an ``actions.toml``: they stand before ours, or in place of them.

For example::

    replace = false                  # true: none of ours is left

    [[actions]]
    code = "invite"
    sentence = "Invite them to the autumn fair."
    source = "our handbook, page 12"
    reasons = ["indifference.days_silent"]   # codes of reasons, any of them; left out: whatever the reasons
    at_least = 30                            # of such a reason's value; at_most likewise
    quadrants = ["exceptional"]
    zones = ["surprises", "expectations"]

An action with a code of ours and no conditions says what ours does in other words, and keeps its place. What is read is
read strictly: a key, a code, a quadrant or a zone that is not known is an error, never passed over.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from features.errors import SettingError
from features.quadrants import Quadrant
from features.themes.dictionary import ENTRIES
from features.themes.needs import ZONES
from models.score.play import Action, Play
from models.score.playbook import PLAYS
from models.score.reasons import FACTS

ACTIONS_TOML = "actions.toml"

_Code = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,59}$")]
_Text = Annotated[str, Field(min_length=1, max_length=300)]


class _Own(BaseModel):
    """An action, as it stands in the file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: _Code
    sentence: _Text
    source: _Text = "your own"
    reasons: list[str] = []
    at_least: float | None = None
    at_most: float | None = None
    quadrants: list[str] = []
    zones: list[str] = []

    @property
    def conditions(self) -> bool:
        """Whether it says when it is the one to take."""
        return bool(self.model_fields_set - {"code", "sentence", "source"})


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    replace: bool = False
    actions: Annotated[list[_Own], Field(min_length=1)]


@dataclass(frozen=True)
class Between:
    """Calls for an action where a value lies between two, both included."""

    low: float
    high: float

    def __call__(self, value: float) -> bool:
        """Whether it does."""
        return self.low <= value <= self.high


def read_plays(file: Path) -> tuple[Play, ...]:
    """The playbook that a file makes of ours.

    Raises:
        SettingError: the file is none that can be read, and where it is wrong.
    """
    try:
        read = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _unfit(file.name, f"no TOML ({error})", "TOML in UTF-8") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = "".join(_place(part) for part in first["loc"]).removeprefix(".")
        raise _unfit(f"{file.name}, {where}", "another value", first["msg"]) from None
    for place, own in enumerate(read.actions, start=1):
        _require_known(own, f"{file.name}, actions[{place}]")
    _require_once([own.code for own in read.actions], file.name)
    return _together(read)


def _together(read: _File) -> tuple[Play, ...]:
    ours = () if read.replace else PLAYS
    known = {play.action.code for play in ours}
    words = {own.code: own for own in read.actions if not own.conditions}
    kept = [_said(play, words.get(play.action.code)) for play in ours]
    own = [own for own in read.actions if own.conditions or own.code not in known]
    codes = {one.code for one in own}
    return (*map(_play, own), *(p for p in kept if p.action.code not in codes))


def _said(play: Play, own: _Own | None) -> Play:
    if own is None:
        return play
    return replace(play, action=Action(own.code, own.sentence), seeds=(own.source,))


def _play(own: _Own) -> Play:
    low = -inf if own.at_least is None else own.at_least
    high = inf if own.at_most is None else own.at_most
    return Play(
        Action(own.code, own.sentence),
        (own.source,),
        codes=tuple(own.reasons),
        calls=Between(low, high),
        quadrants=tuple(own.quadrants),
        zones=tuple(own.zones),
    )


def _require_known(own: _Own, where: str) -> None:
    codes = {entry.code for entry in ENTRIES.values()}
    facts = {code for code in own.reasons if code.startswith(f"{FACTS}.")}
    for name, given, known in (
        ("reasons", {*own.reasons} - facts, codes),
        ("quadrants", {*own.quadrants}, {str(quadrant) for quadrant in Quadrant}),
        ("zones", {*own.zones}, {*ZONES, "unknown"}),
    ):
        strange = sorted(given - known)
        if strange:
            expected = "a code that docs/reasons.md lists"
            if name != "reasons":
                expected = ", ".join(sorted(known))
            raise _unfit(f"{where}.{name}", strange[0], expected)
    bounded = own.at_least is not None or own.at_most is not None
    if bounded and not own.reasons:
        raise _unfit(
            where, "at_least or at_most alone", "reasons whose value they bound"
        )


def _require_once(codes: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise _unfit(where, f"two actions {code}", "each code once")
        seen.add(code)


def _place(part: str | int) -> str:
    return f"[{part + 1}]" if isinstance(part, int) else f".{part}"


def _unfit(where: str, found: str, expected: str) -> SettingError:
    return SettingError(
        where=where, found=found, expected=expected, mend="correct the file"
    )
