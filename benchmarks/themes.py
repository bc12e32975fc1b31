"""Which theme is worth what: one theme left out at a time, and one kept alone, with recency.

    PINCH_DATA=/where/the/data/is .venv/bin/python -m benchmarks.themes

writes ``docs/themes.md``: what each theme adds to the models on simulated companies and on two public books, with
intervals by resampling accounts, and which features add nothing anywhere.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import lightgbm
import numpy as np
import numpy.typing as npt
import pandas as pd
from rich.console import Console
from rich.progress import Progress

from benchmarks.knowable import named_themes, percent, table, theme_sums
from company import write_sample
from features.book.book import Book, open_book
from features.engine import MICROS_PER_DAY, day_of, instant
from features.errors import EvidenceError
from features.past.declaration import Formula
from features.themes.dictionary import FEATURES
from models.fitted.boosting import Booster, Setting
from models.fitted.encoding import Matrix
from models.fitted.migration import states
from models.score.horizon import ALREADY_GONE, MIGRATION_HORIZON, risk_column
from models.score.reasons import TITLES, theme_of
from training.fitting.baselines import SINGLE_COLUMNS
from training.fitting.encoding import encoding_of
from training.fitting.models import Models, fit_models
from training.metrics import SURE, TOP, log_losses
from training.past.as_of_dates import fold_dates
from training.past.leaving import leaving
from training.past.observed import observe
from training.past.panel import panel_at, split_at
from training.past.training_set import TrainingSet

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int16]
Step = Callable[[str], None]

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "themes.md"
RECENCY = SINGLE_COLUMNS["recency"]
FULL, REGROWN, RECENT, WITHOUT, ALONE = "full", "regrown", "recency", "without", "alone"
AUC, LOG_LOSS, STATE_LOSS = range(3)
"""Places of the figures: AUC and log loss of defection, log loss of migration."""
COMPANY = "The simulated company"
LEVEL = 0.95


@dataclass(frozen=True)
class Example:
    """A public book, and when it is judged, as in the README."""

    title: str
    as_of: date
    quiet_days: int


EXAMPLES: Mapping[str, Example] = {
    "cdnow": Example("CDNOW", date(1998, 1, 1), 180),
    "online_retail_2009_2010": Example("Online Retail", date(2010, 9, 1), 90),
}
"""Public books by the name of their folder in ``examples``."""


@dataclass(frozen=True)
class Exam:
    """What the models learn from and are judged on, at one date of one book.

    Attributes:
        group: the title under which it is reported; exams of one group are averaged.
        as_of: the test date, in microseconds since 1970.
        horizon: of defection, in days.
        past: snapshots before the date, with the outcomes known by then.
        now: the snapshot at the date, of those whose outcome became known.
        delay_days: how long labels take to become known after their horizon.
    """

    group: str
    as_of: int
    horizon: int
    past: TrainingSet
    now: TrainingSet
    delay_days: int


@dataclass(frozen=True)
class Variant:
    """A choice of columns, by why they were chosen.

    Attributes:
        kind: one of ``full``, ``regrown`` (full, with other seeds), ``recency``, ``without``, ``alone``.
        theme: that is left out or kept alone; empty for the other kinds.
        columns: that the models read.
        seeds: with which boosters are grown, the product's own first; figures are means over them.
    """

    kind: str
    theme: str
    columns: tuple[str, ...]
    seeds: range


@dataclass(frozen=True)
class Forecast:
    """What was said of each account, beside what happened.

    Attributes:
        left: 1 has left, 0 stayed.
        place: of the risk among all risks, ascending from 0; the same for the same risk.
        losses: the log loss of each risk.
        state_losses: the log loss of each account's chances of the states; missing where its state is not known.
    """

    left: Array
    place: npt.NDArray[np.int64]
    losses: Array
    state_losses: Array


@dataclass(frozen=True)
class Judged:
    """The figures of a variant: as they are, shape (figures,), and of resampled accounts, shape (draws, figures)."""

    variant: Variant
    found: Array
    drawn: Array

    def less(self, other: Judged) -> Judged:
        """The figures of this less those of another, draw by draw."""
        return Judged(self.variant, self.found - other.found, self.drawn - other.drawn)


@dataclass(frozen=True)
class Result:
    """What an exam has shown.

    Attributes:
        exam: the exam.
        judged: by kind and theme of the variant.
        shares: of each feature and prediction (columns of the index) in what a full model adds up, in absolute terms:
            ``share``, and ``trees``, the same of its boosters alone; full models one below the other.
        first: share of each theme in the first reasons of the tenth with the highest risk.
    """

    exam: Exam
    judged: Mapping[tuple[str, str], Judged]
    shares: pd.DataFrame
    first: pd.Series


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command."""
    asked = _parser().parse_args(arguments)
    began = time.monotonic()
    console = Console(stderr=True)
    at_hand = [name for name in asked.examples if has_data(name)]
    with Progress(console=console) as bar:
        task = bar.add_task("books", total=None)
        exams = list(
            _exams(asked, at_hand, lambda said: bar.update(task, description=said))
        )
        fits = [
            variant.seeds
            for exam in exams
            for variant in variants(encoding_of(exam.past).columns, asked.growings)
        ]
        bar.update(task, total=sum(map(len, fits)))
        results = [
            judge(
                exam,
                asked.growings,
                asked.draws,
                seed,
                lambda said: bar.update(task, description=said, advance=1),
            )
            for seed, exam in enumerate(exams)
        ]
    page = write_page(
        asked, results, [name for name in asked.examples if name not in at_hand]
    )
    asked.out.write_text(page)
    console.print(
        f"{asked.out}: {time.monotonic() - began:.0f} s, of which CPU {time.process_time():.0f} s"
    )


def _parser() -> argparse.ArgumentParser:
    summary = "Measures what each theme of features is worth."
    parser = argparse.ArgumentParser(
        description=summary, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument(
        "--accounts", type=int, default=2000, help="accounts of each simulated company"
    )
    parser.add_argument("--months", type=int, default=24, help="months of history")
    parser.add_argument(
        "--seeds", type=int, nargs="*", default=[11, 12], help="simulated companies"
    )
    parser.add_argument(
        "--examples",
        nargs="*",
        default=list(EXAMPLES),
        choices=EXAMPLES,
        help="public books",
    )
    parser.add_argument(
        "--growings",
        type=int,
        default=3,
        help="times that each model is grown, by seeds of its own",
    )
    parser.add_argument(
        "--draws", type=int, default=1000, help="times that accounts are resampled"
    )
    parser.add_argument("--out", type=Path, default=PAGE, help="the page to write")
    return parser


# -- the exams --


def _exams(
    asked: argparse.Namespace, examples: Sequence[str], step: Step
) -> Iterator[Exam]:
    for seed in asked.seeds:
        step(f"simulated company {seed}")
        yield company_exam(asked.accounts, asked.months, seed)
    for name in examples:
        step(EXAMPLES[name].title)
        yield example_exam(name)


def company_exam(accounts: int, months: int, seed: int) -> Exam:
    """The exam of a simulated company, at the last date that has known outcomes.

    Raises:
        EvidenceError: the history is too short for any.
    """
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder), accounts, months, seed)
        book = open_book(folder)
        return take(book, COMPANY, last_known_date(book), MIGRATION_HORIZON)


def example_exam(name: str) -> Exam:
    """The exam of a public book: who had left already, without anybody knowing."""
    example = EXAMPLES[name]
    book = open_book(ROOT / "examples" / name)
    return take(
        book, example.title, instant(example.as_of), ALREADY_GONE, example.quiet_days
    )


def last_known_date(book: Book) -> int:
    """The last test date whose outcomes at the migration horizon are known, with the delay as it was known then.

    Raises:
        EvidenceError: there is none.
    """
    for moment in reversed(fold_dates(book, book.watermark, MIGRATION_HORIZON, 0)):
        needed = MIGRATION_HORIZON + leaving(book, moment).delay_days
        if moment + needed * MICROS_PER_DAY <= book.watermark:
            return moment
    raise EvidenceError(
        found=f"a history from {day_of(book.beginning)} to {day_of(book.watermark)}",
        expected=f"one with outcomes known at {MIGRATION_HORIZON} days",
        mend="ask for more months",
    )


def take(
    book: Book, group: str, as_of: int, horizon: int, quiet_days: int | None = None
) -> Exam:
    """The exam of a book: snapshots and outcomes, taken once for all variants.

    Args:
        book: an opened book.
        group: the title under which it is reported.
        as_of: the test date, in microseconds since 1970.
        horizon: of defection, in days.
        quiet_days: the quiet period, for books without departures.
    """
    then = observe(book, as_of, quiet_days)
    past, now = split_at(then, panel_at(then), book.watermark, [horizon])
    return Exam(group, as_of, horizon, past, now.known(), past.delay_days)


def has_data(name: str) -> bool:
    """Whether the data of a public book are in the folder that PINCH_DATA names."""
    folder = os.environ.get("PINCH_DATA")
    return bool(folder) and (Path(str(folder)) / name / "transactions.parquet").exists()


# -- the variants --


def variants(columns: Sequence[str], growings: int) -> list[Variant]:
    """Every choice of columns that is fitted, themes in the order of their first column.

    Args:
        columns: that the full model reads.
        growings: times that each is grown.
    """
    everything = tuple(columns)
    themes = list(dict.fromkeys(theme_of(column) for column in columns))
    own = range(Setting().seed, Setting().seed + growings)
    return [
        Variant(FULL, "", everything, own),
        Variant(REGROWN, "", everything, range(own.stop, own.stop + growings)),
        Variant(RECENT, "", (RECENCY,), own),
        *(Variant(WITHOUT, theme, without(columns, theme), own) for theme in themes),
        *(Variant(ALONE, theme, alone(columns, theme), own) for theme in themes),
    ]


def without(columns: Sequence[str], theme: str) -> tuple[str, ...]:
    """The columns of all themes but one.

    Example:
        >>> without(["days_silent", "complaints_90d", "plan"], "voice")
        ('days_silent', 'plan')
    """
    return tuple(column for column in columns if theme_of(column) != theme)


def alone(columns: Sequence[str], theme: str) -> tuple[str, ...]:
    """The columns of one theme, and recency.

    Example:
        >>> alone(["days_silent", "usual_gap", "complaints_90d", "plan"], "voice")
        ('days_silent', 'complaints_90d')
    """
    return tuple(
        column for column in columns if column == RECENCY or theme_of(column) == theme
    )


def blanked(data: TrainingSet, columns: Sequence[str]) -> TrainingSet:
    """The same rows with nothing known but some columns: models leave out a column that is the same in every row."""
    hidden = [
        column for column in [*FEATURES, *data.facts] if column not in set(columns)
    ]
    kept = data.frame.drop(columns=hidden)
    nothing = pd.DataFrame(np.nan, index=kept.index, columns=hidden)
    return replace(data, frame=pd.concat([kept, nothing], axis=1))


# -- the figures --


def judge(exam: Exam, growings: int, draws: int, seed: int, step: Step) -> Result:
    """Fits all variants and judges them on the same resampled accounts.

    Args:
        exam: what is learned from and judged on.
        growings: times that each variant is grown.
        draws: times that accounts are resampled.
        seed: of the resampling.
        step: told of each fit.
    """
    weights = resampled(exam.now.frame["account_id"], draws, seed)
    judged: dict[tuple[str, str], Judged] = {}
    full: list[Models] = []
    for variant in variants(encoding_of(exam.past).columns, growings):
        models = fit(exam, variant, step)
        now = blanked(exam.now, variant.columns)
        forecasts = (forecast_of(of_seed, now, exam.horizon) for of_seed in models)
        judged[variant.kind, variant.theme] = pooled(
            [judged_by(said, variant, weights) for said in forecasts]
        )
        full = full or models
    shares = pd.concat([shares_of(of_seed, exam.now.frame) for of_seed in full])
    return Result(exam, judged, shares, first_reasons(full[0], exam))


def fit(exam: Exam, variant: Variant, step: Step) -> list[Models]:
    """The models of a variant, one for each seed."""
    past, models = blanked(exam.past, variant.columns), []
    for seed in variant.seeds:
        step(f"{exam.group}: {variant.kind} {variant.theme}")
        models.append(fit_models(past, Setting().changed(seed=seed), {}))
    return models


def judged_by(said: Forecast, variant: Variant, weights: Counts) -> Judged:
    """The figures of a forecast on all accounts, and on resampled ones."""
    return Judged(
        variant,
        figures(said, np.ones(len(said.left))),
        np.array([figures(said, w) for w in weights]),
    )


def resampled(accounts: pd.Series, draws: int, seed: int) -> Counts:
    """How often each row counts when accounts are drawn with replacement, as many as there are: shape (draws, rows).

    All rows of an account count alike, and the same draws for every model compared, so that differences are paired.
    """
    codes, names = pd.factorize(accounts)
    rng, size = np.random.default_rng(seed), len(names)
    drawn = (
        np.bincount(rng.integers(size, size=size), minlength=size) for _ in range(draws)
    )
    return np.stack([counts.astype(np.int16)[codes] for counts in drawn])


def forecast_of(models: Models, now: TrainingSet, horizon: int) -> Forecast:
    """What models say of a test date."""
    risk = models.defection.risks(now.frame)[risk_column(horizon)].to_numpy()
    left = now.left[horizon].to_numpy(dtype=np.float64)
    state_losses = np.full(len(left), np.nan)
    if now.state is not None and models.migration is not None:
        known = now.state.notna().to_numpy()
        chances = states(models.migration.quadrants(now.frame), risk).to_numpy()[known]
        state_losses[known] = log_losses(
            chances, now.state[known].to_numpy(dtype=np.int64)
        )
    return forecast(left, risk, state_losses)


def forecast(left: Array, risk: Array, state_losses: Array) -> Forecast:
    """A forecast of given risks; ``state_losses`` as in `Forecast`."""
    place = np.unique(risk, return_inverse=True)[1]
    return Forecast(
        left,
        place,
        log_losses(np.column_stack([1 - risk, risk]), left.astype(np.int64)),
        state_losses,
    )


def figures(said: Forecast, weight: Array | Counts) -> Array:
    """AUC, log loss, and log loss of the states (missing where none is known), with rows counting by weight."""
    known = ~np.isnan(said.state_losses)
    of_states = (
        np.average(said.state_losses[known], weights=weight[known])
        if known.any()
        else np.nan
    )
    return np.array(
        [
            auc(said.left, said.place, weight),
            np.average(said.losses, weights=weight),
            of_states,
        ]
    )


def auc(left: Array, place: npt.NDArray[np.int64], weight: Array | Counts) -> float:
    """The chance that a leaver's risk is above a stayer's, ties counting half, with rows counting by weight.

    Args:
        left: 1 has left, 0 stayed.
        place: of the risk among all risks, ascending from 0.
        weight: how often each row counts.

    Example:
        >>> auc(np.array([0.0, 1.0, 0.0]), np.array([0, 1, 1]), np.array([1.0, 1.0, 2.0]))
        0.6666666666666666
    """
    leavers, stayers = (
        np.bincount(place, weights=weight * of_kind) for of_kind in (left, 1 - left)
    )
    below = np.cumsum(stayers) - stayers
    return float(
        (leavers * (below + stayers / 2)).sum() / (leavers.sum() * stayers.sum())
    )


def interval(drawn: Array) -> tuple[float, float]:
    """The middle 95% of what was drawn."""
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def pooled(judged: Sequence[Judged]) -> Judged:
    """The mean of the same variant over seeds or exams, draw by draw."""
    found, drawn = (
        np.mean([getattr(one, name) for one in judged], axis=0)
        for name in ("found", "drawn")
    )
    return Judged(judged[0].variant, found, drawn)


def differences(results: Sequence[Result], kind: str) -> dict[str, Judged]:
    """By theme: full less ``without`` or ``regrown``, or ``alone`` less recency, as the mean over exams.

    A theme is judged on the exams in which it has a column.
    """
    by_theme: dict[str, list[Judged]] = {}
    for judged in (result.judged for result in results):
        for theme in (theme for of_kind, theme in judged if of_kind == kind):
            one = judged[kind, theme]
            worth = (
                one.less(judged[RECENT, ""])
                if kind == ALONE
                else judged[FULL, ""].less(one)
            )
            by_theme.setdefault(theme, []).append(worth)
    return {theme: pooled(worths) for theme, worths in by_theme.items()}


# -- what the full model reads --


def shares_of(models: Models, frame: pd.DataFrame) -> pd.DataFrame:
    """The share of each column in all that the models add up, in absolute terms: see `Result`."""
    encoding, blend = (
        models.defection.encoding,
        models.defection.blend(models.defection.reasons_horizon),
    )
    matrix = encoding.matrix(frame)
    added = {
        "defection": (blend.contributions(matrix), blend.booster.contributions(matrix))
    }
    if models.migration is not None:
        of_classes = class_contributions(
            models.migration.booster, models.migration.encoding.matrix(frame)
        )
        added["migration"] = (of_classes, of_classes)
    return pd.concat(
        {
            prediction: pd.DataFrame(
                {"share": part(both), "trees": part(trees)},
                index=list(encoding.columns),
            )
            for prediction, (both, trees) in added.items()
        },
        names=["prediction", "feature"],
    )


def class_contributions(booster: Booster, matrix: Matrix) -> Matrix:
    """As `Booster.contributions` of a booster of several classes: one class below the other."""
    told = lightgbm.Booster(model_str=booster.text).predict(
        matrix, pred_contrib=True, num_threads=1
    )
    return np.asarray(told).reshape(-1, matrix.shape[1] + 1)[:, :-1]


def part(contributions: Matrix) -> Array:
    """The part of each column in the sum of all contributions, in absolute terms.

    Example:
        >>> part(np.array([[1.0, 0.0], [-2.0, 1.0]])).tolist()
        [0.75, 0.25]
    """
    sums = np.abs(contributions).sum(axis=0)
    return np.asarray(sums / max(sums.sum(), SURE))


def first_reasons(models: Models, exam: Exam) -> pd.Series:
    """The share of each theme in the first reasons of the tenth with the highest risk."""
    frame = exam.now.frame
    risk = models.defection.risks(frame)[risk_column(exam.horizon)]
    top = frame.loc[risk.nlargest(max(int(np.ceil(TOP * len(frame))), 1)).index]
    sums = theme_sums(
        models.defection.encoding.columns, models.defection.contributions(top)
    )
    return named_themes(sums)["theme_1"].value_counts(normalize=True)


def feature_shares(results: Sequence[Result]) -> pd.DataFrame:
    """For every feature the largest ``share`` and ``trees`` in any exam and prediction; 0 where no model reads it."""
    everywhere = pd.concat([result.shares for result in results])
    return everywhere.groupby("feature").max().reindex(list(FEATURES), fill_value=0.0)


def used_by(feature: str) -> list[str]:
    """What else needs a feature: formulas of other features, and modules that name it."""
    formulas = [
        f.name
        for f in FEATURES.values()
        if isinstance(f.how, Formula) and feature in f.how.expression.reads
    ]
    modules = (
        file
        for package in ("serving", "training", "models", "pages")
        for file in sorted((ROOT / package).rglob("*.py"))
    )
    quoted = rf"['\"]{feature}['\"]"
    return formulas + [
        file.relative_to(ROOT).as_posix()
        for file in modules
        if _in(file.read_text(), quoted)
    ]


def _in(text: str, pattern: str) -> bool:
    return re.search(pattern, text) is not None


# -- the page --


INTRODUCTION = """
# Which theme is worth what

The columns that the models read come in themes, one for each kind of reason. Here each theme is left out in turn, and
each is kept alone beside recency (`{recency}`), and the models are fitted anew: what they lose, and what they gain over
recency, is what the theme is worth. Every figure of this page comes from

```sh
{command}
```
"""

METHOD = """
## How it is measured

{books}

- Models are fitted by the product's own fitting with its default setting on what was known at the test date, and judged
  on what happened after it. Nothing was chosen on these figures.
- *Left out*: the models are fitted as if the theme's columns had never been known, the quadrant of today in the matrix
  of moves included. Columns of other themes stay, also those made of the same rows, and themes that say much the same
  stand in for each other; so what is lost by leaving one out is the least that it is worth, and what it adds to
  recency alone is near the most.
- *Intervals* hold 95% of {draws} resamplings of the accounts, with the same accounts for both models of a difference.
  Figures of simulated companies are means over the companies, each resampled by itself.
- *The models themselves* hang on chance as well, on which columns the trees are offered, and the intervals do not tell
  that. So every model is grown with {growings} seeds, and figures are means over them. What chance is left shows in the
  row *grown anew*, where no column is left out and only the seeds are others: a theme worth no more than that is not
  told from nothing. And of twenty themes worth nothing one leaves out 0 by chance.
- *First reasons*: of the tenth of the accounts with the highest risk, the share whose first reason is of the theme.
"""

SIGNS = """
Every difference is *with the theme* minus *without it*: a theme helps where its AUC is above 0 and its log loss below.
**Bold** is an interval that leaves out 0. *Columns* are those of the theme that vary in what the models learn from.
"""


def write_page(
    asked: argparse.Namespace, results: Sequence[Result], skipped: Sequence[str]
) -> str:
    """The page that shows what a run has found.

    Args:
        asked: the options of the run.
        results: of its exams.
        skipped: public books that were not at hand.
    """
    groups = {
        result.exam.group: [r for r in results if r.exam.group == result.exam.group]
        for result in results
    }
    books = [
        *(_described(result) for result in results),
        *(told_skipped(name) for name in skipped),
    ]
    parts = [
        INTRODUCTION.format(recency=RECENCY, command=_command(asked)),
        _answer(groups),
        *(
            _section(title, group, place)
            for title, group in groups.items()
            for place in _losses(group)
        ),
        _features_part(results),
        METHOD.format(
            books="\n".join(map(_bullet, books)),
            draws=asked.draws,
            growings=asked.growings,
        ),
    ]
    blocks = [block.strip("\n") for part in parts for block in part.split("\n\n")]
    return "\n\n".join(_filled(block) for block in blocks if block) + "\n"


def _command(asked: argparse.Namespace) -> str:
    numbers = f"--accounts {asked.accounts} --months {asked.months} --growings {asked.growings} --draws {asked.draws}"
    lists = {"--seeds": asked.seeds, "--examples": asked.examples}
    chosen = " ".join(
        " ".join([option, *map(str, values)]) for option, values in lists.items()
    )
    return f"PINCH_DATA=/where/the/data/is .venv/bin/python -m benchmarks.themes {numbers} {chosen}"


def _filled(block: str) -> str:
    """A paragraph with its lines filled; anything else as it is."""
    return (
        block
        if block.startswith(("#", "|", "-", "```"))
        else textwrap.fill(" ".join(block.split()), 120)
    )


def _bullet(said: str) -> str:
    return textwrap.fill(f"- {said}", 120, subsequent_indent="  ")


def _described(result: Result) -> str:
    exam = result.exam
    left = exam.now.left[exam.horizon]
    happened = (
        "had left already"
        if exam.horizon == ALREADY_GONE
        else f"left within {exam.horizon} days"
    )
    of_states = (
        ""
        if exam.now.state is None
        else f", and the state of {int(exam.now.state.notna().sum())} is known"
    )
    return (
        f"{exam.group}, {day_of(exam.as_of)}: {len(exam.past.frame)} rows to learn from, {len(left)} accounts to judge "
        f"on; {int(left.sum())} of them {happened}{of_states}."
    )


def told_skipped(name: str) -> str:
    """The sentence that says that a public book is skipped."""
    return f"{EXAMPLES[name].title} is skipped: no {name}/transactions.parquet in the folder that PINCH_DATA names."


def _losses(group: Sequence[Result]) -> list[int]:
    """The places of the log losses that a group has."""
    return [
        place
        for place in (LOG_LOSS, STATE_LOSS)
        if not np.isnan(group[0].judged[FULL, ""].found[place])
    ]


def _heading(title: str, group: Sequence[Result], place: int) -> str:
    horizon = group[0].exam.horizon
    if place == STATE_LOSS:
        return f"{title}, migration at {MIGRATION_HORIZON} days"
    return (
        f"{title}, who had left already"
        if horizon == ALREADY_GONE
        else f"{title}, defection at {horizon} days"
    )


def _answer(groups: Mapping[str, Sequence[Result]]) -> str:
    """Log losses of full less without, themes by predictions, and in words which themes help."""
    measured = {
        _heading(title, group, loss): (group, loss)
        for title, group in groups.items()
        for loss in _losses(group)
    }
    worths = [
        (differences(group, WITHOUT), differences(group, REGROWN)[""], loss)
        for group, loss in measured.values()
    ]
    themes = [theme for theme in TITLES if any(theme in lost for lost, _, _ in worths)]
    rows = [
        [
            TITLES[theme],
            *(
                _cell(lost[theme], loss) if theme in lost else "no column"
                for lost, _, loss in worths
            ),
        ]
        for theme in themes
    ]
    rows.append(
        ["*grown anew*", *(_cell(regrown, loss) for _, regrown, loss in worths)]
    )
    told = table(["theme left out", *measured], rows)
    sides = {
        theme: [
            clear_side(lost[theme], regrown, loss)
            for lost, regrown, loss in worths
            if theme in lost
        ]
        for theme in themes
    }
    return "\n\n".join(
        [
            "## The answer",
            "Log loss, full minus without the theme:",
            told,
            SIGNS,
            _in_words(sides),
        ]
    )


def clear_side(worth: Judged, regrown: Judged, place: int) -> int:
    """As `_side`, but 0 as well for a difference no larger than that of growing the same model anew."""
    larger = abs(worth.found[place]) > abs(regrown.found[place])
    return _side(worth, place) if larger else 0


def _in_words(sides: Mapping[str, Sequence[int]]) -> str:
    missed = [theme for theme, seen in sides.items() if -1 in seen]
    better_without = [theme for theme, seen in sides.items() if 1 in seen]
    neither = [theme for theme, seen in sides.items() if not any(seen)]
    return (
        "Counting only intervals that leave out 0, of differences larger than that of growing the same model anew, "
        f"missed somewhere when left out: {_listed(missed)}; better left out somewhere: {_listed(better_without)}; "
        f"neither, as far as these accounts can tell: {_listed(neither)}."
    )


def _listed(themes: Sequence[str]) -> str:
    return ", ".join(f"*{TITLES[theme]}*" for theme in themes) or "none"


def _side(worth: Judged, place: int) -> int:
    """On which side of 0 the interval lies: -1 below, 1 above, 0 neither."""
    low, high = interval(worth.drawn[:, place])
    return int(low > 0) - int(high < 0)


def _cell(worth: Judged, place: int) -> str:
    low, high = interval(worth.drawn[:, place])
    told = f"{worth.found[place]:+.4f} ({low:+.4f} to {high:+.4f})"
    return f"**{told}**" if _side(worth, place) else told


def _section(title: str, group: Sequence[Result], loss: int) -> str:
    """A table of one prediction: themes by the log loss without them, most missed first."""
    places = (
        {"AUC": AUC, "log loss": LOG_LOSS} if loss == LOG_LOSS else {"log loss": loss}
    )
    lost, gained = differences(group, WITHOUT), differences(group, ALONE)
    rows = [
        [TITLES[theme], _columns(gained[theme].variant)]
        + [
            _cell(worth[theme], place)
            for worth in (lost, gained)
            for place in places.values()
        ]
        for theme in sorted(lost, key=lambda theme: lost[theme].found[loss])
    ]
    regrown = differences(group, REGROWN)[""]
    rows.append(
        [
            "*grown anew*",
            "",
            *(_cell(regrown, place) for place in places.values()),
            *("" for _ in places),
        ]
    )
    head = ["theme", "columns", *(f"{n}, full minus without" for n in places)]
    told = [table([*head, *(f"{n}, alone minus recency" for n in places)], rows)]
    told += [_reasons_told(group)] if loss == LOG_LOSS else []
    return "\n\n".join(
        [f"## {_heading(title, group, loss)}", _levels(group, places), *told]
    )


def _columns(variant: Variant) -> str:
    return str(sum(theme_of(column) == variant.theme for column in variant.columns))


def _reasons_told(group: Sequence[Result]) -> str:
    first = (
        pd.concat([result.first for result in group], axis=1).fillna(0.0).mean(axis=1)
    )
    told = (
        f"*{TITLES[str(theme)]}* {percent(share)}"
        for theme, share in first.sort_values(ascending=False).items()
    )
    return f"First reasons: {', '.join(told)}."


def _levels(group: Sequence[Result], places: Mapping[str, int]) -> str:
    """How good the full model and recency alone are."""
    full, recent = (
        pooled([result.judged[kind, ""] for result in group]) for kind in (FULL, RECENT)
    )
    told = [
        f"{n} {full.found[place]:.4f}, recency alone {recent.found[place]:.4f}"
        for n, place in places.items()
    ]
    return f"With all {len(full.variant.columns)} columns: {'; '.join(told)}."


FEATURES_HEAD = """
## Features that help nowhere

The share of each feature in all that the full models add up, in absolute terms, over the accounts judged on. {count} of
{all} features have a share of exactly 0 in every model of every book{end} Only a feature that is the same in all rows
learned from can have that: to any other the logistic regression gives some weight, if little.
"""

UNGROWN = """
{count} more are read by no tree of any booster, for defection or migration; what they add comes from the logistic
regression alone{end}
"""

IDLE_END = ": candidates to go, unless what they say is still to be told to people."
UNGROWN_END = ". The share is the largest in any model."


def _features_part(results: Sequence[Result]) -> str:
    shares = feature_shares(results)
    idle = shares[shares["share"] == 0]
    linear = shares[(shares["trees"] == 0) & (shares["share"] > 0)].sort_values("share")
    return "\n\n".join(
        [
            FEATURES_HEAD.format(
                count=len(idle), all=len(shares), end=IDLE_END if len(idle) else "."
            ),
            _features_table(idle),
            UNGROWN.format(count=len(linear), end=UNGROWN_END if len(linear) else "."),
            _features_table(linear),
        ]
    )


def _features_table(shares: pd.DataFrame) -> str:
    """Features with what they explain; empty where there are none."""
    rows = [
        [
            f"`{f.name}`",
            TITLES[f.theme],
            f.meaning,
            ", ".join(f.seeds),
            ", ".join(used_by(f.name)),
            f"{share:.2%}",
        ]
        for f, share in zip(
            (FEATURES[str(name)] for name in shares.index), shares["share"], strict=True
        )
    ]
    return (
        table(
            [
                "feature",
                "theme",
                "what it explains",
                "seeds",
                "also needed by",
                "share",
            ],
            rows,
        )
        if rows
        else ""
    )


if __name__ == "__main__":
    main()
