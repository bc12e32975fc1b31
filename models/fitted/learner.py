"""Learners: who fits the risk at a horizon, ours or a data scientist's own (docs/adr/0026).

A learner fits the log-odds of one outcome. What it has fitted is kept as texts, never as a pickle, and read again by
the reader that is known under the learner's name: one that `know_reader` was called with, or an entry point of an
installed package, in its ``pyproject.toml``::

    [project.entry-points."pinch.readers"]
    scorecard = "mypackage.scorecard:read"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Protocol

import numpy as np
import numpy.typing as npt

from features.errors import ModelError
from models.fitted.encoding import Matrix

Array = npt.NDArray[np.float64]

OURS = "blend"
"""The name of our own learner, `models.fitted.blend`."""
GROUP = "pinch.readers"
"""The group of entry points that name readers."""


class Fitted(Protocol):
    """What a learner has fitted."""

    def raw(self, matrix: Matrix) -> Matrix:
        """Log-odds of each row, shape (rows,); of a row alone the same as beside others."""
        ...

    def contributions(self, matrix: Matrix) -> Matrix:
        """What each column adds to the log-odds of each row, shape (rows, columns); reasons are made of it."""
        ...

    def files(self, stem: str) -> dict[str, str]:
        """The texts that hold it, by file name; each name begins with the stem and a dot."""
        ...


Reader = Callable[[Mapping[str, str], str], Fitted]
"""Reads what `Fitted.files` gave, from the texts of a model and the stem."""

_known: dict[str, Reader] = {}


def know_reader(name: str, reader: Reader) -> None:
    """Makes the reader of a learner known in this process; another one of the name is forgotten."""
    _known[name] = reader


def reader_of(name: str) -> Reader:
    """The reader that is known under the name of a learner.

    Raises:
        ModelError: there is none.
    """
    if name in _known:
        return _known[name]
    for entry in entry_points(group=GROUP, name=name):
        found: Reader = entry.load()
        return found
    raise ModelError(
        where=f"learner {name}",
        found="no reader of that name",
        expected=f"one given to models.fitted.learner.know_reader, or an entry point of the group {GROUP}",
        mend="install the package that brings it, or import the module that makes it known",
    )


def files_of(fitted: Fitted, name: str, stem: str) -> dict[str, str]:
    """The texts of what a learner of a name has fitted.

    Raises:
        ModelError: a file is no text, or its name does not begin with the stem.
    """
    files = fitted.files(stem)
    if not all(
        file.startswith(f"{stem}.") and isinstance(text, str)
        for file, text in files.items()
    ):
        raise unsound(
            name,
            "files of other names, or that are no texts",
            f"texts, by names that begin with {stem}.",
        )
    return files


def unsound(name: str, found: str, expected: str) -> ModelError:
    """The error of a learner, or what it has fitted, that is not what it should be."""
    return ModelError(
        where=f"learner {name}",
        found=found,
        expected=expected,
        mend="correct the learner or its reader",
    )
