"""Pinch beside its peers: what one would use instead, on the same rows, labels and dates.

    pip install 'pinch[peers]'
    PINCH_DATA=/where/the/data/is .venv/bin/python -m benchmarks.peers

writes ``docs/peers.md``: ranking and log losses on two public books and on simulated companies, with intervals of the
difference of each peer from Pinch, by resampling accounts.
"""

from __future__ import annotations

import argparse
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import lightgbm
import numpy as np
import numpy.typing as npt
import pandas as pd
from rich.console import Console
from rich.progress import Progress
from scipy.special import logit

from benchmarks import themes
from benchmarks.knowable import table
from benchmarks.line import fit_calibration, line_that_helps
from company import write_sample
from features.book.book import Book, open_book
from features.engine import MICROS_PER_DAY, day_of, instant
from models.fitted.bgnbd import Returns
from models.fitted.boosting import Setting
from models.fitted.calibration import Calibration
from models.fitted.encoding import Encoding, Matrix
from models.score.horizon import ALREADY_GONE, MIGRATION_HORIZON, risk_column
from training.fitting.baselines import defection_baselines
from training.fitting.bgnbd import fit_bgnbd
from training.fitting.defection import fit_defection
from training.fitting.design import make_design
from training.fitting.encoding import encoding_of
from training.fitting.models import part
from training.fitting.regression import fit_linear
from training.metrics import SURE, log_losses
from training.past.enough import FEWEST_OF_EACH, fewest

Array = npt.NDArray[np.float64]
Step = Callable[[str], None]
Risk = Callable[[pd.DataFrame], Array]

PAGE = themes.ROOT / "docs" / "peers.md"
PINCH = "Pinch"
BY_LINE = "calibrated log loss"
FIGURES = ("AUC", "average precision", "log loss", BY_LINE)
LOSSES = slice(2, 4)
"""The places of the log losses, plain and calibrated."""
MARGIN = 0.005
"""Pinch reaches a peer where the lower end of the interval by which it is ahead is above the negative of this."""
RFV = (
    "days_since_purchase",
    "days_on_record",
    "purchases_90d",
    "purchases_365d",
    "purchases_ever",
    "mean_purchase",
    "spent_365d",
    "spent_ever",
)
"""Recency, frequency and value of the purchases, and how long an account is known."""
BUYING = ("repeats", "last", "age")


@dataclass(frozen=True)
class Exam:
    """An exam, and what each account had bought at each of its dates.

    Attributes:
        of: as of `benchmarks.themes`.
        silent_days: for how long an account that has left does not buy.
        buyers: ``account_id``, ``as_of_us``, and a column for each part of `models.fitted.bgnbd.Returns`, in weeks.
    """

    of: themes.Exam
    silent_days: int
    buyers: pd.DataFrame

    @property
    def lesson(self) -> Lesson:
        """What can be learned at the test date."""
        left = self.of.past.left[self.of.horizon].dropna()
        buyers = self.buyers[self.buyers["as_of_us"] == self.of.as_of]
        return Lesson(
            self.of.past.frame.loc[left.index],
            left,
            encoding_of(self.of.past),
            buyers,
            self.silent_days / 7,
        )


@dataclass(frozen=True)
class Lesson:
    """What a peer learns from.

    Attributes:
        frame: snapshots, with what each account had bought by then.
        left: 1 has left, 0 stayed; rows as in frame.
        encoding: the columns that Pinch reads.
        buyers: what all accounts had bought at the end of the lesson.
        silent_weeks: for how long an account that has left does not buy.
    """

    frame: pd.DataFrame
    left: pd.Series
    encoding: Encoding
    buyers: pd.DataFrame
    silent_weeks: float


Peer = Callable[[Lesson], Risk]


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command."""
    asked = _parser().parse_args(arguments)
    began = time.monotonic()
    console = Console(stderr=True)
    peers = peers_at_hand(asked.budget)
    at_hand = [name for name in asked.examples if themes.has_data(name)]
    with Progress(console=console) as bar:
        task = bar.add_task(
            "books", total=(len(at_hand) + len(asked.seeds)) * len(peers)
        )
        results = [
            measure(
                exam,
                peers,
                asked.draws,
                lambda said: bar.update(task, description=said, advance=1),
            )
            for exam in exams(asked, at_hand)
        ]
    skipped = [name for name in asked.examples if name not in at_hand]
    asked.out.write_text(write_page(asked, results, skipped))
    console.print(
        f"{asked.out}: {time.monotonic() - began:.0f} s, of which CPU {time.process_time():.0f} s"
    )


def _parser() -> argparse.ArgumentParser:
    summary = "Compares Pinch with its peers."
    parser = argparse.ArgumentParser(
        description=summary, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument(
        "--accounts", type=int, default=1200, help="accounts of each simulated company"
    )
    parser.add_argument("--months", type=int, default=24, help="months of history")
    parser.add_argument(
        "--seeds", type=int, nargs="*", default=[1, 2, 3], help="simulated companies"
    )
    parser.add_argument(
        "--examples", nargs="*", default=list(themes.EXAMPLES), choices=themes.EXAMPLES
    )
    parser.add_argument(
        "--budget", type=int, default=60, help="seconds of each search by FLAML"
    )
    parser.add_argument(
        "--draws", type=int, default=1000, help="times that accounts are resampled"
    )
    parser.add_argument("--out", type=Path, default=PAGE, help="the page to write")
    return parser


# -- the exams --


def exams(asked: argparse.Namespace, examples: Sequence[str]) -> Iterator[Exam]:
    """The exams asked for: public books first, then simulated companies."""
    for name in examples:
        example = themes.EXAMPLES[name]
        book = open_book(themes.ROOT / "examples" / name)
        yield take(
            book,
            example.title,
            instant(example.as_of),
            ALREADY_GONE,
            example.quiet_days,
        )
    for seed in asked.seeds:
        with tempfile.TemporaryDirectory() as folder:
            write_sample(Path(folder), asked.accounts, asked.months, seed)
            book = open_book(folder)
            yield take(
                book, themes.COMPANY, themes.last_known_date(book), MIGRATION_HORIZON
            )


def take(
    book: Book, group: str, as_of: int, horizon: int, quiet_days: int | None = None
) -> Exam:
    """The exam of a book; arguments as of `benchmarks.themes.take`."""
    exam = themes.take(book, group, as_of, horizon, quiet_days)
    bought = buyers(book, [*exam.past.frame["as_of_us"].unique(), as_of])
    past = replace(exam.past, frame=_with_buying(exam.past.frame, bought))
    now = replace(exam.now, frame=_with_buying(exam.now.frame, bought))
    return Exam(
        replace(exam, past=past, now=now),
        horizon or quiet_days or MIGRATION_HORIZON,
        bought,
    )


def buyers(book: Book, as_ofs: Sequence[int]) -> pd.DataFrame:
    """What every account that had bought at all had bought at as-of dates, as far as was known then.

    Purchases of one day are one. Returns ``account_id``, ``as_of_us``, and a column for each part of
    `models.fitted.bgnbd.Returns`, in weeks.
    """
    dates = pd.DataFrame({"as_of_us": list(as_ofs)})
    book.connection.register("dates", dates)
    found = book.connection.execute(_BUYERS).df()
    book.connection.unregister("dates")
    return found


_BUYERS = f"""
    select account_id, as_of_us, count(*) - 1e0 as repeats, (max(day) - min(day)) / 7e0 as last,
        (as_of_us // {MICROS_PER_DAY} - min(day)) / 7e0 as age
    from (select distinct i.account_id, d.as_of_us, i.occurred_us // {MICROS_PER_DAY} as day
        from dates as d join interactions as i on i.known_us <= d.as_of_us where i.kind = 'purchase')
    group by account_id, as_of_us order by account_id, as_of_us"""


def _with_buying(frame: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    """Snapshots with what was bought; one who never bought counts as having bought when first heard of, or now."""
    keys = ["account_id", "as_of_us"]
    found = (
        frame[keys]
        .merge(bought, on=keys, how="left")
        .set_axis(frame.index)[list(BUYING)]
    )
    never = pd.DataFrame(
        {"repeats": 0.0, "last": 0.0, "age": frame["days_on_record"].fillna(0.0) / 7.0}
    )
    return pd.concat([frame, found.fillna(never)], axis=1)


# -- the peers --


def peers_at_hand(budget: int) -> dict[str, Peer]:
    """Pinch and its peers by name, as far as they are installed.

    Args:
        budget: seconds of each search by FLAML.
    """
    peers: dict[str, Peer] = {
        PINCH: pinch,
        "recency": lambda lesson: _baseline(lesson, "recency"),
        "logistic regression": lambda lesson: _baseline(lesson, "logistic"),
        "BG/NBD": bgnbd,
    }
    fits = {
        "LightGBM": _lightgbm,
        "CatBoost": _catboost,
        "FLAML": lambda *rows: _flaml(*rows, budget),
    }
    for name, fit in fits.items():
        if find_spec(name.lower()) is not None:
            peers[name] = lambda lesson, fit=fit: on_columns(lesson, fit, rfv)  # type: ignore[misc]
            peers[f"{name}, all columns"] = lambda lesson, fit=fit: on_columns(
                lesson, fit, lesson.encoding.matrix
            )  # type: ignore[misc]
    return peers


def pinch(lesson: Lesson) -> Risk:
    """Pinch, in its one setting."""
    design = make_design(lesson.frame, lesson.encoding, Setting().bins)
    model = fit_defection(design, lesson.left.to_frame(), Setting(), {})
    return lambda rows: model.risks(rows)[
        risk_column(int(str(lesson.left.name)))
    ].to_numpy()


def bgnbd(lesson: Lesson) -> Risk:
    """The chance of buying nothing for as long as leaving takes, by what was bought alone."""
    model = fit_bgnbd(bought_again(lesson.buyers))
    return lambda rows: model.quiet(bought_again(rows), lesson.silent_weeks)


def bought_again(buyers: pd.DataFrame) -> Returns:
    """How buyers have come back to buy, see `buyers`."""
    return Returns(*(buyers[name].to_numpy(dtype=np.float64) for name in BUYING))


def on_columns(
    lesson: Lesson,
    fit: Callable[[Matrix, Array, Array], Callable[[Matrix], Matrix]],
    read: Callable[..., Matrix],
) -> Risk:
    """A classifier of some columns.

    Args:
        lesson: what it learns from.
        fit: gives, of a matrix, outcomes and codes of the accounts, the chances of both outcomes.
        read: gives the matrix of a frame.
    """
    accounts = pd.factorize(lesson.frame["account_id"])[0]
    chances = fit(read(lesson.frame), lesson.left.to_numpy(dtype=np.int64), accounts)
    return lambda rows: np.asarray(chances(read(rows)))[:, 1]


def rfv(frame: pd.DataFrame) -> Matrix:
    """Recency, frequency and value, a column each, see `RFV`."""
    return frame[list(RFV)].to_numpy(dtype=np.float64)


def _baseline(lesson: Lesson, name: str) -> Risk:
    matrix, outcome = (
        lesson.encoding.matrix(lesson.frame),
        lesson.left.to_numpy(dtype=np.float64),
    )
    linear = fit_linear(matrix, outcome, lesson.encoding.text_positions)
    return defection_baselines(
        lesson.frame, lesson.left, np.ones(len(matrix)), lesson.encoding, linear
    )[name]


def _lightgbm(
    matrix: Matrix, left: Array, accounts: Array
) -> Callable[[Matrix], Matrix]:
    model = lightgbm.LGBMClassifier(random_state=1, n_jobs=1, verbose=-1).fit(
        _named(matrix), left
    )
    return lambda rows: model.predict_proba(_named(rows))


def _catboost(
    matrix: Matrix, left: Array, accounts: Array
) -> Callable[[Matrix], Matrix]:
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(
        random_seed=1, thread_count=1, verbose=False, allow_writing_files=False
    )
    return model.fit(matrix, left).predict_proba


def _flaml(
    matrix: Matrix, left: Array, accounts: Array, budget: int
) -> Callable[[Matrix], Matrix]:
    from flaml import AutoML

    search = AutoML()
    # Its folds hold an account's rows of all dates together, as those of a test date are of accounts seen before.
    search.fit(
        X_train=_named(matrix),
        y_train=left,
        task="classification",
        metric="log_loss",
        time_budget=budget,
        split_type="group",
        groups=accounts,
        n_jobs=1,
        seed=1,
        verbose=0,
    )
    return lambda rows: search.predict_proba(_named(rows))


def _named(matrix: Matrix) -> pd.DataFrame:
    return pd.DataFrame(
        matrix, columns=[f"column_{place}" for place in range(matrix.shape[1])]
    )


# -- the figures --


@dataclass(frozen=True)
class Result:
    """What an exam has shown.

    Attributes:
        exam: the exam.
        figures: of each model by name, shape (1 + draws, figures): first as they are, then of resampled accounts.
        room: whether the history had room for the product's way of calibration.
    """

    exam: Exam
    figures: Mapping[str, Array]
    room: bool


def measure(
    exam: Exam, peers: Mapping[str, Peer], draws: int, step: Step = lambda said: None
) -> Result:
    """Fits Pinch and all peers and judges them on the same resampled accounts.

    Args:
        exam: what is learned from and judged on.
        peers: by name.
        draws: times that accounts are resampled.
        step: told of each peer.
    """
    frame, left = (
        exam.of.now.frame,
        exam.of.now.left[exam.of.horizon].to_numpy(dtype=np.float64),
    )
    weights = np.vstack(
        [np.ones((1, len(frame))), themes.resampled(frame["account_id"], draws, 0)]
    )
    found = {}
    for name, peer in peers.items():
        step(f"{exam.of.group}: {name}")
        risk = peer(exam.lesson)(frame)
        found[name] = judge(
            left, risk, calibration(exam, peer).probability(log_odds(risk)), weights
        )
    return Result(exam, found, has_room(exam))


def calibration(exam: Exam, peer: Peer) -> Calibration:
    """The line that calibrates a peer, by dates before the test date, where that helps.

    Where the history has no room for that, an earlier model is fitted on all dates but the newest, and the line on the
    newest.
    """
    lesson = exam.lesson
    as_of = lesson.frame["as_of_us"]
    earlier, slices = _parted(exam, as_of)
    if has_room(exam):
        return (
            line_that_helps(
                said_before(exam, peer, earlier), lesson.left, lesson.frame, slices
            )
            or Calibration()
        )
    newest = as_of == slices[-1]
    raw = said_before(exam, peer, ~newest)
    return fit_calibration(raw[newest].to_numpy(), lesson.left[newest].to_numpy())


def has_room(exam: Exam) -> bool:
    """Whether enough was known at the first calibration date to fit an earlier model."""
    earlier, _ = _parted(exam, exam.lesson.frame["as_of_us"])
    return (
        fewest(exam.lesson.frame["account_id"], exam.lesson.left[earlier])
        >= FEWEST_OF_EACH
    )


def said_before(exam: Exam, peer: Peer, earlier: pd.Series) -> pd.Series:
    """Log-odds of all rows of the past, by a peer that has learned from the earlier ones alone."""
    lesson = exam.lesson
    first_after = lesson.frame.loc[~earlier, "as_of_us"].min()
    bought = exam.buyers[exam.buyers["as_of_us"] == first_after]
    risk = peer(
        replace(
            lesson,
            frame=lesson.frame[earlier],
            left=lesson.left[earlier],
            buyers=bought,
        )
    )
    return pd.Series(log_odds(risk(lesson.frame)), lesson.frame.index)


def _parted(exam: Exam, as_of: pd.Series) -> tuple[pd.Series, list[int]]:
    return part(as_of, exam.of.horizon + exam.of.delay_days)


def log_odds(risk: Array) -> Array:
    """Log-odds of risks, finite also of 0 and 1."""
    return np.asarray(logit(np.clip(risk, SURE, 1 - SURE)))


def judge(left: Array, risk: Array, calibrated: Array, weights: Array) -> Array:
    """The figures of a model, by how often each row counts.

    Args:
        left: 1 has left, 0 stayed.
        risk: of each row.
        calibrated: likewise, after calibration.
        weights: shape (draws, rows).

    Returns:
        `FIGURES`, shape (draws, figures).
    """
    place = np.unique(risk, return_inverse=True)[1]
    losses = [
        log_losses(np.column_stack([1 - said, said]), left.astype(np.int64))
        for said in (risk, calibrated)
    ]
    return np.array(
        [
            [
                themes.auc(left, place, weight),
                average_precision(left, place, weight),
                *(np.average(loss, weights=weight) for loss in losses),
            ]
            for weight in weights
        ]
    )


def average_precision(
    left: Array, place: npt.NDArray[np.int64], weight: Array
) -> float:
    """The mean, over leavers, of the share of leavers among all of at least their risk; arguments as of `themes.auc`.

    Example:
        >>> round(average_precision(np.array([0.0, 1.0, 1.0]), np.array([1, 2, 0]), np.ones(3)), 4)
        0.8333
    """
    leavers, everybody = (
        np.bincount(place, weights=weight * of_kind)[::-1]
        for of_kind in (left, np.ones(len(left)))
    )
    precision = np.cumsum(leavers) / np.maximum(np.cumsum(everybody), SURE)
    return float((leavers * precision).sum() / leavers.sum())


def ahead(ours: Array, theirs: Array) -> Array:
    """By how much we are better, in each figure: losses are better where they are lower."""
    return (ours - theirs) * np.array([1.0, 1.0, -1.0, -1.0])


def pooled(results: Sequence[Result]) -> dict[str, Array]:
    """The mean figures of each model over exams, draw by draw."""
    return {
        name: np.mean([result.figures[name] for result in results], axis=0)
        for name in results[0].figures
    }


# -- the page --


INTRODUCTION = """
# Pinch beside its peers

What one would use instead of Pinch, on the same rows, labels and dates, against Pinch in one setting, its own default,
for all sets. Every figure of this page comes from

```sh
{command}
```

*Ahead* is by how much Pinch is better than the peer, with a 95% interval: above 0 it is better, in losses as well. It
*reaches* a peer where the lower end is above -{margin}.
"""

METHOD = """
## How it is measured

{books}

- All models learn at the test date from the same snapshots of earlier as-of dates, those whose outcome was known by
  then, and are judged on what happened after it. Pinch was made small and regularised with public sets in
  view, these among them, so they are no unseen test of its default setting.
- *Recency* is a logistic regression on days of silence, *logistic regression* one on all columns that Pinch reads: the
  baselines of `pinch evaluate`, and the latter is a half of Pinch itself.
- *BG/NBD* (Fader, Hardie, Lee 2005) sees no labels, only purchases known at the test date, by the day, of all accounts
  that ever bought; its risk is the chance of no purchase for as long as leaving takes.
- *LightGBM* and *CatBoost* run with their defaults, *FLAML* searches for {budget} s by cross-validation over accounts,
  on one core. They read recency, frequency and value (`{rfv}`),
  or *all columns* that Pinch reads.
- *Calibrated* log loss: by a line in log-odds, as the product does it: an earlier model is fitted on as-of dates whose
  outcomes were known before the last three, and its line is kept only where it helps on the newest. Where the history
  has no room for that ({no_room}), an earlier model is fitted on all dates but the newest, the line on the newest, and
  it is always kept; `pinch train` does not calibrate there, so its log loss is the plain one.
- Intervals hold 95% of {draws} resamplings of the accounts, with the same accounts for both models of a difference.
  Figures of simulated companies are means over the companies, each resampled by itself. FLAML's budget is in time, so
  another machine may find another model; all others are seeded.
"""

WHY: Mapping[str, str] = {
    "CDNOW": """
The one peer that is ahead, by about .001 in each figure and surely so, is logistic regression, which is a half of Pinch
itself: here risk goes in straight lines with the logarithms of silence and purchases, so trees have nothing to add, and
the mean of both halves gives a little away. That is well within the margin.""",
    "Online Retail": """
FLAML on all columns is ahead by some thousandths, which may be chance; what it finds are 22 trees of 4 leaves, so no
other kind of model, but a smaller one than Pinch's. In log loss it is within the margin, in ranking 3,323 accounts do
not tell. The calibrated losses are another matter. At the newest date learned from 51% had left, at the test date 42%:
the share goes down, and lines fitted before raise risks that are too high already. The less an earlier model said on
the newest date, the more: Pinch said 42% there, CatBoost on all columns 47%, LightGBM 48%, and at the test date their
lines take them from 47% to 56%, from 48% to 52% and from 48% to 51%. So every model but LightGBM is better without, and
the product, which asks for more history before it calibrates, has the plain loss.""",
    "The simulated company": """
No peer is surely ahead in any figure. But some hundred leavers in three companies leave intervals of ranking that are
wider than the margin, so that Pinch cannot be shown to reach even peers that it is ahead of. Recency, frequency and
value alone say little here, where accounts leave for what happened in service and in their answers to surveys.""",
}
"""By set: why Pinch does not reach a peer, as measured with the default options."""


def write_page(
    asked: argparse.Namespace, results: Sequence[Result], skipped: Sequence[str]
) -> str:
    """The page that shows what a run has found.

    Args:
        asked: the options of the run.
        results: of its exams.
        skipped: public books that were not at hand.
    """
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.exam.of.group, []).append(result)
    books = [
        *map(_described, results),
        *map(themes.told_skipped, skipped),
        *_lacking(results),
    ]
    no_room = [
        title
        for title, group in groups.items()
        if not all(result.room for result in group)
    ]
    parts = [
        INTRODUCTION.format(command=_command(asked), margin=MARGIN),
        *(_section(title, group) for title, group in groups.items()),
        METHOD.format(
            books="\n".join(f"- {said}" for said in books),
            budget=asked.budget,
            rfv="`, `".join(RFV),
            no_room=", ".join(no_room) or "nowhere here",
            draws=asked.draws,
        ),
    ]
    blocks = [block.strip("\n") for part in parts for block in part.split("\n\n")]
    return "\n\n".join(_filled(block) for block in blocks if block) + "\n"


def _command(asked: argparse.Namespace) -> str:
    numbers = f"--accounts {asked.accounts} --months {asked.months} --budget {asked.budget} --draws {asked.draws}"
    lists = {"--seeds": asked.seeds, "--examples": asked.examples}
    chosen = " ".join(
        " ".join([option, *map(str, values)]) for option, values in lists.items()
    )
    return f"PINCH_DATA=/where/the/data/is .venv/bin/python -m benchmarks.peers {numbers} {chosen}"


def _filled(block: str) -> str:
    """A paragraph or a list with its lines filled; anything else as it is."""
    if block.startswith("- "):
        points = block.removeprefix("- ").split("\n- ")
        return "\n".join(
            textwrap.fill("- " + " ".join(p.split()), 120, subsequent_indent="  ")
            for p in points
        )
    return (
        block
        if block.startswith(("#", "|", "```"))
        else textwrap.fill(" ".join(block.split()), 120)
    )


def _described(result: Result) -> str:
    exam = result.exam.of
    left = exam.now.left[exam.horizon]
    happened = (
        "had left already"
        if exam.horizon == ALREADY_GONE
        else f"left within {exam.horizon} days"
    )
    return (
        f"{exam.group}, {day_of(exam.as_of)}: {len(exam.past.frame)} rows to learn from, {len(left)} accounts to judge "
        f"on; {int(left.sum())} of them {happened}."
    )


def _lacking(results: Sequence[Result]) -> list[str]:
    lacking = [
        name
        for name in ("CatBoost", "FLAML")
        if any(name not in result.figures for result in results)
    ]
    return [f"{' and '.join(lacking)} left out: not installed."] if lacking else []


def _section(title: str, group: Sequence[Result]) -> str:
    """The tables of a set, and what they say."""
    figures = pooled(group)
    names = sorted(figures, key=lambda name: -figures[name][0, 0])
    levels = [
        [_bold(name, name == PINCH), *(f"{value:.4f}" for value in figures[name][0])]
        for name in names
    ]
    apart = [
        [name, *(_apart(gain) for gain in ahead(figures[PINCH], figures[name]).T)]
        for name in names
        if name != PINCH
    ]
    said = [f"## {title}", table(["model", *FIGURES], levels)]
    room = all(result.room for result in group)
    said += [
        table(["Pinch ahead of", *FIGURES], apart),
        in_words(figures, FIGURES.index(BY_LINE) - (not room)),
    ]
    said += [WHY[title]] if title in WHY else []
    return "\n\n".join(said)


def _apart(gain: Array) -> str:
    low, high = themes.interval(gain[1:])
    return _bold(f"{gain[0]:+.4f} ({low:+.4f} to {high:+.4f})", low > 0 or high < 0)


def _bold(said: str, heavy: bool) -> str:
    return f"**{said}**" if heavy else said


def in_words(figures: Mapping[str, Array], product: int) -> str:
    """Figure by figure the best peer, and which peers Pinch does not reach.

    Args:
        figures: of each model by name.
        product: the place of the log loss that the product has, calibrated or not.
    """
    peers = {name: said for name, said in figures.items() if name != PINCH}
    gains = [
        (
            name,
            {
                peer: ahead(figures[PINCH], said)[:, place]
                for peer, said in peers.items()
            },
        )
        for place, name in enumerate(FIGURES)
    ]
    lowest = {
        peer: said[:, LOSSES].min(axis=1) - figures[PINCH][:, product]
        for peer, said in peers.items()
    }
    gains.append(
        ("log loss as the product gives it, against each peer's lower one", lowest)
    )
    return "\n".join(_bullet(name, by_peer) for name, by_peer in gains)


def _bullet(name: str, gains: Mapping[str, Array]) -> str:
    best = min(gains, key=lambda peer: gains[peer][0])
    short = [
        peer for peer, gain in gains.items() if themes.interval(gain[1:])[0] <= -MARGIN
    ]
    reached = f"not reached: {'; '.join(short)}" if short else "all reached"
    low, high = themes.interval(gains[best][1:])
    apart = f"{gains[best][0]:+.4f} ahead ({low:+.4f} to {high:+.4f})"
    return f"- {name}: the best peer is {best}, Pinch is {apart}; {reached}."


if __name__ == "__main__":
    main()
