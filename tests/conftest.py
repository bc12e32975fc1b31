"""Books for the tests: tiny ones written out row by row, and one sample company with its trained models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from company import write_sample
from features.book.book import Book, open_book
from models.fitted.boosting import Setting
from models.registry.registry import Registry
from models.registry.versions import Version
from pages.training.page import page
from serving.champions import fetch_champions
from serving.scorer import Scorer, load_models
from training.register import judge_for, register
from training.train import train
from training.trained import Training

TIMES = ("occurred_at", "known_at", "opened_at", "hired_at", "left_at")
Rows = list[dict[str, Any]]


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
def make_book(tmp_path: Path) -> Callable[..., Book]:
    """Opens a book of the given tables: ``make_book(accounts=[...], interactions=[...])``."""

    def make(max_bad_share: float = 1.0, **tables: Rows) -> Book:
        return open_book(
            write_book(tmp_path / "book", **tables), max_bad_share=max_bad_share
        )

    return make


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample company of 400 accounts over 18 months."""
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, accounts=400, months=18, seed=7)
    return folder


@pytest.fixture(scope="session")
def sample_book(sample_folder: Path) -> Book:
    """The sample company, opened."""
    return open_book(sample_folder)


@pytest.fixture(scope="session")
def trained(sample_book: Book) -> Training:
    """The models of the sample company, trained once."""
    return train(sample_book, setting=Setting(trees=40))


def keep(training: Training, registry: Registry, workplace: Path) -> list[Version]:
    """Registers a training with its page, as the command does."""
    verdicts = judge_for(training, registry)
    return register(training, verdicts, page(training, verdicts), registry, workplace)


@pytest.fixture(scope="session")
def store_folder(trained: Training, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One warm MLflow store, in which the models of the sample company are champions."""
    folder = tmp_path_factory.mktemp("store")
    registry = Registry(str(folder), create=True)
    keep(trained, registry, tmp_path_factory.mktemp("workplace"))
    registry.promote()
    return folder


@pytest.fixture
def store(store_folder: Path) -> Registry:
    """The warm store, opened: other tests may have opened others since."""
    return Registry(str(store_folder))


@pytest.fixture(scope="session")
def models_folder(store_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The champions of the sample company in a plain folder."""
    return fetch_champions(
        Registry(str(store_folder)), tmp_path_factory.mktemp("models")
    )


@pytest.fixture(scope="session")
def scorer(models_folder: Path) -> Scorer:
    """The champions of the sample company, read."""
    return load_models(models_folder)
