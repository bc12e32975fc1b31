"""The shell of a page: one HTML file that needs nothing else, and fetches nothing."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pages.colours import variables

_HERE = Path(__file__).parent


def render(template: Path, **values: object) -> str:
    """A page by its template, which extends ``shell.html.j2``; every value is escaped.

    Args:
        template: a file ``*.html.j2``.
        values: what the template names; one that is lacking is an error.
    """
    environment = Environment(
        loader=FileSystemLoader([template.parent, _HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    found = environment.get_template(template.name)
    return found.render(colours=variables(), **values)
