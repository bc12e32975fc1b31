"""What is kept of a training: its figures, its page and its models, in MLflow, with what the gate said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from features.dictionary import FEATURES
from features.engine import day_of
from features.errors import ModelError
from models.defection import DefectionModel, load
from models.registry import CHAMPION, CLEAN, DEFECTION, JUDGED, LEAKAGE, LEAKING, Record, Registry, Version
from pages.spreadsheet import as_csv
from training.gate import NO_CHAMPION, judge
from training.page import CAPACITY, PAGE, page
from training.train import COMPARED, Training
from training.walk_forward import MODEL


def register(training: Training, registry: Registry, workplace: Path, capacity: int = CAPACITY) -> list[Version]:
    """Keeps a training in MLflow and registers its models as challengers, with the verdicts of the gate.

    Args:
        training: what is kept.
        registry: where.
        workplace: a folder for models on their way.
        capacity: how many accounts the team works on each list, marked on the page.
    """
    verdicts = judge(training, _champion(registry))
    record = Record(
        params={**training.setting.facts(), **_params(training)},
        metrics=_metrics(training.figures()),
        tags={LEAKAGE: CLEAN if training.certificate.clean else LEAKING},
        verdicts=verdicts,
        texts={
            PAGE: page(training, verdicts, capacity),
            "features.json": json.dumps(dictionary(training.models.defection.encoding.columns), indent=1),
            "figures.csv": as_csv(training.figures()),
            **({} if training.tuning is None else {"tuning.csv": as_csv(training.tuning.table())}),
        },
    )
    return registry.log(record, training.models.defection, training.models.migration, workplace)


def dictionary(columns: Sequence[str]) -> dict[str, Mapping[str, object]]:
    """The feature dictionary: meaning, unit, theme and seed rows of each column; a fact has none but its name."""
    known = {name: FEATURES[name] for name in columns if name in FEATURES}
    described: dict[str, Mapping[str, object]] = {
        n: {"meaning": f.meaning, "unit": f.unit, "theme": f.theme, "seeds": f.seeds} for n, f in known.items()
    }
    return described | {name: {"meaning": "a fact of the account"} for name in columns if name not in FEATURES}


def _champion(registry: Registry) -> DefectionModel | str:
    """The present champion, or why there is none to compare with."""
    if not registry.has(DEFECTION, CHAMPION):
        return NO_CHAMPION
    try:
        return load(registry.fetch(registry.version(DEFECTION, CHAMPION)))
    except ModelError as error:
        return f"the champion cannot be read: {error}"


def _params(training: Training) -> dict[str, object]:
    facts = training.models.defection.facts
    return {
        **{name: facts[name] for name in ("trained_until", "quiet_days", "delay_days", "training_set")},
        **({} if training.tuning is None else {"tuning": training.tuning.sentence}),
        JUDGED: training.meaning.judged_horizon,
        "watermark": day_of(training.until),
        "came_back": training.meaning.came_back,
        "rows": len(training.data.frame),
        "as_of_dates": len(facts["as_of_dates"]),  # type: ignore[arg-type]
        "first_as_of": day_of(int(training.data.frame["as_of_us"].min())),
        "last_as_of": day_of(int(training.data.frame["as_of_us"].max())),
        "columns": len(training.models.defection.encoding.columns),
        "embargo_days": {h: h + training.meaning.delay_days for h in training.models.defection.blends},
    }


def _metrics(figures: pd.DataFrame) -> dict[str, float]:
    """Figures by name, such as ``defection_90d_auc``; those of a baseline such as ``recency_defection_90d_auc``."""
    named: dict[str, float] = {}
    for _, row in figures.iterrows():
        stem = f"{row['prediction']}_{row['horizon']}d"
        prefix = stem if row["model"] == MODEL else f"{row['model']}_{stem}"
        named |= {f"{prefix}_{name}": float(row[name]) for name in COMPARED if pd.notna(row[name])}
    return named
