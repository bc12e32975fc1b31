"""The bands of risk: where they are cut, and nowhere else."""

import numpy as np
import pytest

from models.score.bands import BANDS, UNKNOWN, band_of, bands_of, height
from pages.colours import OF_BAND


@pytest.mark.parametrize(
    ("risk", "expected"),
    [
        (0.0, "low"),
        (np.nextafter(0.1, 0), "low"),
        (0.1, "raised"),
        (0.25, "high"),
        (np.nextafter(0.5, 0), "high"),
        (0.5, "acute"),
        (1.0, "acute"),
        (float("nan"), "unknown"),
    ],
)
def test_a_band_begins_at_its_least_risk(risk, expected):
    assert band_of(risk) == expected
    assert bands_of(np.array([0.3, risk])) == ["high", expected]


def test_a_higher_band_is_higher_and_an_unknown_one_nowhere():
    assert [height(band.name) for band in BANDS] == [0, 1, 2, 3]
    assert height(UNKNOWN) == -1


def test_every_band_has_a_colour():
    assert set(OF_BAND) == {UNKNOWN, *(band.name for band in BANDS)}
