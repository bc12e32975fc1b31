"""What ``pinch night`` says: a line for each step, and what came of the night."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from commands.output import Parts, counted, table

if TYPE_CHECKING:
    from commands.night_run import NightDone
    from serving.steps import Taken

_MIB = 2**20


def step_told(taken: Taken) -> str:
    """A step that ended, for people."""
    held = taken.peak_bytes // _MIB
    return f"{taken.step:<10}{taken.seconds:>9,.1f} s{held:>9,} MiB"


def night_facts(done: NightDone) -> dict[str, Any]:
    """What came of a night, for machines."""
    published = done.publication
    night = published.night
    return {
        "outcome": str(published.outcome),
        "as_of": str(night.as_of),
        "model_version": night.model_version,
        "revision": night.revision,
        "folder": str(night.folder),
        "current": published.is_current,
        "counts": night.manifest.about.counts,
        "since": done.since,
        "otherwise": dict(done.otherwise),
        "revised": done.revised,
        "stale": done.facts["stale"],
        **{name: dict(came.facts) for name, came in done.came.items()},
    }


def night_told(done: NightDone) -> Parts:
    """What came of a night, for people."""
    published = done.publication
    counts = published.night.manifest.about.counts
    accounts = counted(counts["accounts"], "account")
    listed = f"{accounts}, {counts['listed']:,} of them on the list"
    return [
        f"{_OUTCOMES[published.outcome]} {published.night.folder}: {listed}.",
        *([] if published.is_current else [_NOT_FOLLOWED]),
        *done.facts["stale"],
        *_since(done),
        *([] if done.revised is None else _revised(done.revised)),
        *(sentence for came in done.came.values() for sentence in came.told),
    ]


_OUTCOMES = {
    "published": "Published",
    "same": "Already published, to the byte:",
    "revised": "Published as a revision, beside the first:",
}
_NOT_FOLLOWED = "Readers follow a night of a later date, and go on with it."


def _since(done: NightDone) -> Parts:
    changed = [*(change["sentence"] for change in done.since)]
    if done.otherwise:
        names = ", ".join(sorted(done.otherwise))
        changed.append(f"it was published with other settings: {names}")
    if not changed:
        return []
    return [f"Since then: {'; '.join(changed)}. --force makes it again, beside it."]


def _revised(revised: Mapping[str, Any]) -> Parts:
    accounts = revised["accounts"]
    said = [f"{accounts[kind]:,} {kind}" for kind in ("changed", "new", "gone")]
    rows = [
        [one["account_id"], f"{one['before']:.1%}", f"{one['after']:.1%}"]
        for one in revised["largest"]
    ]
    return [
        f"Accounts: {', '.join(said)}.",
        *(f"{change['sentence']}." for change in revised["rows"]),
        *([table(["account", "risk before", "after"], rows)] if rows else []),
    ]
