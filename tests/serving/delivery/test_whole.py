"""Destinations that take a night whole: what is in them afterwards, and that an older night changes nothing."""

from datetime import date

import duckdb
import pytest
from editions import edition

from features.errors import DeliveryError
from serving.delivery.destinations import destinations
from serving.delivery.write_back import OLDER

SCORES = "select account_id, risk_90d, band, place from scores order by all"
NIGHTS = (
    "select as_of, model_version, revision, accounts, listed from nights order by all"
)


@pytest.fixture
def deliver(tmp_path, web):
    def act(night, dry=False, **said):
        (made,) = destinations([said], tmp_path)
        return made.deliver(night, tmp_path / "nights", web, dry)

    return act


def test_a_folder_of_parquet_keeps_a_partition_for_each_night(deliver, tmp_path):
    to = {"to": "parquet", "folder": "lake"}
    deliver(edition({"a": 0.6, "b": 0.05}, listed=["a"]), **to)
    deliver(edition({"a": 0.3}, day=1, revision=2), **to)
    again = deliver(edition({"a": 0.3}, day=1, revision=2), **to)
    assert again.delivered == 1
    older = deliver(edition({"a": 0.9}, day=1), **to)
    assert (older.said, older.files) == (OLDER, [])
    read = "read_parquet('{}/lake/{}/*/*.parquet', hive_partitioning = true)"
    rows = f"select as_of, account_id, risk_90d, band, place from {read} order by all"
    assert duckdb.sql(rows.format(tmp_path, "scores")).fetchall() == [
        (date(2026, 11, 21), "a", 0.6, "acute", 1),
        (date(2026, 11, 21), "b", 0.05, "low", None),
        (date(2026, 11, 22), "a", 0.3, "high", None),
    ]
    listed = f"select account_id from {read}".format(tmp_path, "worklist")
    assert duckdb.sql(listed).fetchall() == [("a",)]


def test_a_duckdb_file_has_the_newest_night_and_which_there_were(deliver, tmp_path):
    to = {"to": "duckdb", "file": "out/pinch.duckdb"}
    deliver(edition({"a": 0.6, "b": 0.05}, listed=["a"]), **to)
    deliver(edition({"a": 0.3, "c": None}, day=1, listed=["c"], own=1.5), **to)
    assert deliver(edition({"a": 0.9}), **to).said == OLDER
    with duckdb.connect(str(tmp_path / "out/pinch.duckdb")) as there:
        assert there.sql(SCORES).fetchall() == [
            ("a", 0.3, "high", None),
            ("c", None, "unknown", 1),
        ]
        assert there.sql("select account_id from worklist").fetchall() == [("c",)]
        assert there.sql(NIGHTS).fetchall() == [
            (date(2026, 11, 21), "defection-1", 1, 2, 1),
            (date(2026, 11, 22), "defection-1", 1, 2, 1),
        ]


def test_a_dry_run_makes_no_file(deliver, tmp_path):
    for to in ({"to": "duckdb", "file": "f"}, {"to": "parquet", "folder": "f"}):
        report = deliver(edition({"a": 0.6}), dry=True, **to)
        assert (report.new, report.delivered) == (1, 0)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_told(deliver, tmp_path):
    (tmp_path / "f").write_text("ann@example.org")
    with pytest.raises(DeliveryError, match="a DuckDB file of ours") as refused:
        deliver(edition({"a": 0.6}), to="duckdb", file="f")
    assert "example.org" not in str(refused.value)
