"""The picture: a PNG of the accounts that have a quadrant, and no file where none has."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from serving.night.picture import LABELS, draw_quadrants

LEVELS = {"people_level": [2.0, 8.0, 2.0, 8.0], "product_level": [2.0, 2.0, 8.0, 8.0]}
QUADRANTS = ["poor", "people_carried", "product_carried", "exceptional"]


def tables(levels=LEVELS, quadrants=QUADRANTS, risks=(0.9, 0.5, 0.25, 0.125)):
    """The levels and the scores of accounts a, b, c and so on."""
    names = {"account_id": list("abcdefgh"[: len(quadrants)])}
    return pd.DataFrame(names | levels), pd.DataFrame(
        names | {"quadrant": quadrants, "risk_90d": list(risks)}
    )


@pytest.fixture
def drawn(monkeypatch):
    """Figures that would have been saved, in their order."""
    figures = []
    monkeypatch.setattr(Figure, "savefig", lambda self, *_, **__: figures.append(self))
    return figures


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_where_there_are_quadrants_a_png_is_written(tmp_path):
    file = tmp_path / "quadrants.png"
    assert draw_quadrants(*tables(), file) == file
    raw = file.read_bytes()
    assert raw.startswith(b"\x89PNG\r\n\x1a\n")
    assert raw[-8:-4] == b"IEND"
    assert [int.from_bytes(raw[16:20]), int.from_bytes(raw[20:24])] == [
        975,
        845,
    ]  # 7.5 by 6.5 inches at 130 dots


def test_a_png_is_written_whatever_the_file_is_called(tmp_path):
    file = tmp_path / "quadrants.png.part"
    assert draw_quadrants(*tables(), file) == file
    assert file.read_bytes().startswith(b"\x89PNG")


def test_where_nobody_has_a_quadrant_there_is_neither_picture_nor_file(tmp_path):
    unknown = {
        "people_level": [np.nan, 4.0],
        "product_level": [6.0, np.nan],
    }  # one axis alone is no quadrant
    assert (
        draw_quadrants(
            *tables(unknown, ["unknown"] * 2, [0.5, 0.5]), tmp_path / "quadrants.png"
        )
        is None
    )
    assert list(tmp_path.iterdir()) == []


def test_each_quadrant_stands_in_its_corner_with_its_share_of_those_drawn(
    tmp_path, drawn
):
    levels = {
        "people_level": [2.0, 2.0, 8.0, 8.0, np.nan],
        "product_level": [2.0, 3.0, 8.0, 2.0, 8.0],
    }
    quadrants = ["poor", "poor", "exceptional", "people_carried", "unknown"]
    draw_quadrants(*tables(levels, quadrants, [0.5] * 5), tmp_path / "quadrants.png")
    (figure,) = drawn
    assert words(figure) == [
        "poor  50%",
        "people-carried  25%",
        "product-carried  0%",
        "exceptional  25%",
    ]
    assert (
        figure.axes[0].get_title(loc="left")
        == "4 accounts on the Customer Service Index"
    )
    corners = {
        quadrant: (across > 5, up > 5) for (across, up), quadrant in LABELS.items()
    }  # right of, above the middle
    assert corners == {
        "poor": (False, False),
        "people_carried": (True, False),
        "product_carried": (False, True),
        "exceptional": (True, True),
    }


def test_people_lie_across_and_product_up_and_the_colour_is_the_risk_at_90_days(
    tmp_path, drawn
):
    levels = {"people_level": [9.0, 1.0], "product_level": [5.0, 3.0]}
    draw_quadrants(
        *tables(levels, ["people_carried", "poor"], [0.75, 0.25]),
        tmp_path / "quadrants.png",
    )
    axes = drawn[0].axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == (
        "the people who serve them",
        "the product they receive",
    )
    (points,) = axes.collections
    assert points.get_array().tolist() == [
        0.25,
        0.75,
    ]  # the one most at risk is drawn last, on top
    assert np.asarray(points.get_offsets()) == pytest.approx(
        np.array([[1.0, 3.0], [9.0, 5.0]]), abs=0.3
    )


def test_levels_and_scores_meet_by_account_and_not_by_row(tmp_path, drawn):
    levels, scores = tables()
    draw_quadrants(
        levels, scores.iloc[::-1].reset_index(drop=True), tmp_path / "quadrants.png"
    )
    (points,) = drawn[0].axes[0].collections
    at_most_risk = np.asarray(points.get_offsets())[-1]
    assert at_most_risk == pytest.approx(
        [2.0, 2.0], abs=0.3
    )  # account a, with a risk of 0.9


def test_the_same_accounts_give_the_same_bytes(tmp_path):
    once, again = (
        draw_quadrants(*tables(), tmp_path / name).read_bytes()
        for name in ("once.png", "again.png")
    )
    assert once == again


def test_accounts_of_unknown_risk_are_drawn_all_the_same(tmp_path, drawn):
    assert (
        draw_quadrants(*tables(risks=[np.nan] * 4), tmp_path / "quadrants.png")
        is not None
    )
    assert drawn[0].axes[0].get_title(loc="left").startswith("4 accounts")
