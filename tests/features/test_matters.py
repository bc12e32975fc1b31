"""The life of a matter and of a promise, in every order that rows come in: by hand, and against a loop over them."""

import pytest
from conftest import write_book
from histories import AS_OF, ago, known, unknown
from hypothesis import given, settings
from hypothesis import strategies as st

from features.book.book import open_book
from features.engine import instant
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES

OF_MATTERS = (
    *(
        "matters_365d",
        "matters_open",
        "longest_open_wait",
        "hours_to_answer_365d",
        "days_to_resolution_365d",
    ),
    *("first_contact_resolution_365d", "reopens_365d"),
    *(
        "failures_fixed_fast_365d",
        "failures_fixed_late_365d",
        "failures_not_fixed_365d",
        "longest_open_failure",
    ),
)
OF_PROMISES = (
    "promises_365d",
    "promises_kept_365d",
    "promises_broken_365d",
    "promises_overdue",
    "longest_overdue",
)
WATCHED = {name: FEATURES[name] for name in (*OF_MATTERS, *OF_PROMISES)}
DAY = 24 * 60.0
"""A day in minutes."""


def event(days, kind, **rest):
    """A row on the one matter, some days before the as-of date."""
    return {
        "account_id": "a",
        "occurred_at": ago(days),
        "kind": kind,
        "matter_id": "m",
        **rest,
    }


def promise(days, due_in):
    """A promise some days before the as-of date, due some days after it was made."""
    return event(days, "promise_made", minutes=due_in * DAY)


@pytest.fixture
def life(make_book):
    """The features of an account whose one matter has the given rows, the same whatever their order in the file."""

    def measure(*rows):
        visit = {"account_id": "a", "occurred_at": ago(400), "kind": "visit"}
        backwards = [{**row, "account_id": "b"} for row in (*rows[::-1], visit)]
        book = make_book(
            accounts=[{"account_id": name, "opened_at": "2020-01-01"} for name in "ab"],
            interactions=[visit, *rows, *backwards],
        )
        a, b = snapshot(book, [instant(AS_OF)], WATCHED).to_dict("records")
        assert known({**b, "account_id": "a"}) == known(a)
        return a

    return measure


def state(row):
    """Matters, how many of them are open, times reopened, days to settle (None where not known)."""
    days = row["days_to_resolution_365d"]
    return (
        row["matters_365d"],
        row["matters_open"],
        row["reopens_365d"],
        None if days != days else days,
    )


# One matter: matters, open, reopened, days to settle.
LIVES = {
    "asked": ([event(9, "question")], (1, 1, 0, None)),
    "answered is not settled": (
        [event(9, "question"), event(8, "answer")],
        (1, 1, 0, None),
    ),
    "settled": ([event(9, "question"), event(7, "resolution")], (1, 0, 0, 2)),
    "settled as it was asked": (
        [event(9, "question"), event(9, "resolution")],
        (1, 0, 0, 0),
    ),
    "closing what is settled changes nothing": (
        [event(9, "question"), event(7, "resolution"), event(2, "resolution")],
        (1, 0, 0, 2),
    ),
    "asked twice is one matter": (
        [event(9, "question"), event(8, "request"), event(7, "resolution")],
        (1, 0, 0, 2),
    ),
    "settled before it was asked is not settled": (
        [event(10, "resolution"), event(9, "question")],
        (1, 1, 0, None),
    ),
    "never asked is no matter": (
        [event(9, "answer"), event(8, "resolution")],
        (0, 0, 0, None),
    ),
    "reopened": (
        [event(9, "question"), event(7, "resolution"), event(5, "reopen")],
        (1, 1, 1, None),
    ),
    "a question on what is settled reopens it": (
        [event(9, "question"), event(7, "resolution"), event(5, "question")],
        (1, 1, 1, None),
    ),
    "reopened and settled again": (
        [
            event(9, "request"),
            event(7, "resolution"),
            event(5, "reopen"),
            event(4, "resolution"),
        ],
        (1, 0, 1, 5),
    ),
    "reopened and settled again in one moment": (
        [
            event(9, "request"),
            event(7, "resolution"),
            event(5, "reopen"),
            event(5, "resolution"),
        ],
        (1, 0, 1, 4),
    ),
    "settled and reopened in one moment": (
        [event(9, "request"), event(5, "resolution"), event(5, "reopen")],
        (1, 1, 1, None),
    ),
    "asked, settled and reopened in one moment": (
        [event(9, "request"), event(9, "resolution"), event(9, "reopen")],
        (1, 1, 1, None),
    ),
    "asked, settled, reopened and settled in one moment": (
        [
            event(9, "request"),
            event(9, "resolution"),
            event(9, "reopen"),
            event(9, "resolution", rep_id="r"),
        ],
        (1, 0, 1, 0),
    ),
    "reopened without a settlement on record": (
        [event(9, "question"), event(5, "reopen")],
        (1, 1, 1, None),
    ),
    "reopened without an opening on record": (
        [event(5, "reopen"), event(4, "resolution")],
        (1, 0, 1, 1),
    ),
    "an answer does not reopen what is settled": (
        [
            event(9, "question"),
            event(7, "resolution"),
            event(6, "answer"),
            event(5, "apology"),
        ],
        (1, 0, 0, 2),
    ),
    "a second failure on what is settled is another matter": (
        [event(31, "failure"), event(30, "resolution"), event(22, "failure")],
        (2, 1, 0, 1),
    ),
    "both failures settled": (
        [
            event(31, "failure"),
            event(30, "resolution"),
            event(22, "failure"),
            event(17, "resolution"),
        ],
        (2, 0, 0, 3),  # the mean of 1 and 5
    ),
    "a failure fixed as it came back": (
        [
            event(31, "failure"),
            event(30, "resolution"),
            event(22, "failure"),
            event(22, "resolution"),
        ],
        (2, 0, 0, 0.5),
    ),
}


@pytest.mark.parametrize("name", LIVES)
def test_what_becomes_of_a_matter(life, name):
    rows, expected = LIVES[name]
    assert state(life(*rows)) == expected


# Hours to the first answer, and whether one contact was enough (None where not known), of a question 9 days ago.
ANSWERS = {
    "an answer and its settlement are one": (
        [event(8, "answer"), event(5, "resolution")],
        (24, 1),
    ),
    "in one moment too": ([event(8, "answer"), event(8, "resolution")], (24, 1)),
    "an apology with the answer is one": (
        [event(8, "apology"), event(8, "answer"), event(5, "resolution")],
        (24, 1),
    ),
    "the settlement alone is one": ([event(8, "resolution")], (24, 1)),
    "closed twice is one": ([event(8, "resolution"), event(7, "resolution")], (24, 1)),
    "what is said afterwards is not needed": (
        [event(8, "resolution"), event(7, "answer")],
        (24, 1),
    ),
    "two answers are two": (
        [event(8, "answer"), event(7, "answer"), event(5, "resolution")],
        (24, 0),
    ),
    "asked again after the answer": (
        [event(8, "answer"), event(7, "question"), event(5, "resolution")],
        (24, 0),
    ),
    "reopened": (
        [event(8, "resolution"), event(7, "reopen"), event(5, "resolution")],
        (24, 0),
    ),
    "a transfer is no answer": (
        [event(8.5, "transfer"), event(7, "answer"), event(5, "resolution")],
        (48, 1),
    ),
    "a note is no answer": (
        [event(8.5, "note"), event(7, "answer"), event(5, "resolution")],
        (48, 1),
    ),
    "nor is waiting": (
        [event(8.5, "hold", minutes=3.0), event(7, "resolution")],
        (48, 1),
    ),
    "nor what we do not know": (
        [event(8.5, "internal_comment"), event(7, "resolution")],
        (48, 1),
    ),
    "an answer before the question is none": (
        [event(10, "answer"), event(8, "resolution")],
        (24, 1),
    ),
    "not settled": ([event(8, "answer")], (24, None)),
    "declined with another offer": (
        [event(8, "request_declined"), event(7, "option_offered")],
        (24, None),
    ),
    "nothing but transfers": ([event(8, "transfer")], (None, None)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_first_answer_and_whether_it_was_enough(life, name):
    rows, expected = ANSWERS[name]
    found = life(event(9, "question"), *rows)
    told = (found["hours_to_answer_365d"], found["first_contact_resolution_365d"])
    assert tuple(None if value != value else value for value in told) == expected


# Failures fixed fast, fixed late, not fixed; the days that the oldest not fixed is open (None where there is none).
FAILURES = {
    "fixed, and failed again": (
        [event(31, "failure"), event(30, "resolution"), event(22, "failure")],
        (1, 0, 1, 22),
    ),
    "failed again before it was fixed": (
        [event(31, "failure"), event(29, "failure"), event(27, "resolution")],
        (0, 1, 0, None),
    ),
    "asked about, then failed": (
        [event(31, "question"), event(29, "failure"), event(27, "resolution")],
        (1, 0, 0, None),
    ),
    "settled, then failed": (
        [event(31, "question"), event(30, "resolution"), event(22, "failure")],
        (0, 0, 1, 22),
    ),
    "fixed, and asked about again": (
        [event(31, "failure"), event(30, "resolution"), event(22, "complaint")],
        (0, 0, 1, 31),
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_has_one_outcome(life, name):
    rows, (fast, late, unfixed, open_days) = FAILURES[name]
    found = life(*rows)
    outcomes = (
        "failures_fixed_fast_365d",
        "failures_fixed_late_365d",
        "failures_not_fixed_365d",
    )
    assert [found[outcome] for outcome in outcomes] == [fast, late, unfixed]
    assert (
        unknown(found, "longest_open_failure")
        if open_days is None
        else found["longest_open_failure"] == open_days
    )


# Promises, the share kept (None where not known), broken, overdue, the days of the longest overdue.
PROMISES = {
    "broken, then kept": (
        [promise(30, 5), event(24, "promise_broken"), event(20, "promise_kept")],
        (1, 0, 1, 0, None),
    ),
    "kept, then noted as broken": (
        [promise(30, 5), event(26, "promise_kept"), event(20, "promise_broken")],
        (1, 0, 1, 0, None),
    ),
    "both in one moment": (
        [promise(30, 5), event(26, "promise_kept"), event(26, "promise_broken")],
        (1, 0, 1, 0, None),
    ),
    "kept as it was made": (
        [promise(30, 5), event(30, "promise_kept")],
        (1, 1, 0, 0, None),
    ),
    "kept twice": (
        [promise(30, 5), event(27, "promise_kept"), event(26, "promise_kept")],
        (1, 1, 0, 0, None),
    ),
    "kept late, and never noted as broken": (
        [promise(30, 5), event(20, "promise_kept")],
        (1, 1, 0, 0, None),
    ),
    "kept before it was made": (
        [event(31, "promise_kept"), promise(30, 5)],
        (1, None, 0, 1, 25),
    ),
    "made twice, for another date": (
        [promise(30, 5), promise(28, 20)],
        (1, None, 0, 1, 8),
    ),
    "made twice, for an earlier date": (
        [promise(30, 20), promise(28, 5)],
        (1, None, 0, 1, 10),
    ),
    "made again after it was kept": (
        [promise(30, 5), event(26, "promise_kept"), promise(10, 5)],
        (2, 1, 0, 1, 5),
    ),
    "made again after it was broken": (
        [
            promise(30, 5),
            event(24, "promise_broken"),
            promise(10, 5),
            event(6, "promise_kept"),
        ],
        (2, 0.5, 1, 0, None),
    ),
}


@pytest.mark.parametrize("name", PROMISES)
def test_a_promise_is_pending_kept_or_broken_and_never_two_of_them(life, name):
    rows, expected = PROMISES[name]
    found = life(*rows)
    assert (
        tuple(
            None if found[name] != found[name] else found[name] for name in OF_PROMISES
        )
        == expected
    )


def test_a_matter_and_a_promise_of_one_id_live_side_by_side(life):
    found = life(
        event(9, "complaint"),
        promise(9, 3),
        event(7, "promise_kept"),
        event(6, "resolution"),
    )
    assert (state(found), found["promises_kept_365d"]) == ((1, 0, 0, 3), 1)


# The same in words, row after row


OPENS, ANSWERING = (
    ("question", "request", "complaint"),
    ("answer", "request_declined", "option_offered", "apology"),
)


def matters_of(rows):
    """The matters of one id: a loop over its moments, which are days before the as-of date."""
    matters = []
    for day in sorted({day for day, _ in rows}, reverse=True):
        kinds = [kind for when, kind in rows if when == day]
        asks, fails = any(kind in OPENS for kind in kinds), "failure" in kinds
        balance = kinds.count("resolution") - kinds.count("reopen")
        if not matters and not (asks or fails or "reopen" in kinds):
            continue
        was_settled = bool(matters) and matters[-1]["settled"] is not None
        if not matters or (fails and was_settled):
            blank = {"opened": day, "settled": None, "answered": None, "failed": None}
            matters.append({**blank, "reopens": 0, "answers": 0, "again": False})
            was_settled, new = False, True
        else:
            new = False
        matter = matters[-1]
        answers, settles = (
            any(kind in ANSWERING for kind in kinds),
            "resolution" in kinds,
        )
        if fails and matter["failed"] is None:
            matter["failed"] = day
        if "reopen" in kinds or (was_settled and asks):
            matter["reopens"] += 1
        if not new and (asks or fails) and matter["answered"] is not None:
            matter["again"] = True
        if (answers or settles) and matter["answered"] is None:
            matter["answered"] = day
        waited = not was_settled or asks or "reopen" in kinds
        matter["answers"] += answers and waited
        if balance > 0:
            matter["settled"] = day if waited else matter["settled"]
        elif balance < 0 or asks or fails:
            matter["settled"] = None
        elif was_settled and waited:
            matter["settled"] = day
    return matters


def promises_of(rows):
    """The promises of one id: a loop over its moments, in days before the as-of date; each is due after five days."""
    promises = []
    for day in sorted({day for day, _ in rows}, reverse=True):
        kinds = [kind for when, kind in rows if when == day]
        if "promise_made" in kinds:
            if promises and not promises[-1]["outcomes"]:
                promises[-1]["due"] = day - 5
            else:
                promises.append({"due": day - 5, "outcomes": set()})
        if promises:
            promises[-1]["outcomes"] |= {
                kind for kind in kinds if kind in ("promise_kept", "promise_broken")
            }
    return promises


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


def expected_of(rows):
    """The features, from the loops above."""
    matters, promises = matters_of(rows), promises_of(rows)
    settled = [m for m in matters if m["settled"] is not None]
    waiting = [m for m in matters if m["settled"] is None]
    fixed = [m["failed"] - m["settled"] for m in settled if m["failed"] is not None]
    unfixed = [m["failed"] for m in waiting if m["failed"] is not None]
    broken = [p for p in promises if "promise_broken" in p["outcomes"]]
    done = [p for p in promises if p["outcomes"]]
    overdue = [p["due"] for p in promises if not p["outcomes"] and p["due"] > 0]
    return {
        "matters_365d": len(matters),
        "matters_open": len(waiting),
        "longest_open_wait": max((m["opened"] for m in waiting), default=None),
        "hours_to_answer_365d": mean(
            24 * (m["opened"] - m["answered"])
            for m in matters
            if m["answered"] is not None
        ),
        "days_to_resolution_365d": mean(m["opened"] - m["settled"] for m in settled),
        "first_contact_resolution_365d": mean(
            not m["reopens"] and m["answers"] <= 1 and not m["again"] for m in settled
        ),
        "reopens_365d": sum(m["reopens"] for m in matters),
        "failures_fixed_fast_365d": sum(days <= 3 for days in fixed),
        "failures_fixed_late_365d": sum(days > 3 for days in fixed),
        "failures_not_fixed_365d": sum(days > 3 for days in unfixed),
        "longest_open_failure": max(unfixed, default=None),
        "promises_365d": len(promises),
        "promises_kept_365d": mean(p not in broken for p in done),
        "promises_broken_365d": len(broken),
        "promises_overdue": len(overdue),
        "longest_overdue": max(overdue, default=None),
    }


KINDS = (
    *(
        "question",
        "failure",
        "failure",
        "reopen",
        "answer",
        "apology",
        "resolution",
        "resolution",
        "transfer",
    ),
    *("promise_made", "promise_made", "promise_kept", "promise_broken"),
)
STEP = st.tuples(st.integers(0, 9), st.sampled_from(KINDS))


@settings(max_examples=15, deadline=None)
@given(lives=st.lists(st.lists(STEP, min_size=1, max_size=9), min_size=20, max_size=60))
def test_matters_and_promises_are_what_a_loop_over_their_rows_says(
    tmp_path_factory, lives
):
    names = [f"a{number:02d}" for number in range(len(lives))]
    rows = [
        {
            "account_id": name,
            "occurred_at": ago(days),
            "kind": kind,
            "matter_id": "m",
            "minutes": 5 * DAY,
            "value": row,
        }
        for name, steps in zip(names, lives, strict=True)
        for row, (days, kind) in enumerate(steps)
    ]
    accounts = [{"account_id": name, "opened_at": "2020-01-01"} for name in names]
    visits = [
        {"account_id": name, "occurred_at": ago(400), "kind": "visit"} for name in names
    ]
    folder = write_book(
        tmp_path_factory.mktemp("lives"),
        accounts=accounts,
        interactions=[*visits, *rows],
    )
    found = snapshot(open_book(folder), [instant(AS_OF)], WATCHED).set_index(
        "account_id"
    )
    for name, steps in zip(names, lives, strict=True):
        told = {
            feature: None if value != value else value
            for feature, value in found.loc[name, list(WATCHED)].items()
        }
        assert told == pytest.approx(expected_of(steps)), steps
