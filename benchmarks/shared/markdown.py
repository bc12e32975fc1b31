"""Markdown of the pages: tables, percents and filled paragraphs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pandas as pd

WIDTH = 120


def percent(value: float | None) -> str:
    """A share in words; empty where there is none."""
    return "" if value is None or pd.isna(value) else f"{value:.0%}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def filled(block: str) -> str:
    """A paragraph or a list with its lines filled; anything else as it is."""
    if block.startswith("- "):
        points = block.removeprefix("- ").split("\n- ")
        return "\n".join(map(bullet, points))
    if block.startswith(("#", "|", "```")):
        return block
    return textwrap.fill(" ".join(block.split()), WIDTH)


def bullet(said: str) -> str:
    """A point of a list, its lines filled."""
    point = f"- {' '.join(said.split())}"
    return textwrap.fill(point, WIDTH, subsequent_indent="  ")


def page_of(parts: Sequence[str]) -> str:
    """A page of parts, whose blocks stand apart by an empty line."""
    blocks = [block.strip("\n") for part in parts for block in part.split("\n\n")]
    return "\n\n".join(filled(block) for block in blocks if block) + "\n"
