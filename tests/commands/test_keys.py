"""``pinch keys``."""

import json

from command_line import refused, run

from serving.endpoint.keys import read_keys


def make(file, name, *options):
    return run("keys", "make", name, "--keys", file, *options)


def test_a_key_is_shown_once_listed_by_its_name_and_revoked(tmp_path):
    file = tmp_path / "keys.json"
    made = make(file, "crm", "--scope", "act", "--scope", "read", "--days", 30)
    secret = made.stdout.splitlines()[-1]
    assert (made.exit_code, secret[:6]) == (0, "pinch_")
    assert read_keys(file).find(secret.encode()).name == "crm"
    listed = run("keys", "list", "--keys", file, "--json")
    (key,) = json.loads(listed.stdout)["keys"]
    assert (key["name"], key["scopes"]) == ("crm", ["act", "read"])
    assert key["expires"] is not None
    assert secret not in listed.stdout and secret not in file.read_text()
    assert run("keys", "revoke", "crm", "--keys", file).exit_code == 0
    assert read_keys(file).keys == ()


def test_a_name_is_given_once_and_an_unknown_one_is_not_revoked(tmp_path):
    file = tmp_path / "keys.json"
    assert make(file, "crm", "--scope", "act").exit_code == 0
    refused(make(file, "crm", "--scope", "act"), "SettingError")
    refused(run("keys", "revoke", "other", "--keys", file), "SettingError")
    assert len(read_keys(file).keys) == 1


def test_a_key_without_a_scope_or_of_another_one_is_misuse(tmp_path):
    assert make(tmp_path / "keys.json", "crm").exit_code == 2
    assert make(tmp_path / "keys.json", "crm", "--scope", "all").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_name_of_other_characters_is_refused(tmp_path):
    refused(make(tmp_path / "keys.json", "a b", "--scope", "act"), "SettingError")
