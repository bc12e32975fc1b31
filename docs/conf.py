"""How the site is built: the pages of this folder, the notebooks run on a sample company, and the reference."""

import re

from sphinx.application import Sphinx

PACKAGES = ("features", "models", "training", "serving", "pages", "company")

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

# Links to headings are checked as well; what is in single backticks in a docstring is a name of ours.
myst_heading_anchors = 3
nb_execution_mode = "off"

default_role = "any"
add_module_names = False
autodoc_member_order = "bysource"
autodoc_default_options = {"exclude-members": "model_config"}
napoleon_use_ivar = True
napoleon_attr_annotations = False
napoleon_use_rtype = False
autodoc_typehints = "none"
apidoc_modules = [
    {
        "path": f"../{package}",
        "destination": f"reference/{package}",
        "module_first": True,
    }
    for package in PACKAGES
]


def setup(app: Sphinx) -> None:
    """Joins names before napoleon comes, which reads ``low, high: the bounds`` as ``high`` of the type ``low``."""
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
    """Takes the blanks out of several names that share an entry."""
    for place, line in enumerate(lines):
        lines[place] = re.sub(
            r"^ {4}\w+(, \w+)+(?=: )", lambda names: names[0].replace(", ", ","), line
        )
