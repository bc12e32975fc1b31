"""Terms beside their naive twin: a loop over the rows that were known, in words."""

from datetime import datetime

import pytest
from contracted import company, day

from features.engine import MICROS_PER_DAY, instant
from features.snapshot.frame import snapshot
from features.themes.dictionary import with_parts

NAMES = ("terms_begun", "terms_to_come", "contract_value", "days_to_term_end")


def us(moment):
    return instant(datetime.fromisoformat(moment))


def known_terms(rows, as_of):
    """The terms of an account as they were known at a date: each as its last version."""
    versions = []
    for row in rows:
        starts = us(row["starts_at"])
        known = starts if row["known_at"] is None else us(row["known_at"])
        ends = float("inf") if row["ends_at"] is None else us(row["ends_at"])
        if known <= as_of:
            value = float("inf") if row["value"] is None else row["value"]
            versions.append((known, starts, ends, value, row))
    terms = []
    for version in sorted(versions, key=lambda version: version[:4]):
        changed = [term for term in terms if changes(version, term)]
        if changed:
            terms.remove(changed[-1])
        terms.append(version)
    return [term for term in terms if term[2] > term[1]]


def changes(version, term):
    """Whether a version is of a term of the same contract, which it overlaps or begins with."""
    id_ = version[4]["contract_id"]
    if id_ is None or id_ != term[4]["contract_id"]:
        return False
    overlap = version[1] < term[2] and term[1] < version[2]
    return overlap or version[1] == term[1]


def told(rows, as_of):
    """What the features say of an account."""
    terms = known_terms(rows, as_of)
    begun = sorted((term for term in terms if term[1] <= as_of), key=lambda t: t[1])
    found = {"terms_begun": len(begun), "terms_to_come": len(terms) - len(begun)}
    if not begun:
        return found | {"contract_value": 0.0}
    last = begun[-1]
    goes_on = last[4]["auto_renews"] is True or last[2] >= as_of
    pays = [t for t in begun if t[2] > as_of or (t is last and goes_on)]
    values = [term[4]["value"] for term in pays if term[4]["value"] is not None]
    found["contract_value"] = sum(values) if values or not pays else None
    return found | {"days_to_term_end": days_left(last, as_of)}


def days_left(term, as_of):
    ends, length = term[2], term[2] - term[1]
    if ends == float("inf"):
        return None
    while term[4]["auto_renews"] is True and ends < as_of:
        ends += length
    return (ends - as_of) / MICROS_PER_DAY


@pytest.mark.parametrize("seed", range(8))
def test_terms_are_what_a_loop_finds(make_book, seed):
    tables = company(accounts=25, seed=seed)
    dates = [us(day(number)) for number in (150, 400, 731, 1090)]
    frame = snapshot(make_book(**tables), dates, with_parts(NAMES))
    assert len(frame) > 50
    for row in frame.to_dict("records"):
        mine = [r for r in tables["contracts"] if r["account_id"] == row["account_id"]]
        starts = [r["starts_at"] for r in mine]
        if len(set(starts)) < len(starts) and _tied(mine):
            continue
        expected = dict.fromkeys(NAMES) | told(mine, row["as_of_us"])
        found = {name: None if row[name] != row[name] else row[name] for name in NAMES}
        assert found == pytest.approx(expected), (row["account_id"], row["as_of_us"])


def _tied(rows):
    """Whether terms without an id begin at one moment: which is the last is told by more than their beginning."""
    starts = [row["starts_at"] for row in rows if row["contract_id"] is None]
    return len(set(starts)) < len(starts)
