"""Those who left: whether they were seen, silent and overt ones apart."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sklearn.metrics import roc_auc_score

from benchmarks.knowable.chances import ORACLE
from benchmarks.knowable.known import Firm, as_of_before
from benchmarks.knowable.oracle import oracle_of
from benchmarks.shared.theme_sums import named_themes, theme_sums
from features.engine import instant
from features.snapshot.frame import snapshot
from models.score.horizon import MIGRATION_HORIZON, risk_column
from training.fitting.models import Models
from training.fitting.rivals import MODEL

LATER_WEEKS = (28, 24, 20, 16)
"""As-of dates whose leavers are asked for their causes: the last still sees 90 days and late news."""
TOP = 0.1


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
