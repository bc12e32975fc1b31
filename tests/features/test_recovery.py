"""Recovery, worked out by hand: failures fixed fast, late and not at all, and the scores on either side of them."""

import pytest
from histories import AS_OF, SECOND, ago, measured_row, unknown

from features.engine import instant
from features.themes.dictionary import FEATURES

THEME = {
    name: feature for name, feature in FEATURES.items() if feature.theme == "recovery"
}
COUNTS = (
    *("failures_90d", "failures_365d"),
    *(
        "failures_fixed_fast_365d",
        "failures_fixed_late_365d",
        "failures_not_fixed_365d",
    ),
)
OUTCOMES = COUNTS[2:]
SCORES = ("score_before_failure_365d", "score_after_failure_365d", "forgiveness")


def event(days, kind, matter="f1", **rest):
    """An interaction of account a, some days before the as-of date."""
    return {
        "account_id": "a",
        "occurred_at": ago(days),
        "kind": kind,
        "matter_id": matter,
        **rest,
    }


def failure(days, fixed=None, matter="f1"):
    """A failure some days before the as-of date, and where it is fixed, its resolution."""
    resolution = [] if fixed is None else [event(fixed, "resolution", matter)]
    return [event(days, "failure", matter), *resolution]


def score(days, points, item="product", name="a", **rest):
    """A score of 0 to 10, some days before the as-of date."""
    return {
        "account_id": name,
        "occurred_at": ago(days),
        "item": item,
        "score": points,
        **rest,
    }


@pytest.fixture
def measured(make_book):
    def measure(*interactions, surveys=()):
        book = make_book(
            accounts=[{"account_id": name, "opened_at": "2020-01-01"} for name in "ab"],
            interactions=[event(900, "visit", None), *interactions],
            **({"surveys": list(surveys)} if surveys else {}),
        )
        return measured_row(book, "recovery")

    return measure


def test_every_feature_of_the_theme_is_worked_out_once(measured):
    found = measured(
        *failure(200, fixed=199, matter="fast"),
        *failure(150, fixed=140, matter="late"),
        *failure(100, matter="unfixed"),
        *failure(30, fixed=28, matter="last"),
        surveys=[
            score(120, 4.0),
            score(60, 6.0, "attitude"),
            score(20, 8.0),
            score(10, 9.0, "people"),
        ],
    )
    # Two scores before the last failure, 30 days ago, with a mean of 5; two after it, with a mean of 8.5.
    assert found == {
        **{"account_id": "a", "as_of_us": instant(AS_OF)},
        **{"failures_90d": 1.0, "failures_365d": 4.0, "days_since_failure": 30.0},
        **{
            "failures_fixed_fast_365d": 2.0,
            "failures_fixed_late_365d": 1.0,
            "failures_not_fixed_365d": 1.0,
        },
        "longest_open_failure": 100.0,
        "freshest_open_failure": 100.0,
        **{
            "score_before_failure_365d": 5.0,
            "score_after_failure_365d": 8.5,
            "forgiveness": 3.5,
        },
    }


def test_without_a_failure_counts_are_zero_and_the_rest_is_not_known(measured):
    found = measured(
        event(40, "question", "m1"),
        event(2, "resolution", "m1"),
        surveys=[score(20, 3.0)],
    )
    assert [found[name] for name in COUNTS] == [0.0] * len(COUNTS)
    assert unknown(found, *THEME.keys() - set(COUNTS))


@pytest.mark.parametrize("window", [90, 365])
def test_a_window_leaves_out_its_beginning_and_takes_in_the_as_of_date(
    measured, window
):
    found = measured(
        *(
            event(days, "failure", None)
            for days in (0, window - SECOND, window, -SECOND)
        )
    )
    assert found[f"failures_{window}d"] == 2.0


@pytest.mark.parametrize(("days", "inside"), [(365, 0.0), (365 - SECOND, 1.0)])
def test_an_outcome_belongs_to_the_window_of_its_failure(measured, days, inside):
    found = measured(
        *failure(days, fixed=days - 1, matter="fast"),
        *failure(days, fixed=5, matter="late"),
        *failure(days, matter="unfixed"),
    )
    assert [found[name] for name in OUTCOMES] == [inside] * 3
    assert found["longest_open_failure"] == pytest.approx(
        days
    )  # a lower bound knows no window


@pytest.mark.parametrize(
    ("fixed", "outcome"),
    [(20, "fast"), (17, "fast"), (17 - SECOND, "late"), (0, "late"), (None, "not")],
)
def test_a_failure_fixed_within_three_days_is_fixed_fast(measured, fixed, outcome):
    found = measured(*failure(20, fixed))
    outcomes = dict(
        zip(("fast", "late", "not"), (found[name] for name in OUTCOMES), strict=True)
    )
    assert outcomes == {name: float(name == outcome) for name in outcomes}
    assert unknown(found, "longest_open_failure") == (outcome != "not")


@pytest.mark.parametrize(("days", "late"), [(2, 0.0), (3, 0.0), (3 + SECOND, 1.0)])
def test_a_failure_may_still_be_fixed_fast_until_three_days_have_passed(
    measured, days, late
):
    found = measured(*failure(days))
    assert (found["failures_365d"], found["failures_not_fixed_365d"]) == (1.0, late)
    assert found["longest_open_failure"] == pytest.approx(days)


def test_a_fix_known_late_leaves_the_failure_open_until_it_is_known(measured):
    found = measured(event(20, "failure"), event(19, "resolution", known_at=ago(-1)))
    assert [found[name] for name in OUTCOMES] == [0.0, 0.0, 1.0]
    assert found["longest_open_failure"] == 20.0
    assert (
        measured(event(20, "failure"), event(19, "resolution", known_at=ago(0)))[
            "failures_fixed_fast_365d"
        ]
        == 1.0
    )


def test_a_failure_known_late_has_not_been_seen_yet(measured):
    found = measured(
        *failure(50, 49),
        event(10, "failure", "f2", known_at=ago(-1)),
        surveys=[score(20, 7.0)],
    )
    assert (found["failures_365d"], found["days_since_failure"]) == (1.0, 50.0)
    assert found["score_after_failure_365d"] == 7.0  # after the failure that is known


def test_an_apology_or_an_answer_fixes_nothing(measured):
    found = measured(*failure(20), event(19, "apology"), event(18, "answer"))
    assert [found[name] for name in OUTCOMES] == [0.0, 0.0, 1.0]


def test_the_resolution_of_another_matter_fixes_nothing(measured):
    found = measured(
        *failure(20), event(19, "resolution", "m2"), event(18, "resolution", None)
    )
    assert [found[name] for name in OUTCOMES] == [0.0, 0.0, 1.0]


def test_a_resolution_before_the_failure_of_its_matter_does_not_fix_it(measured):
    found = measured(
        event(30, "question"), event(25, "resolution"), event(20, "failure")
    )
    assert [found[name] for name in OUTCOMES] == [0.0, 0.0, 1.0]
    assert found["longest_open_failure"] == 20.0


def test_a_failure_of_no_matter_is_counted_and_nothing_is_known_of_its_outcome(
    measured,
):
    found = measured(event(20, "failure", None), event(19, "resolution", None))
    assert (found["failures_365d"], found["days_since_failure"]) == (1.0, 20.0)
    assert [found[name] for name in OUTCOMES] == [0.0, 0.0, 0.0]
    assert unknown(found, "longest_open_failure")


def test_a_failure_settled_again_after_it_was_reopened_is_fixed_late(measured):
    found = measured(
        *failure(20, fixed=19), event(15, "reopen"), event(12, "resolution")
    )
    assert [found[name] for name in OUTCOMES] == [0.0, 1.0, 0.0]


def test_a_failure_that_was_reopened_is_not_fixed(measured):
    found = measured(*failure(20, fixed=19), event(15, "reopen"))
    assert [found[name] for name in OUTCOMES] == [0.0, 0.0, 1.0]
    assert found["longest_open_failure"] == 20.0


# Scores on either side of the last failure


@pytest.mark.parametrize(
    ("before", "after", "moved"), [(6.0, 8.5, 2.5), (8.0, 3.0, -5.0), (7.0, 7.0, 0.0)]
)
def test_forgiveness_has_both_signs(measured, before, after, moved):
    found = measured(*failure(30, 29), surveys=[score(60, before), score(10, after)])
    assert [found[name] for name in SCORES] == [before, after, moved]


def test_with_a_score_on_one_side_alone_nothing_is_known_of_forgiveness(measured):
    later = measured(*failure(30), surveys=[score(10, 8.0)])
    assert later["score_after_failure_365d"] == 8.0
    assert unknown(later, "score_before_failure_365d", "forgiveness")
    earlier = measured(*failure(30), surveys=[score(60, 4.0)])
    assert earlier["score_before_failure_365d"] == 4.0
    assert unknown(earlier, "score_after_failure_365d", "forgiveness")


def test_the_last_failure_parts_the_scores_and_its_own_moment_is_before_it(measured):
    found = measured(
        *failure(100, 99, "f1"),
        *failure(30, None, "f2"),
        surveys=[
            score(200, 2.0),
            score(60, 4.0),
            score(30, 9.0),
            score(30 - SECOND, 8.0),
        ],
    )
    assert [found[name] for name in SCORES] == [5.0, 8.0, 3.0]


def test_effort_and_recommending_are_on_no_axis_and_move_no_forgiveness(measured):
    found = measured(
        *failure(30),
        surveys=[
            *(
                score(60, 6.0),
                score(59, 1.0, "effort"),
                score(58, 0.0, "recommend"),
                score(57, 0.0, "weather"),
            ),
            *(
                score(10, 7.0, "skills"),
                score(9, 7.0, "effort"),
                score(8, 0.0, "recommend"),
            ),
        ],
    )
    assert [found[name] for name in SCORES] == [6.0, 7.0, 1.0]


def test_scores_that_are_too_old_or_not_known_yet_or_of_others_do_not_count(measured):
    found = measured(
        *failure(30),
        surveys=[
            *(score(365, 0.0), score(365 - SECOND, 6.0), score(10, 8.0)),
            *(score(9, 0.0, known_at=ago(-1)), score(9, 0.0, name="b"), score(-1, 0.0)),
        ],
    )
    assert [found[name] for name in SCORES] == [6.0, 8.0, 2.0]


def test_a_failure_of_no_matter_parts_the_scores_as_well(measured):
    found = measured(
        event(30, "failure", None), surveys=[score(60, 4.0), score(10, 7.0)]
    )
    assert [found[name] for name in SCORES] == [4.0, 7.0, 3.0]
