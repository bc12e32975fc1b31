"""``pinch check``."""

import pandas as pd
import pytest
from command_line import answered, refused, run, tidy


def test_check_of_a_book_with_little_in_it_says_what_cannot_be_done(purchases):
    facts = answered(run("check", purchases, "--json"))
    # 3 + n % 20 purchases of each of 60 accounts: 60 * 3 + 3 * (0 + ... + 19)
    assert facts["rows"] == {"accounts": 60, "interactions": 750}
    assert [sentence.split(":")[0] for sentence in facts["missing"]] == [
        "No surveys",
        "No departures",
        "No contracts",
        "No scheduled",
        "No reps",
        "No markets",
    ]


def test_check_tells_people_in_words(purchases):
    result = run("check", purchases)
    assert result.exit_code == 0
    assert "accounts" in result.stdout
    assert "Nothing is in quarantine." in result.stdout
    assert "there are no quadrants" in result.stdout.replace("\n", " ")


@pytest.mark.parametrize("kind", ["[vip] visit", "[/vip]", ":bomb:"])
def test_check_shows_a_kind_as_it_is_written_in_the_book(tmp_path, kind):
    (tmp_path / "accounts.csv").write_text("account_id,opened_at\na,2024-01-01\n")
    (tmp_path / "interactions.csv").write_text(
        f"account_id,occurred_at,kind\na,2024-01-01,{kind}\n"
    )
    result = run("check", tmp_path)
    assert result.exit_code == 0, result.exception
    assert f"count as other: {kind} (1" in " ".join(result.stdout.split())


def test_check_writes_the_quarantine_where_asked(sample_folder, tmp_path):
    file = tmp_path / "bad.csv"
    facts = answered(run("check", sample_folder, "--quarantine", file, "--json"))
    written = pd.read_csv(file)
    assert list(written.columns) == ["table", "row", "field", "expected"]
    assert len(written) == facts["quarantined"] > 0


def test_too_many_bad_rows_exit_with_1(tmp_path):
    (tmp_path / "accounts.csv").write_text(
        "account_id,opened_at\na,2024-01-01\nb,nonsense\n"
    )
    (tmp_path / "interactions.csv").write_text(
        "account_id,occurred_at,kind\na,2024-01-01,visit\n"
    )
    refused(run("check", tmp_path), "QuarantineError")
    assert (
        answered(run("check", tmp_path, "--max-bad-share", 0.5, "--json"))[
            "quarantined"
        ]
        == 1
    )


def test_a_quarantine_that_cannot_be_written_is_an_error_with_a_message(
    purchases, tmp_path
):
    tidy(
        run("check", purchases, "--quarantine", tmp_path / "nowhere" / "bad.csv"),
        {1, 2},
    )


def test_a_memory_limit_that_is_none_is_an_error_with_a_message(purchases):
    tidy(run("check", purchases, "--memory-limit", "plenty"), {1, 2})
