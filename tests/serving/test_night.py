"""The night: what scores.parquet holds, the worklist's order, and files that appear whole or not at all."""

import hashlib
import shutil
from datetime import date, datetime

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from features.book.book import open_book
from features.engine import MICROS_PER_DAY, day_of, instant
from features.errors import EvidenceError
from features.snapshot.frame import snapshot
from models.fitted.defection import DefectionModel
from models.fitted.encoding import Encoding
from models.score.columns import names
from pages.spreadsheet import read_table
from serving.night import night as nightly
from serving.night import output_files
from serving.night.atomic_files import PART
from serving.night.histories import history_writers
from serving.night.night import Night, score_night
from serving.night.output_files import write_night
from serving.night.watermarks import watermarks
from serving.night.worklist import labelled, worklist
from serving.scorer import Scorer
from serving.scores import heading

COLUMNS = names(judged=False)
CHANCES = [name for name in COLUMNS if name.startswith("p_")]


@pytest.fixture(scope="module")
def as_of(sample_book):
    return sample_book.watermark // MICROS_PER_DAY * MICROS_PER_DAY


@pytest.fixture(scope="module")
def night(sample_book, as_of, scorer):
    return score_night(sample_book, as_of, scorer)


@pytest.fixture(scope="module")
def written(night, tmp_path_factory):
    """A folder with a night that has been written."""
    folder = tmp_path_factory.mktemp("night")
    write_night(night, worklist(night.scores, 10), folder)
    return folder


def hashes(folder):
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.iterdir()
    }


# The scores


def test_scores_have_exactly_the_published_columns_in_their_order(written):
    assert pq.read_schema(written / "scores.parquet").names == COLUMNS


def test_scores_have_plain_types(written):
    schema = pq.read_schema(written / "scores.parquet")
    types = {name: str(schema.field(name).type) for name in COLUMNS}
    assert types.pop("as_of") == "date32[day]"
    numbers = {name for name, type_ in types.items() if type_ == "double"}
    assert types.pop("cold_start") == "bool"
    assert numbers - {"at_stake", "value", "gain"} == {
        name for name in COLUMNS if name.startswith(("risk_", "silent_", "p_", "next_"))
    }
    assert {types[name] for name in types.keys() - numbers} <= {
        "string",
        "large_string",
    }


def test_there_is_one_row_for_each_account_of_the_cohort(written, sample_book, as_of):
    scores = pd.read_parquet(written / "scores.parquet")
    assert (
        scores["account_id"].tolist()
        == snapshot(sample_book, [as_of])["account_id"].tolist()
    )
    assert scores["account_id"].is_unique
    assert set(scores["as_of"]) == {day_of(as_of)}
    assert set(scores["model_version"]) == {"defection-1 migration-1"}


def test_chances_sum_to_one_and_the_chance_of_defection_is_the_risk(night):
    scores = night.scores
    assert scores[CHANCES].sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert scores["p_defected_90d"].tolist() == scores["risk_90d"].tolist()
    assert ((scores[CHANCES] >= 0) & (scores[CHANCES] <= 1)).all(axis=None)


def test_risks_never_decrease_with_the_horizon(night):
    risks = night.scores[[name for name in COLUMNS if name.startswith("risk_")]]
    assert risks.notna().all(axis=None)
    assert (risks.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert (risks["risk_180d"] > risks["risk_14d"]).any()


def test_every_quadrant_is_a_name_and_accounts_never_surveyed_are_unknown(night):
    never_surveyed = night.levels[["people_level", "product_level"]].isna().any(axis=1)
    assert set(night.scores["quadrant"]) <= {
        "poor",
        "people_carried",
        "product_carried",
        "exceptional",
        "unknown",
    }
    assert never_surveyed.any()
    assert ((night.scores["quadrant"] == "unknown") == never_surveyed).all()


def test_reasons_are_given_from_the_first_on_without_gaps(night):
    told = night.scores[["reason_1", "reason_2", "reason_3"]].notna()
    assert told["reason_1"].mean() > 0.9
    assert not (told["reason_2"] & ~told["reason_1"]).any()
    assert not (told["reason_3"] & ~told["reason_2"]).any()


def test_reasons_are_given_to_the_first_of_the_list(
    sample_book, as_of, scorer, monkeypatch, night
):
    monkeypatch.setattr(nightly, "REASONS_FOR", 5)
    few = score_night(sample_book, as_of, scorer).scores
    with_reasons = few.loc[few["reason_1"].notna(), "account_id"]
    assert sorted(with_reasons) == sorted(worklist(night.scores, 5)["account_id"])


# Facts are read as the models were trained on them


@pytest.fixture
def changed(sample_folder, tmp_path, scorer):
    """Opens the sample for the scorer with some values of a fact of its accounts changed."""

    def change(**facts):
        folder = shutil.copytree(sample_folder, tmp_path / "changed")
        accounts = pd.read_parquet(folder / "accounts.parquet")
        for fact, how in facts.items():
            accounts[fact] = how(accounts[fact])
        accounts.to_parquet(folder / "accounts.parquet", index=False)
        return open_book(folder, trained=scorer.trained)

    return change


def test_one_text_among_the_numbers_is_one_missing_number_and_the_night_goes_on(
    changed, scorer, as_of, night
):
    def spoil(employees):
        texts = employees.map(
            lambda number: None if pd.isna(number) else str(number)
        ).astype(object)
        texts[employees.notna().idxmax()] = "unknown"
        return texts

    book = changed(employees=spoil)
    scores = score_night(book, as_of, scorer).scores
    assert [
        (blank.column, blank.rows) for blank in book.blanks if blank.table == "accounts"
    ] == [("employees", 1)]
    same = scores["risk_90d"].to_numpy() == night.scores["risk_90d"].to_numpy()
    assert (~same).sum() <= 1


def test_a_text_fact_stays_a_text_whatever_its_values_are_tonight(
    changed, scorer, as_of
):
    book = changed(
        industry=lambda industry: pd.Series(range(len(industry))).where(
            industry.notna()
        )
    )  # as doubles
    assert book.facts["industry"] == "text"
    (unseen,) = [
        names for names in book.unknown if names.vocabulary.column == "industry"
    ]
    assert unseen.rows == unseen.named_rows == book.rows["accounts"]
    assert (
        list(unseen.names) == sorted(unseen.names) and "1" in unseen.names
    )  # and no 1.0
    assert unseen.sentence in book.warnings
    assert score_night(book, as_of, scorer).scores["risk_90d"].notna().all()


# A book without surveys and departures


@pytest.fixture
def silent(make_book):
    return make_book(
        accounts=[{"account_id": name, "opened_at": "2024-01-01"} for name in "ab"],
        interactions=[
            {
                "account_id": name,
                "occurred_at": f"2024-0{month}-05",
                "kind": "purchase",
                "value": 9.0,
            }
            for name, last in (("a", 3), ("b", 6))
            for month in range(1, last + 1)
        ],
    )


class Recency:
    """Stands for a blend: the log-odds of having left are the days of silence less 50, over 100."""

    def raw(self, matrix):
        return (matrix[:, 0] - 50.0) / 100.0

    def contributions(self, matrix):
        return (matrix - 50.0) / 100.0


@pytest.fixture
def silence_scorer():
    blends = {horizon: Recency() for horizon in (0, 14, 30, 60, 90, 180)}
    return Scorer(
        DefectionModel(Encoding(("days_silent",), {}), blends), None, "by hand"
    )


def test_a_book_without_surveys_has_unknown_quadrants_and_no_chances_of_them(
    silent, silence_scorer, tmp_path
):
    night = score_night(silent, silent.watermark, silence_scorer)
    write_night(night, worklist(night.scores, 10), tmp_path)
    scores = pd.read_parquet(tmp_path / "scores.parquet")
    assert scores["account_id"].tolist() == ["a", "b"]
    assert scores["quadrant"].tolist() == ["unknown", "unknown"]
    assert scores[CHANCES[:-1]].isna().all(axis=None)
    # a has been silent for 92 days, b for none
    assert scores["p_defected_90d"].tolist() == pytest.approx(
        [1 / (1 + np.exp(-0.42)), 1 / (1 + np.exp(0.5))]
    )
    assert scores["reason_1"].isna().tolist() == [False, True]


def test_a_book_without_departures_has_the_risk_of_having_gone_already_first_among_the_risks(
    silent, silence_scorer
):
    scores = score_night(silent, silent.watermark, silence_scorer).scores
    assert list(scores.columns) == names(judged=True)
    assert next(name for name in scores if name.startswith("risk_")) == "risk_0d"
    assert scores["silent_0d"].isna().all()  # nobody is known to have left overtly


def test_without_surveys_there_is_no_picture(silent, silence_scorer, tmp_path):
    night = score_night(silent, silent.watermark, silence_scorer)
    files = write_night(night, worklist(night.scores, 10), tmp_path)
    assert [file.name for file in files] == ["scores.parquet", "worklist.csv"]
    assert not list(tmp_path.glob("quadrants*"))


def test_before_the_first_sign_of_life_there_is_nobody_to_score(silent, silence_scorer):
    with pytest.raises(EvidenceError, match=r"no account.*2024-01-05"):
        score_night(silent, silent.beginning - 1, silence_scorer)


def test_the_picture_of_another_night_does_not_stay_beside_scores_without_one(
    silent, silence_scorer, tmp_path
):
    (tmp_path / "quadrants.png").write_bytes(b"of another night")
    night = score_night(silent, silent.watermark, silence_scorer)
    write_night(night, worklist(night.scores, 10), tmp_path)
    assert not (tmp_path / "quadrants.png").exists()


def test_a_horizon_without_a_model_has_no_risk_and_its_column_stays(silent):
    model = DefectionModel(
        Encoding(("days_silent",), {}), {14: Recency(), 30: Recency()}
    )
    scores = score_night(
        silent, silent.watermark, Scorer(model, None, "by hand")
    ).scores
    assert list(scores.columns) == COLUMNS
    assert (
        scores[["risk_60d", "risk_90d", "risk_180d", "p_defected_90d"]]
        .isna()
        .all(axis=None)
    )
    assert scores[["risk_14d", "risk_30d"]].notna().all(axis=None)


# The worklist


def scored(**columns):
    rows = len(columns["account_id"])
    names = {name: [0.0] * rows for name in [*CHANCES, "risk_14d", "risk_90d"]}
    return pd.DataFrame(names | columns)


def test_the_worklist_ranks_by_what_can_still_be_saved_and_ties_by_account():
    scores = scored(
        account_id=["sure", "later", "tie_b", "tie_a", "safe"],
        risk_14d=[0.75, 0.125, 0.125, 0.125, 0.0],
        risk_90d=[0.875, 0.875, 0.5, 0.5, 0.0],
    )
    listed = worklist(scores, 4)
    assert listed["account_id"].tolist() == ["later", "tie_a", "tie_b", "sure"]
    assert listed["at_stake"].tolist() == [0.75, 0.375, 0.375, 0.125]


def test_with_a_short_history_the_worklist_ranks_by_the_longest_risk_known_and_says_so():
    risks = {
        "risk_14d": [0.25, 0.0, 0.0],
        "risk_60d": [0.5, 0.75, 0.25],
        "risk_90d": [np.nan] * 3,
    }
    listed = worklist(scored(account_id=["a", "b", "c"], **risks), 3)
    assert listed["account_id"].tolist() == ["b", "a", "c"]
    assert listed["at_stake"].tolist() == [0.75, 0.25, 0.25]
    assert listed["ranked_by"].tolist() == ["risk_60d"] * 3


def test_accounts_that_nobody_may_contact_are_left_off_the_worklist():
    scores = scored(account_id=["a", "b", "c"], risk_90d=[0.75, 0.5, 0.25])
    assert worklist(scores, 2, held_out={"a"})["account_id"].tolist() == ["b", "c"]
    assert worklist(scores, 2, held_out=set("abc")).empty


def test_a_list_shows_the_labels_of_its_accounts_beside_their_ids():
    labels = pd.DataFrame(
        {"name": ["Ada", None]}, index=pd.Index(["a", "b"], name="account_id")
    )
    found = labelled(
        pd.DataFrame({"account_id": ["b", "a", "z"], "rank": [1, 2, 3]}), labels
    )
    assert found.columns.tolist() == ["account_id", "name", "rank"]
    assert [None if pd.isna(name) else name for name in found["name"]] == [
        None,
        "Ada",
        None,
    ]


def test_an_account_is_heading_for_its_likeliest_state():
    scores = scored(
        account_id=["a", "b", "c"],
        p_poor_90d=[0.5, 0.1, np.nan],
        p_exceptional_90d=[0.3, 0.2, np.nan],
        p_defected_90d=[0.2, 0.7, 0.9],
        risk_90d=[0.2, 0.7, 0.9],
    )
    assert heading(scores).tolist() == ["poor", "defected", "unknown"]
    assert worklist(scores, 3).set_index("account_id")["heading"].to_dict() == {
        "a": "poor",
        "b": "defected",
        "c": "unknown",
    }


def test_histories_are_the_clean_rows_by_account_with_the_facts_of_the_date(
    make_book, tmp_path
):
    book = make_book(
        accounts=[
            {"account_id": name, "opened_at": "2024-01-01", "market": "north"}
            for name in "ba"
        ],
        interactions=[
            {"account_id": "b", "occurred_at": "2024-01-05", "kind": "visit"},
            {"account_id": "a", "occurred_at": "2024-01-07", "kind": "visit"},
            {"account_id": "a", "occurred_at": "2024-01-06", "kind": "visit"},
            {"account_id": "z", "occurred_at": "2024-01-06", "kind": "visit"},
        ],
        facts=[
            {"account_id": "a", "name": "plan", "value": value, "known_at": known}
            for value, known in (("gold", "2024-01-02"), ("basic", "2024-02-02"))
        ],
    )
    writers = history_writers(book, instant(date(2024, 1, 10)))
    for name, write in writers.items():
        write(tmp_path / name)
    kept = {
        name: pq.read_table(tmp_path / name).to_pylist()
        for name in ("histories/accounts.parquet", "histories/interactions.parquet")
    }
    accounts, visits = kept.values()
    opened = datetime(2024, 1, 1)  # noqa: DTZ001
    assert accounts == [
        {"account_id": "a", "opened_at": opened, "market": "north", "plan": "gold"},
        {"account_id": "b", "opened_at": opened, "market": "north", "plan": None},
    ]
    assert [(row["account_id"], row["occurred_at"].day) for row in visits] == [
        ("a", 6),
        ("a", 7),
        ("b", 5),
    ]
    assert not (tmp_path / "histories/surveys.parquet").exists()


def test_the_night_says_until_when_it_knows_each_account(make_book):
    book = make_book(
        accounts=[{"account_id": name, "opened_at": "2024-01-01"} for name in "abc"],
        interactions=[
            {"account_id": "a", "occurred_at": "2024-01-05", "kind": "visit"},
            {"account_id": "a", "occurred_at": "2024-01-20", "kind": "visit"},
            {"account_id": "b", "occurred_at": "2024-01-02", "kind": "visit"},
        ],
        surveys=[
            {
                "account_id": "b",
                "occurred_at": "2024-01-03",
                "known_at": "2024-01-06T12:00:00",
                "item": "product",
                "score": 7,
            }
        ],
    )
    tenth = instant(date(2024, 1, 10))
    assert watermarks(book, tenth).to_dict() == {
        "a": "2024-01-05T00:00:00.000000Z",
        "b": "2024-01-06T12:00:00.000000Z",
    }


def test_the_written_worklist_is_what_a_spreadsheet_opens(written, night):
    raw = (written / "worklist.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")  # else Excel takes it for another encoding
    read = read_table(written / "worklist.csv")
    assert list(read.columns) == [*COLUMNS, "ranked_by"]
    pd.testing.assert_frame_equal(read, worklist(night.scores, 10), check_dtype=False)


# Writing


def test_the_night_writes_its_three_files_and_nothing_else(written):
    assert sorted(file.name for file in written.iterdir()) == [
        "quadrants.png",
        "scores.parquet",
        "worklist.csv",
    ]
    assert (written / "quadrants.png").read_bytes().startswith(b"\x89PNG")


def test_a_rerun_gives_identical_bytes(written, sample_book, as_of, scorer, tmp_path):
    again = score_night(sample_book, as_of, scorer)
    write_night(again, worklist(again.scores, 10), tmp_path)
    assert hashes(tmp_path) == hashes(written)


FOREIGN = ("notes.txt", "film.mkv.part", "worklist.csv.part", "report.html.pinch-part")


def test_of_what_a_killed_run_left_over_only_the_nights_own_is_swept(night, tmp_path):
    (tmp_path / f"scores.parquet{PART}").write_bytes(b"half")
    for name in FOREIGN:
        (tmp_path / name).write_text("not ours")
    write_night(night, worklist(night.scores, 10), tmp_path)
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {*FOREIGN, "quadrants.png", "scores.parquet", "worklist.csv"}
    assert {(tmp_path / name).read_text() for name in FOREIGN} == {"not ours"}


def test_a_picture_half_drawn_by_a_killed_run_is_no_picture(
    silent, silence_scorer, tmp_path
):
    (tmp_path / f"quadrants.png{PART}").write_bytes(b"half")
    night = score_night(silent, silent.watermark, silence_scorer)
    files = write_night(night, worklist(night.scores, 10), tmp_path)
    assert [file.name for file in files] == ["scores.parquet", "worklist.csv"]
    assert not list(tmp_path.glob("quadrants*"))


@pytest.mark.parametrize("fails", ["draw_quadrants", "spreadsheet"])
def test_a_write_that_fails_midway_leaves_the_old_files_whole(
    night, tmp_path, monkeypatch, fails
):
    write_night(night, worklist(night.scores, 10), tmp_path)
    before = hashes(tmp_path)
    changed = Night(night.scores.assign(model_version="another"), night.levels)

    def fail(*_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr(
        output_files, fails, fail if fails == "draw_quadrants" else lambda _: fail
    )
    with pytest.raises(OSError, match="no space left"):
        write_night(changed, worklist(changed.scores, 10), tmp_path)
    after = hashes(tmp_path)
    assert {name: after[name] for name in before} == before
    monkeypatch.undo()
    write_night(changed, worklist(changed.scores, 10), tmp_path)
    assert set(pd.read_parquet(tmp_path / "scores.parquet")["model_version"]) == {
        "another"
    }
    assert not list(tmp_path.glob(f"*{PART}"))
