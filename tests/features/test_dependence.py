"""Dependence, worked out by hand: who of ours holds the account, who left, who was hired, and who came to compete."""

import pytest
from histories import SECOND, ago, measured_row, score, unknown

from features.themes.dictionary import FEATURES

NAMES = [name for name, feature in FEATURES.items() if feature.theme == "dependence"]
COUNTS = ("reps_365d", "handovers_180d", "competitors_entered_365d")


def event(days, kind="answer", rep=None, **rest):
    """An interaction of account a, some days before the as-of date."""
    return {
        "account_id": "a",
        "occurred_at": ago(days),
        "kind": kind,
        "rep_id": rep,
        **rest,
    }


def rep(name, hired=None, left=None, style=None):
    """A rep, hired and left some days before the as-of date."""
    when = {
        "hired_at": None if hired is None else ago(hired),
        "left_at": None if left is None else ago(left),
    }
    return {"rep_id": name, **when, "style": style}


def entry(days, market="north", kind="competitor_entered"):
    """An event of a market, some days before the as-of date."""
    return {"market": market, "occurred_at": ago(days), "kind": kind}


@pytest.fixture
def measured(make_book):
    def measure(*interactions, reps=(), markets=(), surveys=(), **facts):
        tables = {"reps": reps, "markets": markets, "surveys": surveys}
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": "2020-01-01", **facts}],
            interactions=[event(900, "visit"), *interactions],
            **{name: list(rows) for name, rows in tables.items() if rows},
        )
        return measured_row(book, "dependence")

    return measure


def test_every_feature_of_the_theme_is_worked_out_once(measured):
    found = measured(
        *(event(300, rep="ann"), event(200, rep="ann"), event(150, rep="ann")),
        *(event(100, "handover", rep="bob"), event(50, "visit")),
        reps=[
            rep("ann", hired=900, left=120, style="nurturer"),
            rep("bob", hired=400, style="pounder"),
        ],
        markets=[entry(80), entry(300)],
        surveys=[score(20, "product", 4.0), score(20, "people", 7.0)],
        market="north",
        style="pounder",
    )
    assert {name: found[name] for name in NAMES} == {
        **{"main_rep_share_365d": 0.75, "reps_365d": 2.0},
        **{"days_since_main_rep_left": 120.0, "days_since_rep_left": 120.0},
        **{"days_with_rep": 100.0, "rep_tenure": 400.0},
        **{
            "handovers_180d": 1.0,
            "days_since_handover": 100.0,
            "people_over_product": 3.0,
        },
        **{
            "competitors_entered_365d": 2.0,
            "days_since_competitor": 80.0,
            "style_match": 1.0,
        },
    }


def test_without_a_rep_counts_are_zero_and_the_rest_is_not_known(measured):
    found = measured(event(10), event(5, "visit"))
    assert [found[name] for name in COUNTS] == [0.0, 0.0, 0.0]
    assert unknown(found, *set(NAMES) - set(COUNTS))


def test_in_a_book_without_reps_contact_is_shared_out_all_the_same(measured):
    found = measured(event(30, rep="ann"), event(20, rep="ann"), event(10, rep="bob"))
    assert (found["main_rep_share_365d"], found["reps_365d"]) == (
        pytest.approx(2 / 3),
        2.0,
    )
    assert found["days_with_rep"] == 10.0
    assert unknown(
        found,
        "rep_tenure",
        "days_since_rep_left",
        "days_since_main_rep_left",
        "style_match",
    )


def test_contact_belongs_to_the_last_365_days(measured):
    found = measured(
        *(
            event(365, rep="old"),
            event(365 - SECOND, rep="ann"),
            event(0, rep="ann"),
            event(-SECOND, rep="later"),
        ),
        event(10, rep="ann", known_at=ago(-1)),
        event(5, rep="unseen", known_at=ago(-1)),
        reps=[rep("old", left=300)],
    )
    assert (found["reps_365d"], found["main_rep_share_365d"]) == (1.0, 1.0)
    assert found["days_with_rep"] == pytest.approx(365 - SECOND)
    assert unknown(found, "days_since_rep_left", "days_since_main_rep_left")


# Ties between reps


def test_of_reps_with_as_many_contacts_the_main_one_is_the_one_seen_last(measured):
    contacts = (
        event(40, rep="ann"),
        event(20, rep="ann"),
        event(30, rep="bob"),
        event(10, rep="bob"),
    )
    reps = [rep("ann", left=15), rep("bob", left=5)]
    found = measured(*contacts, reps=reps)
    assert (found["main_rep_share_365d"], found["days_since_main_rep_left"]) == (
        0.5,
        5.0,
    )


def test_of_reps_seen_at_one_moment_the_newest_is_the_one_with_more_contacts(measured):
    found = measured(
        *(event(10, rep="ann"), event(10, rep="bob"), event(90, rep="bob")),
        reps=[rep("ann", 100), rep("bob", 700)],
    )
    assert (found["rep_tenure"], found["days_with_rep"]) == (700.0, 90.0)


@pytest.mark.parametrize("turned", [False, True])
def test_a_tie_in_everything_goes_by_name_whatever_the_order_of_the_rows(
    measured, turned
):
    contacts = [event(10, rep="ann"), event(10, rep="bob")]
    reps = [
        rep("ann", 100, left=7, style="pounder"),
        rep("bob", 700, left=3, style="nurturer"),
    ]
    turn = slice(None, None, -1 if turned else None)
    found = measured(*contacts[turn], reps=reps[turn], style="nurturer")
    assert (
        found["rep_tenure"],
        found["days_since_main_rep_left"],
        found["style_match"],
    ) == (100.0, 7.0, 0.0)
    assert found["days_since_rep_left"] == 3.0


# Reps that left and reps that were hired


def test_the_main_rep_is_not_always_the_rep_of_the_last_contact(measured):
    found = measured(
        *(event(60, rep="ann"), event(50, rep="ann"), event(10, rep="bob")),
        reps=[rep("ann", 500, left=40), rep("bob", 90)],
    )
    assert (
        found["days_since_main_rep_left"],
        found["rep_tenure"],
        found["days_with_rep"],
    ) == (40.0, 90.0, 10.0)


def test_another_rep_may_have_left_while_the_main_one_is_still_here(measured):
    found = measured(
        *(
            event(60, rep="ann"),
            event(50, rep="ann"),
            event(40, rep="bob"),
            event(30, rep="cleo"),
        ),
        reps=[rep("ann", 500), rep("bob", 500, left=35), rep("cleo", 500, left=20)],
    )
    assert found["days_since_rep_left"] == 20.0
    assert unknown(found, "days_since_main_rep_left")


@pytest.mark.parametrize(("left", "known"), [(0, True), (-SECOND, False), (-30, False)])
def test_a_rep_that_leaves_after_the_as_of_date_is_still_here(measured, left, known):
    found = measured(event(10, rep="ann"), reps=[rep("ann", 500, left)])
    assert unknown(found, "days_since_main_rep_left", "days_since_rep_left") == (
        not known
    )
    assert found["rep_tenure"] == 500.0


@pytest.mark.parametrize(
    ("hired", "known"), [(0, True), (-SECOND, False), (-30, False)]
)
def test_a_rep_that_is_hired_after_the_as_of_date_is_not_known_yet(
    measured, hired, known
):
    found = measured(
        event(10, rep="ann"), reps=[rep("ann", hired, style="pounder")], style="pounder"
    )
    assert unknown(found, "rep_tenure", "style_match") == (not known)
    assert (found["reps_365d"], found["main_rep_share_365d"]) == (1.0, 1.0)


def test_a_rep_whose_hiring_is_not_on_record_has_no_tenure_but_may_leave(measured):
    found = measured(
        event(10, rep="ann"),
        reps=[rep("ann", left=4, style="pounder")],
        style="pounder",
    )
    assert (found["days_since_rep_left"], found["style_match"]) == (4.0, 1.0)
    assert unknown(found, "rep_tenure")


def test_a_rep_that_left_before_the_last_365_days_of_contact_is_of_no_account(measured):
    assert unknown(
        measured(event(400, rep="ann"), reps=[rep("ann", left=390)]),
        "days_since_rep_left",
    )


# Handovers


def test_handovers_are_counted_in_their_window_and_remembered_beyond_it(measured):
    moments = (0, 180 - SECOND, 180, -SECOND)
    assert (
        measured(*(event(days, "handover") for days in moments))["handovers_180d"]
        == 2.0
    )
    old = measured(
        event(500, "handover"),
        event(700, "handover"),
        event(10, "handover", known_at=ago(-1)),
    )
    assert (old["handovers_180d"], old["days_since_handover"]) == (0.0, 500.0)


# Who carries the account


@pytest.mark.parametrize(
    ("product", "people", "over"), [(4.0, 9.0, 5.0), (9.0, 4.0, -5.0), (6.0, 6.0, 0.0)]
)
def test_people_stand_above_the_product_or_below_it(measured, product, people, over):
    found = measured(
        surveys=[score(10, "product", product), score(10, "people", people)]
    )
    assert found["people_over_product"] == over


def test_levels_of_three_occasions_are_set_against_each_other(measured):
    people = [
        score(days, "people", points)
        for days, points in ((90, 0.0), (60, 6.0), (40, 7.0), (20, 8.0))
    ]
    late = score(5, "people", 0.0, known_at=ago(-1))
    assert (
        measured(surveys=[*people, late, score(30, "faster", 5.0)])[
            "people_over_product"
        ]
        == 2.0
    )


@pytest.mark.parametrize("item", ["product", "people"])
def test_with_one_axis_alone_nobody_is_known_to_carry_the_account(measured, item):
    assert unknown(measured(surveys=[score(10, item, 9.0)]), "people_over_product")


# Competitors


def test_entries_of_a_competitor_are_counted_in_their_window_and_remembered_beyond_it(
    measured,
):
    moments = (0, 365 - SECOND, 365, -SECOND)
    assert (
        measured(markets=[entry(days) for days in moments], market="north")[
            "competitors_entered_365d"
        ]
        == 2.0
    )
    old = measured(markets=[entry(500), entry(700), entry(-1)], market="north")
    assert (old["competitors_entered_365d"], old["days_since_competitor"]) == (
        0.0,
        500.0,
    )


@pytest.mark.parametrize("facts", [{"market": "south"}, {"market": None}, {}])
def test_an_entry_into_another_market_or_of_an_account_without_one_is_none(
    measured, facts
):
    found = measured(markets=[entry(10)], **facts)
    assert found["competitors_entered_365d"] == 0.0
    assert unknown(found, "days_since_competitor")


def test_another_event_of_the_market_is_no_entry(measured):
    found = measured(markets=[entry(10, kind="fair"), entry(70)], market="north")
    assert (found["competitors_entered_365d"], found["days_since_competitor"]) == (
        1.0,
        70.0,
    )


# Styles


@pytest.mark.parametrize(
    ("of_account", "of_rep", "match"),
    [
        ("pounder", "pounder", 1.0),
        ("pounder", "nurturer", 0.0),
        (None, "pounder", None),
        ("pounder", None, None),
    ],
)
def test_an_unknown_style_is_no_mismatch(measured, of_account, of_rep, match):
    found = measured(
        event(10, rep="ann"), reps=[rep("ann", 100, style=of_rep)], style=of_account
    )
    assert (
        unknown(found, "style_match")
        if match is None
        else found["style_match"] == match
    )


def test_the_style_that_counts_is_that_of_the_rep_of_the_last_contact(measured):
    found = measured(
        *(event(30, rep="ann"), event(20, rep="ann"), event(10, rep="bob")),
        reps=[rep("ann", style="nurturer"), rep("bob", style="follower")],
        style="follower",
    )
    assert found["style_match"] == 1.0


def test_with_no_rep_in_contact_or_a_rep_not_on_record_no_style_is_known(measured):
    reps = [rep("ann", style="pounder")]
    assert unknown(measured(reps=reps, style="pounder"), "style_match")
    assert unknown(
        measured(event(10, rep="zoe"), reps=reps, style="pounder"), "style_match"
    )


def test_an_empty_style_is_an_unknown_one(measured):
    found = measured(event(10, rep="ann"), reps=[rep("ann", style="pounder")], style="")
    assert unknown(found, "style_match")
