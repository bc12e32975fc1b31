"""The Customer Service Index: one rule, its twin over columns, and levels near the cut that are no migration."""

import ast
import itertools
import random
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import quadrants
from features.book.book import open_book
from features.engine import MICROS_PER_DAY, day_of, instant
from features.quadrants import (
    KNOWN,
    Quadrant,
    in_band,
    of_code,
    quadrant,
    quadrant_code,
    settled,
)
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from features.timeline.expression import of

P, E, C, S = (
    Quadrant.POOR,
    Quadrant.EXCEPTIONAL,
    Quadrant.PRODUCT_CARRIED,
    Quadrant.PEOPLE_CARRIED,
)
EDGES = [
    None,
    0.0,
    4.89,
    4.9,
    4.95,
    4.999999,
    5.0,
    5.05,
    5.099999,
    5.1,
    5.100001,
    7.5,
    10.0,
]


def by_columns(pairs):
    """The quadrants of (product, people) pairs by the rule over columns."""
    columns = {
        axis: np.array(
            [np.nan if pair[place] is None else pair[place] for pair in pairs],
            dtype=float,
        )
        for place, axis in enumerate(("product", "people"))
    }
    return [
        of_code(code) for code in quadrant_code(of.product, of.people).values(columns)
    ]


@pytest.mark.parametrize(
    ("product", "people", "expected"),
    [
        (4.9, 4.9, P),
        (4.9, 5.0, S),
        (5.0, 4.9, C),
        (5.0, 5.0, S),
        (5.05, 5.05, S),
        (5.1, 5.05, C),
        (5.05, 5.1, S),
        (5.1, 5.1, E),
        (4.9, 5.1, S),
        (5.1, 4.9, C),
        (0.0, 0.0, P),
        (10.0, 10.0, E),
        (10.0, 0.0, C),
        (0.0, 10.0, S),
        (4.999, 4.999, P),
    ],
)
def test_the_rule_on_its_edges(product, people, expected):
    assert quadrant(product, people) is expected


@pytest.mark.parametrize("level", [0.0, 4.9, 5.1, 10.0, None])
def test_a_missing_axis_is_unknown_and_never_poor(level):
    assert quadrant(None, level) is Quadrant.UNKNOWN
    assert quadrant(level, None) is Quadrant.UNKNOWN


def test_the_rule_and_its_sql_twin_agree_on_all_pairs_of_edges():
    pairs = list(itertools.product(EDGES, EDGES))
    assert by_columns(pairs) == [quadrant(*pair) for pair in pairs]


def test_the_rule_and_its_sql_twin_agree_on_a_fine_grid():
    grid = [tenth / 20 for tenth in range(201)]
    pairs = list(itertools.product(grid, grid))
    assert by_columns(pairs) == [quadrant(*pair) for pair in pairs]


LEVEL = st.one_of(st.none(), st.floats(0, 10), st.floats(4.85, 5.15))


@settings(max_examples=40, deadline=None)
@given(pairs=st.lists(st.tuples(LEVEL, LEVEL), min_size=1, max_size=30))
def test_the_rule_and_its_sql_twin_agree_everywhere(pairs):
    assert by_columns(pairs) == [quadrant(*pair) for pair in pairs]


@settings(max_examples=40, deadline=None)
@given(product=st.floats(0, 10), people=st.floats(0, 10), rise=st.floats(0, 10))
def test_two_known_axes_give_one_of_four_and_higher_levels_never_make_it_poor(
    product, people, rise
):
    now, better = (
        quadrant(product, people),
        quadrant(min(product + rise, 10.0), min(people + rise, 10.0)),
    )
    assert now in KNOWN
    assert better is not P or now is P
    assert now is not E or better is E


def test_the_band_excludes_its_edges():
    levels = [level for level in EDGES if level is not None]
    assert in_band(np.array(levels)).tolist() == [in_band(level) for level in levels]
    assert [level for level in levels if in_band(level)] == [
        4.95,
        4.999999,
        5.0,
        5.05,
        5.099999,
    ]


@pytest.mark.parametrize("code", [None, float("nan")])
def test_a_missing_code_is_unknown(code):
    assert of_code(code) is Quadrant.UNKNOWN


def test_codes_stand_for_the_quadrants_in_order():
    assert [of_code(float(code)) for code in range(4)] == [P, S, C, E]


@pytest.mark.parametrize(
    ("levels", "counts"),
    [
        ([], None),
        ([5.05], 5.05),
        ([5.0, 5.05], 5.05),
        ([7.0, 5.05], 7.0),
        ([3.0, 5.05, 4.95], 3.0),
        ([5.0, 7.0, 4.95, 5.05], 7.0),
        ([7.0, 4.9], 4.9),
        ([3.0, 5.1], 5.1),
        ([7.0, 5.05, 3.0], 3.0),
    ],
)
def test_levels_in_the_band_count_only_where_there_is_no_other(levels, counts):
    assert settled(levels) == counts


def survey_book(folder, scores_of):
    """A book of accounts with scores of the product, and of the people always 7, ten days apart."""
    first = datetime.fromisoformat("2024-01-01")
    days = [
        day_of(instant(first) + 10 * number * MICROS_PER_DAY).isoformat()
        for number in range(40)
    ]
    (folder / "accounts.csv").write_text(
        "account_id,opened_at\n" + "".join(f"{a},2024-01-01\n" for a in scores_of)
    )
    (folder / "interactions.csv").write_text(
        "account_id,occurred_at,kind\n"
        + "".join(f"{account},2024-01-01,visit\n" for account in scores_of)
    )
    rows = [
        f"{account},{days[number]},product,{score!r}\n{account},{days[number]},people,7\n"
        for account, scores in scores_of.items()
        for number, score in enumerate(scores)
    ]
    (folder / "surveys.csv").write_text(
        "account_id,occurred_at,item,score\n" + "".join(rows)
    )
    return open_book(folder), [
        instant(first) + 10 * number * MICROS_PER_DAY for number in range(40)
    ]


NAMES = ("product_level", "product_settled", "people_settled", "quadrant")
INDEX = {name: FEATURES[name] for name in NAMES}


def test_noise_around_the_cut_does_not_move_an_account_and_a_real_move_does(tmp_path):
    noise = [5.02, 4.98, 5.05, 4.96, 5.04, 4.97]
    book, when = survey_book(
        tmp_path,
        {
            "high": [7.0, 7.0, 7.0, *noise],
            "low": [3.0, 3.0, 3.0, *noise],
            "falls": [7.0] * 5 + [2.0] * 4,
        },
    )
    frame = snapshot(book, when[2:9], INDEX)
    paths = {
        account: [of_code(code) for code in rows["quadrant"]]
        for account, rows in frame.groupby("account_id")
    }
    # Levels of the last three occasions: high 7, 6.34, 5.67, 5.02, 5.00, 5.02, 4.99; low 3, 3.67, 4.33, 5.02 and so on.
    assert paths["high"] == [E] * 7
    assert paths["low"] == [S] * 7
    assert paths["falls"] == [E, E, E, E, S, S, S]
    last = frame[frame["as_of_us"] == when[8]].set_index("account_id")
    assert last.loc["high", "product_settled"] == pytest.approx(
        (7.0 + 5.02 + 4.98) / 3, abs=1e-6
    )
    assert last.loc["low", "product_settled"] == pytest.approx(
        (3.0 + 5.02 + 4.98) / 3, abs=1e-6
    )
    assert last.loc["high", "product_level"] == pytest.approx(
        (4.96 + 5.04 + 4.97) / 3, abs=1e-6
    )


def random_scores(chance):
    """Up to seven scores of an account, often at the cut."""
    return [
        chance.choice([4.9, 5.0, 5.1, chance.randint(0, 100) / 10])
        for _ in range(chance.randint(0, 7))
    ]


def test_the_settled_feature_is_the_settled_level_of_the_sequence(tmp_path):
    chance = random.Random(0)
    scores = [random_scores(chance) for _ in range(80)]
    accounts = {f"a{number:02}": of_account for number, of_account in enumerate(scores)}
    book, when = survey_book(tmp_path, accounts)
    frame = snapshot(book, when[:7], INDEX)
    for account, of_account in accounts.items():
        rows = frame[frame["account_id"] == account]
        levels = rows["product_level"].tolist()[
            : len(of_account)
        ]  # one more occasion at each as-of date
        for number in range(len(of_account)):
            assert rows["product_settled"].iloc[number] == settled(levels[: number + 1])
            expected = quadrant(rows["product_settled"].iloc[number], 7.0)
            assert of_code(rows["quadrant"].iloc[number]) is expected
        if not of_account:
            assert rows["quadrant"].isna().all()


def test_the_cuts_are_written_in_one_file():
    root = Path(quadrants.__file__).parents[1]
    rooms = ("features", "models", "serving", "pages", "commands")
    writing = set()
    for file in (file for room in rooms for file in (root / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and node.value in (4.9, 5.1):
                writing.add(str(file.relative_to(root)))
    assert writing == {"features/quadrants.py"}
