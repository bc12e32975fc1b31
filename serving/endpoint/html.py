"""The shell of the endpoint's pages, which load nothing from anywhere else, and their icon."""

from __future__ import annotations

from features.quadrants import Quadrant
from pages.colours import OF_STATE, variables

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

_SQUARES = {
    Quadrant.POOR: "M0 8h8v8H0z",
    Quadrant.PEOPLE_CARRIED: "M8 8h8v8H8z",
    Quadrant.PRODUCT_CARRIED: "M0 0h8v8H0z",
    Quadrant.EXCEPTIONAL: "M8 0h8v8H8z",
}
"""The quadrants, the people to the right and the product upwards."""

ICON = "".join(
    [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">',
        *(
            f'<path fill="{OF_STATE[quadrant]}" d="{square}"/>'
            for quadrant, square in _SQUARES.items()
        ),
        "</svg>",
    ]
)

_SHELL = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="favicon.ico">
<style>
:root {{ color-scheme: light dark; {light} }}
@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  color: var(--ink); background: var(--paper); }}
a {{ color: var(--second); }}
section {{ border-top: 1px solid var(--line); margin-top: 2rem; }}
pre {{ overflow-x: auto; background: var(--strong); padding: .6rem .8rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }}
.soft {{ color: var(--soft); }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def page(title: str, body: str) -> str:
    """A page.

    Args:
        title: of the page.
        body: HTML.
    """
    colours = variables().items()
    light = " ".join(f"--{name}: {colour.light};" for name, colour in colours)
    dark = " ".join(f"--{name}: {colour.dark};" for name, colour in colours)
    return _SHELL.format(title=title, body=body, light=light, dark=dark)
