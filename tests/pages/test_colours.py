"""The colours: one table, and letters that can be read in light and dark."""

import re
from pathlib import Path

import pytest

from pages import colours
from pages.colours import BAD, FAIR, GOOD, INK, MIXED, SOFT, contrast, letters_on

ROOT = Path(__file__).parents[2]
PLACES = ("pages", "serving/night")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|rgba?\(\d")


def test_no_colour_stands_anywhere_but_in_the_table():
    files = [file for place in PLACES for file in (ROOT / place).rglob("*.*")]
    texts = {file: file.read_text() for file in files if file.suffix in (".py", ".j2")}
    named = [file.name for file, text in texts.items() if COLOUR.search(text)]
    assert named == ["colours.py"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_stand_out_from_the_ground_as_wcag_demands(scheme):
    variables = colours.variables()
    of = {name: getattr(colour, scheme) for name, colour in variables.items()}
    assert contrast(of["ink"], of["paper"]) >= 7
    for ground in ("paper", "strong"):
        assert contrast(of["soft"], of[ground]) >= 4.5


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#ffffff", "#ffffff", 1.0),
        ("#000000", "#ffffff", 21.0),
        # Grey 0x77 is ((119 / 255 + 0.055) / 1.055) ** 2.4 = 0.1845 of white's light: 1.05 / 0.2345.
        ("#777777", "#ffffff", 4.48),
    ],
)
def test_contrast_is_that_of_wcag(one, other, expected):
    assert contrast(one, other) == contrast(other, one) == expected


def test_letters_on_a_colour_are_those_that_stand_out_more():
    assert [letters_on(colour) for colour in (GOOD, BAD)] == ["#ffffff"] * 2
    assert [letters_on(colour) for colour in (FAIR, MIXED)] == ["#101820"] * 2


def test_every_colour_that_changes_in_the_dark_does_so_in_charts_and_style():
    assert set(colours.STYLE.values()) < set(colours.DARK)
    assert {INK, SOFT} < set(colours.DARK)
