"""Accounts of any kind for hypothesis: rows of all tables, with ties, extremes and texts of any script."""

from datetime import date

import pytest
from hypothesis import strategies as st

from features.cleaning.arrays.typed import columns_of
from features.vocabulary.items import ITEMS
from features.vocabulary.kinds import KINDS
from models.score.columns import CHANCES, NEXT, RISKS

AS_OF = "2026-11-21"
EDGES = ["1900-01-01", "2026-11-20T23:59:59.999999", AS_OF, "2100-12-31"]
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 1)).map(date.isoformat)
TIMES = DAYS | st.sampled_from(EDGES)
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(str.strip)
IDS = st.sampled_from(["m", "n", "\x00", "\u202eם", " m\t"]) | TEXTS
NAMES = {
    "kind": st.sampled_from(sorted(KINDS)) | TEXTS,
    "item": st.sampled_from(sorted(ITEMS)) | TEXTS,
    "score": st.floats(0, 10),
    "scale_min": st.sampled_from([-1e12, 0.0, 1.0]),
    "scale_max": st.sampled_from([10.0, 1e12]),
    "ends_at": st.sampled_from(["2026-11-22", "2027-03-01", "2100-12-31"]) | TIMES,
}
OF_ACCOUNTS = ("interactions", "surveys", "contracts", "scheduled")


def numbers(column):
    """Numbers within the bounds of a column, the bounds themselves among them."""
    low, high = column.low, column.high
    edges = [edge for edge in (0.0, 5e-324, 1.0) if column.holds(edge)]
    return st.sampled_from([low, high, *edges]) | st.floats(low, high)


def values(column):
    """Values of a column of the contract."""
    if column.name in NAMES:
        return NAMES[column.name]
    if column.type == "number":
        return numbers(column)
    return {"text": IDS, "time": TIMES, "flag": st.booleans()}[column.type]


def rows(table):
    """Rows of a table, some of them twice."""
    columns = columns_of(table)
    must = {c.name: values(c) for c in columns if c.required}
    may = {c.name: values(c) for c in columns if not c.required}
    some = st.lists(st.fixed_dictionaries(must, optional=may), max_size=6)
    return some | some.map(lambda found: [*found, *found])


FACTS = st.dictionaries(
    st.sampled_from(["market", "style", "tier"]) | TEXTS,
    st.none() | TEXTS,
    max_size=4,
)
EMPLOYEES = st.fixed_dictionaries({"employees": st.floats(-1e12, 1e12)})
ACCOUNTS = st.fixed_dictionaries(
    {"account_id": IDS, "opened_at": st.just("2024-01-01")},
    optional={
        "facts": FACTS | EMPLOYEES,
        **{table: rows(table) for table in OF_ACCOUNTS},
    },
)
REQUESTS = st.fixed_dictionaries(
    {"as_of": st.just(AS_OF), "accounts": st.lists(ACCOUNTS, min_size=1, max_size=4)},
    optional={"reps": rows("reps"), "markets": rows("markets")},
)


def require_sound(prediction):
    """Chances are chances, risks rise with the horizon, and an account is somewhere."""
    assert all(0.0 <= prediction[name] <= 1.0 for name in CHANCES)
    risks = [prediction[name] for name in RISKS]
    assert risks == sorted(risks)
    assert (
        prediction["silent_90d"]
        <= prediction["risk_90d"]
        == prediction["p_defected_90d"]
    )
    states = [prediction[name] for name in CHANCES if name.startswith("p_")]
    assert sum(states) == pytest.approx(1.0)
    assert sum(prediction[name] for name in NEXT) == pytest.approx(1.0)
    said = [reason["sentence"] for reason in prediction["reasons"]]
    assert all("nan" not in told and "inf" not in told for told in said)
