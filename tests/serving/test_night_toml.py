"""``night.toml``: its sections, what is refused, and secrets that stand elsewhere."""

import pytest
from pydantic import BaseModel, ConfigDict

from features.errors import SettingError
from serving.publishing.night_toml import (
    NightToml,
    read_night_toml,
    secret,
    validated,
)


def test_a_book_without_one_has_empty_sections(tmp_path):
    assert read_night_toml(tmp_path) == NightToml()
    assert NightToml().deliver == []


def test_its_sections_are_read_as_they_stand(tmp_path):
    (tmp_path / "night.toml").write_text(
        "[night]\ncapacity = 30\n[limits]\nshrink = 0.2\n[drift]\n"
        '[[deliver]]\nkind = "parquet"\n[[deliver]]\nkind = "duckdb"\n'
    )
    read = read_night_toml(tmp_path)
    assert (read.night, read.limits, read.drift) == (
        {"capacity": 30},
        {"shrink": 0.2},
        {},
    )
    assert [one["kind"] for one in read.deliver] == ["parquet", "duckdb"]


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        (
            "[nigth]\n",
            "night.toml, nigth",
            "any of night, limits, drift, deliver",
        ),
        ("night = 3\n", "night.toml, night", "dictionary"),
        ("[deliver]\n", "night.toml, deliver", "list"),
        ("[night\n", "night.toml", "TOML in UTF-8"),
    ],
)
def test_what_it_may_not_say_is_told_by_its_place(tmp_path, text, where, expected):
    (tmp_path / "night.toml").write_text(text)
    with pytest.raises(SettingError) as refused:
        read_night_toml(tmp_path)
    assert refused.value.where.endswith(where)
    assert expected in refused.value.expected


def test_a_section_is_validated_and_its_values_are_not_repeated():
    class Limits(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)
        shrink: float = 0.1

    assert validated(Limits, {"shrink": 0.2}, "[limits]").shrink == 0.2
    with pytest.raises(SettingError, match=r"\[limits\], shrnk: .* any of shrink"):
        validated(Limits, {"shrnk": 0.2}, "[limits]")
    with pytest.raises(SettingError, match="shrink: found another value") as refused:
        validated(Limits, {"shrink": "sesame"}, "[limits]")
    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize("written", ["sesame", "$A B", "x$TOKEN"])
def test_a_secret_in_the_file_is_refused_and_not_repeated(written):
    with pytest.raises(SettingError, match="a secret in the file") as refused:
        secret(written, "[[deliver]]", {"TOKEN": "1"})
    assert written not in str(refused.value)


def test_a_secret_that_the_environment_lacks_is_refused():
    with pytest.raises(SettingError, match="TOKEN in the environment"):
        secret("$TOKEN", "[[deliver]]", {"TOKEN": ""})
