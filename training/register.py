"""A training judged by the gate and registered as a challenger; what is kept of it is in ``mlflow_record.py``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from features.errors import ModelError
from models.fitted.defection import DefectionModel, load
from models.registry.aliases import CHAMPION
from models.registry.registry import Registry
from models.registry.verdict import Verdict
from models.registry.versions import DEFECTION, Version
from training.champion import NO_CHAMPION
from training.gate import judge
from training.mlflow_record import record_of
from training.trained import Training


def judge_for(training: Training, registry: Registry) -> tuple[Verdict, ...]:
    """The verdicts of the gate on a training, beside the present champion of a registry."""
    return judge(training, _champion(registry))


def register(
    training: Training,
    verdicts: Sequence[Verdict],
    html: str,
    registry: Registry,
    workplace: Path,
) -> list[Version]:
    """Keeps a training in MLflow and registers its models as challengers.

    Args:
        training: what is kept.
        verdicts: of the gate on it, see `judge_for`.
        html: its page, see `pages.training.page.page`.
        registry: where.
        workplace: a folder for models on their way.
    """
    record = record_of(training, verdicts, html)
    return registry.log(
        record, training.models.defection, training.models.migration, workplace
    )


def _champion(registry: Registry) -> DefectionModel | str:
    """The present champion, or why there is none to compare with."""
    if not registry.has(DEFECTION, CHAMPION):
        return NO_CHAMPION
    try:
        with TemporaryDirectory() as folder:
            return load(
                registry.fetch(registry.version(DEFECTION, CHAMPION), Path(folder))
            )
    except ModelError as error:
        return f"the champion cannot be read: {error}"
