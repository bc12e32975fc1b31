"""Pictures of a training: a curve for each model with the right points, and an image that opens."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from training.plots import draw_calibration, draw_lift
from training.walk_forward import MODEL, Outcome

LEFT = np.array([0.0, 0.0, 1.0, 1.0])


def outcomes():
    """Two test dates of our model and one of a baseline, and another horizon."""
    return [
        Outcome(MODEL, 90, LEFT[:2], np.array([0.1, 0.2])),
        Outcome(MODEL, 90, LEFT[2:], np.array([0.9, 0.3])),
        Outcome("recency", 90, LEFT, np.array([0.4, 0.3, 0.2, 0.1])),
        Outcome("logistic", 14, LEFT, np.array([0.5, 0.5, 0.5, 0.5])),
    ]


@pytest.fixture
def drawn(monkeypatch):
    """The figures that were saved."""
    figures, save = [], Figure.savefig
    monkeypatch.setattr(Figure, "savefig", lambda self, *a, **k: (figures.append(self), save(self, *a, **k)))
    return figures


def curves(figure):
    """Points by label, of the curves that have one."""
    (axes,) = figure.axes
    lines = [line for line in axes.get_lines() if not line.get_label().startswith("_")]
    return {line.get_label(): np.transpose(line.get_data()).tolist() for line in lines}


def test_calibration_shows_risk_against_frequency_with_test_dates_put_together(drawn, tmp_path):
    draw_calibration(outcomes(), 90, tmp_path / "calibration.png")
    found = curves(drawn[0])
    assert found.keys() == {MODEL, "recency"}
    assert found[MODEL] == [[0.1, 0.0], [0.2, 0.0], [0.3, 1.0], [0.9, 1.0]]
    assert found["recency"] == [[0.1, 1.0], [0.2, 1.0], [0.3, 0.0], [0.4, 0.0]]


def test_lift_shows_the_share_of_leavers_found(drawn, tmp_path):
    draw_lift(outcomes(), 90, tmp_path / "lift.png")
    found = curves(drawn[0])
    assert found[MODEL] == [[0.25, 0.5], [0.5, 1.0], [0.75, 1.0], [1.0, 1.0]]
    assert found["recency"] == [[0.25, 0.0], [0.5, 0.0], [0.75, 0.5], [1.0, 1.0]]


def test_our_model_has_its_own_colour(drawn, tmp_path):
    draw_lift(outcomes(), 90, tmp_path / "lift.png")
    (axes,) = drawn[0].axes
    colours = {line.get_label(): line.get_color() for line in axes.get_lines()}
    assert colours[MODEL] != colours["recency"]


@pytest.mark.parametrize("draw", [draw_calibration, draw_lift])
def test_a_picture_is_written_where_it_was_asked_for_and_opens(draw, tmp_path):
    file = draw(outcomes(), 14, tmp_path / "picture.png")
    assert file == tmp_path / "picture.png"
    assert imread(file).shape[:2] == (660, 660)


@pytest.mark.parametrize("draw", [draw_calibration, draw_lift])
def test_a_date_without_a_leaver_can_be_drawn(draw, tmp_path):
    nobody = [Outcome(MODEL, 90, np.zeros(5), np.linspace(0.1, 0.5, 5))]
    assert draw(nobody, 90, tmp_path / "picture.png").exists()
