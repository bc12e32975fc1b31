"""The reference: it travels with its model, and knows how far things move by themselves."""

import numpy as np
import pandas as pd

from models.fitted import reference
from models.fitted.defection import load
from models.fitted.distribution import distribution_of
from models.fitted.reference import Reference


def test_it_is_read_as_it_was_written():
    columns = {
        "x": distribution_of(pd.Series([1.0, 2.0])),
        "m": distribution_of(pd.Series(["n"])),
    }
    taken = Reference(
        7, columns, {"x": 0.5, "m": 0.0}, ({"table": "surveys", "rows": 3},)
    )
    assert reference.of_files(taken.files()) == taken
    assert reference.of_files({}) is None
    assert taken.accounts == 2


def test_a_training_writes_it_and_the_model_carries_it(trained, tmp_path):
    model = trained.models.defection
    assert model.reference.as_of == trained.until
    assert set(model.encoding.reads) | {"risk_90d"} == set(model.reference.columns)
    assert {row["name"] for row in model.reference.rows} >= {"purchase", "product"}
    model.save(tmp_path)
    assert load(tmp_path).reference == model.reference
    assert (tmp_path / "reference.json").stat().st_size < 150_000


def test_what_moved_during_the_training_is_known(trained):
    usual = trained.models.defection.reference.usual
    assert usual["market"] < 0.1
    assert usual["risk_90d"] > 0
    assert all(np.isfinite(list(usual.values())))
