"""``pinch score --actions``: what a user's own actions do to the list, and what a wrong file is told."""

import pandas as pd
import pytest
from command_line import answered, refused, run


@pytest.fixture
def book(tmp_path):
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "accounts.csv").write_text("account_id,opened_at\na,2026-01-01\n")
    (folder / "interactions.csv").write_text(
        "account_id,occurred_at,kind\na,2026-02-03,visit\n"
    )
    return folder


def score(book, text):
    file = book.parent / "actions.toml"
    file.write_text(text)
    out = book.parent / "night"
    return run("score", book, "--out", out, "--rules", "--actions", file, "--json")


def test_an_own_action_is_on_the_list_and_in_its_files(book, tmp_path):
    text = '[[actions]]\ncode = "invite"\nsentence = "Invite them."\n'
    facts = answered(score(book, text))
    assert [row["action_code"] for row in facts["worklist"]] == ["invite"]
    scores = pd.read_parquet(tmp_path / "night" / "scores.parquet")
    assert scores["action"].tolist() == ["Invite them."]
    assert "Invite them." in (tmp_path / "night" / "tonight.html").read_text()


def test_a_wrong_file_is_refused_with_the_place(book, tmp_path):
    result = score(book, '[[actions]]\ncode = "invite"\nsentence = 3\n')
    assert result.exit_code == 1
    assert "actions.toml, actions[1].sentence" in result.stderr
    assert not (tmp_path / "night").exists()


def test_a_file_that_is_not_there_is_refused(book, tmp_path):
    out = tmp_path / "night"
    result = run("score", book, "--out", out, "--rules", "--actions", tmp_path / "no")
    assert "no: found No such file" in refused(result, "PinchError")
