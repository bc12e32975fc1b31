"""Calibration by segment, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from training.evaluation.outcomes import Evaluation, Outcome
from training.evaluation.segments import MOST_SEGMENTS, by_segment
from training.fitting.rivals import MODEL
from training.past.training_set import TrainingSet

NAMES = np.array(["a", "b", "c", "d"], dtype=object)


def data(**facts):
    """Snapshots of four accounts at two dates, in another order than the outcomes."""
    frame = pd.DataFrame(
        {"account_id": NAMES, "quadrant": [0.0, 0.0, 3.0, np.nan], **facts}
    )[::-1]
    both = pd.concat(
        [frame.assign(as_of_us=date) for date in (1, 2)], ignore_index=True
    )
    types = {
        name: "number" if isinstance(values[0], float) else "text"
        for name, values in facts.items()
    }
    return TrainingSet(both, pd.DataFrame(), None, types)


def evaluation(as_of, left, risk, model=MODEL):
    return Evaluation(
        as_of, [], [], [Outcome(model, 90, np.array(left), np.array(risk), NAMES)]
    )


TESTED = [
    evaluation(1, [1.0, 0, 0, 1], [0.5, 0.25, 0.25, 1]),
    evaluation(2, [0.0, 0, 0, 1], [0.25, 0.25, 0.5, 1]),
]


def test_what_was_expected_stands_beside_what_happened_for_each_quadrant():
    found = by_segment(TESTED, data(), 90).set_index("segment")
    assert found.index.tolist() == ["exceptional", "poor", "unknown"]
    assert found["n"].tolist() == [2, 4, 2]
    assert found["left"].tolist() == [0, 1, 2]
    assert found["expected"].tolist() == [0.75, 1.25, 2.0]
    # Of the poor, on the first date |1 - .5| and |0 - .25|, on the second twice |0 - .25|: (.375 + .25) / 2.
    assert found["calibration_error"].tolist() == pytest.approx([0.375, 0.3125, 0.0])
    assert found.loc["unknown", "calibration_floor"] == 0.0


def test_text_facts_with_few_values_are_segments_and_numbers_and_names_are_not():
    names = [f"name {place}" for place in range(4)]
    found = by_segment(
        TESTED,
        data(plan=["basic", "gold", "gold", "basic"], size=[1.0, 2.0, 3.0, 4.0]),
        90,
    )
    assert found["fact"].unique().tolist() == ["quadrant", "plan"]
    assert found[found["fact"] == "plan"]["left"].tolist() == [3, 0]
    many = data(name=names)
    assert len(names) <= MOST_SEGMENTS
    assert by_segment(TESTED, many, 90)["fact"].unique().tolist() == [
        "quadrant",
        "name",
    ]
    assert (
        "plan" not in by_segment(TESTED, data(plan=["basic"] * 4), 90)["fact"].tolist()
    )


def test_a_fact_may_have_the_name_of_a_figure():
    found = by_segment(TESTED, data(left=["north", "south", "south", "north"]), 90)
    assert found[found["fact"] == "left"]["left"].tolist() == [3, 0]


def test_without_a_test_date_at_the_horizon_there_is_no_segment():
    assert by_segment([], data(), 90).empty
    assert by_segment(TESTED, data(), 30).empty
