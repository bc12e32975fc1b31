"""What the HTML pages share: the shell around them, and the look of their charts."""

from pages.shell import render

__all__ = ["render"]
