"""The figures of the benchmark by hand, and whose accounts are whose in the simulated company."""

import pandas as pd
import pytest

from benchmarks.whatif.__main__ import figures
from benchmarks.whatif.told import first_events
from benchmarks.whatif.truth import changes
from company import simulate
from company.calendar import END
from features.edits.kinds import COMPETITOR_ENTERS, REP_LEAVES
from models.effects.evidence import NOTHING_SEEN


def test_figures_by_hand():
    rows = pd.DataFrame(
        {
            "more.mean": [3.0, 2.0, 1.0],
            "more.low": [2.0, 1.0, -0.5],
            "more.high": [4.0, 3.0, 2.0],
            "true": [2.5, 3.5, -1.0],
            "people_carried.accounts": [2, 1, 0],
            "people_carried.more.mean": [2.0, 0.5, 0.0],
            "others.accounts": [1, 1, 4],
            "others.more.mean": [0.5, 1.5, 1.0],
            "true_people": [0.4, 0.3, float("nan")],
            "true_others": [0.1, 0.2, 0.1],
            **dict.fromkeys(["events", "ratio", "by_edit", "excess"], 1.0),
        }
    )
    found = figures(rows)
    assert found["sign"] == pytest.approx(2 / 3)
    assert found["order"] == pytest.approx(0.5)
    assert found["size"] == pytest.approx(6 / 5)
    assert found["held"] == pytest.approx(1 / 3)
    assert found["apart"] == 0.5  # 1.0 over 0.5 is right, 0.5 over 1.5 is wrong


def test_no_events_of_nothing():
    assert first_events(NOTHING_SEEN, 3).events == 0


def test_every_account_has_its_rep_and_its_market():
    world = simulate(accounts=60, months=6, seed=3)
    for kind in (REP_LEAVES, COMPETITOR_ENTERS):
        found = changes(world, kind, END, days=14, draws=2)
        assert found["holder"].notna().all()
    owners = world.tables()["accounts"].set_index("account_id")["market"]
    assert (found["holder"] == owners.reindex(found.index)).all()
