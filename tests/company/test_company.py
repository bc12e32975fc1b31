"""The simulated company: its books are sound, its mechanism does what it says, and its truth holds."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import company
from company import Knobs
from company.calendar import END
from company.index import QUADRANTS, quadrants
from features import quadrants as index
from features.book.book import open_book
from features.vocabulary.contract import OF_ACCOUNTS, TABLES
from features.vocabulary.items import ITEMS, axis_items
from features.vocabulary.kinds import KINDS

CLEAN = Knobs(bad=0.0, duplicates=0.0, late=0.0)
AS_OF = END - timedelta(days=91)
TRUE = [f"p_{name}" for name in QUADRANTS]
OBSERVED = [f"p_observed_{name}" for name in (*QUADRANTS, "unknown")]


@pytest.fixture(scope="module")
def world() -> company.World:
    return company.simulate(1200, 24, seed=7, knobs=CLEAN)


@pytest.fixture(scope="module")
def tables(world: company.World) -> dict[str, pd.DataFrame]:
    return world.tables()


@pytest.fixture(scope="module")
def truth(world: company.World) -> dict[str, pd.DataFrame]:
    return world.truth()


@pytest.fixture(scope="module")
def oracle(world: company.World) -> pd.DataFrame:
    return world.oracle(AS_OF, 91, draws=60)


def digest(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def left_within(
    departures: pd.DataFrame, account_ids: pd.Series, as_of: date, days: int
) -> np.ndarray:
    after = departures[
        departures.occurred_at.between(
            pd.Timestamp(as_of), pd.Timestamp(as_of) + pd.Timedelta(days=days)
        )
    ]
    return account_ids.isin(after.account_id).to_numpy()


def per_day(
    happened: pd.DataFrame, gone: pd.DataFrame, first_day: int, last_day: int
) -> float:
    """Mean rows of departed accounts, per day, from so many to so many days before they left."""
    joined = happened.merge(
        gone[["account_id", "occurred_at"]], on="account_id", suffixes=("", "_left")
    )
    days = (joined.occurred_at_left - joined.occurred_at).dt.total_seconds() / 86400
    return float(
        days.between(first_day, last_day).sum() / len(gone) / (last_day - first_day)
    )


class TestBook:
    def test_same_arguments_same_bytes_and_another_seed_another_company(
        self, tmp_path: Path
    ) -> None:
        for name, seed in (("one", 1), ("again", 1), ("other", 2)):
            company.write_sample(tmp_path / name, accounts=60, months=6, seed=seed)
        one, again, other = (
            digest(tmp_path / name) for name in ("one", "again", "other")
        )
        assert one == again
        written = (name.removesuffix(".parquet") for name in one)
        assert {*written} - {"book.toml"} < set(TABLES)
        assert one["interactions.parquet"] != other["interactions.parquet"]

    def test_what_is_written_is_what_the_world_tells(self, tmp_path: Path) -> None:
        company.write_sample(tmp_path, accounts=50, months=5, seed=3)
        for name, table in company.simulate(50, 5, seed=3).tables().items():
            pd.testing.assert_frame_equal(
                pd.read_parquet(tmp_path / f"{name}.parquet"), table
            )

    def test_progress_reaches_its_end(self, tmp_path: Path) -> None:
        told: list[tuple[int, int]] = []
        company.write_sample(
            tmp_path,
            accounts=20,
            months=3,
            progress=lambda done, total: told.append((done, total)),
        )
        assert told[-1] == (13, 13)

    def test_tables_refer_to_each_other(self, tables: dict[str, pd.DataFrame]) -> None:
        ids = set(tables["accounts"].account_id)
        for name in set(OF_ACCOUNTS) & set(tables):
            assert set(tables[name].account_id) <= ids
            assert tables[name].account_id.notna().all()
        assert set(tables["interactions"].rep_id.dropna()) <= set(tables["reps"].rep_id)
        assert set(tables["markets"].market) <= set(tables["accounts"].market)
        assert tables["reps"].rep_id.is_unique

    def test_the_whole_vocabulary_is_spoken_and_nothing_else(
        self, tables: dict[str, pd.DataFrame]
    ) -> None:
        not_of_firms_here = {"list_contact", "note"}
        assert set(tables["interactions"].kind) == set(KINDS) - not_of_firms_here
        assert set(tables["surveys"].item) == set(ITEMS)

    def test_reps_serve_only_while_they_are_hired(
        self, tables: dict[str, pd.DataFrame]
    ) -> None:
        served = tables["interactions"].merge(tables["reps"], on="rep_id")
        assert (served.occurred_at >= served.hired_at).all()
        assert (served.left_at.isna() | (served.occurred_at <= served.left_at)).all()

    def test_nothing_happens_before_opening_after_leaving_or_after_the_end(
        self, tables: dict[str, pd.DataFrame]
    ) -> None:
        happened = tables["interactions"].merge(
            tables["accounts"][["account_id", "opened_at"]], on="account_id"
        )
        assert (happened.occurred_at >= happened.opened_at).all()
        assert (tables["interactions"].known_at < pd.Timestamp(END)).all()
        returned = tables["interactions"].query("kind == 'return'").account_id
        gone = tables["departures"][~tables["departures"].account_id.isin(returned)]
        late = tables["interactions"].merge(
            gone, on="account_id", suffixes=("", "_left")
        )
        assert (late.occurred_at <= late.occurred_at_left).all()

    def test_scores_are_whole_and_on_their_scales(
        self, tables: dict[str, pd.DataFrame]
    ) -> None:
        surveys = tables["surveys"]
        assert surveys.score.between(surveys.scale_min, surveys.scale_max).all()
        assert (surveys.score % 1 == 0).all()
        assert not surveys[surveys.item == "effort"].higher_is_better.any()

    def test_matters_have_an_opening(self, tables: dict[str, pd.DataFrame]) -> None:
        matters = tables["interactions"].dropna(subset=["matter_id"])
        first = (
            matters.sort_values("occurred_at", kind="stable")
            .groupby("matter_id")
            .kind.first()
        )
        assert set(first) <= {
            "question",
            "request",
            "complaint",
            "failure",
            "promise_made",
            "hold",
            "invoice_sent",
        }

    def test_some_promises_stay_open(self, tables: dict[str, pd.DataFrame]) -> None:
        kinds = tables["interactions"].kind.value_counts()
        assert kinds["promise_broken"] > 0
        assert (
            kinds["promise_kept"] + kinds["promise_broken"]
            < 0.98 * kinds["promise_made"]
        )

    def test_the_holdout_is_left_alone(self, tables: dict[str, pd.DataFrame]) -> None:
        alone = set(tables["accounts"].query("holdout == 'yes'").account_id)
        contacted = tables["interactions"].query("kind in ('outreach', 'surprise')")
        assert alone
        assert not alone & set(contacted.account_id)


class TestDirt:
    def test_planted_dirt_is_counted(self) -> None:
        world = company.simulate(
            150, 8, seed=4, knobs=Knobs(bad=0.004, duplicates=0.004, late=0.004)
        )
        planted = world.planted().set_index(["table", "flaw"]).rows
        interactions, surveys = (
            world.tables()["interactions"],
            world.tables()["surveys"],
        )
        assert (
            (interactions.account_id == "A-nobody").sum()
            == planted["interactions", "unknown account"]
            > 0
        )
        assert (
            (interactions.occurred_at.dt.year == 9999).sum()
            == planted["interactions", "year 9999"]
            > 0
        )
        assert (surveys.score > surveys.scale_max).sum() == planted[
            "surveys", "score off its scale"
        ] + planted["surveys", "infinite score"]

    def test_quarantine_holds_what_was_planted_and_nothing_else(
        self, tmp_path: Path
    ) -> None:
        company.write_sample(tmp_path, accounts=150, months=8, seed=4)
        planted = (
            company.simulate(150, 8, seed=4).planted().query("flaw != 'known late'")
        )
        book = open_book(tmp_path)
        assert (
            book.quarantine.table.value_counts().to_dict()
            == planted.groupby("table").rows.sum().to_dict()
        )
        assert (
            sum(blank.rows for blank in book.blanks)
            == planted[planted.flaw.str.contains(" value|^value")].rows.sum()
        )

    def test_duplicates_are_exact(self) -> None:
        world = company.simulate(
            100, 6, seed=4, knobs=Knobs(bad=0, duplicates=0.004, late=0)
        )
        planted = world.planted().set_index(["table", "flaw"]).rows
        assert (
            world.tables()["interactions"].duplicated().sum()
            == planted["interactions", "duplicate"]
            > 0
        )

    def test_dirt_is_rare_by_default_and_absent_when_unwanted(self) -> None:
        world = company.simulate(300, 8, seed=4)
        planted = world.planted()
        rows = sum(len(world.tables()[name]) for name in ("interactions", "surveys"))
        assert 0 < planted.rows.sum() < 0.01 * rows
        assert company.simulate(40, 4, knobs=CLEAN).planted().rows.sum() == 0

    def test_rows_known_late(self) -> None:
        interactions = company.simulate(
            200, 8, seed=4, knobs=Knobs(bad=0, duplicates=0, late=0.01)
        ).tables()["interactions"]
        late = interactions.known_at > interactions.occurred_at
        assert 0.005 < late.mean() < 0.01
        assert (interactions.known_at >= interactions.occurred_at).all()
        assert (interactions.known_at < pd.Timestamp(END)).all()


class TestMechanism:
    def test_reasons_and_silence_are_near_the_seeds(
        self, truth: dict[str, pd.DataFrame]
    ) -> None:
        mix = truth["departures"].reason.value_counts(normalize=True)
        assert mix["indifference"] == pytest.approx(0.68, abs=0.08)
        assert mix["dissatisfaction"] == pytest.approx(0.14, abs=0.06)
        assert 0.25 < truth["departures"].overt.mean() < 0.42

    def test_the_mix_can_be_set(self) -> None:
        mix = {"better_product": 0.5, "indifference": 0.5}
        knobs = Knobs(reasons=mix, contracts=0)
        reasons = (
            company.simulate(1000, 18, seed=5, knobs=knobs)
            .truth(26)["departures"]
            .reason
        )
        assert set(reasons) == {"better_product", "indifference"}
        assert 0.3 < (reasons == "better_product").mean() < 0.7

    def test_about_as_many_leave_as_asked(self, truth: dict[str, pd.DataFrame]) -> None:
        years = len(truth["states"]) * 4 / 52
        assert 0.11 < len(truth["departures"]) / years < 0.2

    def test_the_silent_fade_and_the_outspoken_speak_up(
        self, tables: dict[str, pd.DataFrame]
    ) -> None:
        interactions, gone = (
            tables["interactions"],
            tables["departures"].merge(tables["accounts"], on="account_id"),
        )
        known_from = gone.opened_at.clip(lower=interactions.occurred_at.min())
        gone = gone[gone.occurred_at - known_from > pd.Timedelta(days=180)]
        silent = gone[~gone.overt & (gone.reason == "indifference")]
        routine = interactions[interactions.kind.isin(["purchase", "visit", "use"])]
        assert per_day(routine, silent, 0, 21) < 0.5 * per_day(
            routine, silent, 120, 180
        )
        said = interactions[
            interactions.kind.isin(["question", "request", "complaint"])
        ]
        overt = gone[gone.overt & ~gone.reason.isin(["died", "moved"])]
        assert per_day(said, overt, 0, 28) > 1.5 * per_day(said, overt, 120, 180)

    def test_all_quadrants_are_lived_in_and_left(
        self, truth: dict[str, pd.DataFrame]
    ) -> None:
        states = truth["states"].sort_values(["account_id", "moment"])
        assert states.quadrant.value_counts(normalize=True).min() > 0.07
        next_quarter = states.groupby("account_id").quadrant.shift(-3)
        assert (
            0.1 < (states.quadrant != next_quarter)[next_quarter.notna()].mean() < 0.5
        )

    def test_the_warm_answer_more(
        self, tables: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]
    ) -> None:
        warmth = truth["states"].groupby("account_id").warmth.mean()
        asked = (
            tables["interactions"]
            .query("kind == 'survey_sent'")
            .groupby("account_id")
            .size()
        )
        answered = (
            tables["surveys"]
            .drop_duplicates(["account_id", "occurred_at"])
            .groupby("account_id")
            .size()
        )
        rate = (answered.reindex(asked.index).fillna(0) / asked).clip(upper=1)
        assert 0.5 < answered.sum() / asked.sum() < 0.7
        assert rate.corr(warmth.reindex(rate.index)) > 0.3


class TestQuadrants:
    def test_the_rule_is_the_product_s_rule(self) -> None:
        levels = [0.0, 4.89, 4.9, 4.99, 5.0, 5.05, 5.1, 5.11, 10.0]
        product, people = (axis.ravel() for axis in np.meshgrid(levels, levels))
        expected = [
            index.quadrant(x, y).value for x, y in zip(product, people, strict=True)
        ]
        assert [QUADRANTS[code] for code in quadrants(product, people)] == expected

    def test_observed_quadrants_are_those_of_the_book(
        self, tables: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]
    ) -> None:
        states = truth["states"]
        last = (
            states[states.moment == pd.Timestamp(END)]
            .set_index("account_id")
            .observed_quadrant.head(200)
        )
        surveys = tables["surveys"]
        assert last.to_dict() == {
            account: self.of_book(surveys[surveys.account_id == account])
            for account in last.index
        }

    @staticmethod
    def of_book(surveys: pd.DataFrame) -> str:
        score = (
            10
            * (surveys.score - surveys.scale_min)
            / (surveys.scale_max - surveys.scale_min)
        )
        settled = {}
        for axis in ("product", "people"):
            occasions = (
                score[surveys.item.isin(axis_items(axis))]
                .groupby(surveys.occurred_at)
                .mean()
            )
            settled[axis] = index.settled(
                occasions.rolling(3, min_periods=1).mean().tolist()
            )
        return index.quadrant(**settled).value


class TestOracle:
    def test_probabilities_sum_to_one(self, oracle: pd.DataFrame) -> None:
        np.testing.assert_allclose(oracle[["p_defected", *TRUE]].sum(axis=1), 1)
        np.testing.assert_allclose(oracle[["p_defected", *OBSERVED]].sum(axis=1), 1)
        np.testing.assert_allclose(
            oracle.filter(like="p_left_").sum(axis=1), oracle.p_defected
        )
        assert (oracle.filter(like="p_") >= 0).all(axis=None)

    def test_it_beats_the_base_rate(
        self, oracle: pd.DataFrame, truth: dict[str, pd.DataFrame]
    ) -> None:
        left = left_within(truth["departures"], oracle.account_id, AS_OF, 91)
        told = oracle.p_defected.to_numpy()
        loss = -np.where(left, np.log(told), np.log1p(-told)).mean()
        base = -np.where(left, np.log(left.mean()), np.log1p(-left.mean())).mean()
        assert loss < 0.85 * base
        assert told.mean() == pytest.approx(left.mean(), abs=0.012)

    def test_it_knows_where_accounts_will_stand(
        self, oracle: pd.DataFrame, truth: dict[str, pd.DataFrame]
    ) -> None:
        states = truth["states"]
        end = states[states.moment == pd.Timestamp(END)].set_index("account_id")
        for truly, columns, prefix in (
            ("quadrant", TRUE, "p_"),
            ("observed_quadrant", OBSERVED, "p_observed_"),
        ):
            told = (
                oracle.set_index("account_id")[columns]
                .idxmax(axis=1)
                .astype(str)
                .str.slice(len(prefix))
            )
            both = end.join(told.rename("told"), how="inner")
            assert (both.told == both[truly]).mean() > 0.65

    def test_its_cohort_is_who_is_here(
        self, oracle: pd.DataFrame, tables: dict[str, pd.DataFrame]
    ) -> None:
        as_of = f"'{AS_OF}'"
        opened = set(tables["accounts"].query(f"opened_at <= {as_of}").account_id)
        gone = set(tables["departures"].query(f"occurred_at <= {as_of}").account_id)
        back = set(
            tables["interactions"]
            .query(f"kind == 'return' and occurred_at <= {as_of}")
            .account_id
        )
        assert opened - gone <= set(oracle.account_id) <= (opened - gone) | back

    def test_questions_that_cannot_be_answered(self, world: company.World) -> None:
        with pytest.raises(ValueError, match="expected a date of the records"):
            world.oracle(date(1999, 1, 1), 90)
        with pytest.raises(ValueError, match="expected one of"):
            world.counterfactual(AS_OF, "rains", 90)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="expected 1 or more"):
            company.simulate(0)
        with pytest.raises(ValueError, match="expected shares of"):
            Knobs(reasons={"boredom": 1.0})


class TestCounterfactual:
    @pytest.fixture
    def world(self) -> company.World:
        return company.simulate(500, 12, seed=8)

    @staticmethod
    def change(world: company.World, event: str) -> pd.Series:
        changed = world.counterfactual(AS_OF, event, 91, draws=60)  # type: ignore[arg-type]
        return changed.groupby("quadrant_now").p_defected.mean()

    def test_a_departed_rep_takes_the_people_carried_along(
        self, world: company.World
    ) -> None:
        change = self.change(world, "rep_leaves")
        assert change["people_carried"] > 1.5 * change["product_carried"] > 0

    def test_a_competitor_takes_the_product_carried(self, world: company.World) -> None:
        change = self.change(world, "competitor_enters")
        assert change["product_carried"] > 1.5 * change["people_carried"] > 0

    def test_contact_helps(self, world: company.World) -> None:
        assert (self.change(world, "contacted") < 0).all()

    def test_levers_move_accounts_to_exceptional_by_their_own_mechanism(
        self, world: company.World
    ) -> None:
        more = {
            event: world.counterfactual(AS_OF, event, 91, draws=20).p_exceptional  # type: ignore[arg-type]
            for event in ("settled", "handed", "answered", "promised")
        }
        assert more["promised"].mean() > more["answered"].mean() > 0
        usual = more["settled"].median()  # no account has exactly nothing
        waited = (more["settled"] - usual).abs() > 1e-9
        assert 0 < waited.mean() < 0.5  # the others had nothing open
        assert more["settled"][waited].mean() > 0
        assert more["handed"].mean() < 0  # what was the rep's own is lost at first
