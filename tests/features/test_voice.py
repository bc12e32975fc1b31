"""Voice, worked out by hand: what is said to us, and what is likely said to others."""

import pytest
from histories import ago, known, measured_row, score


def event(days, kind, matter=None, sentiment=None):
    return {
        "account_id": "a",
        "occurred_at": ago(days),
        "kind": kind,
        "matter_id": matter,
        "sentiment": sentiment,
    }


@pytest.fixture
def measured(make_book):
    def measure(*interactions, surveys=()):
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": "2020-01-01"}],
            interactions=[event(900, "visit"), *interactions],
            surveys=[*surveys, score(-1, "product", 1.0)],
        )
        return known(measured_row(book, "voice"))

    return measure


def test_what_is_said_is_counted_within_its_window(measured):
    found = measured(
        *(event(10, "complaint"), event(90, "complaint"), event(365, "complaint")),
        *(event(1, "compliment"), event(2, "referral"), event(400, "referral")),
        *(event(29, "question"), event(31, "request"), event(89, "question")),
    )
    assert (
        found["complaints_90d"],
        found["complaints_365d"],
        found["days_since_complaint"],
    ) == (1.0, 2.0, 10.0)
    assert (found["compliments_365d"], found["referrals_365d"]) == (1.0, 1.0)
    assert (found["asked_30d"], found["asked_90d"]) == (1.0, 3.0)


def test_the_tone_is_a_mean_and_its_change_is_against_the_year(measured):
    found = measured(
        event(10, "question", sentiment=-0.5),
        event(50, "reply", sentiment=-0.1),
        event(200, "reply", sentiment=0.9),
    )
    assert found["tone_60d"] == pytest.approx(-0.3)
    assert found["tone_365d"] == pytest.approx(0.1)
    assert found["tone_change"] == -0.4


def test_a_tone_that_fell_by_just_the_limit_is_no_sign(measured):
    # .6 less the mean of .6 and 1; in doubles .6 - .8 is a little below -.2.
    found = measured(
        event(10, "question", sentiment=0.6), event(200, "reply", sentiment=1.0)
    )
    assert (found["tone_change"], found["pinch_signs"]) == (-0.2, 0.0)


def test_small_signs_are_a_pinch_until_there_is_a_complaint(measured):
    dip = (event(10, "question", sentiment=-0.5), event(200, "reply", sentiment=0.9))
    long = tuple(event(20 + day, "question", "m") for day in range(5))
    slip = [score(100, "people", 8.0), score(10, "people", 7.0)]
    assert measured(*dip, *long, surveys=slip)["pinch_signs"] == 3.0
    assert (
        measured(*dip, *long, event(80, "complaint"), surveys=slip)["pinch_signs"]
        == 0.0
    )
    assert measured(*long[:4])["pinch_signs"] == 0.0


@pytest.mark.parametrize(
    ("recommend", "group", "told"),
    [(10.0, 1.0, (2.0, 5.0)), (9.0, 1.0, (2.0, 5.0)), (7.0, 0.0, (0.0, 0.0)), (6.0, -1.0, (0.0, 0.0)),
     (2.0, -1.0, (-5.0, -20.0)), (0.0, -1.0, (-5.0, -20.0))],
)  # fmt: skip
def test_the_delighted_tell_a_few_and_the_very_dissatisfied_many(
    measured, recommend, group, told
):
    found = measured(surveys=[score(10, "recommend", recommend)])
    assert found["recommend_class"] == group
    assert (found["word_of_mouth_low"], found["word_of_mouth_high"]) == told


@pytest.mark.parametrize(
    ("answer", "low", "high", "group"),
    [(9.0, 0.0, 10.0, 1.0), (9.0, 1.0, 10.0, 1.0), (8.0, 1.0, 10.0, 0.0), (7.0, 1.0, 10.0, 0.0),
     (6.0, 1.0, 10.0, -1.0), (5.0, 1.0, 5.0, 1.0), (4.0, 1.0, 5.0, 0.0), (3.0, 1.0, 5.0, -1.0), (90.0, 1.0, 100.0, 1.0),
     (89.0, 1.0, 100.0, 0.0), (69.0, 0.0, 100.0, -1.0), (0.9, 0.0, 1.0, 1.0), (8.5, 0.0, 10.0, 0.0),
     (6.5, 0.0, 10.0, -1.0), (4.0, -5.0, 5.0, 1.0), (3.0, -5.0, 5.0, 0.0)],
)  # fmt: skip
def test_the_class_is_that_of_the_answer_on_its_own_scale(
    measured, answer, low, high, group
):
    found = measured(
        surveys=[score(10, "recommend", answer, scale_min=low, scale_max=high)]
    )
    assert found["recommend_class"] == group
    assert found["word_of_mouth_low"] == (2.0 if group == 1.0 else 0.0)


def test_where_low_is_good_the_class_is_that_of_the_answer_turned_round(measured):
    scale = {"scale_min": 1.0, "scale_max": 10.0, "higher_is_better": False}
    assert (
        measured(surveys=[score(10, "recommend", 2.0, **scale)])["recommend_class"]
        == 1.0
    )
    assert (
        measured(surveys=[score(10, "recommend", 3.0, **scale)])["recommend_class"]
        == 0.0
    )


@pytest.mark.parametrize(
    ("answers", "group"),
    [((6.0, 7.0), -1.0), ((8.0, 9.0), 0.0), ((8.0, 9.0, 10.0), 1.0)],
)
def test_several_contacts_at_one_time_have_the_class_of_their_mean(
    measured, answers, group
):
    found = measured(
        surveys=[
            score(10, "recommend", answer, source=str(answer)) for answer in answers
        ]
    )
    assert found["recommend_class"] == group


def test_where_nobody_asked_both_axes_tell(measured):
    def told(product, people):
        found = measured(
            surveys=[score(10, "product", product), score(10, "people", people)]
        )
        return found["word_of_mouth_low"], found["word_of_mouth_high"]

    assert told(8.0, 8.0) == (2.0, 5.0)
    assert told(2.9, 2.9) == (-5.0, -20.0)
    assert told(9.0, 2.0) == (0.0, 0.0)
    assert measured()["word_of_mouth_low"] is None


def test_the_checklist_is_the_share_of_the_lines_that_are_known(measured):
    assert measured()["checklist"] is None
    assert measured(surveys=[score(10, "product", 6.0)])["checklist"] == 1.0
    assert (
        measured(surveys=[score(10, "product", 6.0), score(10, "people", 4.0)])[
            "checklist"
        ]
        == 0.5
    )
    kept = (event(30, "promise_made", "p"), event(20, "promise_kept", "p"))
    assert measured(*kept, surveys=[score(10, "product", 4.0)])["checklist"] == 0.5
    assert (
        measured(event(5, "question", sentiment=0.5), event(5, "question", "q"))[
            "checklist"
        ]
        == 0.5
    )


def test_all_four_lines_of_the_checklist(measured):
    lived = (
        *(event(30, "promise_made", "p"), event(20, "promise_kept", "p")),
        *(event(30, "question", "q"), event(29, "resolution", "q")),
    )
    great = [score(10, "product", 5.1), score(10, "people", 5.1)]
    assert measured(*lived, surveys=great)["checklist"] == 1.0
    reopened = measured(
        *lived, event(28, "reopen", "q"), surveys=[score(10, "product", 5.0)]
    )
    assert reopened["checklist"] == pytest.approx(
        1 / 3
    )  # of product, promises and resolution
