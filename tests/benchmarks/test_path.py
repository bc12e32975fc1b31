"""The figures of the benchmark by hand."""

import pandas as pd
import pytest

from benchmarks.path import beside, figures


def path(*named):
    """A path as it is told, the levers in order."""
    rows = [{"levers": [name], "more": {"mean": 0.1}} for name in named]
    return {"quadrant": "poor", "levers": rows}


TRUE = pd.Series({"settle": 0.9, "answer": 0.2, "promise": 0.3, "reach_out": 0.1})


def test_the_truly_best_is_of_those_offered():
    row = beside(path("answer", "promise", "reach_out"), TRUE)
    assert (row["named"], row["truly"], row["place"]) == ("answer", "promise", 1)
    assert (row["offered"], row["open"]) == (3, False)
    assert (row["true_more"], row["true_more_of_named"]) == (0.3, 0.2)


def test_where_there_is_no_choice_nothing_is_judged():
    assert beside(path("promise"), TRUE) == {}


def test_figures_by_hand():
    told = [path("promise", "answer"), path("answer", "reach_out", "promise")]
    found = figures(pd.DataFrame([beside(each, TRUE) for each in told]))
    assert found["first"] == 0.5
    assert found["first two"] == 0.5
    assert found["chance"] == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert found["always the same"] == 1.0
    assert found["gained"] == pytest.approx(0.5 / 0.6)
