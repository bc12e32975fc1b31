"""Spark beside DuckDB: the same accounts, features, quarantine and scores of the same book."""

import gzip
import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import keep, write_book
from contracted import company
from typer.testing import CliRunner

import pinch
from company import Knobs, write_sample
from features.book.book import open_book
from features.book.held_out import drawn, held_out
from features.book.labels import account_labels
from features.book.outcomes import last_outcomes, resting
from features.book.trained_facts import TrainedFacts
from features.calendar.recorded import rows_beyond
from features.engine import MICROS_PER_DAY, day_of, instant
from features.errors import BookError, EvidenceError, QuarantineError
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES, with_parts
from models.fitted.boosting import Setting
from models.registry.registry import Registry
from serving.champions import fetch_champions
from serving.night.night import score_night
from serving.night.worklist import worklist
from serving.scorer import load_models
from training.train import train

pytest.importorskip("pyspark", reason="pyspark is not installed: make spark")

from features.book.on_spark import open_spark_book
from features.book.spark.labels import spark_account_labels
from features.snapshot.on_spark import spark_snapshot
from features.sources.tombstones import tombstones_to_add_to, write_tombstones
from serving.night.on_spark import write_spark_night
from training.configuration import Configuration
from training.past.observed import observe

pytestmark = pytest.mark.filterwarnings(
    "ignore:PySpark does not yet fully support pandas:FutureWarning"
)
CONTRACTED = with_parts(
    name for name, feature in FEATURES.items() if feature.theme == "contract"
) | with_parts(["days_to_next_touch"])
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


@pytest.fixture(scope="module")
def session():
    """Spark on two cores, with as few tasks as a small book needs."""
    import os
    import sys

    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "Asia/Tokyo",
    }
    builder = SparkSession.builder.master("local[2]").appName("tests")
    session = builder.config(map=settings).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A sample company of 200 accounts over 14 months; contracts have a company of their own below."""
    folder = tmp_path_factory.mktemp("company")
    write_sample(folder, 200, 14, seed=3, knobs=Knobs(contracts=0))
    return folder


@pytest.fixture(scope="module")
def book(folder):
    return open_book(folder)


@pytest.fixture(scope="module")
def spark_book(folder, session):
    return open_spark_book(folder, session)


@pytest.fixture(scope="module")
def as_of(book):
    return book.watermark // MICROS_PER_DAY * MICROS_PER_DAY


@pytest.fixture(scope="module")
def store(book, tmp_path_factory):
    """A store whose champions were trained on the sample company."""
    folder = tmp_path_factory.mktemp("store")
    registry = Registry(str(folder), create=True)
    keep(
        train(observe(book), Configuration(Setting(trees=20))),
        registry,
        tmp_path_factory.mktemp("workplace"),
    )
    registry.promote()
    return folder


def read(frame):
    return frame.toArrow().to_pandas()


def dirtied(folder, to, **changes):
    """A copy of a book with some tables changed."""
    to.mkdir()
    for file in folder.glob("*.parquet"):
        frame = pd.read_parquet(file)
        change = changes.get(file.stem)
        (change(frame) if change else frame).to_parquet(to / file.name, index=False)
    return to


def counts(quarantine):
    return quarantine.groupby(["table", "field", "expected"]).size().to_dict()


# The snapshot


def in_order(snapshot):
    """The rows of a snapshot on Spark, which have no order, as those of `features.snapshot.frame.snapshot`."""
    return read(snapshot).sort_values(["as_of_us", "account_id"], ignore_index=True)


@pytest.fixture(scope="module")
def snapshots(book, spark_book, as_of):
    """The snapshots of both engines at two dates."""
    dates = [as_of - 200 * MICROS_PER_DAY, as_of]
    return snapshot(book, dates), in_order(spark_snapshot(spark_book, dates))


def test_what_sparks_settings_say_of_shuffles_stays(spark_book):
    assert spark_book.session.conf.get("spark.sql.shuffle.partitions") == "2"


def test_both_engines_see_the_same_accounts(snapshots):
    here, there = snapshots
    assert there.columns.tolist() == here.columns.tolist()
    assert (
        there[["account_id", "as_of_us"]].to_numpy().tolist()
        == here[["account_id", "as_of_us"]].to_numpy().tolist()
    )


@pytest.mark.parametrize("name", FEATURES)
def test_both_engines_measure_the_same(name, snapshots):
    here, there = (frame[name].to_numpy(dtype=np.float64) for frame in snapshots)
    np.testing.assert_allclose(there, here, equal_nan=True, **CLOSE)


def test_both_engines_keep_the_same_facts(snapshots, book, spark_book):
    here, there = (frame[list(book.facts)].astype(object) for frame in snapshots)
    assert spark_book.facts == book.facts
    pd.testing.assert_frame_equal(
        there.where(there.notna(), None),
        here.where(here.notna(), None),
        check_dtype=False,
    )


def test_the_session_of_the_caller_keeps_its_own_settings(session, spark_book):
    assert session.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
    assert not session.catalog.listTables()


# Cleaning


def test_both_engines_set_the_same_rows_aside(folder, session, tmp_path):
    def spoil(interactions):
        interactions.loc[0:2, "account_id"] = "nobody"
        interactions.loc[3:4, "sentiment"] = 7.0
        interactions.loc[5, "kind"] = " "
        interactions.loc[6, "value"] = np.inf
        return pd.concat([interactions, interactions.tail(4)])

    def repeat(accounts):
        return pd.concat([accounts, accounts.head(2).assign(market="elsewhere")])

    spoilt = dirtied(folder, tmp_path / "spoilt", interactions=spoil, accounts=repeat)
    here, there = open_book(spoilt), open_spark_book(spoilt, session)
    assert counts(here.quarantine) == counts(there.quarantine)
    assert (
        counts(here.quarantine)
        == there.quarantined.set_index(["table", "field", "expected"])["rows"].to_dict()
    )
    assert there.rows == here.rows
    named, said = (
        quarantine.query("field != 'row'")
        for quarantine in (there.quarantine, here.quarantine)
    )
    assert named.to_numpy().tolist() == said.to_numpy().tolist()


def test_a_book_of_csv_files_is_read_alike(session, tmp_path):
    rows = [
        "account_id;occurred_at;kind;channel;minutes",
        'a;2025-03-01T10:00:00+02:00;use;"first\nsecond";5',
        'a;2025/03/02;use;"said ""no""";6',
        "a;2025-03;use;x;7",
        "a;10:00;use;x;7",
        "a;2025-03-04 10:00:00;use;x;7d",
        "a;2025-03-05 10:00:00;use;x;nan",
        "a;1870-03-05;use;x;",
        "a;2125-03-05;use;x;",
        ";2025-03-05;use;x;",
    ]
    (tmp_path / "interactions.csv").write_text("\n".join(rows))
    (tmp_path / "accounts.csv").write_text(
        "\ufeffaccount_id,opened_at, tier\na,2024-01-01,12f\nb,2024-01-01,\n"
    )
    here, there = (
        open_book(tmp_path, max_bad_share=1),
        open_spark_book(tmp_path, session, max_bad_share=1),
    )
    assert there.facts == here.facts == {"tier": "text"}
    assert there.quarantine.to_numpy().tolist() == here.quarantine.to_numpy().tolist()
    query = (
        "select occurred_us, channel, minutes from interactions order by occurred_us"
    )
    kept = [tuple(row) for row in there.session.sql(query).collect()]
    assert kept == here.connection.execute(query).fetchall()
    assert kept[0][1] == "first\nsecond"


def test_rows_responses_and_spending_are_told_apart_alike(session, tmp_path):
    noon = "2025-02-01 12:00"
    dates = [f"a,2025-01-{day:02},purchase,{day},,," for day in range(1, 11)]
    lines = [
        "account_id,occurred_at,kind,value,known_at,interaction_id,channel",
        *(dates + dates[:1]) * 2,
        *(
            f"a,{noon},purchase,{value},{known},1,"
            for value, known in ((5, ""), (6, "2025-02-03"), (7, "2025-02-02"))
        ),
        *[f"a,{noon},purchase,-4,,2,"] * 2,
        f"a,{noon},cancellation,-9,,3,",
    ]
    scores = [
        "account_id,occurred_at,item,score,scale_min,scale_max,weight,source,survey_id,response_id",
        *[f"a,{noon},recommend,9,1,10,0.6666667,,,"] * 2,
        "a,2025-02-01 12:00:40,product,8,,,2.5,,,",
        "a,2025-02-02 11:00,people,7,,,,,,",
        *(f"a,2025-02-0{day},people,{day},,,,,{day},r" for day in (3, 6)),
        "a,2025-02-04,product,3,,,,call,,",
    ]
    (tmp_path / "accounts.csv").write_text(
        "account_id,opened_at,plan\na,2024-01-01,x\na,2024-01-01,x\na,2024-01-01,y\n"
    )
    (tmp_path / "interactions.csv").write_text("\n".join(lines))
    (tmp_path / "surveys.csv").write_text("\n".join(scores))
    here, there = (
        open_book(tmp_path, max_bad_share=1),
        open_spark_book(tmp_path, session, max_bad_share=1),
    )
    assert counts(there.quarantine) == counts(here.quarantine) == {
        ("accounts", "account_id", "each id once"): 1,
        ("accounts", "account_id", "one row for each id"): 1,
        ("interactions", "row", "each file once"): 11,
        ("interactions", "interaction_id", "one row for each id"): 2,
        ("interactions", "interaction_id", "each id once"): 1,
        ("surveys", "row", "each row once"): 1,
    }  # fmt: skip
    assert there.rows == here.rows
    as_of = instant(date(2025, 3, 1))
    one, other = snapshot(here, [as_of]), in_order(spark_snapshot(there, [as_of]))
    pd.testing.assert_frame_equal(
        other, one, check_dtype=False, check_exact=False, **CLOSE
    )
    found = one.iloc[0]
    assert (found["purchases_ever"], found["spent_ever"]) == (12.0, 56 + 6 - 4 - 9)
    assert (found["surveys_answered_365d"], found["recommend_class"]) == (3.0, 1.0)


def test_facts_that_change_and_labels_are_read_alike(session, tmp_path):
    changes = [
        ("a", "plan", "basic", "2024-01-10"),
        ("a", "plan", "gold", "2024-03-01T12:00"),
        ("a", "seats", "5", "2024-01-10"),
        ("a", "seats", None, "2024-02-15"),
        ("b", "seats", "7.5", "2024-02-15"),
        ("b", "seats", "8", "2024-02-15"),
    ]
    facts = pd.DataFrame(changes, columns=["account_id", "name", "value", "known_at"])
    write_book(
        tmp_path / "book",
        accounts=[{"account_id": id_, "opened_at": "2024-01-01"} for id_ in "ab"],
        interactions=[
            {"account_id": id_, "occurred_at": "2024-01-02T10:00", "kind": "visit"}
            for id_ in "ab"
        ],
        labels=[{"account_id": "b", "name": "Bee", "owner": None}],
        facts=facts.to_dict("records"),
    )
    few = {"days_silent": FEATURES["days_silent"]}
    dates = [instant(date(2024, month, 2)) for month in (2, 3)]
    mine = open_book(tmp_path / "book", max_bad_share=0.5)
    theirs = open_spark_book(tmp_path / "book", session, max_bad_share=0.5)
    assert (theirs.facts, theirs.labels) == (mine.facts, mine.labels)
    measured = in_order(spark_snapshot(theirs, dates, few))
    pd.testing.assert_frame_equal(
        measured, snapshot(mine, dates, few), check_exact=True, check_dtype=False
    )
    assert measured["seats"].fillna(-1).tolist() == [5.0, -1.0, -1.0, 7.5]
    shown = spark_account_labels(theirs.session, theirs.labels, ["b"])
    pd.testing.assert_frame_equal(shown, account_labels(mine).loc[["b"]])


def test_words_and_features_of_ones_own_are_measured_alike(session, tmp_path):
    surveys = [
        {
            "account_id": "a",
            "occurred_at": f"2024-01-{day}T10:00",
            "item": "ease",
            "score": score,
        }
        for day, score in ((20, 2.0), (21, 5.0))
    ]
    write_book(
        tmp_path / "book",
        accounts=[{"account_id": "a", "opened_at": "2024-01-01"}],
        interactions=[
            {"account_id": "a", "occurred_at": f"2024-01-{day}T10:00", "kind": kind}
            for day, kind in ((10, "visit"), (12, "login"), (14, "demo"))
        ],
        surveys=surveys,
    )
    (tmp_path / "book" / "book.toml").write_text(
        '[kinds.login]\nactor = "account"\nsign_of_life = true\n'
        '[kinds.demo]\nactor = "us"\n'
        '[items.ease]\naxis = "people"\nscale = [1, 5]\n'
        '[features]\nfile = "mine.py"\n'
    )
    (tmp_path / "book" / "mine.py").write_text(
        "from features.past.declaration import Theme\n"
        "from features.past.measure import count, kind\n"
        "from features.past.row_sources import INTERACTION\n"
        'theme = Theme("shown", title="Shown", about="Shown.", seeds=())\n'
        '@theme.feature(unit="demos", says="{value:.0f} demos")\n'
        "def demos():\n"
        '    """Demonstrations."""\n'
        '    return count(INTERACTION, kind("demo"))\n'
    )
    mine = open_book(tmp_path / "book")
    theirs = open_spark_book(tmp_path / "book", session)
    dates = [instant(date(2024, 2, 1))]
    measured = in_order(spark_snapshot(theirs, dates))
    pd.testing.assert_frame_equal(
        measured, snapshot(mine, dates), check_exact=True, check_dtype=False
    )
    told = measured[["demos", "signs_of_life_30d", "people_last"]]
    assert told.to_numpy().tolist() == [[1.0, 2.0, 10.0]]
    assert theirs.unknown == mine.unknown == ()


def test_merges_are_followed_alike(session, tmp_path):
    bought = [("old", 10), ("old", 12), ("b", 14), ("c", 16)]
    merges = [("old", "b", "2024-02-05"), ("b", "c", "2024-02-20")]
    write_book(
        tmp_path / "book",
        accounts=[{"account_id": id_, "opened_at": "2024-01-01"} for id_ in "bc"],
        interactions=[
            {
                "account_id": id_,
                "occurred_at": f"2024-01-{day}T10:00",
                "kind": "purchase",
            }
            for id_, day in bought
        ],
        merges=[
            {"from_id": old, "into_id": new, "known_at": when}
            for old, new, when in merges
        ],
    )
    few = {"purchases_ever": FEATURES["purchases_ever"]}
    dates = [instant(date(2024, 2, day)) for day in (1, 6, 21)]
    mine = open_book(tmp_path / "book")
    theirs = open_spark_book(tmp_path / "book", session)
    assert (theirs.merged, theirs.rows) == (mine.merged, mine.rows)
    measured = in_order(spark_snapshot(theirs, dates, few))
    pd.testing.assert_frame_equal(
        measured, snapshot(mine, dates, few), check_exact=True, check_dtype=False
    )
    told = zip(measured["account_id"], measured["purchases_ever"], strict=True)
    assert list(told) == [("b", 1), ("c", 1), ("b", 3), ("c", 1), ("c", 4)]


def test_outcomes_and_the_random_holdout_are_read_alike(session, tmp_path):
    names = [f"a{number}" for number in range(60)]
    folder = write_book(
        tmp_path / "book",
        accounts=[{"account_id": name, "opened_at": "2024-01-01"} for name in names],
        interactions=[
            {"account_id": name, "occurred_at": "2024-02-01T10:00", "kind": "visit"}
            for name in names
        ],
    )
    (folder / "outcomes.csv").write_text(
        "account_id,occurred_at,outcome,note,by,list,until,known_at,outcome_id\n"
        'a1,2024-02-03T09:00:00,reached,"so, so",Ann,2024-02-02,,2024-02-05T09:00:00,o1\n'
        "a2,2024-02-03,snoozed,,Bob,,2024-04-01,,o2\n"
        "a3,2024-02-04,Reached,,,,,,o3\n"
    )
    (folder / "book.toml").write_text('holdout_share = 0.2\nholdout_salt = "x"')
    mine, theirs = open_book(folder), open_spark_book(folder, session)
    assert theirs.rows == mine.rows
    few = {
        name: FEATURES[name]
        for name in ("list_contacts_180d", "days_since_list_contact")
    }
    dates = [instant(date(2024, 2, day)) for day in (4, 6)]
    pd.testing.assert_frame_equal(
        in_order(spark_snapshot(theirs, dates, few)),
        snapshot(mine, dates, few),
        check_exact=True,
        check_dtype=False,
    )
    for book in (mine, theirs):
        assert last_outcomes(book)["a1"].said_by == "Ann"
        assert resting(book, dates[0]) == {"a2"}
    assert last_outcomes(theirs) == last_outcomes(mine)
    assert drawn(theirs) == drawn(mine) == held_out(mine)
    assert 0 < len(drawn(mine)) < 30
    assert theirs.unknown == mine.unknown


def test_too_many_bad_rows_are_refused_with_the_same_words(folder, session, tmp_path):
    spoilt = dirtied(
        folder, tmp_path / "spoilt", surveys=lambda surveys: surveys.assign(score=99.0)
    )
    with pytest.raises(QuarantineError) as here:
        open_book(spoilt)
    with pytest.raises(QuarantineError) as there:
        open_spark_book(spoilt, session)
    assert str(there.value) == str(here.value)


def test_a_book_without_accounts_is_refused(session, tmp_path):
    with pytest.raises(BookError, match="no table accounts"):
        open_spark_book(tmp_path, session)


def test_a_table_without_a_required_column_is_refused(session, tmp_path):
    (tmp_path / "accounts.csv").write_text("account_id\na\n")
    with pytest.raises(
        BookError,
        match="table accounts: found the columns account_id; expected opened_at",
    ):
        open_spark_book(tmp_path, session)


def test_queries_of_a_book_toml_are_refused(session, tmp_path):
    (tmp_path / "book.toml").write_text("[tables]\naccounts = 'select 1'\n")
    with pytest.raises(BookError, match="Parquet or CSV file for each table"):
        open_spark_book(tmp_path, session)


def test_a_csv_row_with_too_many_fields_is_refused_and_not_shown(session, tmp_path):
    (tmp_path / "accounts.csv").write_text(
        "account_id,opened_at\na,2024-01-01\nsecret,2024-01-01,3\n"
    )
    (tmp_path / "interactions.csv").write_text(
        "account_id,occurred_at,kind\na,2024-01-01,use\n"
    )
    with pytest.raises(BookError, match="table accounts") as refused:
        open_spark_book(tmp_path, session)
    assert "secret" not in str(refused.value)


def test_a_book_ends_on_spark_where_it_ends_here_and_the_same_rows_lie_beyond(
    session, folder, tmp_path
):
    def plan(frame):
        moment = pd.Timestamp("2066-01-01")
        return pd.concat(
            [frame, frame.tail(2).assign(occurred_at=moment, known_at=moment)]
        )

    ahead = dirtied(folder, tmp_path / "ahead", interactions=plan)
    here, there = open_book(ahead), open_spark_book(ahead, session)
    assert there.recorded == here.recorded
    assert there.recorded.beyond == 2
    assert rows_beyond(there.ask, there.recorded) == rows_beyond(
        here.ask, here.recorded
    )


def test_both_engines_lose_the_same_of_names_values_scales_and_trained_facts(
    session, tmp_path
):
    day, tables = pd.Timestamp("2024-02-01"), {}
    tables["accounts"] = {
        "account_id": ["a", "b", "c"],
        "opened_at": day,
        "employees": ["unknown", "7", "NaN"],
    }
    tables["accounts"] |= {
        "plan": [1.0, None, 2.5],
        "new": ["x", "y", "z"],
        "tier": ["Key", "gold", "it's"],
    }
    tables["interactions"] = {
        "account_id": ["a", "b", "a"],
        "occurred_at": day,
        "kind": ["visit", "Visit", "complaint"],
    }
    tables["interactions"] |= {
        "sentiment": [None, None, -5.0],
        "rep_id": ["r", "q", None],
    }
    tables["surveys"] = {
        "account_id": ["a", "b"],
        "occurred_at": day,
        "item": ["Product", "product"],
    }
    tables["surveys"] |= {"score": [3.0, 5.0], "weight": [0.0, 2.0]}
    tables["reps"] = {"rep_id": ["r"], "style": ["back\\slash"]}
    for table, columns in tables.items():
        pd.DataFrame(columns).to_parquet(tmp_path / f"{table}.parquet", index=False)
    types = {"employees": "number", "plan": "text", "region": "text", "tier": "text"}
    trained = TrainedFacts(
        types, {"plan": ("1", "it's\\"), "tier": ("Key",)}, frozenset({"plan"})
    )
    here = open_book(tmp_path, trained=trained, max_bad_share=1)
    there = open_spark_book(tmp_path, session, trained=trained, max_bad_share=1)
    assert there.losses == here.losses
    assert there.facts == here.facts == types
    query = "select account_id, employees, plan, region, tier, profile_filled from accounts order by account_id"
    kept = [tuple(row) for row in there.session.sql(query).collect()]
    assert kept == here.connection.execute(query).fetchall()
    assert [row[1:3] for row in kept] == [(None, "1"), (7.0, None), (None, "2.5")]


# The night


@pytest.fixture(scope="module")
def models(store, tmp_path_factory):
    return fetch_champions(Registry(str(store)), tmp_path_factory.mktemp("models"))


def close(there, here):
    pd.testing.assert_frame_equal(
        there, here, check_dtype=False, check_exact=False, **CLOSE
    )


def test_the_command_scores_on_spark_as_it_does_here(
    session, book, folder, store, models, as_of, tmp_path
):
    call = [
        "score",
        str(folder),
        "--as-of",
        str(day_of(as_of)),
        "--out",
        str(tmp_path),
        "--store",
        str(store),
        "--json",
    ]
    told = CliRunner().invoke(pinch.app, [*call, "--engine", "spark"])
    assert told.exit_code == 0, told.output
    facts = json.loads(told.stdout)
    # Spark tells no watermark yet.
    here = score_night(book, as_of, load_models(models)).scores.assign(watermark="")
    assert facts["accounts"] == len(here)
    assert facts["files"] == [str(tmp_path / "scores"), str(tmp_path / "worklist.csv")]
    there = pd.read_parquet(tmp_path / "scores").sort_values(
        "account_id", ignore_index=True
    )
    texts = dict.fromkeys(here.select_dtypes(["object", "string"]), "")
    close(there.fillna(texts), here.fillna(texts))
    listed = worklist(here, 50, held_out(book))
    assert [row["account_id"] for row in facts["worklist"]] == listed[
        "account_id"
    ].tolist()
    written = pd.read_csv(tmp_path / "worklist.csv", encoding="utf-8-sig")
    np.testing.assert_allclose(written["at_stake"], listed["at_stake"], **CLOSE)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "scores",
        "worklist.csv",
    ]


def test_a_date_before_all_data_is_refused_and_leaves_nothing(
    spark_book, models, tmp_path
):
    with pytest.raises(EvidenceError, match="no account"):
        write_spark_night(spark_book, 0, models, tmp_path, 10)
    assert not list(tmp_path.iterdir())


def test_both_engines_read_the_same_files(session, tmp_path):
    accounts = b"account_id,opened_at,seats\na,2024-01-01,7\nb,2024-01-02,\n"
    (tmp_path / "accounts.csv.gz").write_bytes(gzip.compress(accounts))
    (tmp_path / "surveys.jsonl").write_text(
        '{"account_id":"a","occurred_at":"2024-02-01","item":"product","score":7}\n'
        '{"score":8.5,"item":"product","account_id":"b","occurred_at":"2024-02-02","source":"post"}\n'
    )
    (tmp_path / "interactions").mkdir()
    for part, more in (("p1", {}), ("p2", {"value": [3.0]})):
        visit = {
            "account_id": ["a"],
            "occurred_at": [pd.Timestamp(2024, 2, 1, 9, len(more))],
            "kind": ["purchase"],
        }
        pd.DataFrame(visit | more).to_parquet(
            tmp_path / "interactions" / f"{part}.parquet", coerce_timestamps="us"
        )
    here, there = (
        open_book(tmp_path, max_bad_share=0.0),
        open_spark_book(tmp_path, session, max_bad_share=0.0),
    )
    assert (there.rows, there.facts) == (here.rows, here.facts)
    for query in (
        "select account_id, value from interactions",
        "select account_id, score, source from surveys",
    ):
        found = sorted(map(tuple, there.session.sql(query).collect()), key=str)
        assert found == sorted(here.connection.execute(query).fetchall(), key=str)


def test_contracts_and_planned_events_are_measured_alike(session, tmp_path):
    folder = write_book(tmp_path, **company())
    here, there = open_book(folder), open_spark_book(folder, session)
    dates = [instant(date(2023, 1, 31)), instant(date(2025, 1, 5))]
    expected = snapshot(here, dates, CONTRACTED)
    assert there.lapsed == here.lapsed > 0
    found = read(spark_snapshot(there, dates, CONTRACTED))
    found = found.sort_values(["as_of_us", "account_id"], ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_exact=True, check_dtype=False)


def test_spark_reads_no_row_of_an_erased_account(session, tmp_path):
    folder = write_book(
        tmp_path / "b",
        accounts=[
            {"account_id": name, "opened_at": "2026-01-01"} for name in ("A1", "A2")
        ],
        interactions=[
            {"account_id": name, "occurred_at": "2026-02-01", "kind": "visit"}
            for name in ("A1", "A2", "A1")
        ],
    )
    tombstones = tombstones_to_add_to(folder).with_erased(["A1"], "2026-03-01T00:00:00")
    write_tombstones(folder, tombstones)
    book = open_spark_book(folder, session)
    assert book.ask("select account_id from accounts") == [("A2",)]
    assert book.ask("select account_id from interactions") == [("A2",)]
    assert book.erased == {"accounts": 1, "interactions": 2}
    assert book.quarantine.empty
