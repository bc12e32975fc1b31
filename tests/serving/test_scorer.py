"""The scorer: from a snapshot to the published columns, and what is made of them."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.engine import day_of
from features.errors import ModelError
from features.snapshot.frame import snapshot, vector_hashes
from features.themes.dictionary import FEATURES
from models.registry.versions import Entry, Version
from models.score.at_stake import at_stake
from models.score.columns import CHANCES as SCORES
from models.score.columns import JUDGED, MEANINGS, NEXT, names
from models.score.horizon import ALREADY_GONE
from models.score.order import in_order
from serving.champions import fetch_champions
from serving.scorer import load_models, load_scorer
from serving.scores import heading

CHANCES = [
    f"p_{s}_90d"
    for s in ("poor", "people_carried", "product_carried", "exceptional", "defected")
]


@pytest.fixture(scope="module")
def frame(sample_book):
    return snapshot(sample_book, [sample_book.watermark]).head(60)


def test_scores_come_in_the_order_and_with_the_labels_of_the_snapshot(scorer, frame):
    some = frame.iloc[[5, 2, 40]]
    scores = scorer.score(some)
    assert scores.index.tolist() == some.index.tolist()
    assert scores["account_id"].tolist() == some["account_id"].tolist()
    whole = scorer.score(frame).loc[some.index]
    pd.testing.assert_frame_equal(scores, whole, rtol=1e-12)


def test_scores_join_what_the_models_say(scorer, trained, frame):
    scores = scorer.score(frame)
    risks = trained.models.defection.risks(frame)
    pd.testing.assert_frame_equal(scores[list(risks.columns)], risks, check_exact=True)
    quadrants = trained.models.migration.quadrants(frame) * (
        1.0 - risks[["risk_90d"]].to_numpy()
    )
    assert scores[CHANCES[:4]].to_numpy().tolist() == quadrants.tolist()
    assert scores["as_of"].tolist() == [day_of(moment) for moment in frame["as_of_us"]]


def test_scores_have_the_chances_of_the_next_answer_which_sum_to_one(
    scorer, trained, frame
):
    scores = scorer.score(frame)
    assert (
        scores[list(NEXT)].to_numpy().tolist()
        == trained.models.migration.answer.quadrants(frame).tolist()
    )
    assert scores[list(NEXT)].sum(axis=1).to_numpy() == pytest.approx(1.0)
    before = replace(scorer, migration=replace(scorer.migration, answer=None)).score(
        frame
    )
    assert before[list(NEXT)].isna().all(axis=None)
    pd.testing.assert_frame_equal(
        before.drop(columns=list(NEXT)),
        scores.drop(columns=list(NEXT)),
        check_exact=True,
    )


def test_every_column_of_chances_has_a_meaning():
    assert set(MEANINGS) == {*JUDGED, *SCORES}
    assert MEANINGS["p_poor_90d"].startswith(
        "The chance that in 90 days the account is here and settled as poor; "
    )
    assert (
        MEANINGS["next_poor"]
        == "The chance that the next answer within 90 days shows poor by itself, if there is one."
    )


def test_scores_have_the_chances_of_the_one_list_and_the_judged_risk_where_there_is_one(
    scorer, frame
):
    scores = scorer.score(frame)
    assert list(scores) == names(judged=False)
    blends = {ALREADY_GONE: scorer.defection.blends[90], **scorer.defection.blends}
    judging = replace(scorer, defection=replace(scorer.defection, blends=blends))
    judged = judging.score(frame)
    assert list(judged) == names(judged=True)
    assert set(judged) - set(scores) == {"risk_0d", "silent_0d"}


def test_the_silent_part_is_the_same_share_of_the_risk_at_every_horizon(scorer, frame):
    scores = scorer.score(frame)
    shares = scorer.defection.silent_shares(frame)
    for horizon in (14, 30, 60, 90, 180):
        part = scores[f"risk_{horizon}d"] * shares
        assert scores[f"silent_{horizon}d"].tolist() == part.tolist()


def test_scores_say_what_is_at_stake_where_the_account_is_and_where_it_is_heading(
    scorer, frame
):
    scores = scorer.score(frame)
    assert scores["at_stake"].tolist() == at_stake(scores).tolist()
    assert scores["heading"].tolist() == heading(scores).tolist()
    zones = {0.0: "recovery", 1.0: "expectations", 2.0: "surprises"}
    said = [zones.get(code, "unknown") for code in frame["zone"]]
    assert scores["zone"].tolist() == said
    assert len(set(said)) > 1
    assert scores["features_hash"].tolist() == vector_hashes(frame, list(FEATURES))


def test_an_account_of_which_nothing_is_on_record_is_a_cold_start(scorer, frame):
    nothing = frame.head(1).assign(**dict.fromkeys(FEATURES, np.nan))
    assert scorer.score(frame)["cold_start"].tolist() == frame["zone"].isna().tolist()
    assert scorer.score(nothing)["cold_start"].tolist() == [True]


def test_columns_beside_those_of_the_models_are_not_noticed(scorer, frame):
    more = frame.assign(a_new_feature=1.0)[
        sorted([*frame.columns, "a_new_feature"], reverse=True)
    ]
    pd.testing.assert_frame_equal(
        scorer.score(more), scorer.score(frame), check_exact=True
    )


def test_a_snapshot_without_a_fact_of_the_models_is_refused(scorer, frame):
    with pytest.raises(ModelError, match="without industry"):
        scorer.score(frame.drop(columns="industry"))


def test_an_account_of_an_unseen_market_is_scored(scorer, frame):
    scores = scorer.score(frame.head(1).assign(industry="beekeeping", plan=None))
    assert 0.0 < scores["risk_90d"].iloc[0] < 1.0


def test_reasons_are_given_to_as_many_as_asked_for_and_to_the_first_of_the_list(
    scorer, frame
):
    all_told, few_told = scorer.score(frame), scorer.score(frame, reasons_for=4)
    chosen = few_told["reason_1"].notna()
    assert chosen.sum() == 4
    assert set(all_told.index[chosen]) == set(in_order(all_told)[:4])
    pd.testing.assert_frame_equal(few_told[chosen], all_told[chosen])
    assert scorer.score(frame, reasons_for=0)["reason_1"].isna().all()


def test_the_facts_of_the_book_are_known_to_the_scorer(scorer, sample_book):
    assert dict(scorer.facts) == dict(sample_book.facts)


def test_a_scorer_of_defection_alone_gives_no_chances_of_quadrants(
    models_folder, frame
):
    scores = load_scorer(models_folder / "defection", None, "alone").score(frame)
    assert scores[[*CHANCES[:4], *NEXT]].isna().all(axis=None)
    assert scores["p_defected_90d"].tolist() == scores["risk_90d"].tolist()
    assert set(scores["model_version"]) == {"alone"}


def test_champions_are_fetched_into_one_plain_folder(models_folder):
    assert {file.name for file in models_folder.iterdir()} == {
        "SHA256SUMS",
        "VERSION",
        "models.json",
        "defection",
        "migration",
    }
    assert (models_folder / "VERSION").read_text() == "defection-1 migration-1"
    defection, migration = json.loads((models_folder / "models.json").read_text())
    assert (defection["name"], defection["version"]) == ("defection", "1")
    assert migration["verdicts"][0].keys() == {"name", "passed", "sentence"}


def test_fetching_again_over_an_older_fetch_gives_the_same_scorer(
    store, models_folder, frame, tmp_path
):
    folder = shutil.copytree(models_folder, tmp_path / "models")
    (folder / "VERSION").write_text("of yesterday")
    again = load_models(fetch_champions(store, folder))
    pd.testing.assert_frame_equal(
        again.score(frame), load_models(models_folder).score(frame), check_exact=True
    )


def test_a_champion_that_is_no_more_is_not_served_from_an_older_fetch(
    models_folder, tmp_path
):
    class DefectionAlone:
        def champions(self):
            return [Version("pinch-defection", "7", "a training")]

        def entry(self, version):
            return Entry(version, (), None, 90, {}, (), {})

        def fetch(self, version, folder):
            return shutil.copytree(models_folder / "defection", folder)

    folder = shutil.copytree(models_folder, tmp_path / "models")
    assert load_models(fetch_champions(DefectionAlone(), folder)).migration is None


# By hand


def test_heading_is_the_likeliest_state_and_unknown_where_any_chance_is():
    chances = [
        [0.4, 0.3, 0.1, 0.1, 0.1],
        [0.1, 0.1, 0.1, 0.2, 0.5],
        [np.nan] * 4 + [0.9],
        [0.1, 0.6, 0.1, 0.1, 0.1],
    ]
    found = heading(pd.DataFrame(chances, columns=CHANCES))
    assert found.tolist() == ["poor", "defected", "unknown", "people_carried"]


def test_the_models_read_features_of_the_dictionary_and_facts_of_the_book_alone(
    scorer, sample_book
):
    for model in (scorer.defection, scorer.migration):
        assert set(model.encoding.columns) <= FEATURES.keys() | sample_book.facts.keys()


def test_the_scorer_knows_the_types_and_the_categories_of_its_facts(
    scorer, sample_book
):
    trained = scorer.trained
    assert dict(trained.types) == dict(sample_book.facts)
    assert set(trained.categories["plan"]) == set(
        sample_book.connection.sql("select plan from accounts").df()["plan"]
    )
    assert {"plan", "industry", "tier"} <= trained.read <= sample_book.facts.keys()
