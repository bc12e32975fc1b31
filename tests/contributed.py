"""Run in a copy of the packages that has the examples of CONTRIBUTING.md: writes what came of them to found.json."""

import json
import pkgutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from conftest import write_book
from typer.testing import CliRunner

import pinch
from features.book.book import open_book
from features.engine import instant
from features.snapshot.frame import snapshot
from features.snapshot.of_request import ASKED
from features.themes.dictionary import page
from models.fitted.learner import know_reader
from serving.endpoint.answer_schemas import Prediction
from serving.night.without_models import score_by_rules
from serving.scorer import Scorer
from training.fitting.learner import fit_by

AS_OF = instant(datetime(2024, 6, 1, tzinfo=UTC))
HAPPENED = {
    "2023-11-01": "question",
    "2024-04-01": "delivery",
    "2024-05-01": "delivery",
    "2024-05-02": "delay_notice",
    "2024-05-20": "question",
    "2024-05-21": "question",
}


def made_book(folder):
    """One account."""
    told = [
        {"account_id": "a", "occurred_at": day, "kind": kind}
        for day, kind in HAPPENED.items()
    ]
    survey = {"account_id": "a", "occurred_at": "2024-05-10", "score": 8}
    return open_book(
        write_book(
            folder,
            accounts=[{"account_id": "a", "opened_at": "2023-01-01"}],
            interactions=told,
            surveys=[survey | {"item": "on_time"}, survey | {"item": "people"}],
        )
    )


def scored(frame):
    """By a model that gives everybody a risk of .4 and three silent leavers of four."""
    encoding = SimpleNamespace(
        matrix=lambda rows: np.zeros((len(rows), 1)),
        completed=lambda rows: rows,
        columns=["days_silent"],
    )
    risks = {f"risk_{days}d": np.array([0.4]) for days in (14, 30, 60, 90, 180)}
    model = SimpleNamespace(
        encoding=encoding,
        facts={},
        risks_of=lambda matrix: risks,
        silent_shares_of=lambda matrix: np.array([0.75]),
        contributions_of=lambda matrix: np.array([[1.0]]),
        typical={},
    )
    return Scorer(model, None, "1").score(frame)


def install_readers():
    """Makes those known that `pyproject.toml` names, as an installation does."""
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    for name, reader in project["entry-points"]["pinch.readers"].items():
        know_reader(name, pkgutil.resolve_name(reader))


def main():
    from features.snapshot.in_memory import snapshot_in_memory
    from training.fitting.share import Share

    book = made_book(Path("book"))
    frame = snapshot(book, [AS_OF])
    tables = {
        table: book.connection.execute(f"select * from {table}").df() for table in ASKED
    }
    mine = snapshot_in_memory(tables, AS_OF)
    both = mine.columns.intersection(frame.columns)
    answer, help = (
        CliRunner().invoke(pinch.app, asked)
        for asked in (["kinds", "--json"], ["--help"])
    )
    left, even = np.array([1.0, 0.0, 0.0, 0.0]), np.ones(4)
    install_readers()
    fitted = fit_by(Share(), np.zeros((4, 2)), left, even, [])
    facts = {
        "features": frame.select_dtypes("number").iloc[0].dropna().to_dict(),
        "page": page(),
        "unknown": [str(names) for names in book.unknown if names.count],
        "scores": scored(frame).iloc[0].dropna().astype(str).to_dict(),
        "by_rules": list(score_by_rules(frame)),
        "described": Prediction.model_json_schema()["required"],
        "log_odds": list(fitted.raw(np.zeros((2, 2)))),
        "kinds": json.loads(answer.stdout),
        "help": help.stdout,
        "columns": [len(mine.columns), len(both)],
        "differ": [
            name
            for name in both
            if not mine[name].astype(object).equals(frame[name].astype(object))
        ],
    }
    Path("found.json").write_text(json.dumps(facts))


if __name__ == "__main__":
    main()
