"""What ``[[deliver]]`` may say, and what is said where it may not."""

import pytest
from editions import edition

from features.errors import SettingError
from serving.delivery.destinations import destinations
from serving.delivery.edition import read_edition
from serving.delivery.fields import contents, told

HUB = {"to": "hubspot", "id_property": "x", "folder": "f"}


@pytest.mark.parametrize(
    ("said", "where", "found"),
    [
        ({}, "[1]", "expected one of parquet, duckdb, postgres, salesforce"),
        ({"to": "parquet"}, "[1], folder", "found nothing"),
        ({"to": "parquet", "folder": "f", "fold": "x"}, "[1], fold", "not known"),
        (
            {"to": "hubspot", "id_property": "x"},
            "[1]",
            "neither send = true nor a folder",
        ),
        ({**HUB, "fields": {"x": "rsk"}}, "[1], fields", "no column rsk"),
        ({**HUB, "decimals": -1}, "[1], decimals", "greater than or equal to 0"),
        ({**HUB, "name": "../x"}, "[1], name", "match pattern"),
        ({"to": "postgres", "schema": "a b"}, "[1], schema", "match pattern"),
        (
            {"to": "salesforce", "external_id": "Id", "send": True},
            "[1]",
            "send = true without url",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(said, where, found, tmp_path):
    with pytest.raises(SettingError) as refused:
        destinations([said], tmp_path)
    assert str(refused.value).startswith(f"night.toml, [[deliver]]{where}: ")
    assert found in str(refused.value)


def test_two_of_a_kind_need_names(tmp_path):
    two = [{"to": "duckdb", "file": "a"}, {"to": "duckdb", "file": "b"}]
    with pytest.raises(SettingError, match="2 destinations called duckdb"):
        destinations(two, tmp_path)
    two[0]["name"] = "first"
    titles = [each.title for each in destinations(two, tmp_path)]
    assert titles == ["first", "duckdb"]


def test_paths_begin_at_the_folder_of_the_file(tmp_path):
    (relative, absolute) = destinations(
        [{"to": "duckdb", "file": "out/x"}, {"to": "parquet", "folder": "/lake"}],
        tmp_path,
    )
    assert (relative.file, absolute.folder) == (str(tmp_path / "out/x"), "/lake")


def test_a_secret_that_the_environment_lacks_is_told_by_its_name(tmp_path, monkeypatch):
    monkeypatch.delenv("PINCH_POSTGRES", raising=False)
    (made,) = destinations([{"to": "postgres"}], tmp_path)
    with pytest.raises(SettingError, match="PINCH_POSTGRES in the environment"):
        made.deliver(edition({"a": 0.1}), tmp_path, None)


def test_numbers_are_rounded_before_they_are_compared():
    fields = {"risk": "risk_90d"}
    first, second = edition({"a": 0.1234}), edition({"a": 0.1243})
    for decimals, same in ((2, True), (3, False)):
        hashes = [
            contents(told(n, fields, decimals), fields)["a"] for n in (first, second)
        ]
        assert (hashes[0] == hashes[1]) is same


def test_an_edition_knows_places():
    night = edition({"a": 0.05, "b": None, "c": 0.5}, listed=["c", "a"])
    assert night.scores["place"].fillna(0).tolist() == [2, 0, 1]


def test_a_folder_without_a_night_is_told(tmp_path):
    with pytest.raises(Exception, match=r"no scores.parquet with a worklist.csv"):
        read_edition(tmp_path)
