"""The look of the charts on the pages: colours in light and dark, fonts, and drawings as SVG inside the page."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, ParamSpec

import matplotlib as mpl
from matplotlib.figure import Figure as Drawing

_Given = ParamSpec("_Given")

INK, SOFT, ACCENT, SECOND, PALE = "#1d2733", "#5b6775", "#b3402a", "#2f6690", "#b9c0c8"
ON_COLOUR = "#101820"
"""Of letters on a light area, which is as light in the dark."""

DARK = {
    INK: "#e4e9ef",
    SOFT: "#a5b0bd",
    ACCENT: "#e8806a",
    SECOND: "#74a9d4",
    PALE: "#5f6b78",
}
"""What the colours become for readers whose system is dark; others serve both."""

WIDTH = 4.4
"""Of a chart that takes half a page, or the whole of a telephone's, in inches."""

_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "pinch",
    "font.family": "sans-serif",
    "font.sans-serif": ["Helvetica Neue", "Arial", "DejaVu Sans"],
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
}


def drawing(height: float, width: float = WIDTH) -> Drawing:
    """An empty drawing, in inches."""
    return Drawing(figsize=(width, height), layout="constrained")


def as_image(draw: Callable[_Given, Drawing]) -> Callable[_Given, str]:
    """Draws in the look of the pages, and gives the drawing as the address of an image that holds it.

    The image follows the reader's light or dark scheme.
    """

    @wraps(draw)
    def drawn(*args: _Given.args, **values: _Given.kwargs) -> str:
        with mpl.rc_context(_STYLE):
            written = BytesIO()
            draw(*args, **values).savefig(
                written, format="svg", metadata={"Date": None}, transparent=True
            )
            svg = _in_both_schemes(written.getvalue().decode())
            return (
                "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
            )

    return drawn


def _in_both_schemes(svg: str) -> str:
    dark = "".join(f"--c{light[1:]}: {colour}; " for light, colour in DARK.items())
    for light in DARK:
        svg = svg.replace(light, f"var(--c{light[1:]}, {light})")
    style = f"<style>@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark}}} }}</style>"
    return svg.replace("<defs>", f"{style}<defs>", 1)
