"""Questions: what is to happen, to what holds accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from features.edits.kinds import COMPETITOR_ENTERS, REP_LEAVES, Kind
from features.errors import EvidenceError
from serving.whatif.scene import Scene

_SAID = {
    REP_LEAVES.name: "rep {} leaves",
    COMPETITOR_ENTERS.name: "a competitor enters {}",
}
_HOLDERS = {REP_LEAVES.name: "rep", COMPETITOR_ENTERS.name: "market"}
_NEEDED = {
    REP_LEAVES.name: "interactions of the last year with a rep_id",
    COMPETITOR_ENTERS.name: "accounts with a market",
}


@dataclass(frozen=True)
class Question:
    """What if this happened.

    Attributes:
        kind: of event.
        holder: the rep that leaves, the market that is entered.
    """

    kind: Kind
    holder: str

    @property
    def sentence(self) -> str:
        """What happens, in words."""
        return _SAID[self.kind.name].format(self.holder)

    def accounts(self, scene: Scene) -> pd.Index:
        """The accounts that it meets.

        Raises:
            EvidenceError: there are none.
        """
        held = scene.held(self.kind)
        found = held.index[held["holder"] == self.holder]
        if not len(found):
            raise nobody_held(self.kind, held)
        return found


def nobody_held(kind: Kind, held: pd.DataFrame) -> EvidenceError:
    """The error of a question that meets no account."""
    name = _HOLDERS[kind.name]
    return EvidenceError(
        where=kind.name.replace("_", " "),
        found=f"a {name} that holds no account at the date",
        expected=f"one of the {held['holder'].nunique()} that do",
        mend="see them by --all-reps or --all-markets, and check the name",
    )


def every(kind: Kind, scene: Scene) -> Sequence[Question]:
    """A question for each rep that carries accounts, or each market that has any.

    Raises:
        EvidenceError: there is none.
    """
    holders = sorted(scene.held(kind)["holder"].unique())
    if not holders:
        name = _HOLDERS[kind.name]
        raise EvidenceError(
            where=kind.name.replace("_", " "),
            found=f"no account that a {name} holds at the date",
            expected=_NEEDED[kind.name],
            mend="add them to the book",
        )
    return [Question(kind, str(holder)) for holder in holders]
