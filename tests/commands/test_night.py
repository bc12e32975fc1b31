"""``pinch night``: what it publishes, when it stops, what it says of a night that is there, and its exit codes."""

import json
import shutil

import pandas as pd
import pytest
from command_line import run

from commands.after_night import Came
from features.errors import NightError
from serving.publishing.nights import current, published_nights
from serving.publishing.turn import turn

RULES = "2024-08-17/rules"


@pytest.fixture
def book(purchases, tmp_path):
    """The book of purchases, whose data end on 2024-08-16, 9 of 750 rows later, to be changed."""
    return shutil.copytree(purchases, tmp_path / "book")


def lines(result):
    """The lines of JSON on standard output, of which the last says what came of it."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def by_rules(book, *more):
    result = run("night", book, "--rules", "--json", *more)
    assert not isinstance(result.exception, Exception) or isinstance(
        result.exception, SystemExit
    ), result.exception
    return result.exit_code, lines(result)[-1]


def bought(book, *rows):
    """Adds purchases to a book: (account, day)."""
    file = book / "interactions.csv"
    more = "".join(f"{account},{day},purchase\n" for account, day in rows)
    file.write_text(file.read_text() + more)


def test_a_night_is_published_step_by_step(book):
    result = run("night", book, "--rules", "--json")
    assert result.exit_code == 0
    *steps, last = lines(result)
    assert [step["step"] for step in steps] == [
        *(
            "book",
            "check",
            "scores",
            "page",
            "files",
            "drift",
            "publish",
            "monitor",
            "deliver",
        )
    ]
    assert all(step["peak_bytes"] > 2**20 for step in steps)
    assert (last["event"], last["outcome"], last["current"]) == (
        *("night", "published"),
        True,
    )
    night = current(book / "nights")
    assert night.place == RULES
    assert night.manifest.about.counts["rows"] == {
        "accounts": 60,
        "interactions": 741,
    }
    assert {*night.manifest.files} == {
        *("scores.parquet", "worklist.csv", "worklist.xlsx", "tonight.html"),
        "monitoring.json",
    }
    (logged,) = (book / "nights/runs.jsonl").read_text().splitlines()
    assert json.loads(logged)["outcome"] == "published"
    assert json.loads(logged)["steps"][0]["step"] == "book"


def test_the_same_night_again_says_so_and_a_forced_one_is_identical(book):
    by_rules(book)
    before = (book / "nights" / RULES / "manifest.json").read_bytes()
    code, again = by_rules(book)
    assert (code, again["outcome"], again["since"], again["otherwise"]) == (
        *(0, "same"),
        *([], {}),
    )
    code, forced = by_rules(book, "--force")
    assert (code, forced["outcome"], forced["revision"]) == (0, "same", 1)
    assert (book / "nights" / RULES / "manifest.json").read_bytes() == before
    assert "to the byte" in run("night", book, "--rules").stdout


def test_what_came_late_is_told_and_forced_it_is_a_revision_beside_the_first(book):
    by_rules(book)
    bought(book, ("a0", "2024-06-30"), ("a1", "2024-07-01"))
    _, told = by_rules(book)
    (since,) = told["since"]
    assert since["sentence"] == "interactions had 741 rows and have 743 (+0%)"
    code, forced = by_rules(book, "--force")
    assert (code, forced["outcome"], forced["revision"]) == (0, "revised", 2)
    assert forced["revised"]["accounts"] == {"new": 0, "gone": 0, "changed": 2}
    assert forced["revised"]["rows"][0]["now"] == 743
    assert [night.place for night in published_nights(book / "nights")] == [
        RULES,
        f"{RULES}+r2",
    ]
    assert "Accounts: 0 changed" not in run("night", book, "--rules").stdout


def test_an_earlier_date_sees_what_was_known_then_and_is_not_followed(book):
    earlier = ("--as-of", "2024-07-01", "--histories")
    by_rules(book, *earlier)
    bought(book, ("a0", "2024-08-06"), ("a1", "2024-08-07"))
    (book / "accounts.csv").open("a").write("new,2024-08-01\n")
    by_rules(book)
    code, forced = by_rules(book, *earlier, "--force")
    assert (code, forced["outcome"], forced["current"]) == (0, "same", False)
    assert current(book / "nights").place == RULES
    said = run("night", book, "--rules", *earlier).stdout
    assert "Readers follow a night of a later date" in said


def test_a_table_that_was_cut_short_stops_the_night_and_the_last_one_stays(book):
    by_rules(book, "--as-of", "2024-08-05")
    file = book / "interactions.csv"
    rows = file.read_text().splitlines(keepends=True)
    file.write_text("".join(row for row in rows if not row.startswith("a1")))
    code, last = by_rules(book)
    assert (code, last["error"], last["step"]) == (3, "LimitError", "check")
    assert last["found"] == "interactions had 732 rows and have 559 (-24%)"
    assert "--limits-ok" in last["mend"]
    assert current(book / "nights").place == "2024-08-05/rules"
    assert by_rules(book, "--limits-ok")[0] == 0


def test_a_book_loaded_twice_is_beyond_the_limits_that_night_toml_sets(book):
    by_rules(book, "--as-of", "2024-08-05")
    bought(book, *((f"a{place}", "2024-01-02") for place in range(60)))
    (book / "night.toml").write_text("[limits]\ngrow = 0.05\n")
    code, last = by_rules(book)
    assert (code, last["error"]) == (3, "LimitError")
    assert "interactions" in last["found"]
    assert "(+8%)" in last["found"]
    (book / "night.toml").write_text("[limits]\ngrow = 0.1\n")
    assert by_rules(book)[0] == 0


def test_stale_and_bad_data_exit_with_3_and_are_logged(book):
    code, last = by_rules(book, "--as-of", "2024-09-30")
    assert (code, last["error"], last["step"]) == (3, "StaleError", "check")
    bought(book, *(("a0", "yesterday"),) * 100)
    code, last = by_rules(book)
    assert (code, last["error"], last["step"]) == (3, "QuarantineError", "book")
    logged = (book / "nights/runs.jsonl").read_text().splitlines()
    assert [json.loads(line)["error"] for line in logged] == [
        *("StaleError", "QuarantineError")
    ]
    assert current(book / "nights") is None


def test_the_second_run_leaves_with_4(book):
    with turn(book / "nights"):
        code, last = by_rules(book)
    assert (code, last["error"]) == (4, "BusyError")
    assert by_rules(book)[0] == 0


def test_a_folder_that_cannot_be_written_exits_with_5(book):
    (book / "file").write_text("no folder")
    code, last = by_rules(book, "--nights", book / "file" / "nights")
    assert code == 5
    assert last["expected"] == "a file or folder that can be read and written"


def test_what_follows_fails_by_itself_and_the_night_is_published(book, monkeypatch):
    def refuse(after):
        raise NightError(found="no trend", expected="one", mend="look")

    def full(after):
        raise OSError(28, "No space left on device")

    hooks = {"first": refuse, "second": full, "third": lambda after: Came()}
    monkeypatch.setattr("commands.night_hooks.HOOKS", hooks)
    code, last = by_rules(book)
    assert (code, last["exit_code"], last["outcome"]) == (1, 1, "published")
    assert (last["first"]["error"], last["first"]["mend"]) == ("NightError", "look")
    assert last["second"]["found"] == "No space left on device"
    assert last["third"] == {}
    assert current(book / "nights").place == RULES


def test_night_toml_sets_flags_and_the_command_line_wins(book):
    (book / "night.toml").write_text(
        '[night]\nrules = true\ncapacity = 7\nnights = "published"\n'
    )
    assert run("night", book).exit_code == 0
    night = current(book / "published")
    assert night.manifest.about.counts["listed"] == 7
    again = run("night", book, "--capacity", 3, "--json")
    assert lines(again)[-1]["otherwise"] == {"capacity": 7}
    forced = run("night", book, "--capacity", 3, "--force", "--json")
    assert lines(forced)[-1]["counts"]["listed"] == 3


@pytest.mark.parametrize(
    ("said", "code", "told"),
    [
        ("[night]\ncapcity = 3\n", 1, "capcity; expected any of acceptance"),
        ("[night]\nforce = true\n", 1, "found force"),
        ('[night]\ncapacity = "many"\n', 2, "--capacity"),
        ("[limits]\nshrnk = 1\n", 1, "expected any of shrink, grow, rows"),
    ],
)
def test_a_mistake_in_night_toml_is_said(book, said, code, told):
    (book / "night.toml").write_text(said)
    result = run("night", book, "--rules")
    assert result.exit_code == code
    assert told in result.stderr


@pytest.mark.slow
def test_a_night_by_models_is_that_of_pinch_score(
    sample_folder, store_folder, tmp_path
):
    by_hand = tmp_path / "by-hand"
    nights = tmp_path / "nights"
    as_of = ("--store", store_folder, "--as-of", "2026-11-01", "--histories")
    asked = (sample_folder, *as_of)
    assert run("score", *asked, "--out", by_hand).exit_code == 0
    made = run("night", *asked, "--nights", nights, "--json")
    assert made.exit_code == 0, made.output
    steps = [line["step"] for line in lines(made)[:-1]]
    assert steps == [
        *("models", "book", "check", "snapshot", "scores"),
        *("list", "page", "files", "drift", "publish", "monitor", "deliver"),
    ]
    night = current(nights)
    assert night.folder.parent.name == "2026-11-01"
    for name in night.manifest.files.keys() - {"monitoring.json"}:
        assert (night.folder / name).read_bytes() == (by_hand / name).read_bytes()
    pd.testing.assert_frame_equal(
        pd.read_parquet(night.folder / "scores.parquet"),
        pd.read_parquet(by_hand / "scores.parquet"),
    )
