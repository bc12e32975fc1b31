"""Learners of one's own: fitted beside ours, judged by the gate, kept as texts, and read by who is known for it."""

import json
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint

import numpy as np
import pandas as pd
import pytest
from conftest import keep

from features.engine import MICROS_PER_DAY
from features.errors import ModelError
from models.fitted import artefact, defection, learner
from models.fitted.boosting import Setting
from models.fitted.encoding import Encoding
from models.fitted.learner import OURS, know_reader, reader_of
from models.registry.aliases import CHALLENGER
from models.registry.registry import Registry
from models.registry.versions import DEFECTION
from training.configuration import Configuration
from training.evaluation.walk_forward import evaluate
from training.fitting.defection import fit_defection
from training.fitting.design import make_design
from training.fitting.learner import fit_by
from training.fitting.rivals import MODEL, Learners
from training.gate import judge_baselines
from training.past.observed import observe
from training.train import train

QUICK = Setting(trees=10)
NOTHING_KNOWN = np.zeros((4, 2))
LEFT, EVEN = np.array([1.0, 0.0, 0.0, 0.0]), np.ones(4)


@dataclass(frozen=True)
class Flat:
    """The same log-odds for every row."""

    log_odds: float

    def raw(self, matrix):
        return np.full(len(matrix), self.log_odds)

    def contributions(self, matrix):
        return np.zeros(matrix.shape)

    def files(self, stem):
        return {f"{stem}.flat.json": json.dumps(self.log_odds)}


class Flats:
    """Learns the weighted share of leavers."""

    name = "flat"

    def fit(self, matrix, outcome, weight, categorical):
        share = np.average(outcome, weights=weight)
        return Flat(float(np.log(share / (1.0 - share))))


def read(files, stem):
    return Flat(json.loads(files[f"{stem}.flat.json"]))


@pytest.fixture(autouse=True)
def known(monkeypatch):
    """The readers of this process, of which only that of flats is known."""
    monkeypatch.setattr(learner, "_known", {})
    know_reader("flat", read)


def test_a_learner_fits_each_horizon_by_what_happened_and_how_much_it_weighs():
    frame = pd.DataFrame(
        {"account_id": [f"a{row}" for row in range(40)], "days_silent": np.arange(40.0)}
    )
    left = pd.DataFrame({30: np.arange(40) < 10, 90: np.arange(40) < 20}).astype(float)
    weight = np.where(np.arange(40) < 10, 3.0, 1.0)
    design = make_design(frame, Encoding(("days_silent",), {}), QUICK.bins, weight)
    model = fit_defection(design, left, QUICK, {}, Flats())
    assert model.learner == "flat"
    # Leavers weigh 10 * 3 of 10 * 3 + 30 at 30 days, and 10 * 3 + 10 of the same at 90.
    assert model.risks(frame.head(1)).round(9).to_dict("records") == [
        {"risk_30d": 0.5, "risk_90d": round(40 / 60, 9)}
    ]


def test_what_it_fitted_is_kept_as_texts_and_read_by_its_name(tmp_path):
    encoding, frame = (
        Encoding(("days_silent",), {}),
        pd.DataFrame({"days_silent": [1.0, 2.0]}),
    )
    model = defection.DefectionModel(
        encoding, {30: Flat(-1.0), 90: Flat(0.0)}, learner="flat"
    )
    model.save(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        *("30d.flat.json", "90d.flat.json", "manifest.json", "model.json")
    ]
    again = defection.load(tmp_path)
    assert (again.learner, again.blends) == ("flat", {30: Flat(-1.0), 90: Flat(0.0)})
    assert again.risks(frame)["risk_90d"].tolist() == [0.5, 0.5]


def test_a_model_of_a_learner_that_is_not_known_is_refused_and_told_how_to_mend_it(
    tmp_path, monkeypatch
):
    defection.DefectionModel(
        Encoding(("days_silent",), {}), {90: Flat(0.0)}, learner="flat"
    ).save(tmp_path)
    monkeypatch.setattr(learner, "_known", {})
    with pytest.raises(
        ModelError, match="learner flat: found no reader of that name"
    ) as caught:
        defection.load(tmp_path)
    assert "pinch.readers" in caught.value.expected
    assert "install the package" in caught.value.mend


def test_a_reader_may_be_an_entry_point_of_an_installed_package(monkeypatch):
    entry = EntryPoint("packaged", f"{__name__}:read", learner.GROUP)
    monkeypatch.setattr(EntryPoint, "load", lambda self: read)
    monkeypatch.setattr(
        learner,
        "entry_points",
        lambda group, name: (
            [entry] if (group, name) == (entry.group, entry.name) else []
        ),
    )
    assert reader_of("packaged") is read
    with pytest.raises(ModelError, match="learner other"):
        reader_of("other")


def test_a_model_by_ours_says_so_and_one_from_before_it_was_said_is_ours(
    scorer, tmp_path
):
    scorer.defection.save(tmp_path)
    described, files = artefact.read_model(tmp_path, "defection")
    assert described.pop("learner") == OURS == scorer.defection.learner
    artefact.write_folder(tmp_path, files | {"model.json": json.dumps(described)})
    again = defection.load(tmp_path)
    assert again.learner == OURS
    assert list(again.blends) == list(scorer.defection.blends)


class _Unsound(Flat):
    """A flat one of which one method is another."""

    def __init__(self, **methods):
        super().__init__(0.0)
        for name, method in methods.items():
            object.__setattr__(self, name, method)


@pytest.mark.parametrize(
    ("methods", "found"),
    [
        (
            {"raw": lambda matrix: np.zeros((len(matrix), 2))},
            r"log-odds of shape \(4, 2\)",
        ),
        (
            {"raw": lambda matrix: np.full(len(matrix), np.nan)},
            "log-odds that are not finite",
        ),
        (
            {"contributions": lambda matrix: np.zeros(len(matrix))},
            r"contributions of shape \(4,\)",
        ),
        (
            {"contributions": lambda matrix: np.full(matrix.shape, np.inf)},
            "contributions that are not finite",
        ),
        (
            {"files": lambda stem: {"flat.json": "0.0"}},
            "files of other names, or that are no texts",
        ),
        (
            {"files": lambda stem: {f"{stem}.flat.json": b"0.0"}},
            "files of other names, or that are no texts",
        ),
        (
            {"files": lambda stem: {f"{stem}.flat.json": "0.1"}},
            "other log-odds after reading what was kept",
        ),
    ],
)
def test_what_is_not_sound_is_refused_in_words_when_it_is_fitted(methods, found):
    unsound = type(
        "Unsound", (), {"name": "flat", "fit": lambda self, *given: _Unsound(**methods)}
    )()
    with pytest.raises(ModelError, match=f"learner flat: found {found}"):
        fit_by(unsound, NOTHING_KNOWN, LEFT, EVEN, ())


@pytest.mark.parametrize("taken", [MODEL, OURS, "recency", "logistic"])
def test_a_name_that_means_something_else_in_a_table_is_refused(taken):
    named = type("Named", (), {"name": taken})()
    with pytest.raises(ModelError, match=f"learners called {taken}"):
        Learners(beside=(named,))


def test_two_learners_of_one_name_are_refused():
    with pytest.raises(ModelError, match="learners called flat"):
        Learners(Flats(), (Flats(),))


def test_beside_ours_it_is_judged_like_a_baseline(sample_book):
    as_of = sample_book.watermark - 120 * MICROS_PER_DAY
    found = evaluate(
        observe(sample_book, as_of),
        [90],
        setting=QUICK,
        learners=Learners(beside=(Flats(),)),
    )
    models = ["pinch", "recency", "rhythm", "quadrant", "logistic", "flat"]
    assert [row["model"] for row in found.defection] == models
    ours, *_, flat = found.outcomes
    assert len(set(flat.risk)) == 1
    assert len(set(ours.risk)) > 100
    assert flat.accounts.tolist() == ours.accounts.tolist()


@pytest.fixture(scope="module")
def by_flats(small_book):
    know_reader("flat", read)
    return train(observe(small_book), Configuration(QUICK, learners=Learners(Flats())))


def test_as_the_model_it_is_walked_forward_with_ours_beside(by_flats):
    rows = (
        by_flats.figures()
        .query("prediction == 'defection' and horizon == 90")
        .set_index("model")
    )
    assert rows.index.tolist() == [
        "pinch",
        "recency",
        "rhythm",
        "quadrant",
        "logistic",
        "blend",
    ]
    assert rows.loc["pinch", "auc"] == 0.5
    assert rows.loc["blend", "auc"] > 0.6
    assert any(
        sentence.startswith("defection at 90 days: ") for sentence in by_flats.losses()
    )
    assert by_flats.models.migration is not None


def test_it_is_judged_by_the_gate_registered_and_read_again(
    by_flats, new_store, tmp_path
):
    registry = Registry(str(new_store(tmp_path / "store")))
    (version, _) = keep(by_flats, registry, tmp_path / "workplace")
    assert {verdict.name for verdict in registry.entry(version).verdicts} == {
        *("leakage", "calibration", "baselines", "migration", "champion")
    }
    page = registry.text(version, "training.html")
    assert "The risks are fitted by flat; blend is Pinch" in page
    assert "What moves the risks" not in page  # flats explain nothing
    again = defection.load(
        registry.fetch(registry.version(DEFECTION, CHALLENGER), tmp_path / "fetched")
    )
    newest = by_flats.data.frame.tail(5)
    pd.testing.assert_frame_equal(
        again.risks(newest), by_flats.models.defection.risks(newest), check_exact=True
    )


def test_a_learner_that_is_surely_worse_than_ours_does_not_pass(by_flats):
    def knowing(outcome):
        return (
            replace(outcome, risk=np.where(outcome.left == 1, 0.9, 0.01))
            if outcome.model == OURS
            else outcome
        )

    evaluations = [
        replace(one, outcomes=[knowing(outcome) for outcome in one.outcomes])
        for one in by_flats.evaluations
    ]
    verdict = judge_baselines(evaluations, 90)
    assert not verdict.passed
    assert "evidence that a baseline is better" in verdict.sentence
    assert "blend 0.0" in verdict.sentence
