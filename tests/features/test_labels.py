"""What people know an account by: shown on lists, and reaching no model, no store and no log."""

import logging

import pandas as pd
import pytest

from company import write_sample
from features.book.book import open_book
from features.book.labels import account_labels
from features.errors import BookError
from features.snapshot.frame import snapshot
from models.fitted.boosting import Setting
from models.registry.registry import Registry
from pages.training.page import page
from serving.champions import fetch_champions
from serving.night.night import score_night
from serving.night.worklist import labelled, worklist
from serving.scorer import load_models
from training.configuration import Configuration
from training.past.observed import observe
from training.register import judge_for, register
from training.train import train

ACCOUNTS = [{"account_id": id_, "opened_at": "2024-01-01"} for id_ in ("a", "b")]
VISIT = {"account_id": "a", "occurred_at": "2024-02-01T10:00", "kind": "visit"}


def test_labels_of_a_table_are_shown_of_those_that_have_any(make_book):
    book = make_book(
        accounts=ACCOUNTS,
        interactions=[VISIT],
        labels=[
            {"account_id": "b", "owner": " Ann ", "name": "Bee"},
            {"account_id": "elsewhere", "owner": "Bob", "name": None},
        ],
    )
    assert book.labels == {"name": "name", "owner": "owner"}
    shown = labelled(
        pd.DataFrame({"account_id": ["b", "a"], "risk": [0.9, 0.1]}),
        account_labels(book),
    )
    assert shown.columns.tolist() == ["account_id", "name", "owner", "risk"]
    assert shown["owner"].tolist()[0] == "Ann"
    assert shown["owner"].isna().tolist() == [False, True]
    assert (len(book.quarantine), book.facts) == (0, {})


def test_two_rows_of_one_account_are_one_and_the_other_is_counted(make_book):
    rows = [{"account_id": "a", "name": name} for name in ("Zed", "Bee")]
    book = make_book(accounts=ACCOUNTS, interactions=[VISIT], labels=rows)
    assert account_labels(book)["name"].to_dict() == {"a": "Bee", "b": None}
    assert book.quarantine["expected"].tolist() == ["one row for each id"]


def test_labels_from_two_places_are_refused(tmp_path):
    (tmp_path / "accounts.csv").write_text(
        "account_id,opened_at,company\na,2024-01-01,x"
    )
    (tmp_path / "interactions.csv").write_text("account_id,occurred_at,kind\n")
    (tmp_path / "labels.csv").write_text("account_id,name\na,Ay")
    (tmp_path / "book.toml").write_text('[labels]\nname = "company"')
    with pytest.raises(BookError, match=r"table labels: found labels that book\.toml"):
        open_book(tmp_path)


def test_the_former_name_of_a_link_is_still_read(tmp_path):
    (tmp_path / "accounts.csv").write_text("account_id,opened_at,crm\na,2024-01-01,c/1")
    (tmp_path / "interactions.csv").write_text("account_id,occurred_at,kind\n")
    (tmp_path / "book.toml").write_text('[labels]\nurl = "crm"')
    with open_book(tmp_path) as book:
        assert account_labels(book).to_dict("index") == {"a": {"link": "c/1"}}


SECRET = "Zanzibar Holding"


@pytest.mark.slow
def test_no_label_reaches_features_models_the_store_or_a_log(tmp_path, caplog):
    write_sample(tmp_path / "book", accounts=150, months=14, seed=5)
    accounts = pd.read_parquet(tmp_path / "book" / "accounts.parquet")["account_id"]
    labels = pd.DataFrame({"account_id": accounts}).assign(
        name=SECRET, owner=SECRET, contact=SECRET, link=SECRET
    )
    labels.to_parquet(tmp_path / "book" / "labels.parquet", index=False)
    caplog.set_level(logging.DEBUG)
    registry = Registry(str(tmp_path / "store"), create=True)
    with open_book(tmp_path / "book") as book:
        frame = snapshot(book, [book.watermark])
        training = train(observe(book), Configuration(Setting(trees=5)))
        verdicts = judge_for(training, registry)
        made = page(training, verdicts)
        register(training, verdicts, made, registry, tmp_path / "workplace")
        registry.promote()
        models = fetch_champions(registry, tmp_path / "models")
        night = score_night(book, book.watermark, load_models(models))
        listed = labelled(worklist(night.scores, 3), account_labels(book))
    assert listed["owner"].tolist() == [SECRET] * 3
    for told in (frame, training.data.frame, night.scores):
        assert SECRET not in told.to_csv()
    kept = [file for file in tmp_path.rglob("*") if file.is_file()]
    kept = [file for file in kept if file.parent != tmp_path / "book"]
    assert any(file.name == "model.json" for file in kept)
    assert [file for file in kept if SECRET.encode() in file.read_bytes()] == []
    assert SECRET not in caplog.text
