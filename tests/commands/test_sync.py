"""``pinch sync``, and what other commands say of its copy."""

import shutil

from command_line import answered, run


def test_commands_read_the_copy_and_say_how_old_it_is(purchases, tmp_path):
    book = shutil.copytree(purchases, tmp_path / "book")
    facts = answered(run("sync", book, "--json"))
    assert facts["anew"] is True
    accounts, interactions = facts["tables"]
    assert (accounts["rows"], accounts["rows_before"]) == (60, 0)
    assert (interactions["rows"], interactions["rows_before"]) == (750, 0)

    synced = run("check", book, "--json")
    assert "0.0 hours ago; --no-sync reads the sources." in synced.stderr
    fresh = run("check", book, "--no-sync", "--json")
    assert "copy" not in fresh.stderr
    found, expected = answered(synced), answered(fresh)
    assert found.pop("synced_at") == facts["synced_at"]
    assert expected.pop("synced_at") is None
    assert found == expected

    again = answered(run("sync", book, "--json"))
    assert [row["months_changed"] for row in again["tables"]] == [[], []]
    assert "The copy was brought up to date." in run("sync", book).stdout
