"""Nights for the tests of the trend page."""

from datetime import date

from pages.trend.trend import Line

FINDING = {
    "kind": "stopped",
    "about": "x",
    "sentence": "no interactions of kind <visit> since 2026-05-03",
}
CAME = {"left": 9, "auc": 0.71, "lift_of_list": 2.5, "as_expected": False}
CAME["expected"] = {"mean": 4.2, "low": 1.0, "high": 8.0}


def line(day, findings=(), came=None, **more):
    summary = {
        "accounts": 1200 + day,
        "horizon": 90,
        "expected": {"90": {"mean": 4.2, "low": 1.0, "high": 8.0}},
        "estimated": {"90": {"auc": 0.77, "log_loss": 0.1, "lift_top_decile": 3.0}},
        "bands": {"low": 1100, "raised": 80, "high": 15, "acute": 5, "unknown": 0},
        "missing": {"tonight": 0.031, "usually": 0.03},
    }
    columns = [{"name": "x", "index": 0.2, "limit": 0.4}]
    drift = {"findings": [*findings], "columns": columns}
    given = {"quarantined": 7, "summary": summary, "drift": drift, **more}
    realised = {} if came is None else {"90": came}
    return Line(date(2026, 5, day), "m-1", 1, realised=realised, **given)
