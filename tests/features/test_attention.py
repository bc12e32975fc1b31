"""Attention, worked out by hand: what we did unasked, whether it was answered, and what we know of the account."""

import pytest
from histories import SECOND, ago, measured_row, score, unknown

from features.themes.dictionary import FEATURES

NAMES = [name for name, feature in FEATURES.items() if feature.theme == "attention"]
WINDOWS = [
    *(("outreach", "outreaches", window) for window in (60, 180, 365)),
    *(("reply", "replies", window) for window in (180, 365)),
    *(("survey_sent", "surveys_sent", 365), ("surprise", "surprises", 365)),
    ("list_contact", "list_contacts", 180),
]


def event(days, kind, **rest):
    """An interaction of account a, some days before the as-of date."""
    return {"account_id": "a", "occurred_at": ago(days), "kind": kind, **rest}


@pytest.fixture
def measured(make_book):
    def measure(*interactions, surveys=(), **facts):
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": "2020-01-01", **facts}],
            interactions=[event(900, "visit"), *interactions],
            **({"surveys": list(surveys)} if surveys else {}),
        )
        return measured_row(book, "attention")

    return measure


def test_every_feature_of_the_theme_is_worked_out_once(measured):
    found = measured(
        *(
            event(10, "outreach"),
            event(100, "outreach"),
            event(170, "outreach"),
            event(300, "outreach"),
        ),
        *(
            event(9, "reply"),
            event(290, "reply"),
            event(120, "survey_sent"),
            event(40, "surprise"),
            event(20, "list_contact"),
            event(30, "list_contact"),
        ),
        surveys=[score(119, "product"), score(119, "people")],
        plan="gold",
        industry=None,
        city="Ghent",
        size=None,
    )
    assert unknown(found, "days_to_next_touch")
    planned_aside = [name for name in NAMES if name != "days_to_next_touch"]
    assert {name: found[name] for name in planned_aside} == {
        **{
            "outreaches_60d": 1.0,
            "outreaches_180d": 3.0,
            "outreaches_365d": 4.0,
            "days_since_outreach": 10.0,
        },
        **{"replies_180d": 1.0, "replies_365d": 2.0, "reply_rate": 0.5},
        **{
            "surveys_sent_365d": 1.0,
            "surveys_answered_365d": 1.0,
            "survey_answer_rate": 1.0,
        },
        **{"surprises_365d": 1.0, "days_since_surprise": 40.0},
        **{"list_contacts_180d": 2.0, "days_since_list_contact": 20.0},
        "profile_filled": 0.5,
    }


def test_where_nothing_was_done_counts_are_zero_and_the_rest_is_not_known(measured):
    found = measured()
    missing = {
        "days_since_outreach",
        "reply_rate",
        "survey_answer_rate",
        "days_since_surprise",
        "days_since_list_contact",
        "days_to_next_touch",
        "profile_filled",
    }
    assert unknown(found, *missing)
    assert all(found[name] == 0.0 for name in NAMES if name not in missing)


@pytest.mark.parametrize(("kind", "name", "window"), WINDOWS)
def test_a_window_leaves_out_its_beginning_and_takes_in_the_as_of_date(
    measured, kind, name, window
):
    found = measured(
        event(0, kind),
        event(window - SECOND, kind),
        event(window, kind),
        event(-SECOND, kind),
    )
    assert found[f"{name}_{window}d"] == 2.0


def test_what_is_known_late_was_not_done_yet(measured):
    late = ago(-1)
    found = measured(
        *(
            event(90, "outreach"),
            event(10, "outreach", known_at=late),
            event(9, "reply", known_at=late),
        ),
        *(
            event(80, "surprise"),
            event(5, "surprise", known_at=late),
            event(20, "survey_sent", known_at=ago(0)),
        ),
        surveys=[
            score(19, "product", known_at=late),
            score(18, "people", known_at=ago(0)),
        ],
    )
    assert (
        found["outreaches_365d"],
        found["days_since_outreach"],
        found["reply_rate"],
    ) == (1.0, 90.0, 0.0)
    assert (found["surprises_365d"], found["days_since_surprise"]) == (1.0, 80.0)
    assert found["survey_answer_rate"] == 1.0


def test_days_since_reach_back_beyond_every_window(measured):
    found = measured(
        event(700, "outreach"), event(500, "outreach"), event(600, "surprise")
    )
    assert (found["outreaches_365d"], found["days_since_outreach"]) == (0.0, 500.0)
    assert (found["surprises_365d"], found["days_since_surprise"]) == (0.0, 600.0)


def test_outreach_without_an_answer_is_a_rate_of_zero_and_no_outreach_is_no_rate(
    measured,
):
    assert measured(event(10, "outreach"))["reply_rate"] == 0.0
    assert unknown(measured(event(10, "reply"), event(400, "outreach")), "reply_rate")


def test_two_replies_to_one_outreach_are_a_ratio_of_two(measured):
    assert (
        measured(event(10, "outreach"), event(9, "reply"), event(8, "reply"))[
            "reply_rate"
        ]
        == 2.0
    )


def test_a_survey_without_an_answer_gives_a_rate_of_zero_and_scores_unasked_give_none(
    measured,
):
    assert measured(event(10, "survey_sent"))["survey_answer_rate"] == 0.0
    unasked = measured(surveys=[score(10, "product")])
    assert unasked["surveys_sent_365d"] == 0.0
    assert unknown(unasked, "survey_answer_rate")


def test_scores_of_every_item_answer_a_survey_and_older_ones_do_not_count(measured):
    found = measured(
        *(
            event(100, "survey_sent"),
            event(50, "survey_sent"),
            event(380, "survey_sent"),
        ),
        surveys=[
            score(99, "weather"),
            score(49, "effort"),
            score(49, "weather"),
            score(370, "product"),
        ],
    )
    assert (found["surveys_sent_365d"], found["survey_answer_rate"]) == (2.0, 1.0)


@pytest.mark.parametrize(
    ("plan", "employees", "filled"),
    [(None, None, 0.0), ("gold", None, 0.5), ("gold", 12.0, 1.0)],
)
def test_the_profile_is_filled_by_the_facts_that_are_there(
    measured, plan, employees, filled
):
    assert measured(plan=plan, employees=employees)["profile_filled"] == filled


def test_an_empty_text_fills_nothing_of_the_profile(measured):
    assert measured(plan="", industry="retail")["profile_filled"] == 0.5
