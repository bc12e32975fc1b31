"""The table of how good models are, which ``train`` and ``evaluate`` show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commands.output import numbers, records, table

if TYPE_CHECKING:
    import pandas as pd

SHORT = {
    "auc": "AUC",
    "pr_auc": "PR-AUC",
    "log_loss": "log loss",
    "calibration_error": "calib.",
    "calibration_floor": "floor",
    "lift_top_decile": "lift",
}
"""Figures shown in a table, by the names they have there; all are in the JSON."""

_THOUSANDTHS = ("pr_auc", "log_loss", "calibration_error", "calibration_floor")


def figures_table(figures: pd.DataFrame) -> Any:
    """A row for each model of each prediction and horizon.

    Args:
        figures: ``prediction``, ``horizon``, ``model``, the figures of `SHORT`, ``auc_low`` and ``auc_high``.
    """
    rows = []
    for row in records(figures):
        prediction = f"{row['prediction']} {row['horizon']}d".replace("- ", "-")
        model = row["model"].removeprefix("empirical_")  # 80 columns are all there is
        values = [_auc(row), *numbers(row, ".3f", _THOUSANDTHS)]
        lift = numbers(row, ".1f", ["lift_top_decile"])
        rows.append([prediction, model, *values, *lift])
    return table(["prediction", "model", *SHORT.values()], rows)


def _auc(row: dict[str, Any]) -> str:
    """The AUC with its interval, such as ``0.71 (.60-.80)``, or ``(?)`` where too few left to tell one."""
    if row["auc"] is None:
        return ""
    if row["auc_low"] is None:
        return f"{row['auc']:.2f} (?)"
    low, high = _end(row["auc_low"]), _end(row["auc_high"])
    return f"{row['auc']:.2f} ({low}-{high})"


def _end(auc: float) -> str:
    """An end of an interval in three characters: ``.60``, ``1.0``."""
    return f"{auc:.2f}".removeprefix("0").replace("1.00", "1.0")
