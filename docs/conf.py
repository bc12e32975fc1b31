"""How the site is built: the pages of this folder, the notebooks run on a sample company, and the reference."""

import re
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

SETTINGS = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())
PACKAGES = SETTINGS["tool"]["importlinter"]["root_packages"]

project = "Pinch"
extensions = [
    "myst_nb",
    "sphinx.ext.apidoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["conf.py"]

html_theme = "furo"
html_title = "Pinch"
html_show_sourcelink = False

# To headings links are checked as well.
myst_heading_anchors = 3
nb_execution_mode = "off"

# What is in single backticks in a docstring is a name of ours, and a link.
default_role = "any"
add_module_names = False
autodoc_member_order = "bysource"
autodoc_default_options = {"exclude-members": "model_config"}
napoleon_use_ivar = True
napoleon_attr_annotations = False
napoleon_use_rtype = False
maximum_signature_line_length = 100
# A type that is imported for type checking alone is known by its last name, which several may have.
suppress_warnings = ["ref.python"]
apidoc_modules = [
    {
        "path": f"../{package}",
        "destination": f"reference/{package}",
        "module_first": True,
    }
    for package in PACKAGES
]


def setup(app: Sphinx) -> None:
    """Names what is done to pages and docstrings as they are read; the latter before napoleon does."""
    app.connect("source-read", link_notebooks)
    app.connect("autodoc-process-docstring", join_names, priority=400)


def link_notebooks(_app: Sphinx, _page: str, text: list[str]) -> None:
    """Turns links to notebooks, as the repository has them, to those that were run."""
    text[0] = re.sub(r"\]\((\.\./)+notebooks/", "](/gallery/", text[0])


def join_names(
    _app: Sphinx,
    _what: str,
    _name: str,
    _of: object,
    _options: object,
    lines: list[str],
) -> None:
    """Takes the blanks out of names that share an entry: ``low, high: the bounds`` is else ``high`` of type ``low``."""
    for place, line in enumerate(lines):
        lines[place] = re.sub(
            r"^ {4}\w+(, \w+)+(?=: )", lambda names: names[0].replace(", ", ","), line
        )
