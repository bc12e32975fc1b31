"""Stores for the tests that need no training: tiny models, registered as a training would."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from models.fitted.artefact import seal
from models.fitted.boosting import Setting
from models.fitted.encoding import Encoding
from models.registry.registry import Registry
from models.registry.versions import DataSet, Record
from training.fitting.defection import fit_defection
from training.fitting.design import make_design
from training.fitting.migration import fit_migration

SETTING = Setting(trees=3, rows_per_leaf=5)
ENCODING = Encoding(("days_silent", "plan", "quadrant"), {"plan": ("basic", "gold")})


FACTS = {"trained_until": "2026-01-31", "facts": {"plan": "text"}}


def frame(rows=80):
    draws = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "account_id": [f"a{place}" for place in range(rows)],
            "days_silent": draws.exponential(30, rows),
            "plan": draws.choice(["basic", "gold"], rows),
            "quadrant": np.arange(rows) % 4.0,
        }
    )


def models():
    rows = frame()
    left = pd.DataFrame({90: (rows["days_silent"] > 30).astype(float)})
    state, design = (
        pd.Series(np.arange(len(rows)) % 4.0),
        make_design(rows, ENCODING, SETTING.bins),
    )
    return (
        fit_defection(design, left, SETTING, FACTS),
        fit_migration(design, state, SETTING, {}),
    )


def save(folder):
    """Writes the tiny models to a folder, as the champions lie in one."""
    defecting, moving = models()
    defecting.save(folder / "defection")
    moving.save(folder / "migration")
    (folder / "VERSION").write_text("defection-1 migration-1")
    seal(folder)


def record(**more):
    return Record(
        params={},
        metrics={"defection_90d_auc": 0.7},
        tags={"leakage": "clean"},
        texts={"training.html": "<p>how good"},
        name="until 2026-01-31",
        about="Trained on what was known by **2026-01-31**.",
        data=DataSet("book until 2026-01-31", "5e" * 32, 80),
        example=pd.DataFrame([{"days_silent": 12.0, "plan": None, "quadrant": 3.0}]),
        **more,
    )


def train(folder, with_migration=True):
    """Registers the tiny models once more, as a training does."""
    defecting, moving = models()
    with TemporaryDirectory() as workplace:
        return Registry(str(folder), create=True).log(
            record(), defecting, moving if with_migration else None, Path(workplace)
        )


if __name__ == "__main__":
    train(sys.argv[1])
