"""``pinch forget``: the account is nowhere afterwards, no rerun brings it back, and what was stopped is finished."""

import json
import shutil
import zipfile

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from command_line import answered, refused, run

import serving.erasure.erase as erasing
from features.book.book import open_book
from features.sources.tombstones import read_tombstones
from serving.delivery.ledger import open_ledger
from serving.publishing.manifest import differing
from serving.publishing.nights import current, published_nights
from serving.publishing.turn import turn

GONE, NAME = "P00012", "Zebulon Quirk"
NIGHT_TOML = """
[[deliver]]
to = "parquet"
folder = "lake"

[[deliver]]
to = "duckdb"
file = "pinch.duckdb"

[[deliver]]
to = "salesforce"
folder = "crm"
external_id = "Pinch_Id__c"
"""


@pytest.fixture(scope="module")
def before(purchases, tmp_path_factory):
    """A book of 60 accounts with a name each, two nights of it, delivered, a copy, and an outcome of one account."""
    book = tmp_path_factory.mktemp("forget") / "book"
    shutil.copytree(purchases, book)
    for table in ("accounts", "interactions"):
        file = book / f"{table}.csv"
        rows = pd.read_csv(file)
        rows["account_id"] = [f"P{number:05}" for number in _numbers(rows)]
        rows.to_csv(file, index=False)
    accounts = pd.read_csv(book / "accounts.csv")["account_id"]
    names = [NAME if one == GONE else f"Company {one}" for one in accounts]
    labels = pd.DataFrame({"account_id": accounts, "name": names})
    labels.to_csv(book / "labels.csv", index=False)
    (book / "night.toml").write_text(NIGHT_TOML)
    wanted = ("--book", book, "--outcome", "reached", "--note", f"spoke to {NAME}")
    assert run("done", GONE, *wanted).exit_code == 0
    assert run("done", "P00013", *wanted[:4]).exit_code == 0
    assert run("sync", book).exit_code == 0
    flags = ("--rules", "--histories", "--top", 60, "--stale-ok")
    for day in ("2024-08-10", "2024-08-17"):
        result = run("night", book, *flags, "--as-of", day)
        assert result.exit_code == 0, result.output
    return book


def _numbers(rows):
    return pd.factorize(rows["account_id"], sort=True)[0]


@pytest.fixture
def book(before, tmp_path):
    return shutil.copytree(before, tmp_path / "book", symlinks=True)


def forget(book, *more):
    return run("forget", *more, "--book", book, "--json")


def texts(file):
    """All that a file holds as one text, whatever packs it."""
    if file.suffix == ".parquet":
        return pq.ParquetFile(file).read().to_pandas().to_csv()
    if file.suffix == ".duckdb":
        return _rows_of(file) + file.read_bytes().decode("latin-1")
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            return "".join(packed.read(name).decode() for name in packed.namelist())
    return file.read_bytes().decode("latin-1")


def _rows_of(file):
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "select name from (show tables)"
            ).fetchall()
        ]
        return "".join(
            connection.execute(f"from {name}").df().to_csv() for name in tables
        )


def holding(book, *words):
    """The files that hold one of some words, the tables of the book's owner and the receipt left out."""
    owners = {"accounts.csv", "interactions.csv", "labels.csv"}
    files = [
        file for file in book.rglob("*") if file.is_file() and file.name not in owners
    ]
    return {
        str(file.relative_to(book))
        for file in files
        if any(word in texts(file) for word in words)
    }


def test_it_is_found_nowhere_but_in_what_tells_a_crm_and_no_rerun_brings_it_back(book):
    assert len(holding(book, GONE, NAME)) > 15
    result = forget(book, GONE)
    said = json.loads(result.stdout)
    # The file by which the CRM is told remains until somebody has loaded it.
    assert result.exit_code == 7
    (told,) = holding(book, GONE, NAME) - {"erasure/journal.json"}
    assert told.startswith("crm/2024-08-17/salesforce-")
    assert [*said["remains"]] == [str(book / told)]
    assert (book / told).read_text().splitlines()[-1].startswith(f"{GONE},#N/A,")
    assert said["in_sources"] == {
        "accounts": 1, "interactions": said["in_sources"]["interactions"], "labels": 1,
    }  # fmt: skip
    # Until it is removed, a run that begins again does not take it for a leftover.
    assert [*json.loads(forget(book).stdout)["remains"]] == [str(book / told)]
    assert (book / told).read_text().splitlines()[-1].startswith(f"{GONE},#N/A,")
    (book / told).unlink()
    done = answered(forget(book))
    assert done["complete"]
    assert holding(book, GONE, NAME) == set()
    for night in published_nights(book / "nights"):
        assert differing(night.folder, night.manifest) == []
        assert night.manifest.about.counts["accounts"] == 59
    assert current(book / "nights").place == "2024-08-17/rules"
    flags = ("--rules", "--histories", "--top", 60, "--stale-ok", "--force")
    assert run("night", book, *flags, "--as-of", "2024-08-17").exit_code == 0
    assert run("sync", book).exit_code == 0
    assert holding(book, GONE, NAME) == set()


def test_the_others_stay_as_they_were(book):
    night = current(book / "nights").folder
    scores = pd.read_parquet(night / "scores.parquet")
    listed = (night / "worklist.csv").read_text("utf-8-sig").splitlines()
    forget(book, GONE)
    left = pd.read_parquet(night / "scores.parquet")
    others = scores[scores["account_id"] != GONE].reset_index(drop=True)
    pd.testing.assert_frame_equal(left, others, check_dtype=False)
    now = (night / "worklist.csv").read_text("utf-8-sig").splitlines()
    expected = [line.split(",", 1)[1] for line in listed if GONE not in line]
    assert [line.split(",", 1)[1] for line in now] == expected
    assert [line.split(",")[0] for line in now[1:]] == [str(n) for n in range(1, 60)]
    outcomes = pd.read_csv(book / "outcomes.csv")
    assert outcomes["account_id"].tolist() == ["P00013"]
    with duckdb.connect(str(book / "pinch.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from scores").fetchone() == (59,)
        assert connection.execute("select count(*) from nights").fetchone() == (2,)
    page = (night / "tonight.html").read_text("utf-8")
    assert "P00013" in page


@pytest.mark.slow
def test_a_check_counts_it_as_erased_and_not_as_dirt(book):
    forget(book, GONE)
    facts = answered(run("check", book, "--json", "--no-sync"))
    assert facts["erased"]["accounts"] == 1
    assert facts["quarantined"] == 0
    assert "erased" in run("check", book, "--no-sync").stdout


def test_the_receipt_does_not_tell_who_and_names_places(book):
    said = json.loads(forget(book, GONE).stdout)
    receipts = [*(book / "erasure" / "receipts").iterdir()]
    assert sorted(file.suffix for file in receipts) == [".json", ".txt"]
    assert not any(NAME in file.read_text() for file in receipts)
    assert not any(GONE in file.read_text() for file in receipts)
    tombstones = read_tombstones(book)
    assert said["hashes"] == [tombstones.hash_of(GONE)] == [*tombstones.erased]
    assert said["models"] is None
    night = book / "nights" / "2024-08-17" / "rules"
    assert said["removed"][str(night / "scores.parquet")] == 1
    assert said["removed"][str(book / "outcomes.csv")] == 1
    assert said["searched"] > 20


def test_ids_that_were_merged_with_it_go_as_well(book):
    (book / "merges.csv").write_text(
        "from_id,into_id,known_at\nP00020,P00021,2024-02-01\n"
    )
    said = json.loads(forget(book, "P00021").stdout)
    assert len(said["hashes"]) == 2
    with open_book(book, max_bad_share=0.0) as opened:
        assert opened.rows["accounts"] == 58
        assert opened.merged.ids == 0


STEPS = (
    *("write_tombstones", "_erase_outcomes", "_erase_copy", "erase_from_destinations"),
    *("still_holding", "write_receipt"),
)
SLOW = [pytest.param(step, marks=pytest.mark.slow) for step in STEPS]


@pytest.mark.parametrize("step", ["erase_from_night", *SLOW])
def test_killed_at_a_step_the_next_run_finishes_it(book, step, monkeypatch):
    (book / "night.toml").unlink()
    shutil.rmtree(book / "lake"), shutil.rmtree(book / "crm")
    (book / "pinch.duckdb").unlink()
    shutil.rmtree(book / "nights" / "delivered")

    def die(*arguments, **more):
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(erasing, step, die)
        forget(book, GONE)
    assert (book / "erasure" / "journal.json").exists()
    assert current(book / "nights").place == "2024-08-17/rules"
    # Another account is asked for: the first is finished on the way.
    done = answered(forget(book, "P00013"))
    assert done["complete"]
    assert len(done["hashes"]) == 2
    assert holding(book, GONE, NAME, "P00013") == set()


def test_what_cannot_be_done_is_said(book, tmp_path):
    assert "no account to erase" in refused(run("forget", "--book", book), "BookError")
    with turn(book / "nights"):
        assert forget(book, GONE).exit_code == 4
    assert holding(book, GONE)


@pytest.mark.slow
def test_ids_of_a_file(book, tmp_path):
    file = tmp_path / "ids.txt"
    file.write_text("P00012\n\nP00013\n")
    said = json.loads(forget(book, "--from", file).stdout)
    assert len(said["hashes"]) == 2


@pytest.mark.slow
def test_a_plain_folder_of_a_score(book, tmp_path):
    out = tmp_path / "out"
    flags = ("--rules", "--top", 60, "--as-of", "2024-08-17", "--stale-ok")
    assert run("score", book, "--out", out, *flags).exit_code == 0
    forget(book, GONE, "--nights", book / "nights", "--nights", out)
    assert holding(out, GONE, NAME) == set()
    assert len(pd.read_parquet(out / "scores.parquet")) == 59
    assert open_ledger(book / "nights", "none", "").rows.empty
