"""Missing things are normal: whatever a book lacks, every column is there, and what cannot be known is missing."""

import shutil

import pandas as pd
import pytest
from command_line import answered, run
from conftest import keep
from histories import AS_OF, ago

from company import write_sample
from features.book.book import open_book
from features.engine import instant
from features.past.measure import Measure
from features.snapshot.frame import KEYS, snapshot, snapshot_of_pairs
from features.themes.dictionary import FEATURES
from features.themes.lineage import read_by
from features.vocabulary.contract import TABLES
from models.fitted.boosting import Setting
from models.fitted.defection import load
from models.registry.registry import Registry
from models.score.horizon import HORIZONS, risk_column, state_column
from models.score.states import STATES
from serving.scorer import Scorer
from training.configuration import Configuration
from training.past.observed import observe
from training.train import train

NOT_COUNTED = {
    *("points", "ratio", "share", "probability", "hours", "deviations"),
    *("code", "match", "class", "direction", "flag"),
}
"""Units of which nothing is known where there are no rows; so are days, unless they are counted."""
DAYS_COUNTED = {"active_days", "days_active_7d", "days_active_30d", "days_active_90d"}
MEANS_AND_LARGEST = {
    *(
        "mean_purchase",
        "minutes_late_180d",
        "hands_per_matter_365d",
        "longest_exchange_90d",
    ),
    *(
        "minutes_per_use_30d",
        "minutes_per_use_180d",
        "word_of_mouth_low",
        "word_of_mouth_high",
    ),
    "items_per_purchase",
    *("term_value", "value_before_renewal", "seats_bought", "seats_before_renewal"),
    "uses_per_seat",
}
"""Of the units that are counted or added up, what is neither."""
COUNTING_FORMULAS = {"pinch_signs"}


def event(days, kind, matter=None, rep=None, name="lively", **rest):
    """An interaction, some days before the as-of date, with every column that is not about when it was known."""
    columns = dict.fromkeys(("channel", "value", "minutes", "sentiment", "items"))
    keys = {
        "account_id": name,
        "occurred_at": ago(days),
        "kind": kind,
        "matter_id": matter,
        "rep_id": rep,
    }
    return {**keys, **columns, **rest}


def score(days, item, points):
    return {
        "account_id": "lively",
        "occurred_at": ago(days),
        "item": item,
        "score": points,
    }


FULL = {
    "accounts": [
        {
            "account_id": "lively",
            "opened_at": ago(800),
            "market": "north",
            "style": "pounder",
            "tier": "key",
        },
        {
            "account_id": "silent",
            "opened_at": ago(100),
            "market": "south",
            "style": None,
            "tier": None,
        },
    ],
    "interactions": [
        *(
            event(700, "visit", channel="site"),
            event(59, "visit", channel="site"),
            event(6, "visit"),
        ),
        *(
            event(200, "purchase", value=100.0, items=4),
            event(120, "purchase", value=40.0),
            event(20, "purchase", value=50.0, items=2),
            event(15, "cancellation"),
        ),
        *(
            event(100, "use", minutes=40.0, channel="maps"),
            event(10, "use", minutes=20.0, channel="mail"),
        ),
        *(
            event(80, "question", "m1", "ann", sentiment=0.5),
            event(79, "answer", "m1", "ann"),
        ),
        *(event(79, "transfer", "m1", "ann"), event(79, "hold", "m1", minutes=5.0)),
        *(event(78, "resolution", "m1", "ann"), event(120, "complaint", "m2")),
        *(
            event(50, "failure", "f1"),
            event(49, "resolution", "f1", "ann"),
            event(30, "failure", "f2"),
        ),
        *(
            event(90, "promise_made", "p1", minutes=1440.0),
            event(89, "promise_kept", "p1"),
        ),
        *(
            event(40, "promise_made", "p2", minutes=1440.0),
            event(9, "handover", rep="bob"),
        ),
        *(
            event(25, "outreach"),
            event(24, "reply", sentiment=-0.5),
            event(35, "surprise"),
        ),
        *(
            event(40, "invoice_sent", "i1", minutes=1440.0),
            event(30, "payment", "i1", value=50.0),
            event(29, "invoice_sent", "i2", minutes=1440.0),
            event(20, "payment_failed", "i2"),
            event(33, "unmet_request"),
            event(45, "delivery", minutes=7.0),
            event(70, "survey_sent"),
        ),
    ],
    "outcomes": [
        {
            "account_id": "lively",
            "occurred_at": ago(18),
            "outcome": "reached",
            "outcome_id": "o1",
        }
    ],
    "surveys": [
        *(
            score(69, "product", 8.0),
            score(5, "product", 6.0),
            score(69, "people", 6.0),
            score(5, "people", 9.0),
        ),
        *(score(69, "recommend", 9.0), score(69, "effort", 2.0)),
        *(score(300, "product", 8.0), score(300, "people", 3.0)),
        *(
            score(69, item, 8.0)
            for item in ("better", "faster", "different", "cost_effective", "process")
        ),
        *(score(69, item, 6.0) for item in ("attitude", "skills", "knowledge")),
    ],
    "departures": [{"account_id": "silent", "occurred_at": ago(-90)}],
    "contracts": [
        {
            "account_id": "lively",
            "contract_id": f"c{starts}",
            "starts_at": ago(starts),
            "ends_at": ago(starts - 365),
            "known_at": ago(starts + 30),
            "value": value,
            "seats": 5.0,
            "plan": "gold",
            "auto_renews": True,
        }
        for starts, value in ((465, 1000.0), (100, 900.0))
    ],
    "scheduled": [
        {
            "account_id": "lively",
            "scheduled_id": "e1",
            "scheduled_at": ago(-5),
            "kind": "meeting",
            "known_at": ago(8),
        }
    ],
    "reps": [
        {
            "rep_id": "ann",
            "hired_at": ago(900),
            "left_at": ago(10),
            "style": "nurturer",
        },
        {"rep_id": "bob", "hired_at": ago(300), "left_at": None, "style": "pounder"},
    ],
    "markets": [
        {"market": "north", "occurred_at": ago(110), "kind": "competitor_entered"}
    ],
}
"""A book with an account of which everything is known, and one to which nothing has happened yet."""


def without(tables, *what):
    """The tables without some of them (``surveys``) or some of their columns (``interactions.value``)."""
    for table, _, column in (name.partition(".") for name in what):
        rows = [
            {name: value for name, value in row.items() if name != column}
            for row in tables[table]
        ]
        tables = {name: kept for name, kept in tables.items() if name != table} | (
            {table: rows} if column else {}
        )
    return tables


COUNTING = ("count", "total", "amount")
"""Measures that are zero, and not missing, where there is nothing."""


def empty(how):
    """What a feature is where there is nothing: a count is zero, all else is not known."""
    return 0.0 if isinstance(how, Measure) and how.how in COUNTING else None


def made_from(name, *what):
    """Whether a feature is measured on one of some tables or sources, or is a formula of one that is."""
    how = FEATURES[name].how
    if isinstance(how, Measure):
        return how.source.name in what or bool(read_by(name, FEATURES) & set(what))
    return any(made_from(part, *what) for part in how.expression.reads)


def nothing_of(*what):
    """The features made from tables or sources without rows, with what they are then."""
    return {
        name: empty(feature.how)
        for name, feature in FEATURES.items()
        if made_from(name, *what)
    }


def values(row):
    """The features of a row of a snapshot, None for what is missing."""
    return {name: None if row[name] != row[name] else row[name] for name in FEATURES}


@pytest.fixture
def measured(make_book):
    """The features of the lively account in a book of the given tables."""

    def measure(tables):
        book = make_book(**tables)
        frame = snapshot(book, [instant(AS_OF)])
        assert book.quarantine.empty
        assert list(frame.columns) == [*KEYS, *FEATURES, *book.facts]
        (row,) = frame[frame["account_id"] == "lively"].to_dict("records")
        return values(row)

    return measure


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """The features of both accounts in the book that lacks nothing."""
    folder = tmp_path_factory.mktemp("full")
    for name, rows in FULL.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    rows = snapshot(open_book(folder, max_bad_share=0.0), [instant(AS_OF)]).to_dict(
        "records"
    )
    return {row["account_id"]: values(row) for row in rows}


def test_of_the_account_that_lacks_nothing_everything_is_known(full):
    assert [name for name, value in full["lively"].items() if value is None] == []
    assert full["lively"]["pinch_signs"] == 3.0  # tone, product and a long exchange
    # The people stood at 3, then at 4.5, and with the third occasion at 6, beside a product of 8 and then 22 / 3.
    moved = (
        "quadrant_before",
        "quadrant",
        "last_move",
        "quadrant_moves_365d",
        "days_in_quadrant",
    )
    assert [full["lively"][name] for name in moved] == [2.0, 3.0, 1.0, 1.0, 5.0]
    # A failure is open; of the four lines product, promises and people are good, and half of the matters are open.
    assert (full["lively"]["zone"], full["lively"]["checklist"]) == (0.0, 0.75)


# An account with an empty history


@pytest.mark.parametrize("name", FEATURES)
def test_measures_of_what_is_counted_are_zero_where_there_is_nothing_and_others_are_missing(
    name,
):
    feature = FEATURES[name]
    days_measured = feature.unit == "days" and name not in DAYS_COUNTED
    counted = not (
        feature.unit in NOT_COUNTED or days_measured or name in MEANS_AND_LARGEST
    )
    if isinstance(feature.how, Measure):
        assert empty(feature.how) == (0.0 if counted else None)
    else:
        assert counted == (name in COUNTING_FORMULAS)


_OF_THE_ACCOUNT = {
    **{"days_since_opened": 100.0, "profile_filled": 1 / 3},
    **{"youth": pytest.approx(1 - 100 / 365), "account_tier": 3.0},
}


@pytest.mark.parametrize("name", FEATURES)
def test_of_an_empty_history_counts_are_zero_and_the_rest_is_not_known(full, name):
    how = FEATURES[name].how
    of_nothing = 0.0 if name in COUNTING_FORMULAS else empty(how)
    expected = _OF_THE_ACCOUNT.get(name, of_nothing)
    assert full["silent"][name] == expected


def test_an_empty_history_is_measured_alike_in_a_book_that_lacks_the_rest(
    make_book, full
):
    book = make_book(
        **without(
            FULL,
            *("surveys", "departures", "reps", "markets", "contracts", "scheduled"),
            "interactions.matter_id",
        )
    )
    pair = pd.DataFrame({"account_id": ["silent"], "as_of_us": [instant(AS_OF)]})
    (row,) = snapshot_of_pairs(book, pair).to_dict("records")
    assert values(row) == full["silent"]


# A book that lacks something

NO_SURVEYS = nothing_of("surveys") | {
    "pinch_signs": 2.0,
    "survey_answer_rate": 0.0,
    "zone": 0.0,
    "checklist": 1 / 3,
}
NO_MATTERS = {
    **nothing_of("matter", "promise", "exchange", "to_make_good", "invoice"),
    **{"pinch_signs": 2.0, "zone": 1.0, "checklist": 1.0},
}
NO_MARKETS = nothing_of("market_event")
NO_LEAVING = dict.fromkeys(("days_since_main_rep_left", "days_since_rep_left"))
NO_REPS = NO_LEAVING | dict.fromkeys(("rep_tenure", "style_match"))
NO_AMOUNTS = {
    **dict.fromkeys(("spent_90d", "spent_180d", "spent_365d", "spent_ever")),
    **dict.fromkeys(
        ("mean_purchase", "purchase_size_ratio", "spending_ratio", "spent_ratio")
    ),
}
NO_MINUTES = {
    **dict.fromkeys(
        (
            "minutes_used_30d",
            "minutes_used_180d",
            "minutes_on_hold_365d",
            "promises_overdue",
        ),
        0.0,
    ),
    **dict.fromkeys(
        ("use_ratio", "longest_overdue", "freshest_overdue", "minutes_late_180d")
    ),
    **dict.fromkeys(
        ("minutes_per_use_30d", "minutes_per_use_180d", "minutes_per_use_ratio")
    ),
    "to_make_good_180d": 1.0,
    **nothing_of("invoice"),
}
NO_TONE = dict.fromkeys(("tone_60d", "tone_365d", "tone_change")) | {"pinch_signs": 2.0}
CASES = {
    "surveys": NO_SURVEYS,
    "departures": {},
    "reps": NO_REPS,
    "markets": NO_MARKETS,
    "contracts": nothing_of("contracts"),
    "scheduled": nothing_of("scheduled"),
    "accounts.market": NO_MARKETS,
    "accounts.style": {"style_match": None},
    "accounts.tier": {"key_account": None, "account_tier": 3.0},
    "accounts.market accounts.style accounts.tier": NO_MARKETS
    | {
        "style_match": None,
        "key_account": None,
        "account_tier": 3.0,
        "profile_filled": None,
    },
    "interactions.matter_id": NO_MATTERS,
    "interactions.channel": {"channels_30d": 0.0, "channels_180d": 0.0},
    "interactions.value": NO_AMOUNTS,
    "interactions.minutes": NO_MINUTES,
    "interactions.sentiment": NO_TONE,
    "interactions.items": {"items_per_purchase": None, "items_ratio": None},
    "reps.hired_at": {"rep_tenure": None},
    "reps.left_at": NO_LEAVING,
    "reps.style": {"style_match": None},
    "surveys departures reps markets": NO_SURVEYS | NO_REPS | NO_MARKETS,
    "surveys interactions.matter_id": NO_SURVEYS
    | NO_MATTERS
    | {"pinch_signs": 1.0, "checklist": 0.0},
}
"""By what is missing: the features that it changes, with their values; all others stay as they are."""


@pytest.mark.parametrize("what", CASES)
def test_what_is_missing_changes_what_is_made_from_it_and_nothing_else(
    measured, full, what
):
    assert measured(without(FULL, *what.split())) == full["lively"] | CASES[what]


def test_without_rep_ids_contact_is_held_by_nobody(measured, full):
    found = measured(without(FULL, "interactions.rep_id"))
    expected = full["lively"] | nothing_of("contact", "style")
    del found["hands_per_matter_365d"], expected["hands_per_matter_365d"]
    assert found == expected


def test_without_rep_ids_nobody_knows_how_many_touched_a_matter(measured):
    assert (
        measured(without(FULL, "interactions.rep_id"))["hands_per_matter_365d"] is None
    )


def test_the_plainest_book_of_all_has_every_column(measured, full):
    bare = {"account_id": "lively", "opened_at": ago(800)}
    rows = [
        {"account_id": "lively", "occurred_at": ago(days), "kind": "visit"}
        for days in (30, 10)
    ]
    found = measured({"accounts": [bare], "interactions": rows})
    known = {name for name, value in found.items() if value is not None}
    rhythm = (
        "days_silent",
        "usual_gap",
        "longest_gap",
        "last_gap",
        "active_span",
        "silence_over_rhythm",
    )
    assert [found[name] for name in rhythm] == [10.0, 20.0, 20.0, 20.0, 20.0, 0.5]
    unread = {
        name: value
        for name, value in full["silent"].items()
        if not made_from(name, "interactions")
    }
    expected = unread | {
        "days_since_opened": 800.0,
        "profile_filled": None,
        "youth": 0.0,
    }
    assert {name: found[name] for name in expected} == expected
    of_nothing = {
        name for name, feature in FEATURES.items() if empty(feature.how) is not None
    }
    assert of_nothing <= known


def test_a_single_survey_gives_a_level_and_no_quadrant_change_or_spread(measured, full):
    found = measured({**FULL, "surveys": [score(20, "product", 7.0)]})
    told = {
        **dict.fromkeys(("product_level", "product_last", "product_settled"), 7.0),
        **{
            "days_since_survey": 20.0,
            "scores_365d": 1.0,
            "surveys_answered_365d": 1.0,
            "survey_answer_rate": 1.0,
            "score_after_failure_365d": 7.0,
        },
        **{
            "product_occasions_365d": 1.0,
            "days_since_product_score": 20.0,
            "youth_product": 0.0,
            "checklist": 0.5,
        },
    }
    assert found == full["lively"] | NO_SURVEYS | told


# Kinds that the vocabulary does not have


def test_a_kind_that_nobody_has_heard_of_is_reported_and_is_one_more_interaction(
    make_book, full
):
    strange = [event(days, "seance") for days in (150, 40)]
    book = make_book(**{**FULL, "interactions": FULL["interactions"] + strange})
    assert [
        dict(names.names) for names in book.unknown if names.vocabulary.column == "kind"
    ] == [{"seance": 2}]
    assert book.quarantine.empty
    (row,) = (
        snapshot(book, [instant(AS_OF)])
        .query("account_id == 'lively'")
        .to_dict("records")
    )
    found = values(row)
    changed = {
        name: value for name, value in found.items() if value != full["lively"][name]
    }
    # Of 28 interactions within a year 11 are signs of life; now of 30.
    assert full["lively"]["own_share_365d"] == 11 / 28
    assert changed == {"own_share_365d": 11 / 30}


def test_a_history_of_unknown_kinds_alone_is_as_good_as_none(make_book, full):
    book = make_book(
        **{
            **FULL,
            "interactions": [*FULL["interactions"], event(50, "seance", name="silent")],
        }
    )
    (row,) = (
        snapshot(book, [instant(AS_OF)])
        .query("account_id == 'silent'")
        .to_dict("records")
    )
    found = values(row)
    assert (found["days_on_record"], found["own_share_365d"]) == (50.0, 0.0)
    assert found["zone"] == 1.0
    there = {
        "days_on_record",
        "own_share_365d",
        "zone",
        "youth_activity",
        *(f"activity_surprise_{window}d" for window in (14, 30, 60)),
    }
    assert {name: found[name] for name in FEATURES.keys() - there} == {
        name: full["silent"][name] for name in FEATURES.keys() - there
    }


# The whole way


@pytest.fixture(scope="module")
def plain_folder(tmp_path_factory):
    """A sample company of which accounts and interactions alone are left."""
    sample, folder = tmp_path_factory.mktemp("sample"), tmp_path_factory.mktemp("plain")
    write_sample(sample, accounts=250, months=12, seed=11)
    for table in ("accounts", "interactions"):
        shutil.copy(sample / f"{table}.parquet", folder)
    return folder


@pytest.fixture(scope="module")
def plain_book(plain_folder):
    with open_book(plain_folder) as book:
        yield book


@pytest.fixture(scope="module")
def plain(plain_book):
    return train(observe(plain_book), Configuration(Setting(trees=5)))


def test_a_book_of_two_tables_says_in_words_what_is_off(plain_book):
    assert plain_book.missing() == [
        TABLES[name].without
        for name in TABLES
        if name not in ("accounts", "interactions") and TABLES[name].without
    ]
    assert {table for table in TABLES if plain_book.has(table)} == {
        "accounts",
        "interactions",
    }


def test_a_book_of_two_tables_is_trained_on_quiet_periods_and_without_migration(plain):
    assert plain.meaning.quiet_days is not None
    assert plain.models.migration is None
    assert set(plain.figures()["prediction"]) == {"defection"}
    assert plain.certificate.clean


def test_a_book_of_two_tables_is_scored_with_risks_and_without_chances_of_quadrants(
    plain, plain_book
):
    scorer = Scorer(plain.models.defection, plain.models.migration, "plain")
    scores = scorer.score(snapshot(plain_book, [plain_book.watermark]))
    assert len(scores) > 0
    assert set(scores["quadrant"]) == {"unknown"}
    assert (
        scores[[state_column(state) for state in STATES if state != "defected"]]
        .isna()
        .all(axis=None)
    )
    trained = [
        risk_column(horizon)
        for horizon in HORIZONS
        if horizon in plain.models.defection.blends
    ]
    assert len(trained) >= 3
    assert scores[trained].ge(0.0).all(axis=None) and scores[trained].le(1.0).all(
        axis=None
    )
    assert scores["reason_1"].notna().mean() > 0.9  # of some nothing bad can be said


def test_a_book_of_two_tables_is_scored_alike_by_models_from_a_folder(
    plain, plain_book, tmp_path
):
    """The chance of a quiet period is fitted on the book and kept with the model, as text."""
    model = plain.models.defection
    assert model.encoding.columns[-1] == "quiet_chance"
    model.save(tmp_path)
    frame = snapshot(plain_book, [plain_book.watermark])
    kept = load(tmp_path)
    assert kept.risks(frame).equals(model.risks(frame))
    assert (
        Scorer(kept, None, "plain")
        .score(frame)
        .equals(Scorer(model, None, "plain").score(frame))
    )
    chances = kept.encoding.completed(frame)["quiet_chance"]
    assert chances.between(0.0, 1.0).all() and chances.nunique() > 100
    assert frame["days_silent"].corr(chances, method="spearman") > 0.5


@pytest.mark.slow
def test_the_chance_of_a_quiet_period_is_told_as_the_champion_of_a_store_gives_it(
    plain, plain_book, plain_folder, tmp_path
):
    registry = Registry(str(tmp_path / "store"), create=True)
    keep(plain, registry, tmp_path)
    registry.promote(anyway="to see what it reads")
    frame = snapshot(plain_book, [plain_book.end])
    encoding = plain.models.defection.encoding
    chance = encoding.completed(frame)["quiet_chance"].iloc[3]
    account = frame["account_id"].iloc[3]
    asked = ["why", plain_folder, account, "--feature", "quiet_chance", "--json"]
    (told,) = answered(run(*asked, "--store", registry.uri))["features"]
    assert told["value"] == pytest.approx(chance)
