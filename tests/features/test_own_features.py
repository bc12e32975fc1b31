"""Features of one's own: declared in a file as ours are, carried along as plain data, read by a strict reader."""

import copy
import json

import numpy as np
import pandas as pd
import pytest

from company import write_sample
from features.book.book import open_book
from features.book.own_features import declared_by, declared_in
from features.engine import instant
from features.errors import BookError, ModelError
from features.snapshot.frame import snapshot
from features.snapshot.of_request import LiveBook
from features.snapshot.why import explain
from features.themes.dictionary import FEATURES, OURS, THEMES
from features.themes.own import read_themes, written_themes
from features.timeline.expression import ALL, of
from features.timeline.functions import absolute, case, greatest, how_many, least
from features.timeline.written import UnreadableError, read_expression, written
from models.fitted.boosting import Setting
from models.score.reasons import (
    Terms,
    of_columns,
    reason,
    reasons_by_column,
    theme_of,
)
from models.score.telling import Row
from serving.endpoint.predictor import Predictor
from serving.night.night import score_night
from serving.scorer import load_models
from training.configuration import Configuration
from training.leakage import certify
from training.past.observed import observe
from training.train import train

MINE = '''
"""Features of a shop that counts what is dear."""

from features.past.declaration import Formula, Theme
from features.past.measure import Measure, count, kind
from features.past.row_sources import INTERACTION
from features.timeline.expression import of

theme = Theme("dear", title="What is dear", about="Dear purchases.", seeds=())


@theme.feature(windows=(30, 90), unit="purchases", says="{value:.0f} dear purchases in {window} days")
def dear_purchases(window: int) -> Measure:
    """Purchases of 100 or more in the last {window} days."""
    return count(INTERACTION, kind("purchase") & (of.value >= 100), window)


@theme.feature(unit="ratio", says="{value:.0%} of the dear ones were lately")
def dear_lately() -> Formula:
    """Dear purchases of the last 30 days over those of the last 90."""
    return Formula(of.dear_purchases_30d / of.dear_purchases_90d)


@theme.feature(unit="ratio", says="{value:.2f} dear ones for each purchase")
def dear_share() -> Formula:
    """Dear purchases of the last 90 days over all purchases of the last 90."""
    return Formula(of.dear_purchases_90d / of.purchases_90d)
'''
NAMES = ["dear_purchases_30d", "dear_purchases_90d", "dear_lately", "dear_share"]
AS_OF = instant(pd.Timestamp("2024-06-01").to_pydatetime())
BOUGHT = [("2024-05-20", 100), ("2024-04-20", 250), ("2024-04-21", 99.5)]


def write(folder, mine=MINE, toml='[features]\nfile = "mine.py"'):
    (folder / "accounts.csv").write_text("account_id,opened_at\na,2024-01-01")
    rows = [f"a,{day}T10:00,purchase,{value}" for day, value in BOUGHT]
    header = "account_id,occurred_at,kind,value"
    (folder / "interactions.csv").write_text("\n".join([header, *rows]))
    (folder / "book.toml").write_text(toml)
    (folder / "mine.py").write_text(mine)
    return folder


def test_own_features_stand_in_the_snapshot_after_ours_with_their_values(tmp_path):
    with open_book(write(tmp_path)) as book:
        frame = snapshot(book, [AS_OF])
    assert frame.columns.tolist() == ["account_id", "as_of_us", *FEATURES, *NAMES]
    assert frame[NAMES].to_numpy().tolist() == [[1.0, 2.0, 0.5, 2 / 3]]


def test_a_request_is_measured_by_the_written_themes_alone(tmp_path):
    with open_book(write(tmp_path)) as book:
        expected = snapshot(book, [AS_OF])
        carried = json.loads(json.dumps(written_themes(book.dictionary.own)))
    features = declared_by(carried).features
    asked = {
        "accounts": [
            {"account_id": "a", "opened_at": pd.Timestamp("2024-01-01", tz="UTC")}
        ],
        "interactions": [
            {
                "account_id": "a",
                "occurred_at": pd.Timestamp(f"{day}T10:00", tz="UTC"),
                "kind": "purchase",
                "value": value,
            }
            for day, value in BOUGHT
        ],
    }
    answered = LiveBook({}, features).snapshot(AS_OF, asked)
    pd.testing.assert_frame_equal(answered, expected, check_exact=True)


def test_the_certificate_and_why_cover_own_features(tmp_path):
    with open_book(write(tmp_path)) as book:
        before = instant(pd.Timestamp("2024-05-01").to_pydatetime())
        certificate = certify(book, before)
        assert (certificate.features, certificate.clean) == (len(FEATURES) + 4, True)
        (why,) = explain(book, "a", AS_OF, ("dear_share",))
    assert why.parts == {"purchases_90d": 3.0, "dear_purchases_90d": 2.0}


def test_a_reason_of_ones_own_has_its_code_and_words_wherever_it_is_read(tmp_path):
    with open_book(write(tmp_path)) as book:
        dictionary = book.dictionary
    row = Row({"dear_purchases_30d": [2.0]}, 0)
    why = reason("dear_purchases_30d", row, Terms(dictionary))
    assert (why.code, why.theme) == ("dear.dear_purchases", "dear")
    assert why.sentence == "2 dear purchases in 30 days"
    row = {name: values[0] for name, values in reasons_by_column([[why]]).items()}
    assert of_columns(row) == [why]
    assert theme_of("dear_lately", dictionary) == "dear"


@pytest.mark.parametrize(
    ("mine", "said"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        (MINE.replace("of.value >=", "of.price >="), "dear_purchases_30d, which reads 'price' of interaction"),
        (MINE.replace("of.purchases_90d)", "of.bought_90d)"), "the formula dear_share, which reads itself or"),
        (MINE.replace("def dear_lately", "def days_silent"), "the feature days_silent, a name that is taken"),
        (MINE.replace('Theme("dear"', 'Theme("value"'), "the theme value, a name that is taken"),
        (MINE.replace('Theme("dear"', 'Theme("facts"'), "the theme facts, a name that is taken"),
        (MINE.replace('"""Purchases of 100 or more in the last {window} days."""', ""), "a text that is empty"),
        (
            MINE.replace("INTERACTION, kind", 'Source("mine", INTERACTION.make), kind')
            + "",
            "NameError",
        ),
        (MINE.replace("{value:.2f}", "{value.real}"), "words that hold something else than"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_travel_is_refused_with_what_is_wrong(tmp_path, mine, said):
    with pytest.raises(BookError, match=r"mine\.py") as refused:
        open_book(write(tmp_path, mine))
    assert said in str(refused.value)


def test_a_source_of_ones_own_is_refused(tmp_path):
    mine = MINE.replace("INTERACTION, kind", 'Source("mine", INTERACTION.make), kind')
    mine = mine.replace(
        "from features.timeline.expression",
        "from features.timeline.histories import Source\nfrom features.timeline.expression",
    )
    with pytest.raises(BookError, match="the source mine, which is none of Pinch's"):
        open_book(write(tmp_path, mine))


@pytest.mark.parametrize("name", ["elsewhere.py", "../mine.py", "mine.txt", 7])
def test_a_file_is_named_by_a_name_beside_the_book_alone(tmp_path, name):
    with pytest.raises(BookError, match="features"):
        open_book(write(tmp_path, toml=f"[features]\nfile = {json.dumps(name)}"))


def test_a_feature_with_the_name_of_a_fact_is_refused(tmp_path):
    write(tmp_path)
    (tmp_path / "accounts.csv").write_text(
        "account_id,opened_at,dear_share\na,2024-01-01,1"
    )
    with pytest.raises(BookError, match="the features dear_share, which are facts"):
        open_book(tmp_path)


# What is written is what is read


@pytest.mark.parametrize(
    "expression",
    [
        (of.a + 1) * 2 - of.b / of.a**2,
        ~(of.a.missing() | of.b.known()) & (of.a < 3),
        case(of.a >= 2, of.b, np.nan).otherwise(7),
        least(absolute(of.b), greatest(of.a, 2.5)),
        how_many([of.a.equals(1), of.b.differs(2), of.a <= of.b, of.a > 0]),
        case(of.c.among(1, 3), 1.0, 0.0),
        case(ALL, 3, 4),
    ],
)
def test_an_expression_read_again_gives_the_same_to_the_bit(expression):
    columns = {
        "a": np.array([1.0, 2.0, np.nan, 4.0]),
        "b": np.array([0.0, -2.5, 3.0, np.nan]),
        "c": np.array([1, 2, 3, 255], dtype=np.uint8),
    }
    again = read_expression(json.loads(json.dumps(written(expression))))
    assert (str(again), again.reads) == (str(expression), expression.reads)
    np.testing.assert_array_equal(again.values(columns), expression.values(columns))


def test_all_of_ours_can_be_written_and_read_again():
    renamed = json.loads(json.dumps(written_themes(THEMES)))
    for theme in renamed:
        theme["name"] = f"my_{theme['name']}"
        for feature in theme["features"]:
            feature["name"] = f"my_{feature['name']}"
    again = json.loads(json.dumps(written_themes(read_themes(renamed))))
    assert again == renamed
    assert sum(len(theme["features"]) for theme in again) == len(FEATURES)


@pytest.mark.parametrize(
    "forged",
    [
        None,
        "of",
        [],
        ["exec", "import os"],
        ["__class__", ["of", "a"]],
        ["of", "__class__"],
        ["of", "a.b"],
        ["of"],
        ["number", "1"],
        ["number", True],
        ["number", float("inf")],
        ["number", 1, 2],
        ["all", 1],
        ["among", ["of", "a"], [10**9]],
        ["among", ["of", "a"], [-1]],
        ["among", ["of", "a"], []],
        ["among", ["of", "a"], list(range(256)) * 2],
        ["+", ["of", "a"]],
        ["not", ["of", "a"], ["of", "a"]],
        [["of"], "a"],
        {"of": "a"},
    ],
)
def test_forged_expressions_are_refused(forged):
    with pytest.raises(UnreadableError):
        read_expression(forged)


def test_an_expression_nested_without_end_is_refused():
    nested = ["of", "a"]
    for _ in range(200):
        nested = ["not", nested]
    with pytest.raises(UnreadableError):
        read_expression(nested)


GOOD = {
    "name": "mine",
    "title": "Mine",
    "about": "About.",
    "seeds": [],
    "features": [
        {
            "name": "visits_of_mine",
            "meaning": "Visits.",
            "unit": "visits",
            "says": "{value:,.0f} visits",
            "bad": "either",
            "seeds": [],
            "measure": "count",
            "source": "interaction",
            "value": None,
            "where": ["all"],
            "window": 30,
            "part": None,
        }
    ],
}


def test_the_good_theme_is_read():
    assert list(declared_by([GOOD]).features)[-1] == "visits_of_mine"
    assert declared_by([]).features == OURS.features


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("says", "{value.__class__.__mro__}"),
        ("says", "{value!r}"),
        ("says", "{0}"),
        ("says", "{value:1000000000}"),
        ("says", "{value:{value}}"),
        ("says", "{"),
        ("bad", "worst"),
        ("bad", ["high"]),
        ("name", "__import__"),
        ("name", "days_silent"),
        ("meaning", "x" * 2_000),
        ("unit", ""),
        ("measure", "__init__"),
        ("measure", ["count"]),
        ("measure", "places_of"),
        ("source", "os"),
        ("source", {}),
        ("window", 0),
        ("window", 1e9),
        ("window", True),
        ("where", ["of", "no_such_column"]),
        ("where", "True"),
        ("value", ["exec"]),
        ("measure", "total"),
        ("seeds", "S1"),
        ("more", 1),
    ],
)
def test_forged_themes_are_refused_as_models_that_cannot_be_read(field, value):
    forged = copy.deepcopy(GOOD)
    forged["features"][0][field] = value
    with pytest.raises(ModelError, match=r"model\.json, themes"):
        declared_by([forged])


@pytest.mark.parametrize(
    "forged", [None, {}, [[]], [{**GOOD, "features": {}}], [GOOD, GOOD]]
)
def test_what_is_no_list_of_themes_is_refused(forged):
    with pytest.raises(ModelError):
        declared_by(forged)


def test_a_formula_that_reads_itself_is_refused():
    (feature,) = GOOD["features"]
    entry = {
        name: feature[name] for name in ("meaning", "unit", "says", "bad", "seeds")
    }
    circle = [
        {**entry, "name": one, "formula": ["of", other]}
        for one, other in (("this_one", "that_one"), ("that_one", "this_one"))
    ]
    with pytest.raises(ModelError, match="the formula that_one, which reads itself"):
        declared_by([{**GOOD, "features": circle}])


def test_reading_a_model_runs_no_file(tmp_path):
    trap = tmp_path / "mine.py"
    trap.write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    declared_in(trap)
    assert (tmp_path / "ran").exists()
    (tmp_path / "ran").unlink()
    declared_by([GOOD])
    assert not (tmp_path / "ran").exists()


@pytest.mark.slow
def test_own_features_are_trained_on_and_neither_night_nor_endpoint_needs_the_file(
    tmp_path,
):
    write_sample(tmp_path / "book", accounts=150, months=14, seed=5)
    toml = tmp_path / "book" / "book.toml"
    plain = toml.read_text()
    toml.write_text(f'{plain}\n[features]\nfile = "mine.py"\n')
    (tmp_path / "book" / "mine.py").write_text(MINE.replace(">= 100", ">= 1"))
    with open_book(tmp_path / "book") as book:
        training = train(observe(book), Configuration(Setting(trees=5)))
        expected = score_night(book, book.watermark, _scorer(training, tmp_path))
    assert "dear_purchases_90d" in training.models.defection.encoding.columns
    assert training.certificate.features >= len(FEATURES) + 4
    (tmp_path / "book" / "mine.py").unlink()
    toml.write_text(plain)
    scorer = load_models(tmp_path / "models")
    with open_book(tmp_path / "book", trained=scorer.trained) as book:
        night = score_night(book, book.watermark, scorer)
    pd.testing.assert_frame_equal(night.scores, expected.scores)
    body = {
        "as_of": "2026-01-01",
        "accounts": [{"account_id": "a", "opened_at": "2025-01-01"}],
    }
    answer = Predictor(scorer).predict(json.dumps(body).encode())
    assert answer.predictions[0].risk_90d > 0


def _scorer(training, tmp_path):
    training.models.defection.save(tmp_path / "models" / "defection")
    training.models.migration.save(tmp_path / "models" / "migration")
    return load_models(tmp_path / "models")
