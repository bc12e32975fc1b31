"""Entries: what the registry knows of a version, out of its training and its tags."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from models.registry.mlflow_client import Client
from models.registry.promotion import tags_of, verdicts_of
from models.registry.versions import (
    ANYWAY,
    BEFORE,
    JUDGED,
    MAIN_FIGURES,
    MIGRATION,
    PROMOTED_AT,
    Entry,
    Version,
)
from models.score.horizon import MIGRATION_HORIZON


def entry_of(
    client: Client, version: Version, held: Mapping[str, Collection[Version]]
) -> Entry:
    """What is known of a version.

    Args:
        client: of the store.
        version: which.
        held: the versions that have each alias.
    """
    run, tags = client.get_run(version.run_id).data, tags_of(client, version)
    horizon = MIGRATION_HORIZON
    if version.name != MIGRATION:
        horizon = int(run.params.get(JUDGED, MIGRATION_HORIZON))
    promotion = (PROMOTED_AT, BEFORE, ANYWAY)
    return Entry(
        version=version,
        aliases=tuple(alias for alias, its in held.items() if version in its),
        trained_until=run.params.get("trained_until"),
        horizon=horizon,
        figures=_main_figures(run.metrics, version.name, horizon),
        verdicts=verdicts_of(tags),
        tags={name: tags[name] for name in promotion if tags.get(name)},
    )


def _main_figures(
    metrics: Mapping[str, float], model: str, horizon: int
) -> dict[str, float]:
    """Those of `MAIN_FIGURES` that a training has of a model, by name."""
    stem = f"{model.removeprefix('pinch-')}_{horizon}d_"
    kept = {name: f"{stem}{name}" for name in MAIN_FIGURES}
    return {name: metrics[key] for name, key in kept.items() if key in metrics}
