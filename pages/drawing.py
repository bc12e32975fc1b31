"""The look of the charts on the pages: fonts, lines, and drawings as SVG inside the page."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, ParamSpec

import matplotlib as mpl
from matplotlib.figure import Figure as Drawing

from pages.colours import ACCENT, DARK, INK, PALE, SECOND, SOFT

_Given = ParamSpec("_Given")

WIDTH = 4.4
"""Of a chart that takes half a page, or the whole of a telephone's, in inches."""

_DRAWN = (INK, SOFT, ACCENT, SECOND, PALE)
"""The colours of charts that differ in the dark."""

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
            svg = _in_both_schemes(_svg(draw(*args, **values)))
        encoded = base64.b64encode(svg.encode()).decode()
        return f"data:image/svg+xml;base64,{encoded}"

    return drawn


def _svg(drawn: Drawing) -> str:
    written = BytesIO()
    drawn.savefig(written, format="svg", metadata={"Date": None}, transparent=True)
    return written.getvalue().decode()


def _in_both_schemes(svg: str) -> str:
    dark = ""
    for light in _DRAWN:
        name = f"--c{light.removeprefix('#')}"
        dark += f"{name}: {DARK[light]}; "
        svg = svg.replace(light, f"var({name}, {light})")
    style = f"<style>@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark}}} }}</style>"
    return svg.replace("<defs>", f"{style}<defs>", 1)
