"""Weights of attributes from paired questions: of these two, which matters more to you (S35).

A Bradley-Terry model gives each attribute a weight such that a is preferred to b with chance a / (a + b). Half an
answer is added to either side of each pair that was asked about (Haldane, 1956): so an attribute that always wins has
a finite weight, and pairs with the same answers have the same chances wherever they stand in a chain. The intervals
are those of the logarithms of the weights, which are nearly normal, with the variance by the information of the
answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import choix
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse.csgraph import connected_components

from features.errors import BookError, EvidenceError
from features.sources.headers import read_header
from models.fitted.calibration import softmax

COLUMNS = ("a", "b", "preferred_a", "preferred_b")
"""What a row of comparisons holds: two attributes, and how many people prefer the first and the second."""

INTERVAL = (0.025, 0.975)
"""The quantiles of the draws between which a weight is said to lie."""

HALF_AN_ANSWER = 0.5
"""What is added to either side of each pair asked about."""
_ITERATIONS = 10_000

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Fitted weights.

    Attributes:
        attributes: a row per attribute, the weightiest first: ``attribute``, ``weight`` (they sum to 1), ``low``,
            ``high``, and ``compared``, how many answers speak of it.
        pairs: a row per pair asked about: ``a``, ``b``, ``n`` answers, ``share_a`` as answered and ``fitted_a``.
    """

    attributes: pd.DataFrame
    pairs: pd.DataFrame


def read_comparisons(file: Path) -> pd.DataFrame:
    """Reads comparisons from a CSV file with the columns of `COLUMNS`, and checks them.

    Its fields may be separated by commas, semicolons or tabs, as in the tables of a book.

    Raises:
        BookError: a column is lacking, or a row does not name two attributes and two whole numbers of people.
    """
    try:
        header = read_header("comparisons", file)
        frame = pd.read_csv(
            file,
            sep=header.delimiter,
            skiprows=header.skipped,
            names=list(header.names),
            header=0,
            index_col=False,
            encoding="utf-8-sig",
            dtype={"a": str, "b": str},
            skipinitialspace=True,
        )
    except BookError as error:
        raise _refused(str(file), error.found, error.expected) from None
    except (UnicodeDecodeError, pd.errors.ParserError):
        raise _refused(str(file), "no table", "a CSV file in UTF-8") from None
    return _checked(frame, str(file))


def fit_weights(
    comparisons: pd.DataFrame, *, rounds: int = 4000, seed: int = 0
) -> Weights:
    """Fits the weights of attributes.

    Args:
        comparisons: a row per pair, with the columns of `COLUMNS`; rows of one pair are added up.
        rounds: how many weights are drawn for the intervals.
        seed: of these draws.

    Raises:
        BookError: the rows are no comparisons.
        EvidenceError: nothing was compared, an attribute never was, or no chain of comparisons joins two attributes.
    """
    comparisons = _checked(comparisons, "comparisons")
    names = sorted({*comparisons["a"], *comparisons["b"]})
    wins = _wins(comparisons, names)
    _require_joined(wins, names)
    smoothed = wins + HALF_AN_ANSWER * (wins + wins.T > 0)
    weights = _fitted(smoothed)
    low, high = np.quantile(_drawn(smoothed, weights, rounds, seed), INTERVAL, axis=0)
    compared = (wins + wins.T).sum(axis=1).astype(int)
    attributes = pd.DataFrame(
        {
            "attribute": names,
            "weight": weights,
            "low": low,
            "high": high,
            "compared": compared,
        }
    )
    ranked = attributes.sort_values(
        ["weight", "attribute"], ascending=[False, True], ignore_index=True
    )
    return Weights(ranked, _pairs(wins, weights, names))


def _refused(where: str, found: str, expected: str) -> BookError:
    return BookError(
        where=where, found=found, expected=expected, mend="correct the comparisons"
    )


def _checked(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    lacking = [column for column in COLUMNS if column not in frame]
    if lacking:
        raise _refused(
            where,
            f"no column {', '.join(lacking)}",
            f"the columns {', '.join(COLUMNS)}",
        )
    frame = frame[list(COLUMNS)].reset_index(drop=True)
    named = frame[["a", "b"]].astype("str").apply(lambda column: column.str.strip())
    people = (
        frame[["preferred_a", "preferred_b"]]
        .apply(pd.to_numeric, errors="coerce")
        .astype(float)
    )
    counted = (
        np.isfinite(people).all(axis=1)
        & (people >= 0).all(axis=1)
        & (people % 1 == 0).all(axis=1)
    )
    bad = ~counted | (named.fillna("") == "").any(axis=1) | (named["a"] == named["b"])
    if bad.any():
        row = f"row {bad.idxmax() + 1} without them"
        raise _refused(
            where,
            row,
            "two different attributes, and how many people prefer each, 0 or more",
        )
    checked: pd.DataFrame = pd.concat([named, people], axis=1)
    return checked


def _wins(comparisons: pd.DataFrame, names: list[str]) -> Matrix:
    """How many people prefer the attribute of the row to that of the column."""
    wins = np.zeros((len(names), len(names)))
    first, second = (
        comparisons[side].map(names.index).to_numpy(dtype=np.int64)
        for side in ("a", "b")
    )
    np.add.at(
        wins, (first, second), comparisons["preferred_a"].to_numpy(dtype=np.float64)
    )
    np.add.at(
        wins, (second, first), comparisons["preferred_b"].to_numpy(dtype=np.float64)
    )
    return wins


def _require_joined(wins: Matrix, names: list[str]) -> None:
    asked = wins + wins.T
    never = [
        name
        for name, answers in zip(names, asked.sum(axis=1), strict=True)
        if answers == 0
    ]
    if never or not names:
        found = f"no answer about {', '.join(never)}" if names else "no comparison"
        raise EvidenceError(
            found=found,
            expected="answers about each attribute",
            mend="ask, or leave it out",
        )
    groups, group = connected_components(asked > 0, directed=False)
    if groups > 1:
        members = pd.Series(names).groupby(group)
        apart = " | ".join(members.agg(", ".join))
        raise EvidenceError(
            found=f"{groups} groups of attributes that no comparison joins: {apart}",
            expected="a chain of comparisons between any two attributes",
            mend="ask about a pair across the groups, or fit each group alone",
        )


def _fitted(wins: Matrix) -> Matrix:
    strengths = np.exp(choix.ilsr_pairwise_dense(wins, max_iter=_ITERATIONS))
    return np.asarray(strengths / strengths.sum())


def _chances(weights: Matrix) -> Matrix:
    return np.asarray(weights[:, None] / (weights[:, None] + weights[None, :]))


def _drawn(wins: Matrix, weights: Matrix, rounds: int, seed: int) -> Matrix:
    """Weights that the answers leave possible, shape (rounds, attributes).

    The information that answers give on two logarithms of weights is that of the chance between them; on all of them
    together it is a Laplacian, of which the pseudoinverse is their variance about their mean.
    """
    chances = _chances(weights)
    of_pairs = (wins + wins.T) * chances * (1.0 - chances)
    information = np.diag(of_pairs.sum(axis=1)) - of_pairs
    spread = np.linalg.pinv(information, hermitian=True)
    draws = np.random.default_rng(seed).multivariate_normal(
        np.log(weights), spread, size=rounds, method="eigh"
    )
    return softmax(draws)


def _pairs(wins: Matrix, weights: Matrix, names: list[str]) -> pd.DataFrame:
    first, second = np.nonzero(np.triu(wins + wins.T))
    n = (wins + wins.T)[first, second]
    return pd.DataFrame(
        {
            "a": [names[place] for place in first],
            "b": [names[place] for place in second],
            "n": n.astype(int),
            "share_a": wins[first, second] / n,
            "fitted_a": _chances(weights)[first, second],
        }
    )
