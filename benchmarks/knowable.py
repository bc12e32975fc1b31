"""How much of the knowable the models know, measured on simulated companies whose truth is known.

    python benchmarks/knowable.py --seeds 11 12 13

writes ``docs/knowable.md``: how much of the way from the simplest baseline to the oracle the models go, whether their
reasons name what was truly at work, and what they would gain from knowing more.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

import lightgbm
import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import roc_auc_score

from company import World, simulate, write_sample
from company.calendar import END
from company.hazards import TRIGGERS
from company.index import QUADRANTS
from features.book.book import Book, open_book
from features.engine import day_of, instant
from features.snapshot.frame import FEATURES, snapshot
from models.fitted.boosting import Setting
from models.fitted.migration import states
from models.score.horizon import HORIZONS, MIGRATION_HORIZON, risk_column
from models.score.reasons import FACTS, MOST_REASONS, TITLES, theme_of
from training.fitting.baselines import defection_baselines, migration_baselines
from training.fitting.encoding import learn_encoding
from training.fitting.models import Models, design_of, fit_models
from training.fitting.rivals import MODEL
from training.past.leaving import Leaving
from training.past.observed import observe
from training.past.panel import panel_at, split_at
from training.past.training_set import TrainingSet

Array = npt.NDArray[np.float64]
Chances = Mapping[str, Array]
Losses = TypeVar("Losses", float, pd.Series)
Ask = Callable[[int, int], pd.DataFrame]
"""Asks the oracle: horizon and draws."""

PAGE = Path(__file__).parent.parent / "docs" / "knowable.md"
WEEKS_BEFORE_END = 28
"""The as-of date: whole weeks, as the oracle is exact then, and enough of them to see 180 days and late news."""
LATER_WEEKS = (28, 24, 20, 16)
"""As-of dates whose leavers are asked for their causes: the last still sees 90 days and late news."""
SURE = 1e-6
"""Chances are kept this far from 0 in logarithms."""
TOP = 0.1
PERMUTATIONS = 500
ORACLE, BASE_RATE, STAY_PUT = "oracle", "base_rate", "stay_put"
SIMPLEST = {"defection": BASE_RATE, "migration": STAY_PUT}
BESIDE = {
    "defection": ("recency", "logistic"),
    "migration": ("empirical_markov", "logistic"),
}
"""Baselines that are printed as well."""
AIMS = {"defection": 0.60, "migration": 0.50}
"""Shares of the knowable to be known at 90 days."""

ACCEPTED: Mapping[str, frozenset[str]] = {
    "neglect": frozenset({"indifference", "attention"}),
    "rep_left": frozenset({"dependence"}),
    "competitor_entered": frozenset({"dependence", FACTS}),
    "failure_not_fixed": frozenset({"recovery", "responsiveness", "trust"}),
    "poor_service": frozenset({"axis_scores", "responsiveness", "voice"}),
    "poor_product": frozenset({"axis_scores", "trust"}),
    "word_of_mouth": frozenset({"axis_scores", "voice"}),
    "chance": frozenset(),
}
"""For what was at work when an account turned away (`company.hazards.TRIGGERS`): the themes that name it.

Neglect is silence of ours, and the account fades in return. A departed rep is measured by dependence, and so is a
competitor, who besides comes to a market, a fact of the account. Damage comes from failures not fixed and from promises
broken. Poor service and a poor product are low scores; the one is heard in how we answered and in the tone, the other
in requests for what we lack and in late deliveries, which are themes of trust. Nothing can name chance.
"""

NOTHING, MOOD, EVERYTHING = (
    "nothing more",
    "whether it has turned away, and for which reason",
    "all of these",
)
SINGLE: Mapping[str, tuple[str, ...]] = {
    "warmth": ("warmth",),
    "patience": ("patience",),
    "true product and people satisfaction": ("product", "people"),
    "pulse (activity as a share of the usual)": ("pulse",),
}
HIDDEN: Mapping[str, tuple[str, ...]] = {
    NOTHING: (),
    **SINGLE,
    MOOD: ("mood",),
    EVERYTHING: ("warmth", "patience", "product", "people", "pulse", "mood"),
}
"""Hidden states that models are told, to see what each would be worth."""
GROUPS = (
    "has not turned away",
    "turned away, pulse below 0.3",
    "turned away, pulse 0.3 to 0.9",
    "turned away, pulse 0.9 or above",
)
"""What is going on in an account."""
LARGER = 5
"""How many times as many accounts a larger book has."""
LARGER_BOOK = f"{LARGER} times as many accounts to learn from, of another company"
TAUGHT = "the oracle's probabilities instead of what happened, of all those accounts"
TAUGHT_WEEKS = (28, 36, 44, 52)
TAUGHT_DRAWS = 40
TAUGHT_SETTING = {
    "objective": "cross_entropy",
    "num_leaves": 15,
    "learning_rate": 0.04,
    "min_data_in_leaf": 60,
    "lambda_l2": 5.0,
    "feature_fraction": 0.4,
    "num_threads": 1,
    "seed": 1,
    "deterministic": True,
    "force_col_wise": True,
    "verbose": -1,
}
"""As-of dates, draws of the oracle and setting of a booster that learns the oracle's probabilities."""


@dataclass(frozen=True)
class Firm:
    """A simulated company: its truth, and its book opened."""

    world: World
    book: Book


@dataclass(frozen=True)
class Known:
    """What is known, and fitted, at an as-of date.

    Attributes:
        past: snapshots before it, with the outcomes known by then.
        now: the snapshot at it, with what happened after it as far as the book tells.
        meaning: what leaving means, as known by then.
        models: fitted on the past.
    """

    past: TrainingSet
    now: TrainingSet
    meaning: Leaving
    models: Models


@dataclass(frozen=True)
class Found:
    """What a run has found.

    Attributes:
        losses: see `measure`, with a column ``seed``.
        looked: see `look_at_leavers`, with a column ``seed``.
        diagnoses: of other companies.
    """

    losses: pd.DataFrame
    looked: pd.DataFrame
    diagnoses: Sequence[Diagnosis]


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command."""
    asked = _parser().parse_args(arguments)
    began = time.monotonic()
    losses, looked = [], []
    for seed in asked.seeds:
        with company_of(seed, asked.accounts, asked.months) as firm:
            tell(
                f"seed {seed}: models of what was known {WEEKS_BEFORE_END} weeks before the end"
            )
            known = learn(firm.book, as_of_before(WEEKS_BEFORE_END))
            tell(f"seed {seed}: the oracle at {len(HORIZONS)} horizons")
            ask = oracle_of(firm.world, known.now.frame)
            losses.append(measure(known, ask, asked.draws).assign(seed=seed))
            tell(f"seed {seed}: causes of the leavers")
            looked.append(
                look_at_leavers(firm, known.models, asked.draws).assign(seed=seed)
            )
    diagnoses = [
        diagnose(seed, asked.accounts, asked.months, asked.draws)
        for seed in asked.diagnosed
    ]
    found = Found(
        pd.concat(losses, ignore_index=True),
        pd.concat(looked, ignore_index=True),
        diagnoses,
    )
    page = write_page(asked, found)
    asked.out.write_text(page)
    tell(f"wrote {asked.out} after {time.monotonic() - began:.0f} s")
    print(page)


def tell(said: str) -> None:
    """Says on stderr what is being done."""
    print(said, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    summary = "Measures how much of the knowable the models know, and whether reasons name the true causes."
    parser = argparse.ArgumentParser(
        description=summary, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument(
        "--accounts", type=int, default=3000, help="accounts of each simulated company"
    )
    parser.add_argument("--months", type=int, default=24, help="months of history")
    parser.add_argument(
        "--seeds",
        type=int,
        nargs="+",
        default=[11, 12, 13],
        help="companies to judge on",
    )
    parser.add_argument(
        "--diagnosed",
        type=int,
        nargs="*",
        default=[1, 2],
        help="others, to say what more would help",
    )
    parser.add_argument(
        "--draws", type=int, default=300, help="futures that the oracle lives"
    )
    parser.add_argument("--out", type=Path, default=PAGE, help="the page to write")
    return parser


# -- the company and the models --


@contextmanager
def company_of(seed: int, accounts: int, months: int) -> Iterator[Firm]:
    """Simulates a company and opens its book, which is in a folder only for the while."""
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder), accounts, months, seed)
        yield Firm(simulate(accounts, months, seed), open_book(folder))


def as_of_before(weeks: int) -> date:
    """The date so many weeks before the data stops."""
    return END - timedelta(weeks=weeks)


def learn(book: Book, as_of: date) -> Known:
    """Fits the models on what was known at an as-of date, as walk-forward evaluation does."""
    past, now, meaning = outcomes(book, as_of)
    return Known(past, now, meaning, fit_models(past, Setting(), {}))


def outcomes(book: Book, as_of: date) -> tuple[TrainingSet, TrainingSet, Leaving]:
    """The training set known at an as-of date; the cohort then with what happened after; what leaving means."""
    then = observe(book, instant(as_of))
    past, now = split_at(then, panel_at(then), book.watermark, HORIZONS)
    return past, now, then.meaning


# -- the share of the knowable --


def expected_log_loss(truth: Array, chances: Array) -> float:
    """The log loss to be expected of chances, where the outcomes come with the true probabilities.

    Args:
        truth: true probability of each outcome, shape (rows, outcomes). A row counts as much as it sums to: less than
            1 where it may turn out that the outcome cannot be known. With a single 1 in each row it is the realised
            log loss.
        chances: what was predicted, of the same shape.

    Example:
        >>> round(expected_log_loss(np.array([[0.5, 0.5]]), np.array([[0.5, 0.5]])), 4)
        0.6931
    """
    return float(-(truth * np.log(np.clip(chances, SURE, 1.0))).sum() / truth.sum())


def share_closed(baseline: Losses, model: Losses, oracle: Losses) -> Losses:
    """The share of the distance from the baseline's log loss to the oracle's that a model closes.

    Example:
        >>> share_closed(baseline=0.5, model=0.35, oracle=0.2)
        0.5
    """
    return (baseline - model) / (baseline - oracle)


def endless(loss: float, draws: int, loss_of_fewer: float, fewer: int) -> float:
    """What a loss would be with endless draws, if its bias falls as one over their number.

    Example:
        >>> endless(loss=1.0 - 0.6 / 300, draws=300, loss_of_fewer=1.0 - 0.6 / 150, fewer=150)
        1.0
    """
    return (draws * loss - fewer * loss_of_fewer) / (draws - fewer)


def measure(known: Known, ask: Ask, draws: int) -> pd.DataFrame:
    """The losses of all models, baselines and the oracle, for defection at each horizon and for migration.

    Returns:
        A row for each prediction, horizon and model: expected and realised log loss, accounts, hidden (of the cohort,
        not in the oracle's answer), columns (that the models read).
    """
    parts = []
    for horizon in known.models.defection.blends:
        rows = score_defection(
            defection_chances(known, horizon), known.now, ask, horizon, draws
        )
        parts.append(rows)
        if (
            horizon == MIGRATION_HORIZON
            and known.now.state is not None
            and known.models.migration is not None
        ):
            truths = [state_truth(ask(horizon, count)) for count in (draws, draws // 2)]
            rows = score(migration_chances(known), truths, known.now.state, draws)
            parts.append(rows.assign(prediction="migration", horizon=horizon))
    return pd.concat(parts, ignore_index=True).assign(
        columns=len(known.models.defection.encoding.columns)
    )


def oracle_of(world: World, frame: pd.DataFrame) -> Ask:
    """The oracle's answers for the rows of a snapshot of one date; missing for those that have silently left."""
    as_of = day_of(int(frame["as_of_us"].iloc[0]))

    @cache
    def ask(horizon: int, draws: int) -> pd.DataFrame:
        told = world.oracle(as_of, horizon, draws).set_index("account_id")
        return told.reindex(frame["account_id"]).reset_index(drop=True)

    return ask


def leaving_truth(oracle: pd.DataFrame) -> Array:
    """True probabilities of staying and of leaving."""
    return stay_or_leave(oracle["p_defected"].to_numpy())


def stay_or_leave(risk: Array) -> Array:
    """Chances of staying and of leaving."""
    return np.column_stack([1.0 - risk, risk])


def state_truth(oracle: pd.DataFrame) -> Array:
    """True probabilities of the five states, as surveys will show them; a row lacks what surveys will not show."""
    return oracle[
        [*(f"p_observed_{name}" for name in QUADRANTS), "p_defected"]
    ].to_numpy()


def defection_chances(known: Known, horizon: int) -> dict[str, Array]:
    """What each model says of staying and of leaving."""
    frame, learned = known.now.frame, known.past.left[horizon].dropna()
    model = known.models.defection
    fitted = defection_baselines(
        known.past.frame.loc[learned.index],
        learned,
        known.past.weight[learned.index].to_numpy(),
        model.encoding,
        model.blend(horizon).linear,
    )
    risks = {
        BASE_RATE: np.full(
            len(frame), np.average(learned, weights=known.past.weight[learned.index])
        )
    }
    risks |= {name: fitted[name](frame) for name in BESIDE["defection"]}
    risks[MODEL] = model.risks(frame)[risk_column(horizon)].to_numpy()
    return {name: stay_or_leave(risk) for name, risk in risks.items()}


def migration_chances(known: Known) -> dict[str, Array]:
    """What each model says of the five states."""
    assert known.past.state is not None
    assert known.models.migration is not None
    frame, learned = known.now.frame, known.past.state.dropna()
    fitted = migration_baselines(design_of(known.past, Setting()), learned)
    chances = {name: fitted[name](frame) for name in (STAY_PUT, *BESIDE["migration"])}
    risk = known.models.defection.risks(frame)[
        risk_column(MIGRATION_HORIZON)
    ].to_numpy()
    chances[MODEL] = states(known.models.migration.quadrants(frame), risk).to_numpy()
    return chances


def score_defection(
    chances: Chances, now: TrainingSet, ask: Ask, horizon: int, draws: int
) -> pd.DataFrame:
    """Losses of each model of defection, and of the oracle, at a horizon."""
    truths = [leaving_truth(ask(horizon, count)) for count in (draws, draws // 2)]
    return score(chances, truths, now.left[horizon], draws).assign(
        prediction="defection", horizon=horizon
    )


def score(
    chances: Chances, truths: Sequence[Array], happened: pd.Series, draws: int
) -> pd.DataFrame:
    """Losses of each model and of the oracle, over the accounts that the oracle speaks of.

    Args:
        chances: by model, shape (rows, outcomes).
        truths: the oracle's answers, of all draws and of the first half of them.
        happened: code of the outcome of each row, missing where it is not known.
        draws: how many all are.
    """
    here = ~np.isnan(truths[0]).any(axis=1)
    many, fewer = (truth[here] for truth in truths)
    seen = one_hot(happened[here], many.shape[1])
    rows = []
    for name in (*chances, ORACLE):
        ours, of_fewer = (
            (chances[name][here],) * 2
            if name in chances
            else (shares(many), shares(fewer))
        )
        expected = endless(
            expected_log_loss(many, ours),
            draws,
            expected_log_loss(fewer, of_fewer),
            draws // 2,
        )
        rows.append(
            {
                "model": name,
                "expected": expected,
                "realised": expected_log_loss(seen, ours),
            }
        )
    return pd.DataFrame(rows).assign(
        accounts=int(here.sum()), hidden=int((~here).sum())
    )


def shares(truth: Array) -> Array:
    """Probabilities given that the outcome will be known: rows sum to 1."""
    return np.asarray(truth / truth.sum(axis=1, keepdims=True))


def one_hot(happened: pd.Series, outcomes: int) -> Array:
    """A 1 in each row for what happened; a row of zeros where that is not known."""
    return (happened.to_numpy(dtype=np.float64)[:, None] == np.arange(outcomes)).astype(
        np.float64
    )


def closed(losses: pd.DataFrame, kind: str = "expected") -> pd.DataFrame:
    """The share closed by each model: rows prediction, horizon and model, columns seeds and their mean."""
    wide = losses.pivot_table(
        index=["prediction", "horizon", "seed"], columns="model", values=kind
    )
    rows = {
        (prediction, horizon, model): share_closed(
            each[SIMPLEST[prediction]], each[model], each[ORACLE]
        ).droplevel([0, 1])
        for (prediction, horizon), each in wide.groupby(level=["prediction", "horizon"])
        for model in (*BESIDE[prediction], MODEL)
    }
    shares_by_seed = pd.DataFrame(rows).T.rename_axis(
        ["prediction", "horizon", "model"]
    )
    return shares_by_seed.assign(mean=shares_by_seed.mean(axis=1))


# -- the causes --


def look_at_leavers(firm: Firm, models: Models, draws: int) -> pd.DataFrame:
    """Risk, reasons and truth of every account at the later as-of dates, four weeks apart.

    Returns:
        A row per account and date: account_id, weeks (before the end), risk, quietness, best_risk and best_silence (the
        oracle's), occurred_at, overt and trigger (missing for who stays 90 days), theme_1 to theme_3.
    """
    departures = firm.world.truth()["departures"]
    return pd.concat(
        [_look_at(firm, models, draws, departures, weeks) for weeks in LATER_WEEKS],
        ignore_index=True,
    )


def _look_at(
    firm: Firm, models: Models, draws: int, departures: pd.DataFrame, weeks: int
) -> pd.DataFrame:
    as_of = as_of_before(weeks)
    frame = snapshot(firm.book, [instant(as_of)])
    oracle = oracle_of(firm.world, frame)(MIGRATION_HORIZON, draws)
    model = models.defection
    horizon = risk_column(model.reasons_horizon)
    sums = theme_sums(model.encoding.columns, model.contributions(frame))
    looked = pd.DataFrame(
        {
            "account_id": frame["account_id"],
            "weeks": weeks,
            "risk": model.risks(frame)[horizon],
        }
    )
    looked["quietness"] = sums.get("indifference", 0.0) - sums.get("voice", 0.0)
    looked["best_risk"], looked["best_silence"] = (
        oracle["p_defected"],
        1.0 - oracle["p_overt"] / oracle["p_defected"],
    )
    looked = pd.concat([looked, named_themes(sums)], axis=1)[
        oracle["p_defected"].notna()
    ]
    return looked.merge(
        first_departures(departures, as_of), on="account_id", how="left"
    )


def theme_sums(columns: Sequence[str], contributions: Array) -> pd.DataFrame:
    """What each theme adds to the log-odds of leaving, a column a theme."""
    return (
        pd.DataFrame(contributions)
        .T.groupby([theme_of(column) for column in columns], sort=False)
        .sum()
        .T
    )


def named_themes(sums: pd.DataFrame) -> pd.DataFrame:
    """The themes that reasons name, strongest first: ``theme_1`` to ``theme_3``; missing where fewer add to the risk.

    Example:
        >>> named_themes(pd.DataFrame({"voice": [0.1], "trust": [0.4], "value": [-0.2]})).loc[0].tolist()[:2]
        ['trust', 'voice']
    """
    order = np.argsort(-sums.to_numpy(), axis=1, kind="stable")[:, :MOST_REASONS]
    adds = np.take_along_axis(sums.to_numpy(), order, axis=1) > 0
    names = np.where(adds, sums.columns.to_numpy(dtype=object)[order], None)
    return pd.DataFrame(
        {f"theme_{place + 1}": names[:, place] for place in range(names.shape[1])},
        index=sums.index,
    )


def first_departures(departures: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The first departure of each account that leaves within 90 days of an as-of date."""
    start = pd.Timestamp(as_of)
    within = departures["occurred_at"].between(
        start, start + pd.Timedelta(days=MIGRATION_HORIZON), inclusive="right"
    )
    return (
        departures[within]
        .sort_values("occurred_at")
        .drop_duplicates("account_id")
        .drop(columns="reason")
    )


def silent_and_overt(looked: pd.DataFrame) -> pd.DataFrame:
    """How well risks tell silent, and overt, leavers from those who stay: a row each.

    Returns:
        leavers (which), rows, AUC and lift in the top tenth of the model's risk and of the oracle's, and quiet_first:
        the share of them whose first reason is that they have gone quiet. Ranks are taken date by date.
    """
    ranks = looked.groupby(["seed", "weeks"])[["risk", "best_risk"]].rank(pct=True)
    rows = []
    for name, overt in (("silent", False), ("overt", True)):
        leavers = looked["overt"].eq(overt)
        judged = leavers | looked["overt"].isna()
        row: dict[str, object] = {"leavers": name, "rows": int(leavers.sum())}
        for who, column in ((MODEL, "risk"), (ORACLE, "best_risk")):
            row[f"{who}_auc"] = auc(leavers[judged], ranks.loc[judged, column])
            row[f"{who}_lift"] = float(
                (ranks.loc[leavers, column] > 1.0 - TOP).mean() / TOP
            )
        row["quiet_first"] = float(
            looked.loc[leavers, "theme_1"].eq("indifference").mean()
        )
        rows.append(row)
    return pd.DataFrame(rows)


def silence_auc(looked: pd.DataFrame, column: str) -> float:
    """How well a column tells silent leavers from overt ones, among leavers."""
    leavers = looked[looked["overt"].notna()]
    return auc(leavers["overt"].eq(False), leavers[column])


def auc(happened: pd.Series, ranked_by: pd.Series) -> float:
    """The chance that one to whom it happened ranks above one to whom it did not; missing where there is no such pair.

    Example:
        >>> auc(pd.Series([True, False, False]), pd.Series([0.3, 0.1, 0.3]))
        0.75
    """
    return (
        float(roc_auc_score(happened, ranked_by))
        if happened.nunique() == 2
        else float("nan")
    )


def agreement(
    looked: pd.DataFrame, accepted: Mapping[str, frozenset[str]] = ACCEPTED
) -> pd.DataFrame:
    """Whether the reasons of leavers name what was at work, beside chance.

    Chance is the mean over permutations of the causes among the departures of each company.

    Args:
        looked: see `look_at_leavers`, with a column ``seed``.
        accepted: the themes that name each trigger; leavers for which there is none are left out.

    Returns:
        A row for each trigger and one for all: trigger, rows, first and chance_first (the first reason names it), any
        and chance_any (one of the three does), and most_named (the theme most often first).
    """
    triggers = [trigger for trigger in TRIGGERS if accepted.get(trigger)]
    leavers = looked[looked["trigger"].isin(triggers)].reset_index(drop=True)
    hits = {
        "first": _hits(leavers, triggers, 1, accepted),
        "any": _hits(leavers, triggers, MOST_REASONS, accepted),
    }
    true = leavers["trigger"].map(triggers.index).to_numpy(dtype=np.int64)
    shuffled = _permuted(leavers, true)
    chosen = {
        trigger: code for code, trigger in enumerate(triggers) if (true == code).any()
    }
    rows = [
        _agreed(name, leavers, hits, true, shuffled, (code,))
        for name, code in chosen.items()
    ]
    return pd.DataFrame(
        [*rows, _agreed("all", leavers, hits, true, shuffled, range(len(triggers)))]
    )


def _hits(
    leavers: pd.DataFrame,
    triggers: Sequence[str],
    places: int,
    accepted: Mapping[str, frozenset[str]],
) -> npt.NDArray[np.bool_]:
    """Whether one of the first reasons of each leaver would name each trigger: shape (rows, triggers)."""
    named = leavers[[f"theme_{place + 1}" for place in range(places)]]
    return np.column_stack(
        [
            named.isin(accepted[trigger]).any(axis=1).to_numpy(dtype=bool)
            for trigger in triggers
        ]
    )


def _permuted(
    leavers: pd.DataFrame, causes: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The causes, mixed among the departures of each company, many times: shape (permutations, rows).

    A departure seen from several dates keeps one cause.
    """
    rng = np.random.default_rng(0)
    departure = (
        leavers.groupby(["seed", "account_id", "occurred_at"], sort=False)
        .ngroup()
        .to_numpy()
    )
    _, first = np.unique(departure, return_index=True)
    company = leavers["seed"].to_numpy()[first]
    mixed = np.tile(causes[first], (PERMUTATIONS, 1))
    for seed in np.unique(company):
        mixed[:, company == seed] = rng.permuted(mixed[:, company == seed], axis=1)
    return np.asarray(mixed[:, departure])


def _agreed(
    name: str,
    leavers: pd.DataFrame,
    hits: Mapping[str, npt.NDArray[np.bool_]],
    true: npt.NDArray[np.int64],
    shuffled: npt.NDArray[np.int64],
    codes: Sequence[int],
) -> dict[str, object]:
    """The row of `agreement` for the triggers with some codes."""
    rows = np.arange(len(leavers))
    mine, by_chance = np.isin(true, codes), np.isin(shuffled, codes)
    said: dict[str, object] = {"trigger": name, "rows": int(mine.sum())}
    for kind, hit in hits.items():
        said[kind] = float(hit[rows, true][mine].mean())
        said[f"chance_{kind}"] = float(
            hit[np.broadcast_to(rows, shuffled.shape), shuffled][by_chance].mean()
        )
    return said | {
        "most_named": leavers["theme_1"][mine].fillna("none").value_counts().index[0]
    }


# -- what more would help --


@dataclass(frozen=True)
class Diagnosis:
    """What holds the models back on a company.

    Attributes:
        seed: of the company.
        worth: told, and the shares at 90 days that models would close if told so: defection, migration.
        gaps: see `gaps_of`.
    """

    seed: int
    worth: pd.DataFrame
    gaps: pd.DataFrame


def diagnose(seed: int, accounts: int, months: int, draws: int) -> Diagnosis:
    """Fits models that are told hidden states, or have more to learn from, and looks where the others miss."""
    as_of = as_of_before(WEEKS_BEFORE_END)
    with company_of(seed, accounts, months) as firm:
        past, now, meaning = outcomes(firm.book, as_of)
        hidden = firm.world.truth(every_weeks=1)["states"]
        ask = oracle_of(firm.world, now.frame)
        fitted = {}
        for told, names in HIDDEN.items():
            tell(f"seed {seed}, what more would help: {told}")
            fitted[told] = relearn(
                with_hidden(past, hidden, names),
                with_hidden(now, hidden, names),
                meaning,
            )
        with company_of(1000 + seed, LARGER * accounts, months) as larger:
            tell(f"seed {seed}, what more would help: {LARGER_BOOK}")
            fitted[LARGER_BOOK] = relearn(outcomes(larger.book, as_of)[0], now, meaning)
            tell(f"seed {seed}, what more would help: {TAUGHT}")
            taught = taught_by_oracle(larger, now.frame)
        rows = [
            {"told": told, **shares_known(measure(known, ask, draws))}
            for told, known in fitted.items()
        ]
        chances = {
            **defection_chances(fitted[NOTHING], MIGRATION_HORIZON),
            MODEL: stay_or_leave(taught),
        }
        losses = score_defection(chances, now, ask, MIGRATION_HORIZON, draws)
        worth = pd.DataFrame([*rows, {"told": TAUGHT, **shares_known(losses)}])
        moods = with_hidden(now, hidden, ("mood", "pulse")).frame
        return Diagnosis(
            seed, worth, gaps_of(fitted[NOTHING], ask(MIGRATION_HORIZON, draws), moods)
        )


def taught_by_oracle(teacher: Firm, frame: pd.DataFrame) -> Array:
    """The risks at 90 days that a booster gives which learned the oracle's own probabilities of another company.

    Neither chance in the labels nor their number limits it much: what it lacks, the columns lack.
    """
    lessons, truths = [], []
    for weeks in TAUGHT_WEEKS:
        lesson = snapshot(teacher.book, [instant(as_of_before(weeks))])
        truth = oracle_of(teacher.world, lesson)(MIGRATION_HORIZON, TAUGHT_DRAWS)[
            "p_defected"
        ]
        lessons.append(lesson[truth.notna()])
        truths.append(truth.dropna())
    learned = pd.concat(lessons, ignore_index=True)
    # Markets and reps of another company are others: text is left out.
    encoding = learn_encoding(
        learned,
        list(FEATURES),
        {f: t for f, t in teacher.book.facts.items() if t == "number"},
    )
    data = lightgbm.Dataset(
        encoding.matrix(learned), label=pd.concat(truths).to_numpy()
    )
    booster = lightgbm.train(TAUGHT_SETTING, data, num_boost_round=500)
    return np.asarray(booster.predict(encoding.matrix(frame), num_threads=1))


def gaps_of(known: Known, oracle: pd.DataFrame, moods: pd.DataFrame) -> pd.DataFrame:
    """How far the models are from the oracle at 90 days, by what is going on in the accounts.

    Args:
        known: what is known.
        oracle: its answer, rows as in the cohort.
        moods: the hidden mood and pulse of each row.

    Returns:
        A row for each account that the oracle speaks of: group, p (the oracle's), q (ours) and gap (the divergence
        between the two, which is the loss above the oracle's).
    """
    p, q = (
        oracle["p_defected"],
        pd.Series(defection_chances(known, MIGRATION_HORIZON)[MODEL][:, 1]),
    )
    gap = p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))
    faint, fading = moods["hidden_pulse"] < 0.3, moods["hidden_pulse"] < 0.9
    turned = moods["hidden_mood"] != "staying"
    groups = np.select([~turned, faint, fading], GROUPS[:3], GROUPS[3])
    return pd.DataFrame({"group": groups, "p": p, "q": q, "gap": gap})[p.notna()]


def with_hidden(
    data: TrainingSet, hidden: pd.DataFrame, names: Sequence[str]
) -> TrainingSet:
    """Tells hidden states, as facts: those at the end of the last week before each as-of date."""
    if not names:
        return data
    moments = data.frame[["account_id", "as_of_us"]].assign(
        moment=data.frame["as_of_us"].astype("datetime64[us]")
    )
    ordered = moments.reset_index().sort_values("moment", kind="stable")
    states_then = hidden[["account_id", "moment", *names]].sort_values(
        "moment", kind="stable"
    )
    joined = (
        pd.merge_asof(ordered, states_then, on="moment", by="account_id")
        .set_index("index")
        .sort_index()
    )
    told = {f"hidden_{name}": "text" if name == "mood" else "number" for name in names}
    frame = data.frame.assign(**{f"hidden_{name}": joined[name] for name in names})
    return replace(data, frame=frame, facts={**data.facts, **told})


def relearn(past: TrainingSet, now: TrainingSet, meaning: Leaving) -> Known:
    """Fits the models anew, at 90 days only."""
    past = replace(past, left=past.left[[MIGRATION_HORIZON]])
    return Known(past, now, meaning, fit_models(past, Setting(), {}))


def shares_known(losses: pd.DataFrame) -> dict[str, float]:
    """The shares at 90 days that our models close, by prediction; see `measure`."""
    found = closed(losses.assign(seed=0))
    return {
        str(key[0]): float(value)
        for key, value in found["mean"].items()
        if key[2] == MODEL
    }


# -- the page --


def write_page(asked: argparse.Namespace, found: Found) -> str:
    """The page that shows what a run has found."""
    command = f"python benchmarks/knowable.py --accounts {asked.accounts} --months {asked.months} --draws {asked.draws}"
    lists = {"--seeds": asked.seeds, "--diagnosed": asked.diagnosed}
    command += "".join(
        f" {option} {' '.join(map(str, seeds))}" for option, seeds in lists.items()
    )
    parts = [
        INTRODUCTION.format(command=command),
        _answer(found),
        _losses_part(found.losses),
        METHOD.format(
            accounts=asked.accounts,
            months=asked.months,
            weeks=WEEKS_BEFORE_END,
            draws=asked.draws,
            half=asked.draws // 2,
            counted=", ".join(map(str, _per_seed(found.losses, "accounts"))),
            hidden=", ".join(map(str, _per_seed(found.losses, "hidden"))),
            sure=SURE,
            columns=", ".join(
                map(str, dict.fromkeys(_per_seed(found.losses, "columns")))
            ),
        ),
        _silent_part(found.looked),
        _causes_part(found.looked),
        _diagnosis_part(found.diagnoses),
    ]
    blocks = [
        block for part in parts for block in part.strip("\n").split("\n\n") if block
    ]
    return "\n\n".join(map(_filled, blocks)) + "\n"


def _filled(block: str) -> str:
    """A paragraph with its lines filled; anything else as it is."""
    return (
        block
        if block.startswith(("#", "|", "-", "```"))
        else textwrap.fill(" ".join(block.split()), 120)
    )


INTRODUCTION = """
# How much of the knowable the models know

Much of why accounts leave is chance, so no model can be perfect; the question is how near it comes to the best possible
one. The [sample company](company.md) has an oracle, which knows every hidden state and lives the future hundreds of
times. From the loss of the simplest baseline to that of the oracle is what can be known at all; here is the share of
that way that Pinch goes. Every figure of this page comes from

```sh
.venv/bin/{command}
```
"""

METHOD = """
## How it is measured

Each seed is a company of {accounts} accounts over {months} months. The as-of date lies {weeks} weeks before the data
stops. Models and baselines are fitted with their defaults on what was known by then, as in walk-forward evaluation, and
predict for everybody who was a customer as far as anyone knew. The models read {columns} columns. Nothing was chosen on
these companies.

- *Expected log loss*: the mean of -(p log q + (1 - p) log(1 - q)), p being the oracle's probability of leaving, q the
  model's. Which of the likely things then happened plays no part, so it has far less noise than the *realised* log
  loss, which takes what happened for p. The oracle's own is its entropy. For migration the sum goes over *defected* and
  the four quadrants that surveys will show. Where surveys will show none there is nothing to judge: an account's
  probabilities are those given that there is something, and it counts as much as that is likely.
- *Share* = (simplest baseline - model) / (simplest baseline - oracle). The simplest baseline is one rate for all, known
  at training, for defection, and staying put for migration.
- *The oracle is itself a mean over draws* ({draws}), and a noisy p has too small an entropy (Jensen). The bias falls as
  one over the draws, so every loss is measured with all the draws and with {half}, and extrapolated to endlessly many.
  The oracle's answer is drawn towards the mean of all accounts by one draw, so that none is exactly 0; in logarithms
  chances are kept {sure:g} from 0.
- *Who is counted*: {counted} accounts. Besides, {hidden} had left without a word just before the date: the book did not
  know it yet, so the models score them, but there is nothing left for the oracle to say of them.
- *Nobody can reach 100%.* The oracle sees warmth, patience and who has turned away inwardly; the book holds only their
  traces.
"""

FIGURE_NAMES = {
    BASE_RATE: "base rate",
    STAY_PUT: "stay put",
    "empirical_markov": "empirical Markov",
    MODEL: "**Pinch**",
}


def _per_seed(losses: pd.DataFrame, column: str) -> list[int]:
    return [int(count) for count in losses.groupby("seed", sort=False)[column].max()]


def _answer(found: Found) -> str:
    """The table of shares, Pinch's by horizon beside the aims."""
    expected, realised = closed(found.losses), closed(found.losses, "realised")
    rows = []
    for (prediction, horizon, model), row in expected.iterrows():
        ours = model == MODEL
        told = [
            *map(percent, row[:-1]),
            f"**{percent(row['mean'])}**" if ours else percent(row["mean"]),
        ]
        aim = AIMS[prediction] if ours and horizon == MIGRATION_HORIZON else None
        noisy = realised.loc[(prediction, horizon, model), "mean"]
        told = [f"{prediction}, {horizon} days", FIGURE_NAMES.get(model, model), *told]
        rows.append([*told, percent(aim), percent(noisy)])
    seeds = [f"seed {column}" for column in expected.columns[:-1]]
    head = ["", "model", *seeds, "mean", "aim", "realised (noisy)"]
    return f"## The answer\n\n{table(head, rows)}\n\n{ANSWERED}"


ANSWERED = """
Share of the knowable closed. *Realised* is the mean over the seeds with what happened to happen in the place of the
oracle's probabilities: one future each, noisy by nature.
""".strip()


def _losses_part(losses: pd.DataFrame) -> str:
    means = losses.groupby(["prediction", "horizon", "model"], sort=False)[
        ["expected", "realised"]
    ].mean()
    rows = [
        [
            f"{prediction}, {horizon} days",
            FIGURE_NAMES.get(model, model),
            f"{row.expected:.4f}",
            f"{row.realised:.4f}",
        ]
        for (prediction, horizon, model), row in means.iterrows()
    ]
    losses_told = table(["", "model", "expected log loss", "realised (noisy)"], rows)
    return f"## The losses\n\nMeans over the seeds.\n\n{losses_told}"


SILENT = """
## Are silent leavers seen, and seen as silent?

The models have no output of their own for silent and overt leaving. What there is: how well the risk at 90 days tells
each kind of leaver from those who stay, and the reasons. All companies are pooled, and the as-of dates {weeks} weeks
before the end; the models are those of the first date, and a leaver may be seen from several dates. *Lift* is that of
the tenth with the highest risk, date by date.

{table}

Among leavers, what *gone quiet* adds to the risk less what *what they let us feel* adds ranks the silent above the
overt with an AUC of {ours:.3f}; the oracle's own probability that a leaver goes without a word, with {best:.3f}.
"""


def _silent_part(looked: pd.DataFrame) -> str:
    rows = [
        [
            row.leavers,
            str(row.rows),
            *(f"{value:.3f}" for value in (row.pinch_auc, row.oracle_auc)),
            *(f"{value:.1f}" for value in (row.pinch_lift, row.oracle_lift)),
            percent(row.quiet_first),
        ]
        for row in silent_and_overt(looked).itertuples()
    ]
    head = [
        "leavers",
        "seen",
        "AUC, Pinch",
        "AUC, oracle",
        "lift, Pinch",
        "lift, oracle",
        "first reason: gone quiet",
    ]
    return SILENT.format(
        weeks=", ".join(map(str, LATER_WEEKS)),
        table=table(head, rows),
        ours=silence_auc(looked, "quietness"),
        best=silence_auc(looked, "best_silence"),
    )


CAUSES = """
## Do reasons name what was truly at work?

Of those who left within 90 days, seen from the same dates: whether the theme of the first reason, or of any of the
three, is one that names what was at work when the account turned away. *By chance* is the same after mixing the causes
among the leavers ({permutations} times).

{table}

Left out are {chance} seen of whom no theme can name the cause: they died or moved, or were fading already when the
records began. What turned an account away and how that shows are two things. For weeks before it leaves, whoever turned
away for whatever reason fades or speaks up; the risk is best read from that, so *gone quiet* or *what they let us feel*
often comes before the cause.
"""


def _causes_part(looked: pd.DataFrame) -> str:
    rows = [
        [row.trigger, _accepted(row.trigger), str(row.rows)]
        + [
            percent(value)
            for value in (row.first, row.chance_first, row.any, row.chance_any)
        ]
        + [theme_title(row.most_named)]
        for row in agreement(looked).itertuples()
    ]
    head = [
        "at work",
        "named by",
        "seen",
        "first reason",
        "by chance",
        "any of three",
        "by chance",
        "most often first",
    ]
    chance = int(looked["trigger"].eq("chance").sum())
    return CAUSES.format(
        permutations=PERMUTATIONS, table=table(head, rows), chance=chance
    )


def _accepted(trigger: str) -> str:
    themes = sorted(ACCEPTED.get(trigger, ()))
    return ", ".join(theme_title(theme) for theme in themes)


def theme_title(theme: str) -> str:
    """A theme as people read it; says so of one that does not exist."""
    return TITLES.get(
        theme, f"{theme} (no such theme yet)" if theme != "none" else "nothing"
    )


DIAGNOSIS = """
## What holds it back

Measured on other companies (seeds {seeds}), so that the ones above stay unused for any choice. The same models at 90
days, fitted anew after being told a hidden state exactly, as if a column measured it without error; mean shares:

{worth}

And where the loss above the oracle's lies (all these companies, 90 days):

{gaps}

{turned} of the accounts have turned away inwardly, and {part} of the loss lies with them: Pinch puts their risk at
{ours} on average, the oracle at {best}. What holds Pinch back for defection is thus to see that an account has turned
away. Told so, it would close {mood}. Of the states that are no answer in themselves the one worth most is *{most}*:
told it alone, Pinch would close {most_worth}, against {plain} with what it reads now and {larger} with {times} times as
many accounts to learn from.

The book shows turning away only by its traces. Who goes silently does a little less each week, and what an account does
in a few weeks is a handful of rows, so the fading is seen late; and harmless breaks look the same. Who speaks up asks
and complains more often, for a few weeks before leaving. A hidden state is told here without error, which no column can
do. How much the columns hold of it the last row shows: a booster taught with the oracle's own probabilities, free of
chance, of {times} times as many accounts at {dates} dates, closes {taught}. That is about what the columns hold, to be
set beside the aim of {aim}. From {plain} to there it is a matter of few leavers to learn from and of chance in what
they did; beyond, of columns that read more from the book, as far as it holds more.

For migration it is *{migration_most}*, which takes {migration_plain} to {migration_worth}: the quadrant at the horizon
is made of survey answers still to come, and the last three answers are a noisy sign of them.
"""


def _diagnosis_part(diagnoses: Sequence[Diagnosis]) -> str:
    if not diagnoses:
        return ""
    worth = (
        pd.concat([diagnosis.worth for diagnosis in diagnoses])
        .groupby("told", sort=False)
        .mean()
    )
    gaps = pd.concat([diagnosis.gaps for diagnosis in diagnoses])
    turned = gaps["group"] != GROUPS[0]
    shown, single = worth.map(percent), worth.loc[list(SINGLE)]
    most = single.idxmax()
    return DIAGNOSIS.format(
        seeds=", ".join(str(diagnosis.seed) for diagnosis in diagnoses),
        worth=_worth_table(worth),
        gaps=_gaps_table(gaps),
        turned=f"{turned.mean():.1%}",
        part=percent(gaps.loc[turned, "gap"].sum() / gaps["gap"].sum()),
        ours=percent(gaps.loc[turned, "q"].mean()),
        best=percent(gaps.loc[turned, "p"].mean()),
        mood=shown.loc[MOOD, "defection"],
        most=most["defection"],
        most_worth=shown.loc[most["defection"], "defection"],
        plain=shown.loc[NOTHING, "defection"],
        larger=shown.loc[LARGER_BOOK, "defection"],
        taught=shown.loc[TAUGHT, "defection"],
        times=LARGER,
        dates=len(TAUGHT_WEEKS),
        aim=percent(AIMS["defection"]),
        migration_most=most["migration"],
        migration_worth=shown.loc[most["migration"], "migration"],
        migration_plain=shown.loc[NOTHING, "migration"],
    )


def _worth_table(worth: pd.DataFrame) -> str:
    rows = [
        [str(told), *(percent(value) for value in row)]
        for told, row in worth.iterrows()
    ]
    return table(["the models are told", *worth.columns], rows)


def _gaps_table(gaps: pd.DataFrame) -> str:
    rows = []
    for group in (group for group in GROUPS if (gaps["group"] == group).any()):
        mine = gaps[gaps["group"] == group]
        part = mine["gap"].sum() / gaps["gap"].sum()
        rows.append(
            [
                group,
                str(len(mine)),
                percent(mine["p"].mean()),
                percent(mine["q"].mean()),
                percent(part),
            ]
        )
    return table(
        [
            "the account",
            "accounts",
            "oracle's risk, mean",
            "Pinch's risk, mean",
            "part of the loss",
        ],
        rows,
    )


def percent(value: float | None) -> str:
    """A share in words; empty where there is none."""
    return "" if value is None or pd.isna(value) else f"{value:.0%}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
