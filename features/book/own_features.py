"""Features of one's own: themes that a Python file beside a book declares, in the very form of ours.

The file is run only where ``book.toml`` names it and a book is opened to be looked at or trained on. What it declares
is written as plain data and read again before it is used, so a training measures what its models carry along. A night
and the endpoint read it from the models, without the file.
"""

from __future__ import annotations

import json
import runpy
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from features.book.trained_facts import TrainedFacts
from features.cleaning.arrays.rows import request_of_rows
from features.errors import BookError, ModelError
from features.past.declaration import Formula, Theme
from features.past.few_accounts import ledger_of
from features.past.measure import Measure, speaking
from features.sources.settings import Settings
from features.themes.dictionary import OURS, THEMES, Dictionary
from features.themes.own import read_themes, written_themes
from features.timeline.histories import Past, pasts
from features.timeline.written import UnreadableError
from features.utc import moment_of
from features.vocabulary.own import NONE, OwnWords, UnfitWordError, read_words

_AS_OF = 1_700_000_000_000_000


def dictionary_of(
    folder: Path, settings: Settings, trained: TrainedFacts | None
) -> Dictionary:
    """The dictionary of a book: that of its models, or of the file that its ``book.toml`` names.

    Raises:
        BookError: as `declared_in`.
    """
    if trained is not None:
        return trained.dictionary
    if settings.features_file is None:
        return OURS
    return declared_in(folder / settings.features_file, settings.words)


def declared_in(file: Path, words: OwnWords = NONE) -> Dictionary:
    """The dictionary with the themes that a Python file declares. The file is run.

    Args:
        file: every `features.past.declaration.Theme` that stands in it by a name is one of its themes.
        words: the kinds of the book's own that it may name.

    Raises:
        BookError: there is no such file, it fails, or what it declares cannot be measured.
    """
    if not file.is_file():
        raise BookError(
            where="book.toml, features.file",
            found=f"no file {file.name}",
            expected="a Python file beside book.toml",
            mend="correct the name",
        )
    try:
        with speaking(words.spoken):
            made = runpy.run_path(str(file))
    except Exception as error:
        found, expected = f"{type(error).__name__}: {error}", "Python that runs"
        raise _mistake(file, found, expected) from error
    themes = [each for each in made.values() if isinstance(each, Theme)]
    own = [theme for theme in themes if all(theme is not ours for ours in THEMES)]
    try:
        return _checked(json.loads(json.dumps(written_themes(own))))
    except UnreadableError as error:
        expected = "themes of features as those of Pinch are declared"
        raise _mistake(file, str(error), expected) from None


def declared_by(written: object) -> Dictionary:
    """The dictionary with the themes that models carry along; nothing of them is run.

    Args:
        written: see `features.themes.own.written_themes`.

    Raises:
        ModelError: they cannot be read.
    """
    try:
        return _checked(written)
    except UnreadableError as error:
        raise ModelError(
            where="model.json, themes",
            found=str(error),
            expected="themes as a training writes them",
            mend="fetch the model again, or train again",
        ) from None


def words_by(written: object) -> OwnWords:
    """The words that models carry along.

    Raises:
        ModelError: they cannot be read.
    """
    try:
        return NONE if written is None else read_words(written)
    except UnfitWordError as error:
        raise ModelError(
            where="model.json, words",
            found=str(error),
            expected="kinds and items as a training writes them",
            mend="fetch the model again, or train again",
        ) from None


def require_no_fact(dictionary: Dictionary, facts: Iterable[str]) -> None:
    """Refuses features of one's own that have the name of a fact of the book.

    Raises:
        BookError: there are some.
    """
    own = {feature.name for theme in dictionary.own for feature in theme.features}
    both = sorted(own.intersection(facts))
    if both:
        raise BookError(
            where="book.toml, features.file",
            found=f"the features {', '.join(both)}, which are facts of the book as well",
            expected="features with names of their own",
            mend="rename them",
        )


def _mistake(file: Path, found: str, expected: str) -> BookError:
    return BookError(where=file.name, found=found, expected=expected, mend="correct it")


def _checked(written: object) -> Dictionary:
    """The dictionary with some themes, each feature of which was measured once, of an account without any history."""
    dictionary = Dictionary(read_themes(written))
    account = {"account_id": "a", "opened_at": moment_of(_AS_OF)}
    clean = request_of_rows({"accounts": [account]}, {}).clean({})
    features = [feature for theme in dictionary.own for feature in theme.features]
    measures = [feature.how for feature in features if isinstance(feature.how, Measure)]
    windows = sorted({how.asked.window for how in measures if how.asked.window})
    only = np.zeros(1, dtype=np.int64)
    ((_, past),) = pasts(ledger_of(clean), only, only + _AS_OF, windows)
    for feature in features:
        if isinstance(feature.how, Formula):
            continue
        _try_out(feature.name, feature.how, past)
    return dictionary


def _try_out(name: str, how: Measure, past: Past) -> None:
    try:
        getattr(past.of(how.source), how.how)(how.asked)
    except KeyError as error:
        raise UnreadableError(
            f"the feature {name}, which reads {error} of {how.source.name}"
        ) from None
    except (AttributeError, AssertionError, TypeError, ValueError, IndexError):
        raise UnreadableError(
            f"the feature {name}: {how.how} cannot be taken so of {how.source.name}"
        ) from None
