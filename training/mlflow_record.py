"""What is kept of a training in MLflow: parameters, figures, tags, texts and an example row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pandas as pd

from features.engine import day_of
from features.past.declaration import Entry
from features.themes.dictionary import ENTRIES
from models.fitted.encoding import Encoding
from models.registry.verdict import Verdict
from models.registry.versions import (
    CLEAN,
    JUDGED,
    LEAKAGE,
    LEAKING,
    DataSet,
    Record,
)
from pages.spreadsheet import as_csv
from training.fitting.rivals import MODEL
from training.metrics import COMPARED
from training.trained import Training

PAGE = "training.html"
"""The name of the page of a training."""
COMMON = 0.1
"""The share of snapshots that have a text beyond which it tells of nobody."""


def record_of(training: Training, verdicts: Sequence[Verdict], html: str) -> Record:
    """What is kept of a training beside its models.

    Args:
        training: what is kept.
        verdicts: of the gate on it.
        html: its page, see `pages.training.page.page`.
    """
    return Record(
        params={**training.setting.facts(), **_params(training)},
        metrics=_metrics(training.figures()),
        tags={LEAKAGE: CLEAN if training.certificate.clean else LEAKING},
        verdicts=tuple(verdicts),
        texts={
            PAGE: html,
            "features.json": json.dumps(
                dictionary(
                    training.models.defection.encoding.columns,
                    training.data.dictionary.entries,
                ),
                indent=1,
            ),
            "figures.csv": as_csv(training.figures()),
            **(
                {}
                if training.tuning is None
                else {"tuning.csv": as_csv(training.tuning.table())}
            ),
        },
        name=f"until {day_of(training.until)}",
        about=_about(training, verdicts),
        data=DataSet(
            f"book until {day_of(training.until)}",
            training.data.digest,
            len(training.data.frame),
        ),
        example=typical(training.data.frame, training.models.defection.encoding),
    )


def dictionary(
    columns: Sequence[str], entries: Mapping[str, Entry] = ENTRIES
) -> dict[str, Mapping[str, object]]:
    """The feature dictionary: meaning, unit, theme and seed rows of each column; a fact has none but its name."""
    known = {name: entries[name] for name in columns if name in entries}
    described: dict[str, Mapping[str, object]] = {
        n: {"meaning": f.meaning, "unit": f.unit, "theme": f.theme, "seeds": f.seeds}
        for n, f in known.items()
    }
    return described | {
        name: {"meaning": "a fact of the account"}
        for name in columns
        if name not in entries
    }


def typical(frame: pd.DataFrame, encoding: Encoding) -> pd.DataFrame:
    """A row that a model can read, of an account that does not exist: medians, and the texts that many have.

    Args:
        frame: snapshots of the training set.
        encoding: the columns of the model.

    Example:
        >>> plans = ["basic"] * 9 + ["gold"]
        >>> frame = pd.DataFrame({"visits_90d": [1.0, 3.0] * 5, "plan": plans, "name": list("abcdefghij")})
        >>> texts = {"plan": ("basic", "gold"), "name": tuple("abcdefghij")}
        >>> typical(frame, Encoding(("visits_90d", "plan", "name"), texts)).to_dict("records")
        [{'visits_90d': 2.0, 'plan': 'basic', 'name': None}]
    """
    row: dict[str, object] = {}
    for column in encoding.reads:
        if column in encoding.categories:
            shares = frame[column].value_counts(normalize=True, dropna=False)
            row[column] = (
                shares.index[0]
                if shares.iloc[0] > COMMON and pd.notna(shares.index[0])
                else None
            )
        else:
            row[column] = frame[column].median()
    return pd.DataFrame([row])


def _about(training: Training, verdicts: Sequence[Verdict]) -> str:
    """A training in a few lines of Markdown, for people who look through MLflow."""
    dates = training.data.frame["as_of_us"]
    failed = [verdict.name for verdict in verdicts if not verdict.passed]
    return "\n".join(
        [
            f"Trained on what was known by {day_of(training.until)}: {len(dates):,} snapshots of accounts at "
            f"{dates.nunique()} dates, {day_of(int(dates.min()))} to {day_of(int(dates.max()))}.",
            "",
            f"- Risks judged at {training.meaning.judged_horizon} days.",
            f"- Leakage certificate: {'clean' if training.certificate.clean else 'not clean'}.",
            f"- Gate: {'failed: ' + ', '.join(failed) if failed else 'passed'}.",
            f"- All figures and what is weak: {PAGE}, beside this.",
        ]
    )


def _params(training: Training) -> dict[str, object]:
    facts = training.models.defection.facts
    return {
        **{
            name: facts[name]
            for name in ("trained_until", "quiet_days", "delay_days", "training_set")
        },
        **({} if training.tuning is None else {"tuning": training.tuning.sentence}),
        JUDGED: training.meaning.judged_horizon,
        "watermark": day_of(training.until),
        "came_back": training.meaning.came_back,
        "rows": len(training.data.frame),
        "as_of_dates": len(facts["as_of_dates"]),  # type: ignore[arg-type]
        "first_as_of": day_of(int(training.data.frame["as_of_us"].min())),
        "last_as_of": day_of(int(training.data.frame["as_of_us"].max())),
        "learner": training.models.defection.learner,
        "columns": len(training.models.defection.encoding.columns),
        "embargo_days": {
            h: h + training.meaning.delay_days for h in training.models.defection.blends
        },
    }


def _metrics(figures: pd.DataFrame) -> dict[str, float]:
    """Figures by name, such as ``defection_90d_auc``; those of a baseline such as ``recency_defection_90d_auc``."""
    named: dict[str, float] = {}
    for _, row in figures.iterrows():
        stem = f"{row['prediction'].replace(' ', '_')}_{row['horizon']}d"
        prefix = stem if row["model"] == MODEL else f"{row['model']}_{stem}"
        named |= {
            f"{prefix}_{name}": float(row[name])
            for name in COMPARED
            if pd.notna(row[name])
        }
    return named
