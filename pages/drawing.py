"""The look of the charts on the pages: colours, fonts, and drawings as SVG inside the page."""

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

WIDTH = 5.2
"""Of a chart that takes half a page, in inches."""

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
    """Draws in the look of the pages, and gives the drawing as the address of an image that holds it."""

    @wraps(draw)
    def drawn(*args: _Given.args, **values: _Given.kwargs) -> str:
        with mpl.rc_context(_STYLE):
            written = BytesIO()
            draw(*args, **values).savefig(written, format="svg", metadata={"Date": None}, transparent=True)
            return "data:image/svg+xml;base64," + base64.b64encode(written.getvalue()).decode()

    return drawn
