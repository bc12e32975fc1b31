"""Files of each form without an account, and what is not touched; the models that may know of it."""

from dataclasses import replace
from datetime import date

import duckdb
import pandas as pd
import pytest
from stores import models, record

from models.registry.registry import Registry
from serving.erasure.files import without
from serving.erasure.models import trained_on
from serving.erasure.search import still_holding
from serving.erasure.source import merged_with


def left(file, ids, tmp_path):
    its = without(file, ids)
    made = tmp_path / f"made{file.suffix}"
    its.write(made)
    return its.rows, made


@pytest.mark.parametrize(
    ("name", "before", "rows", "after"),
    [
        ("a.csv", "account_id,n\nA1,1\nA12,2\n", 1, "account_id,n\nA12,2\n"),
        ("a.csv", 'account_id,note\nA2,"of\nA1"\nA1,x\n', 1, 'account_id,note\nA2,"of\nA1"\n'),
        # Another column may hold the same value: 7 days are not the account 7.
        ("a.csv", "account_id;days\n8;7\n7;1\n", 1, "account_id;days\n8;7\n"),
        ("a.csv", "Pinch_Id__c,Risk\nA1,0.5\nA2,0.1\n", 1, "Pinch_Id__c,Risk\nA2,0.1\n"),
        ("a.csv", "\ufeffrank,account_id\n1,A1\n2,A2\n", 1, "\ufeffrank,account_id\n1,A2\n"),
        ("a.csv", "", 0, ""),
        ("a.json", '[{"account_id": "A1"}, {"id": "A2", "by": "A1"}]', 1, '[{"id": "A2", "by": "A1"}]'),
        ("a.json", '{"failed": {"A1": "x"}, "n": 1}', 1, '{"failed": {}, "n": 1}'),
        ("a.jsonl", '{"body": {"inputs": [{"id": "A1"}]}}\n{"n": 1}\n', 1, '{"n": 1}\n'),
        ("a.jsonl", '{"organizations": [{"external_id": "A1"}, {"id": 2}]}\n', 1, '{"organizations": [{"id": 2}]}\n'),
        ("a.txt", "A1", 0, ""),
    ],
)  # fmt: skip
def test_texts(name, before, rows, after, tmp_path):
    file = tmp_path / name
    file.write_text(before)
    found, made = left(file, {"A1", "7"}, tmp_path)
    assert found == rows
    if rows:
        assert made.read_text() == after


def test_a_database_has_no_freed_page_of_it(tmp_path):
    file = tmp_path / "a.duckdb"
    name = "Zebulon Quirk of the long name that no dictionary packs"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table s (account_id text primary key, name text)")
        connection.execute("insert into s values ('A1', ?), ('A2', 'b')", [name])
        connection.execute("create table nights (as_of date primary key)")
    assert name.encode() in file.read_bytes()
    rows, made = left(file, {"A1"}, tmp_path)
    assert rows == 1
    assert name.encode() not in made.read_bytes()
    with duckdb.connect(str(made)) as connection:
        assert connection.execute("from s").fetchall() == [("A2", "b")]
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("insert into s values ('A2', 'c')")


def test_parquet_keeps_its_types_and_metadata(tmp_path):
    file = tmp_path / "a.parquet"
    rows = pd.DataFrame(
        {"account_id": ["A1", "A2"], "day": [date(2026, 1, 1)] * 2, "n": [1, 2]}
    )
    rows.to_parquet(file)
    found, made = left(file, {"A1"}, tmp_path)
    assert found == 1
    after = pd.read_parquet(made)
    pd.testing.assert_frame_equal(
        after.reset_index(drop=True), rows[1:].reset_index(drop=True)
    )


def test_a_page_that_cannot_be_drawn_again_is_not_written(tmp_path):
    file = tmp_path / "tonight.html"
    data = '{"accounts": [{"id": "A1"}], "listed": 1, "accounts_in_all": 1}'
    file.write_text(f'<script type="application/json" id="data">{data}</script>')
    rows, made = left(file, {"A1"}, tmp_path)
    assert rows == 1
    assert not made.exists()


def test_the_search_finds_words_and_not_parts_of_them(tmp_path):
    for name, text in (("a.txt", "of A1."), ("b.txt", "A12 xA1 A1-b"), ("c.txt", "")):
        (tmp_path / name).write_text(text)
    assert still_holding(sorted(tmp_path.iterdir()), {"A1"}) == [tmp_path / "a.txt"]


def test_ids_that_were_merged_are_one():
    merges = [("A", "B"), ("B", "C"), ("D", "C"), ("X", "Y")]
    assert merged_with({"A"}, merges) == merged_with({"C"}, merges) == {*"ABCD"}
    assert merged_with({"Z"}, merges) == {"Z"}


@pytest.mark.slow
def test_models_that_looked_at_a_date_after_its_opening_are_named(tmp_path):
    defecting, _ = models()
    registry = Registry(str(tmp_path / "store"), create=True)
    for last in ("2025-06-01", "2026-01-01"):
        kept = replace(record(), params={"last_as_of": last})
        registry.log(kept, defecting, None, tmp_path)
    store = str(tmp_path / "store")
    named = trained_on(store, date(2025, 12, 31))
    assert [(each["model"], each["version"]) for each in named] == [
        ("pinch-defection", "2")
    ]
    assert named[0]["run"]
    assert [each["version"] for each in trained_on(store, date(2025, 6, 1))] == [
        "2",
        "1",
    ]
    assert trained_on(store, date(2026, 1, 2)) == []
    assert len(trained_on(store, None)) == 2
