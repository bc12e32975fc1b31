"""The lines of tonight's page: one for each account, with all that its card tells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from features.book.book import Book
from features.book.outcomes import last_outcomes
from models.score.checklist import lights
from models.score.days_left import days_left
from models.score.horizon import HORIZONS, risk_column, silent_column
from models.score.reasons import REASON_COLUMNS
from models.score.styles import how_to_speak
from serving.night.tonight import happened
from serving.night.tonight.changes import Added, Change, changes
from serving.night.tonight.done import done
from serving.night.tonight.past import LAST_NIGHT, MONTH, Risks, paths

Line = dict[str, Any]
"""An account as the page holds it: texts, numbers, None, and lists of these."""

Values = Mapping[Any, Any]
"""A row of a table, by its columns."""

_SILENT = 0.5
"""From this share of the risk on an account would leave without a word."""


@dataclass(frozen=True)
class Looked:
    """How a night looks at accounts.

    Attributes:
        as_of: the night, in microseconds since 1970.
        horizon: that its list looks to; None without models.
        risks: at that horizon.
        added: what each column adds to the log-odds of leaving.
        sources: who says so, by the code of an action.
        heard: until when what came of lists counts, in microseconds since 1970; all of it where None.
    """

    as_of: int
    horizon: int | None
    risks: Risks
    added: Added
    sources: Mapping[str, str]
    heard: int | None = None


def lines(
    book: Book, looked: Looked, scores: pd.DataFrame, labels: pd.DataFrame
) -> list[Line]:
    """The line of each account, in the order of the scores.

    Args:
        book: an opened book.
        looked: how.
        scores: of the accounts on the page.
        labels: as of `features.book.labels.account_labels`.
    """
    accounts = scores["account_id"].tolist()
    path = paths(book, looked.as_of, accounts, looked.risks)
    nights = {days: changes(path, days, looked.added) for days in (LAST_NIGHT, MONTH)}
    stands = path[path["days_back"] == 0].set_index("account_id").to_dict("index")
    points = {account: _path(its) for account, its in path.groupby("account_id")}
    told = _happened(book, looked, accounts)
    known = labels.to_dict("index")
    return [
        {
            **_who(row["account_id"], known.get(row["account_id"], {})),
            **_risk(row, looked.horizon, stands[row["account_id"]]),
            **_changed({d: nights[d][row["account_id"]] for d in nights}),
            **_stands(row, stands[row["account_id"]]),
            **_todo(row, looked.sources),
            **{name: its.get(row["account_id"]) for name, its in told.items()},
            "path": points[row["account_id"]],
        }
        for row in scores.to_dict("records")
    ]


def _who(account: str, labels: Values) -> Line:
    shown = {name: labels.get(name) for name in ("name", "owner", "contact", "link")}
    return {"id": account, **shown}


def _risk(row: Values, horizon: int | None, stand: Values) -> Line:
    """The risk at the horizon, in its band, how it would leave, and the days that are left."""
    renewal = _ahead(stand.get("days_to_term_end"))
    risks = {h: row[risk_column(h)] for h in HORIZONS if _known(row[risk_column(h)])}
    if horizon is None:
        return {"risk": None, "band": row["band"], "silent": None, "left": renewal}
    risk, silent = _number(row[risk_column(horizon)]), row[silent_column(horizon)]
    share = silent / risk if risk and _known(silent) else None
    return {
        "risk": None if risk is None else round(risk, 4),
        "band": row["band"],
        "silent": None if share is None else share >= _SILENT,
        "left": days_left(risks, horizon, renewal),
    }


def _changed(of: Mapping[int, Change]) -> Line:
    told: Line = {}
    for days, change in of.items():
        told[f"change_{days}d"] = (
            None if change.points is None else round(change.points, 4)
        )
        told[f"why_{days}d"] = list(change.themes)
    return told


def _stands(row: Values, stand: Values) -> Line:
    """Where the account stands, what it is worth, and what is to come."""
    value = row.get("value", stand.get("spent_365d"))
    return {
        "quadrant": row["quadrant"],
        "heading": row["heading"],
        "zone": row["zone"],
        "value": _number(value),
        "gain": _number(row.get("gain")),
        "tier": _text(stand.get("tier")),
        "style": _text(stand.get("style")),
        "speak": how_to_speak(stand.get("style")),
        "touch": _number(stand.get("days_to_next_touch")),
        "renewal": _ahead(stand.get("days_to_term_end")),
        "lights": lights(stand),
    }


def _todo(row: Values, sources: Mapping[str, str]) -> Line:
    reasons = [row[name] for name in REASON_COLUMNS]
    return {
        "owed": _text(row.get("owed")),
        "reasons": [reason for reason in reasons if isinstance(reason, str)],
        "action": row["action"],
        "action_code": row["action_code"],
        "source": sources.get(row["action_code"]),
    }


def _happened(book: Book, looked: Looked, accounts: Collection[str]) -> dict[str, Any]:
    as_of = looked.as_of
    last = happened.last_contacts(book, as_of, accounts)
    outcomes = last_outcomes(book, looked.heard)
    return {
        "last": {account: rows[0] for account, rows in last.items()},
        "done": {account: done(outcome) for account, outcome in outcomes.items()},
        "rows": happened.interactions(book, as_of, accounts),
        "answers": happened.answers(book, as_of, accounts),
        "weeks": happened.signs_of_life(book, as_of, accounts),
    }


def _path(points: pd.DataFrame) -> list[list[Any]]:
    """Points of the path: days back, risk, and both levels, from the oldest."""
    columns = zip(
        points["days_back"],
        points["risk"],
        points["people_settled"],
        points["product_settled"],
        strict=True,
    )
    return [
        [
            int(days),
            *(
                _rounded(value, places)
                for value, places in ((risk, 3), (people, 1), (product, 1))
            ),
        ]
        for days, risk, people, product in columns
    ]


def _rounded(value: Any, places: int) -> float | None:
    return None if not _known(value) else round(float(value), places)


def _known(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _number(value: Any) -> float | None:
    return float(value) if _known(value) else None


def _ahead(days: Any) -> float | None:
    """Days until something that is still to come."""
    return float(days) if _known(days) and days >= 0 else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
