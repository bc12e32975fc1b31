"""Keys: their hashes alone are kept, and what is revoked or over is not taken."""

import hashlib
import json
import stat
from datetime import UTC, datetime, timedelta

import pytest

from features.errors import SettingError
from serving.endpoint import keys as module
from serving.endpoint.keys import KeyRing, Keys, Scope, make_key, read_keys, write_keys


def test_a_key_has_256_random_bits_and_its_file_holds_their_hash_alone(tmp_path):
    key, secret = make_key("crm", [Scope.ACT], None)
    other, _ = make_key("crm", [Scope.ACT], None)
    assert len(secret.removeprefix("pinch_")) == 43  # of 6 bits each: 256 and some
    assert key.sha256 == hashlib.sha256(secret.encode()).hexdigest() != other.sha256
    write_keys(tmp_path / "keys.json", Keys(keys=(key,)))
    text = (tmp_path / "keys.json").read_text()
    assert secret not in text and secret.removeprefix("pinch_") not in text
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert read_keys(tmp_path / "keys.json").keys == (key,)
    assert [file.name for file in tmp_path.iterdir()] == ["keys.json"]


def test_a_key_is_found_by_its_secret_alone():
    (one, first), (two, second) = (make_key(n, [Scope.ACT], None) for n in "ab")
    known = Keys(keys=(one, two))
    assert known.find(first.encode()) == one
    assert known.find(second.encode()) == two
    for wrong in (b"", first[:-1].encode(), one.sha256.encode(), b"\xff\x00"):
        assert known.find(wrong) is None


def test_a_key_is_taken_until_it_expires(tmp_path):
    now = datetime.now(UTC)
    soon, over = now + timedelta(minutes=5), now - timedelta(seconds=1)
    (good, first), (bad, second) = (
        make_key(name, [Scope.READ], until)
        for name, until in (("a", soon), ("b", over))
    )
    write_keys(tmp_path / "keys.json", Keys(keys=(good, bad)))
    ring = KeyRing(tmp_path / "keys.json")
    assert ring.find(first.encode()) == good
    assert ring.find(second.encode()) is None
    assert good.holds(soon - timedelta(microseconds=1)) and not good.holds(soon)


def test_a_file_that_changed_is_read_again_and_one_that_broke_lets_nobody_in(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.0)
    file = tmp_path / "keys.json"
    (one, first), (two, second) = (make_key(n, [Scope.ACT], None) for n in "ab")
    write_keys(file, Keys(keys=(one,)))
    ring = KeyRing(file)
    write_keys(file, Keys(keys=(two,)))
    assert ring.find(first.encode()) is None
    assert ring.find(second.encode()) == two
    file.write_text('{"keys": [')
    assert ring.find(second.encode()) is None
    write_keys(file, Keys(keys=(two,)))
    assert ring.find(second.encode()) == two
    file.unlink()
    assert ring.find(second.encode()) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"keys": [{"name": "a"}]}',
        '{"keys": [], "more": 1}',
        json.dumps({"keys": [{"name": "a b", "sha256": "0" * 64, "scopes": ["act"]}]}),
    ],
)
def test_what_is_no_file_of_keys_is_refused(tmp_path, text):
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(SettingError, match="pinch keys"):
        KeyRing(tmp_path / "keys.json")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SettingError, match="FileNotFoundError"):
        KeyRing(tmp_path / "none.json")
