"""Exit codes: 1 with how to mend it, 2 for misuse."""

import json

import pytest
from command_line import refused, run, tidy


def test_errors_of_ours_exit_with_1_and_say_how_to_mend_it(
    tmp_path, sample_folder, store_folder
):
    refused(run("check", tmp_path / "nowhere"), "BookError")
    (tmp_path / "empty").mkdir()
    assert "no table accounts" in refused(run("check", tmp_path / "empty"), "BookError")
    early = run("evaluate", sample_folder, "--as-of", "2020-01-01")
    assert "2020-01-01" in refused(early, "EvidenceError")
    late = run("evaluate", sample_folder, "--as-of", "2026-11-01", "--horizon", 90)
    assert "earlier date" in refused(late, "EvidenceError")


def test_an_error_is_one_json_document_where_json_is_asked_for(tmp_path):
    result = run("check", tmp_path / "nowhere", "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["error"] == "BookError"
    assert set(said) == {"error", "found", "expected", "mend", "where"}
    assert said["mend"] in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["check"],
        ["score", "book"],
        ["score", "book", "--as-of", "tomorrow", "--out", "night"],
        ["score", "book", "--as-of", "2026-11-21", "--out", "night", "--top", "0"],
        ["evaluate", "book", "--as-of", "2026-02-30"],
        ["evaluate", "book", "--as-of", "2026-01-01", "--quiet", "0"],
        ["evaluate", "book", "--as-of", "2026-01-01", "--horizon", "-1"],
        [
            "evaluate",
            "book",
            "--as-of",
            "2026-01-01",
            "--horizon",
            "30",
            "--from",
            "30",
        ],
        ["evaluate", "book", "--as-of", "2026-01-01", "--rows", "rows.txt"],
        ["train", "book", "--until", "x"],
        ["check", "book", "--max-bad-share", "2"],
        ["serve", "--port", "0"],
    ],
)
def test_misuse_exits_with_2_and_prints_nothing_on_standard_output(arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage: " in result.stderr


def test_a_sample_that_cannot_be_written_is_an_error_with_a_message(tmp_path):
    (tmp_path / "book").write_text("a file")
    tidy(run("sample", tmp_path / "book", "--accounts", 2, "--months", 1), {1, 2})


def test_a_negative_seed_is_misuse(tmp_path):
    tidy(
        run("sample", tmp_path / "book", "--accounts", 2, "--months", 1, "--seed", -1),
        {2},
    )
