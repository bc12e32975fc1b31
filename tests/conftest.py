"""Books for the tests: tiny ones written out row by row, and one sample company with its trained models."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from filelock import FileLock
from postgres_server import Server, programs, server

from company import Knobs, write_sample
from features.book.book import Book, open_book
from models.fitted.boosting import Setting
from models.registry.registry import Registry
from models.registry.versions import Version
from pages.training.page import page
from serving.champions import fetch_champions
from serving.scorer import Scorer, load_models
from training.configuration import Configuration
from training.past.observed import observe
from training.register import judge_for, register
from training.train import train
from training.trained import Training

NO_CONTRACTS = Knobs(contracts=0)
"""For books whose dates are a step apart: contracts add those before the ends of terms."""

TIMES = (
    *("occurred_at", "known_at", "opened_at", "hired_at", "left_at"),
    *("starts_at", "ends_at", "scheduled_at"),
    *("list", "until"),
)
Rows = list[dict[str, Any]]
OfTheRun = Callable[[str, Callable[[Path], object]], Path]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file stays in one worker, all that name `trained` in the same; dear files first, so that both end together."""
    fixtures: dict[Path, set[str]] = {}
    for item in items:
        fixtures.setdefault(item.path, set()).update(getattr(item, "fixturenames", ()))
    for item in items:
        group = "trained" if "trained" in fixtures[item.path] else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: _rank(fixtures[item.path]))


def _rank(fixtures: set[str]) -> int:
    """The training first, then what needs its book alone, then its store, which is there by then; the rest at last."""
    if "trained" in fixtures:
        return 0
    if "store_folder" in fixtures:
        return 2
    return 1 if "sample_folder" in fixtures else 3


def write_book(folder: Path, **tables: Rows) -> Path:
    """Writes tables, each a list of rows, as a book of Parquet files; times may be texts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        frame = pd.DataFrame(rows)
        for column in frame.columns.intersection(TIMES):
            frame[column] = pd.to_datetime(frame[column], format="ISO8601")
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    return folder


@pytest.fixture
def make_book(tmp_path: Path) -> Iterator[Callable[..., Book]]:
    """Opens a book of the given tables: ``make_book(accounts=[...], interactions=[...])``; closed after the test."""
    with ExitStack() as opened:

        def make(max_bad_share: float = 1.0, **tables: Rows) -> Book:
            folder = write_book(tmp_path / "book", **tables)
            book = open_book(folder, max_bad_share=max_bad_share)
            return opened.enter_context(book)

        yield make


@pytest.fixture(scope="session")
def of_the_run(tmp_path_factory: pytest.TempPathFactory) -> OfTheRun:
    """Makes a folder once for all workers of a run: ``of_the_run("sample", make)``; the others wait for it."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent

    def once(name: str, make: Callable[[Path], object]) -> Path:
        folder, made = place / name, place / f"{name}.made"
        with FileLock(f"{folder}.lock"):
            if not made.exists():
                folder.mkdir()
                make(folder)
                made.touch()
        return folder

    return once


@pytest.fixture(scope="session")
def sample_folder(of_the_run: OfTheRun) -> Path:
    """A sample company of 400 accounts over 18 months, none of which holds a contract."""
    return of_the_run(
        "sample",
        lambda folder: write_sample(folder, 400, 18, seed=7, knobs=NO_CONTRACTS),
    )


@pytest.fixture(scope="session")
def small_folder(of_the_run: OfTheRun) -> Path:
    """The like of 150 accounts over 18 months, for what trains and asks for no sure figures."""
    return of_the_run(
        "small",
        lambda folder: write_sample(folder, 150, 18, seed=4, knobs=NO_CONTRACTS),
    )


@pytest.fixture(scope="session")
def small_book(small_folder: Path) -> Iterator[Book]:
    """The small company, opened."""
    with open_book(small_folder) as book:
        yield book


@pytest.fixture(scope="session")
def sample_book(sample_folder: Path) -> Iterator[Book]:
    """The sample company, opened."""
    with open_book(sample_folder) as book:
        yield book


@pytest.fixture(scope="session")
def trained(sample_book: Book) -> Training:
    """The models of the sample company, trained once: all tests that name it run in one worker."""
    return train(observe(sample_book), Configuration(Setting(trees=40)))


def keep(training: Training, registry: Registry, workplace: Path) -> list[Version]:
    """Registers a training with its page, as the command does."""
    verdicts = judge_for(training, registry)
    return register(training, verdicts, page(training, verdicts), registry, workplace)


@pytest.fixture(scope="session")
def new_store(of_the_run: OfTheRun) -> Callable[[Path], Path]:
    """Makes a store without a training, as a copy: a first one takes MLflow seconds."""
    made = of_the_run("new", lambda folder: Registry(str(folder), create=True))
    return lambda folder: Path(shutil.copytree(made, folder))


@pytest.fixture(scope="session")
def store_folder(
    request: pytest.FixtureRequest,
    of_the_run: OfTheRun,
    new_store: Callable[[Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """One warm MLflow store, in which the models of the sample company are champions; tests write to copies."""

    def make(folder: Path) -> None:
        folder.rmdir()
        registry = Registry(str(new_store(folder)))
        training = request.getfixturevalue("trained")
        keep(training, registry, tmp_path_factory.mktemp("workplace"))
        registry.promote()

    return of_the_run("store", make)


@pytest.fixture
def store(store_folder: Path) -> Registry:
    """The warm store, opened: other tests may have opened others since."""
    return Registry(str(store_folder))


@pytest.fixture(scope="session")
def models_folder(store_folder: Path, of_the_run: OfTheRun) -> Path:
    """The champions of the sample company in a plain folder."""
    return of_the_run(
        "models",
        lambda folder: fetch_champions(Registry(str(store_folder)), folder),
    )


@pytest.fixture(scope="session")
def scorer(models_folder: Path) -> Scorer:
    """The champions of the sample company, read."""
    return load_models(models_folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server; where none is installed, what needs it is skipped by name, but never by CI."""
    if programs() is None and not os.environ.get("CI"):
        pytest.skip("PostgreSQL is not installed")
    with server() as running:
        yield running
