"""Kinds and items of one's own: they count as they were declared, in a book, a request and the models' folder alike."""

import json

import pandas as pd
import pytest

from features.book.book import open_book
from features.book.own_features import words_by
from features.engine import instant
from features.errors import BookError, ModelError
from features.snapshot.frame import snapshot
from features.snapshot.of_request import LiveBook
from features.snapshot.why import explain
from features.vocabulary.items import CODES, ITEM_SLOTS, ITEMS, item_code
from features.vocabulary.kinds import ALL_KINDS, KIND_SLOTS, KINDS, OTHER, code
from features.vocabulary.own import OwnKind, OwnWords, UnfitWordError, read_words

TOML = """
[kinds.demo_held]
actor = "us"
effect = "answers"
meaning = "Showed the product."

[kinds.login]
actor = "account"
sign_of_life = true

[items.ease]
axis = "product"
scale = [1, 5]
higher_is_better = false
"""
AS_OF = instant(pd.Timestamp("2024-06-01").to_pydatetime())
ROWS = [
    ("2024-05-01T10:00", "question", "m"),
    ("2024-05-01T13:00", "demo_held", "m"),
    ("2024-05-20T10:00", "login", None),
    ("2024-05-25T10:00", "seance", None),
]
SCORES = [
    ("2024-05-02T10:00", "ease", 2.0, None),
    ("2024-05-02T10:00", "ease", 7.0, 8.0),
]


def write(folder, toml=TOML, extra=""):
    (folder / "accounts.csv").write_text("account_id,opened_at\na,2024-01-01")
    rows = [f"a,{when},{kind},{matter or ''}" for when, kind, matter in ROWS]
    (folder / "interactions.csv").write_text(
        "\n".join(["account_id,occurred_at,kind,matter_id", *rows])
    )
    scores = [
        f"a,{when},{item},{score},{top or ''}" for when, item, score, top in SCORES
    ]
    (folder / "surveys.csv").write_text(
        "\n".join(["account_id,occurred_at,item,score,scale_max", *scores])
    )
    (folder / "book.toml").write_text(toml + extra)
    return folder


def measured(frame, names):
    return {name: frame[name].tolist()[0] for name in names}


def test_own_words_count_as_they_were_declared(tmp_path):
    with open_book(write(tmp_path)) as book:
        frame = snapshot(book, [AS_OF])
        names = {
            unknown.vocabulary.column: dict(unknown.names) for unknown in book.unknown
        }
        told = book.ask("select answer, score from surveys order by score")
    # A question at 10 that a demonstration answered at 13; the login on the 20th is the last sign of life.
    assert measured(frame, ["hours_to_answer_365d", "days_silent"]) == {
        "hours_to_answer_365d": 3.0,
        "days_silent": pytest.approx(11 + 14 / 24),
    }
    assert frame["signs_of_life_30d"].tolist() == [1.0]
    assert names == {"kind": {"seance": 1}}
    # On 1 to 5, low is good: 2 is 7.5; on 1 to 8, 7 is 1.43.
    assert [score for _, score in told] == pytest.approx([10 / 7, 7.5])
    assert frame["product_last"].tolist() == pytest.approx([(7.5 + 10 / 7) / 2])


def test_the_rows_behind_a_feature_name_them_as_the_book_does(tmp_path):
    with open_book(write(tmp_path)) as book:
        names = ("days_silent", "own_share_365d", "scores_365d")
        silent, heard, scored = explain(book, "a", AS_OF, names)
    assert silent.rows["kind"].tolist() == ["login"]
    kinds = ["question", "demo_held", "login", "other"]
    assert heard.rows["kind"].tolist() == kinds
    assert scored.rows["item"].tolist() == ["ease", "ease"]


def test_without_the_declaration_they_are_unknown(tmp_path):
    with open_book(write(tmp_path, "")) as book:
        names = {
            unknown.vocabulary.column: dict(unknown.names) for unknown in book.unknown
        }
    assert names == {
        "kind": {"demo_held": 1, "login": 1, "seance": 1},
        "item": {"ease": 2},
    }


def request():
    def at(when):
        return pd.Timestamp(when, tz="UTC")

    return {
        "accounts": [{"account_id": "a", "opened_at": at("2024-01-01")}],
        "interactions": [
            {
                "account_id": "a",
                "occurred_at": at(when),
                "kind": kind,
                "matter_id": matter,
            }
            for when, kind, matter in ROWS
        ],
        "surveys": [
            {
                "account_id": "a",
                "occurred_at": at(when),
                "item": item,
                "score": score,
                "scale_max": top,
            }
            for when, item, score, top in SCORES
        ],
    }


def test_a_request_and_the_words_of_a_model_give_the_snapshot_of_the_book(tmp_path):
    with open_book(write(tmp_path)) as book:
        expected = snapshot(book, [AS_OF])
        carried = json.loads(json.dumps(book.words.written()))
    live = LiveBook({}, words=words_by(carried))
    answered = live.measure(AS_OF, request())
    pd.testing.assert_frame_equal(answered.frame, expected, check_exact=True)
    assert [dict(unknown.names) for unknown in answered.unknown] == [{"seance": 1}]


def test_a_feature_of_ones_own_names_a_kind_of_ones_own(tmp_path):
    mine = '''
from features.past.declaration import Theme
from features.past.measure import Measure, count, kind
from features.past.row_sources import INTERACTION

theme = Theme("shown", title="Shown", about="Demonstrations.", seeds=())

@theme.feature(unit="demonstrations", says="{value:.0f} demonstrations")
def demos() -> Measure:
    """Demonstrations so far."""
    return count(INTERACTION, kind("demo_held"))
'''
    write(tmp_path, extra='\n[features]\nfile = "mine.py"')
    (tmp_path / "mine.py").write_text(mine)
    with open_book(tmp_path) as book:
        assert snapshot(book, [AS_OF])["demos"].tolist() == [1.0]
    (tmp_path / "mine.py").write_text(mine.replace("demo_held", "demo_helt"))
    with pytest.raises(
        BookError, match="the kind demo_helt, which is neither ours nor"
    ):
        open_book(tmp_path)


def test_no_code_of_ours_is_ever_that_of_a_slot():
    codes = [kind.code for kind in ALL_KINDS.values()]
    assert len(set(codes)) == len(codes) and OTHER not in codes
    assert max(codes) < 256 and not set(KINDS) & {
        s for t in KIND_SLOTS.values() for s in t
    }
    items = [*ITEMS, *(slot for slots in ITEM_SLOTS.values() for slot in slots)]
    assert len({item_code(name) for name in items}) == len(items)
    assert max(item_code(name) for name in items) < CODES
    assert code("own:999:life") == OTHER


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[kinds.purchase]\nactor = "us"', "purchase, a name that is taken"),
        ('[kinds.demo]\nactor = "them"', "an actor other than account or us"),
        ("[kinds.demo]\nsign_of_life = true", "of which name, actor must be there"),
        ('[kinds.demo]\nactor = "us"\neffect = "heals"', "an effect other than opens"),
        (
            '[kinds.demo]\nactor = "us"\nsign_of_life = 1',
            "sign_of_life that is neither",
        ),
        ('[kinds.demo]\nactor = "us"\nanswers = true', "other fields than name, actor"),
        ('[kinds.Demo]\nactor = "us"', "a name of other than small letters"),
        ('[items.effort]\naxis = "people"', "effort, a name that is taken"),
        ('[items.ease]\naxis = "price"', "an axis other than product or people"),
        ("[items.ease]\nscale = [5, 1]", "a scale that is no"),
        ("[items]\nease = 1", "a table for each"),
    ],
)
def test_a_word_that_cannot_be_is_refused(tmp_path, toml, said):
    with pytest.raises(BookError) as refused:
        open_book(write(tmp_path, toml))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "forged",
    [
        [],
        {"kinds": []},
        {"kinds": {}, "items": []},
        {"kinds": ["demo"], "items": []},
        {
            "kinds": [{"name": "x'; drop table accounts; --", "actor": "us"}],
            "items": [],
        },
        {"kinds": [{"name": "a", "actor": "us", "code": 1}], "items": []},
        {"kinds": [], "items": [{"name": "a", "scale": ["1", "2"]}]},
        {"kinds": [], "items": [{"name": "a", "scale": [1, float("nan")]}]},
    ],
)
def test_forged_words_of_a_model_are_refused(forged):
    with pytest.raises(ModelError, match=r"model\.json, words"):
        words_by(forged)


def test_more_words_of_a_sort_than_there_are_slots_for_are_refused():
    kinds = tuple(OwnKind(f"k{number}", "us") for number in range(9))
    assert len(OwnWords(kinds[:8]).slots["kind"]) == 8
    with pytest.raises(UnfitWordError, match="more than 8 words that count alike"):
        OwnWords(kinds)


def test_words_are_read_as_they_were_written():
    words = OwnWords((OwnKind("demo", "us", "Shown.", True, "answers"),))
    assert read_words(json.loads(json.dumps(words.written()))) == words
