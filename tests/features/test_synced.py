"""A copy of a book's sources: the same book as from the sources, however they came to be what they are."""

import json
import os
import signal
import subprocess
import sys
from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.book.book import keep_clean, open_book
from features.book.loading import load
from features.errors import BookError, QuarantineError
from features.snapshot.frame import snapshot
from features.sources.synced.manifest import PLACE, read_manifest
from features.sources.synced.sync import sync
from training.past.labels import left_by
from training.past.observed import observe

DAY = 86_400_000_000
ACCOUNTS = ["account_id,opened_at,seats", *(f"a{n},2024-01-01,{n}" for n in range(3))]
HEADER = "account_id,occurred_at,kind,value,known_at,interaction_id"
FIRST = [
    HEADER,
    "a0,2024-02-01 10:00,purchase,10,,x1",
    "a1,2024-02-03 10:00,use,,,x2",
    "a2,2024-03-05 10:00,purchase,30,,x3",
    "nobody,2024-03-06 10:00,use,,,x4",
]


def sync_all(folder):
    """Syncs as the command does, with the clean rows."""
    sync(folder, then=lambda: keep_clean(folder))


@pytest.fixture
def book(tmp_path):
    return write(tmp_path / "book", accounts=ACCOUNTS, interactions=FIRST)


def write(folder, **tables):
    folder.mkdir(exist_ok=True)
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return folder


def all_of(folder, synced):
    """What a book tells: its frame, its labels, its quarantine, and whether a copy was read."""
    with open_book(folder, max_bad_share=1, synced=synced) as book:
        as_ofs = [book.end - 20 * DAY, book.end]
        frame = snapshot(book, as_ofs)
        observed = observe(book, quiet_days=10)
        left = left_by(observed, frame[["account_id", "as_of_us"]], (30, 90))
        return {
            "frame": frame,
            "left": left,
            "quarantine": book.quarantine,
            "rows": dict(book.rows),
            "copy": book.synced_at is not None,
        }


def require_same(folder):
    """Requires of a synced book what its sources tell."""
    expected, found = all_of(folder, False), all_of(folder, True)
    assert (expected.pop("copy"), found.pop("copy")) == (False, True)
    assert expected.pop("rows") == found.pop("rows")
    for name, table in expected.items():
        pd.testing.assert_frame_equal(found[name], table, check_exact=True)


def require_same_rows(folder):
    """Requires of a synced book the rows and the quarantine of its sources."""
    told = []
    for synced in (False, True):
        with open_book(folder, max_bad_share=1, synced=synced) as book:
            assert (book.synced_at is not None) == synced
            rows = book.ask("select * from interactions order by all")
            told.append((rows, book.quarantine.to_dict("records")))
    assert told[0] == told[1]


def files(folder):
    """The files of a copy by month, without those of a copy before."""
    manifest = read_manifest(folder / PLACE)
    return {
        f"{table} {month}": its.file
        for table, kept in manifest.tables.items()
        for month, its in kept.months.items()
    }


def cautions(folder):
    with open_book(folder, max_bad_share=1, synced=True) as book:
        assert book.synced_at is None
        return [said for said in book.cautions if "pinch sync" in said]


def test_a_copy_has_the_rows_of_each_month_in_a_file_and_gives_the_same_book(book):
    sync_all(book)
    assert sorted(files(book)) == [
        *("accounts undated", "interactions 2024-02", "interactions 2024-03")
    ]
    require_same(book)


def test_only_months_that_have_changed_are_written(book):
    sync(book)
    before = files(book)
    written = {name: (book / PLACE / file).stat() for name, file in before.items()}
    late = "a0,2024-02-02 09:00,purchase,5,2024-04-01 09:00,x5"
    write(book, interactions=[*FIRST, late])
    done = sync(book)
    assert done.changed("interactions") == ["2024-04"]
    for name, file in before.items():
        assert files(book)[name] == file
        now = (book / PLACE / file).stat()
        same = written[name]
        assert (now.st_ino, now.st_mtime_ns) == (same.st_ino, same.st_mtime_ns)
    require_same_rows(book)


def test_a_row_that_is_gone_is_gone_from_the_copy(book):
    sync(book)
    write(book, interactions=FIRST[:-1])
    done = sync(book)
    assert done.changed("interactions") == ["2024-03"]
    assert (
        done.rows_before("interactions"),
        done.copy.tables["interactions"].rows,
    ) == (4, 3)
    require_same(book)


KINDS = st.sampled_from(["purchase", "use", "complaint", "resolution", "nonsense"])
DAYS = st.integers(1, 60).map(
    lambda day: f"{pd.Timestamp('2024-01-31') + pd.Timedelta(days=day):%Y-%m-%d}"
)
CLOCKS = st.sampled_from(["", " 09:00", " 23:59:59.5", "T24"])
ROWS = st.builds(
    lambda account, day, clock, kind, value, late, id_: (
        f"{account},{day}{clock},{kind},{value},{late},{id_}"
    ),
    st.sampled_from(["a0", "a1", "a2", "a3", ""]),
    DAYS,
    CLOCKS,
    KINDS,
    st.sampled_from(["", "0.1", "0.2", "1e9", "many"]),
    st.one_of(st.just(""), DAYS),
    st.sampled_from(["", "", "x1", "x2", "x9"]),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "repeat", "correct", "delete", "account"]),
        st.integers(0, 50),
        ROWS,
    ),
    min_size=1,
    max_size=5,
)


def delivered(accounts, rows, steps):
    """The lines of accounts and interactions after some changes."""
    accounts, rows = list(accounts), list(rows)
    for what, place, row in steps:
        place %= len(rows)
        if what == "add":
            rows.insert(place, row)
        elif what == "repeat":
            rows.append(rows[place])
        elif what == "correct":
            rows[place] = row
        elif what == "delete" and len(rows) > 1:
            del rows[place]
        elif what == "account":
            accounts.append(f"a3,2024-02-01,{place}")
    return accounts, rows


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=3))
def test_deliveries_synced_one_by_one_give_what_the_whole_gives(
    tmp_path_factory, deliveries
):
    folder = tmp_path_factory.mktemp("deliveries") / "book"
    accounts, rows = ACCOUNTS, FIRST[1:]
    for steps in deliveries:
        accounts, rows = delivered(accounts, rows, steps)
        always = "a0,2024-02-10 10:00,use,,,"
        write(folder, accounts=accounts, interactions=[HEADER, *rows, always])
        sync_all(folder)
    require_same(folder)


def test_of_files_that_have_changed_alone_the_copy_is_not_read(book):
    sync(book)
    stamp = (book / "accounts.csv").stat()
    (book / "accounts.csv").write_text("\n".join(ACCOUNTS).replace("a2", "b2") + "\n")
    os.utime(book / "accounts.csv", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    with open_book(book, max_bad_share=1, synced=True) as opened:
        assert opened.read_anew == ("accounts",)
    require_same_rows(book)
    write(book, surveys=["account_id,occurred_at,item,score", "a0,2024-02-01,people,9"])
    (book / "interactions.csv").rename(book / "interactions.csv.old")
    with pytest.raises(BookError, match=r"interactions\.csv\.old"):
        open_book(book, synced=True)
    write(book, interactions=FIRST[:2])
    with open_book(book, max_bad_share=1, synced=True) as opened:
        assert opened.read_anew == ("accounts", "interactions", "surveys")
        assert opened.rows == {"accounts": 3, "interactions": 1, "surveys": 1}


def test_files_that_are_what_they_were_are_not_read_again(book):
    sync(book)
    read = "features.sources.synced.keeping.Keeper._read"
    with patch(read, side_effect=AssertionError("read again")):
        assert sync(book).changed("interactions") == []


def test_a_file_that_a_query_names_and_that_has_changed_makes_the_copy_none(tmp_path):
    write(tmp_path, interactions=FIRST, people_1=ACCOUNTS)
    query = "select * from 'people_*.csv'"
    (tmp_path / "book.toml").write_text(f'[tables]\naccounts = "{query}"\n')
    sync(tmp_path)
    write(tmp_path, people_2=["account_id,opened_at,seats", "a3,2024-01-01,4"])
    assert cautions(tmp_path) == [
        "the copy of pinch sync was not read, as people_2.csv has changed since: pinch sync renews it"
    ]


def test_a_copy_of_another_book_toml_is_not_read_and_of_other_facts_it_is(tmp_path):
    write(tmp_path, people=ACCOUNTS, interactions=FIRST)
    toml = "[tables]\naccounts = \"select * from 'people.csv'\"\n"
    (tmp_path / "book.toml").write_text(toml)
    sync(tmp_path)
    assert read_manifest(tmp_path / PLACE).sources.keys() == {"people.csv"}
    (tmp_path / "book.toml").write_text(f"quiet_days = 9\n{toml}")
    require_same_rows(tmp_path)
    (tmp_path / "book.toml").write_text(
        toml.replace("'people.csv'", "'people.csv' where seats > 0")
    )
    assert "book.toml said something else of the tables" in cautions(tmp_path)[0]
    assert sync(tmp_path).before is None
    require_same_rows(tmp_path)


def test_a_copy_of_another_version_is_not_read_and_made_anew(book):
    sync(book)
    file = book / PLACE / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "made_by": "another"}))
    assert "another version of Pinch or DuckDB made it" in cautions(book)[0]
    assert sync(book).before is None
    require_same_rows(book)


@pytest.mark.slow
def test_a_damaged_file_of_a_copy_is_not_read_and_written_again(book):
    sync(book)
    file = book / PLACE / files(book)["interactions 2024-02"]
    file.write_bytes(file.read_bytes()[:-1])
    assert "2024-02" in cautions(book)[0]
    assert "is missing or damaged" in cautions(book)[0]
    sync(book)
    require_same_rows(book)


def test_a_manifest_that_cannot_be_read_is_an_error_that_a_sync_mends(book):
    sync(book)
    (book / PLACE / "manifest.json").write_text("{")
    with pytest.raises(BookError, match="remove it and run pinch sync"):
        open_book(book, synced=True)
    sync(book)
    require_same_rows(book)


TYPES = (
    *("1::hugeint << 100", "'b'::enum('a', 'b')", "interval 1 day", "{'x': [1, null]}"),
    *("map {'k': 0.1}", "'{\"a\": 1}'::json", "0.1::decimal(38, 20)", "'1010'::bit"),
    *("timestamp_ns '2024-01-01 00:00:00.123456789'", "'nan'::double", "-0.0::double"),
    *("timestamptz '2024-01-01 00:00+02'", "'\\x00ab'::blob", "null", "'ä é'"),
    *("timestamp_s '2024-01-01 00:00:00'", "'-infinity'::timestamp", "255::utinyint"),
)


def test_values_of_all_types_come_back_as_they_were(tmp_path):
    write(tmp_path, interactions=FIRST)
    columns = ", ".join(f"{value} as f{place}" for place, value in enumerate(TYPES))
    query = f"select 'a' as account_id, date '2024-01-01' as opened_at, {columns}"
    ignored = "".join(
        f"[facts.f{place}]\nignore = true\n" for place in range(len(TYPES))
    )
    (tmp_path / "book.toml").write_text(
        f"[tables]\naccounts = '''{query}'''\n{ignored}"
    )
    sync(tmp_path)
    found = []
    for synced in (False, True):
        with open_book(tmp_path, max_bad_share=1, synced=synced) as book:
            assert (book.synced_at is not None) == synced
            names = ", ".join(f"f{n}::varchar, typeof(f{n})" for n in range(len(TYPES)))
            found.append(book.ask_files(f"select {names} from raw_accounts"))
    assert found[0] == found[1]


def clean_rows(folder):
    with open_book(folder, max_bad_share=1, synced=True) as book:
        described = book.ask("describe interactions")
        return (
            described,
            book.ask("select * from interactions"),
            book.blanks,
            book.hints,
        )


def test_clean_rows_are_kept_and_not_cleaned_again(book):
    write(book, interactions=[*FIRST, "a1,2024-03-07,purchase,many,,"])
    sync(book)
    expected = clean_rows(book)
    keep_clean(book)
    with patch("features.book.kept_clean.load", wraps=load) as cleaning:
        assert clean_rows(book) == expected
        cleaned = [call.args[1] for call in cleaning.call_args_list]
    assert cleaned == ["accounts"]


def test_clean_rows_are_merged_and_get_contacts_from_lists_as_others_are(book):
    write(
        book,
        merges=["from_id,into_id,known_at", "a2,a1,2024-03-06"],
        outcomes=["account_id,occurred_at,outcome", "a0,2024-03-08 12:00,reached"],
        surveys=["account_id,occurred_at,item,score", "a2,2024-03-04 09:00,people,9"],
    )
    sync_all(book)
    with patch("features.book.kept_clean.load", wraps=load) as cleaning:
        require_same(book)
        cleaned = [call.args[1] for call in cleaning.call_args_list]
    assert sorted(cleaned) == ["accounts", "merges", "outcomes"]
    described, rows, *_ = clean_rows(book)
    names = [name for name, *_ in described]
    found = [(row[names.index("account_id")], row[names.index("kind")]) for row in rows]
    assert ("a1", "purchase") in found
    assert ("a0", "list_contact") in found


@pytest.mark.slow
def test_clean_rows_of_other_accounts_words_or_files_are_not_those_that_are_kept(book):
    sync_all(book)
    told = []
    with patch("features.book.kept_clean.load", wraps=load) as cleaning:
        write(book, accounts=[*ACCOUNTS, "nobody,2024-01-01,1"])
        require_same_rows(book)
        write(book, accounts=ACCOUNTS)
        own = '[kinds.use]\nactor = "account"\nsign_of_life = true\n'
        (book / "book.toml").write_text(own.replace("use", "demo"))
        require_same_rows(book)
        (book / "book.toml").unlink()
        for file in (book / ".pinch" / "clean").glob("*.duckdb"):
            file.write_bytes(file.read_bytes()[:-1])
        require_same_rows(book)
        for file in (book / ".pinch" / "clean").glob("*.json"):
            file.write_text("{}")
        require_same_rows(book)
        told = [call.args[1] for call in cleaning.call_args_list]
    assert told == ["accounts", "interactions"] * 4


def test_a_book_that_allows_fewer_bad_rows_is_refused_all_the_same(book):
    sync_all(book)
    with pytest.raises(QuarantineError, match="1 bad rows of 4"):
        open_book(book, max_bad_share=0.2, synced=True)


KILLED = """
import os, signal, sys
from features.sources.synced import sync as syncing
def stop(*_): os.kill(os.getpid(), signal.SIGKILL)
syncing.write_manifest = stop
syncing.sync(sys.argv[1])
"""


@pytest.mark.slow
def test_of_a_sync_that_is_killed_the_copy_before_it_stays(book):
    sync(book)
    before = read_manifest(book / PLACE)
    write(book, interactions=[*FIRST, "a0,2024-03-07 10:00,use,,,x6"])
    killed = subprocess.run([sys.executable, "-c", KILLED, str(book)])
    assert killed.returncode == -signal.SIGKILL
    assert read_manifest(book / PLACE) == before
    write(book, interactions=FIRST)
    require_same_rows(book)
    sync(book)
    left = {str(file.relative_to(book / PLACE)) for file in (book / PLACE).glob("*/*")}
    assert left == set(files(book).values())


def test_two_syncs_at_a_time_are_refused(book):
    from filelock import FileLock

    sync(book)
    with (
        FileLock(book / PLACE / "lock"),
        pytest.raises(BookError, match="another sync at work"),
    ):
        sync(book)
