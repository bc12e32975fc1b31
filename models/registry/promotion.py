"""Promotion: what a version must have to become champion, and the tags that say when, why and in place of which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from features.errors import ModelError
from models.registry.mlflow_client import Client
from models.registry.verdict import Verdict, of_text
from models.registry.versions import (
    ANYWAY,
    BEFORE,
    CLEAN,
    GATE,
    LEAKAGE,
    PROMOTED_AT,
    Version,
)


def require_clean(client: Client, version: Version) -> None:
    """Sees that the training of a version has a clean leakage certificate.

    Raises:
        ModelError: it has none, or one that says something else.
    """
    certificate = client.get_run(version.run_id).data.tags.get(LEAKAGE)
    if certificate != CLEAN:
        raise ModelError(
            where=f"{version.name} version {version.number}",
            found=f"a leakage certificate that says {certificate or 'nothing'}",
            expected=f"a certificate that says {CLEAN}",
            mend="mend the features that see the future, and train again",
        )


def require_passed(client: Client, version: Version, anyway: str) -> None:
    """Sees that no verdict of the gate keeps a version from being champion.

    Args:
        client: of the store.
        version: that is to be champion.
        anyway: a reason to pass over failed verdicts, or nothing; leakage is never passed over.

    Raises:
        ModelError: a verdict failed.
    """
    failed = [
        verdict
        for verdict in verdicts_of(tags_of(client, version))
        if not verdict.passed and (verdict.name == LEAKAGE or not anyway)
    ]
    if failed:
        raise ModelError(
            where=f"{version.name} version {version.number}",
            found="; ".join(
                f"the rule {verdict.name} failed: {verdict.sentence}"
                for verdict in failed
            ),
            expected="every rule of the gate passed",
            mend='train again; unless it is leakage, pinch promote --anyway "the reason" passes over it',
        )


def keep_why(
    client: Client,
    versions: Sequence[Version],
    present: Sequence[Version],
    anyway: str,
) -> None:
    """Keeps with versions that are to be champions when, why and in place of which.

    Args:
        client: of the store.
        versions: that are to be champions.
        present: the champions until now.
        anyway: the reason to pass over failed verdicts, or nothing.
    """
    before_of = {version.name: version for version in present}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for version in versions:
        before = before_of.get(version.name)
        tags: dict[str, str] = {}
        if before != version:
            number = "" if before is None else before.number
            tags |= {PROMOTED_AT: now, BEFORE: number}
        if anyway:
            tags[ANYWAY] = anyway
        for name, value in tags.items():
            client.set_model_version_tag(version.name, version.number, name, value)


def tags_of(client: Client, version: Version) -> dict[str, str]:
    """The tags of a version."""
    return dict(client.get_model_version(version.name, version.number).tags)


def verdicts_of(tags: Mapping[str, str]) -> tuple[Verdict, ...]:
    """The verdicts of the gate that tags of a version hold, by name."""
    return tuple(
        of_text(name.removeprefix(GATE), text)
        for name, text in sorted(tags.items())
        if name.startswith(GATE)
    )
