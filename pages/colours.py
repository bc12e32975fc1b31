"""The colours of all that people look at: the one place that names any."""

from __future__ import annotations

from typing import NamedTuple

INK, SOFT, LINE, PAPER, STRONG = "#1d2733", "#5b6775", "#dde3ea", "#ffffff", "#f6f8fa"
"""Of letters, of letters beside them, of rules, of the ground, and of a row that stands out."""
ACCENT, SECOND, PALE = "#b3402a", "#2f6690", "#b9c0c8"
"""Of what a chart is about, of what stands beside it, and of what is behind both."""

DARK = {
    INK: "#e4e9ef",
    SOFT: "#a5b0bd",
    LINE: "#333d49",
    PAPER: "#14191f",
    STRONG: "#1f262e",
    ACCENT: "#e8806a",
    SECOND: "#74a9d4",
    PALE: "#5f6b78",
}
"""What these become for readers whose system is dark; the others serve both."""

GOOD, FAIR, MIXED, BAD, UNKNOWN = "#2a7f62", "#7fb3a2", "#8fb0cf", "#c8553d", "#d5d9de"

OF_STATE = {
    "exceptional": GOOD,
    "people_carried": FAIR,
    "product_carried": MIXED,
    "poor": BAD,
    "surprises": GOOD,
    "expectations": MIXED,
    "recovery": BAD,
    "unknown": UNKNOWN,
}
"""The colour of each quadrant and zone, in the order in which they are stacked from below."""

OF_BAND = {
    "acute": BAD,
    "high": "#e0a458",
    "raised": "#e8d9b5",
    "low": FAIR,
    "unknown": UNKNOWN,
}
"""The colour of each band of risk, from the highest."""

BESIDE = (SECOND, MIXED, "#d4a373", "#7f8c8d", PALE)
"""Of the models beside ours, one after the other."""

ON_LIGHT, ON_DARK = "#101820", "#ffffff"
"""Of letters on a light and on a dark colour, which are so in both schemes."""


class Variable(NamedTuple):
    """A colour of the style sheet, in light and dark."""

    light: str
    dark: str


STYLE = {
    "ink": INK,
    "soft": SOFT,
    "line": LINE,
    "paper": PAPER,
    "strong": STRONG,
    "accent": ACCENT,
    "second": SECOND,
}
"""The variables of the style sheet, ``--ink`` and so on."""


def variables() -> dict[str, Variable]:
    """The variables of the style sheet, by name."""
    return {name: Variable(light, DARK[light]) for name, light in STYLE.items()}


def shade(colour: str, opacity: float) -> str:
    """A colour that lets the ground shine through.

    Example:
        >>> shade(ACCENT, 0.5)
        'rgba(179, 64, 42, 0.50)'
    """
    red, green, blue = _channels(colour)
    return f"rgba({red}, {green}, {blue}, {opacity:.2f})"


def letters_on(colour: str) -> str:
    """Of letters on a colour: the dark or the light ones, whichever stand out more.

    Example:
        >>> letters_on(GOOD), letters_on(FAIR)
        ('#ffffff', '#101820')
    """
    return max(ON_DARK, ON_LIGHT, key=lambda letters: contrast(letters, colour))


def contrast(one: str, other: str) -> float:
    """How much two colours stand out from each other, from 1 to 21 (WCAG 2.2, "contrast ratio").

    Example:
        >>> contrast("#000000", "#ffffff")
        21.0
    """
    lights = _luminance(one), _luminance(other)
    lighter, darker = max(lights), min(lights)
    return round((lighter + 0.05) / (darker + 0.05), 2)


def _luminance(colour: str) -> float:
    channels = _channels(colour)
    red, green, blue = (_linear(channel / 255) for channel in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    """A channel of sRGB as light."""
    if channel <= 0.04045:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
