"""The report's numbers, worked out by hand on tiny books."""

from datetime import date

import pytest

from company.knobs import SEED_MIX as SIMULATED_MIX
from features.errors import BookError, EvidenceError
from features.past.declaration import Feature, Formula
from features.themes.dictionary import FEATURES, OURS
from features.timeline.expression import of
from features.timeline.functions import case
from pages.report.page import page
from pages.report.reasons import SEED_MIX
from pages.report.report import make_report

AS_OF = date(2026, 10, 1)
Q3 = "2026-Q3"
Q3_ENDS = ("2026-07-01", "2026-09-30")
Q3_MONTHS = ("2026-07-05", "2026-08-05", "2026-09-05")


def account(name, opened="2024-01-01", **facts):
    return {"account_id": name, "opened_at": opened, **facts}


def event(name, when, kind="use", **rest):
    return {"account_id": name, "occurred_at": when, "kind": kind, **rest}


def score(name, when, item, value, **rest):
    return {
        "account_id": name,
        "occurred_at": when,
        "item": item,
        "score": value,
        **rest,
    }


def departure(name, when, **rest):
    return {"account_id": name, "occurred_at": when, **rest}


def covering(name, *days):
    """What makes a quarter a covered one: something in its first and last days."""
    return [event(name, day) for day in days or Q3_ENDS]


def value_of(
    report, figure, quarter=Q3, segment="all", detail="", moved_to="", column="value"
):
    found = report.figures
    for name, wanted in {
        "figure": figure,
        "quarter": quarter,
        "segment": segment,
        "detail": detail,
        "moved_to": moved_to,
    }.items():
        found = found[found[name] == wanted]
    (value,) = found[column]
    return value


def unknown(report, *figures, **where):
    return all(
        value_of(report, figure, **where) != value_of(report, figure, **where)
        for figure in figures
    )


@pytest.fixture
def hundred(make_book):
    """A hundred accounts, of which three leave in the quarter; each spends 10, one of the leavers 410."""
    names = [f"a{place:02}" for place in range(100)]
    return make_book(
        accounts=[account(name) for name in names],
        interactions=[
            *covering("a99"),
            event("a99", "2025-07-01", "purchase", value=0.0),
            *(event(name, "2026-01-01", "purchase", value=10.0) for name in names),
            event("a00", "2026-02-01", "purchase", value=400.0),
            event(
                "a00", "2025-06-30", "purchase", value=10_000.0
            ),  # more than 365 days before the quarter
        ],
        departures=[
            departure(name, day)
            for name, day in (("a00", "2026-07-01"), ("a01", "2026-08-01"))
        ]
        + [departure("a02", "2026-09-30T23:59:59")],
    )


def test_three_lost_of_a_hundred_is_three_percent(hundred):
    report = make_report(hundred, AS_OF)
    assert [str(quarter) for quarter in report.quarters] == [Q3]
    assert value_of(report, "accounts_lost") == 3
    assert (value_of(report, "churn"), value_of(report, "churn", column="n")) == (
        0.03,
        100,
    )
    assert value_of(report, "retention") == 0.97


def test_churn_by_revenue_is_the_share_of_a_years_spending_that_the_lost_had_made(
    hundred,
):
    # Of the year before: 100 times 10 and 400 more; the lost made 3 times 10 and 400.
    report = make_report(hundred, AS_OF)
    assert value_of(report, "churn_by_revenue") == pytest.approx(430 / 1400)
    assert (
        report.headline()
        == "In Q3 2026 you lost 3 of 100 accounts (3.0%), who made 30.7% of revenue."
    )


def test_revenue_of_which_no_share_can_be_told_is_missing(make_book):
    # The lost made 100 less 600, of 1,000 and 200 and that: of 700 no share is -500.
    book = make_book(
        accounts=[account(name) for name in "abc"],
        interactions=[
            *covering("a"),
            *(
                event("a", day, "purchase", value=value)
                for day, value in (("2025-06-01", 1.0), ("2026-01-01", 1000.0))
            ),
            *(
                event("b", day, "purchase", value=value)
                for day, value in (("2026-01-01", 100.0), ("2026-02-01", -600.0))
            ),
            event("c", "2026-01-01", "purchase", value=200.0),
        ],
        departures=[departure("b", "2026-08-01")],
    )
    report = make_report(book, AS_OF)
    assert value_of(report, "churn") == pytest.approx(1 / 3)
    assert unknown(report, "churn_by_revenue")
    assert report.headline() == "In Q3 2026 you lost 1 of 3 accounts (33.3%)."


def test_what_was_taken_back_is_no_revenue_and_who_has_no_amounts_is_in_no_mean(
    make_book,
):
    book = make_book(
        accounts=[account(name) for name in "abcd"],
        interactions=[
            *covering("a"),
            event("a", "2025-06-01", "purchase", value=1.0),
            *(
                event("a", "2026-01-01", kind, value=value)
                for kind, value in (("purchase", 90.0), ("purchase", -30.0))
            ),
            event("b", "2026-01-02", "purchase", value=80.0),
            event("b", "2026-01-05", "cancellation", value=60.0),
            event("c", "2026-01-05", "purchase"),
            event("a", "2026-08-01", "purchase", value=50.0),
            event("b", "2026-08-01", "cancellation", value=20.0),
            event("c", "2026-08-01", "purchase"),
        ],
        departures=[departure("b", "2026-08-05")],
    )
    report = make_report(book, AS_OF)
    assert value_of(report, "churn_by_revenue") == pytest.approx(20 / 80)
    assert (value_of(report, "spend"), value_of(report, "spend", column="n")) == (
        10.0,
        3,
    )  # of a, b and d
    assert value_of(report, "purchases") == 0.5


def test_a_quarter_begins_at_its_first_instant_and_ends_before_the_next(make_book):
    book = make_book(
        accounts=[
            account("a"),
            account("b"),
            account("c"),
            account("d", "2026-07-01"),
            account("e", "2026-06-30"),
        ],
        interactions=[
            *covering("c"),
            event("c", "2026-07-01", "purchase"),
            event("c", "2026-10-01", "purchase"),
        ],
        departures=[
            departure("a", "2026-06-30T23:59:59"),
            departure("b", "2026-07-01"),
        ],
    )
    report = make_report(book, AS_OF)
    # a had left before and d came after: b, c and e began the quarter, and b was lost in it.
    assert value_of(report, "accounts") == 3
    assert value_of(report, "accounts_lost") == 1
    assert value_of(report, "accounts_won") == 1
    assert value_of(report, "purchases") == 1 / 4  # of b, c, d and e
    assert value_of(report, "purchases", column="n") == 4


def test_who_comes_back_within_the_quarter_is_not_lost_and_who_comes_back_later_is_won(
    make_book,
):
    book = make_book(
        accounts=[account("a"), account("b"), account("c")],
        interactions=[
            *covering("c"),
            event("a", "2026-08-20", "return"),
            event("b", "2026-08-20", "return"),
        ],
        departures=[
            departure("a", "2026-08-01", reason="moved"),
            departure("b", "2026-05-01"),
        ],
    )
    report = make_report(book, AS_OF)
    assert (value_of(report, "accounts"), value_of(report, "accounts_lost")) == (2, 0)
    assert value_of(report, "accounts_won") == 1
    assert (
        value_of(report, "reason", detail="moved") == 1
    )  # it did leave, if not for long


def test_nothing_known_after_the_as_of_date_is_seen(make_book):
    book = make_book(
        accounts=[account("a"), account("b"), account("c")],
        interactions=[
            *covering("c"),
            event("c", "2026-08-01", "purchase", value=5.0),
            event("c", "2026-08-02", "purchase", value=7.0, known_at="2026-10-02"),
        ],
        departures=[
            departure("a", "2026-08-01"),
            departure("b", "2026-09-01", known_at="2026-10-05"),
        ],
    )
    then, later = make_report(book, AS_OF), make_report(book, date(2026, 11, 1))
    assert (value_of(then, "accounts_lost"), value_of(later, "accounts_lost")) == (1, 2)
    assert value_of(then, "spend") == pytest.approx(5 / 3)
    assert value_of(later, "spend") == pytest.approx(12 / 3)


def test_a_quarter_that_is_not_over_or_not_on_record_is_left_out(make_book):
    book = make_book(
        accounts=[account("a")],
        interactions=covering(
            "a",
            "2025-12-31",
            "2026-01-14",
            "2026-03-20",
            "2026-07-10",
            "2026-09-30",
            "2026-11-20",
        ),
    )
    # Q2 has nothing, Q4 is not over; Q4 2025 has its last day alone.
    report = make_report(book)
    assert report.as_of == date(2026, 11, 21)
    assert [str(quarter) for quarter in report.quarters] == ["2026-Q1", Q3]
    assert (
        report.notes[0]
        == "Q4 2026 is left out: it is not over, or the book does not reach its end."
    )
    assert [
        str(quarter) for quarter in make_report(book, date(2026, 9, 30)).quarters
    ] == ["2026-Q1"]


def test_at_most_eight_quarters_are_reported(make_book):
    days = [
        f"{year}-{month:02}-{day}"
        for year in (2024, 2025, 2026)
        for month in range(1, 13)
        for day in ("01", 28)
    ]
    report = make_report(
        make_book(accounts=[account("a")], interactions=covering("a", *days)),
        date(2027, 1, 1),
    )
    assert (
        len(report.quarters),
        str(report.quarters[0]),
        str(report.quarters[-1]),
    ) == (8, "2025-Q1", "2026-Q4")


def test_a_book_that_covers_no_quarter_is_refused(make_book):
    book = make_book(
        accounts=[account("a")], interactions=covering("a", "2026-07-01", "2026-08-01")
    )
    with pytest.raises(EvidenceError, match="no full quarter on record"):
        make_report(book, AS_OF)


def test_without_departures_churn_is_missing_and_said_to_be(make_book):
    report = make_report(
        make_book(
            accounts=[account("a")], interactions=covering("a", "2026-06-01", *Q3_ENDS)
        ),
        AS_OF,
    )
    assert unknown(
        report,
        "churn",
        "churn_by_revenue",
        "retention",
        "accounts_lost",
        "silent_share",
    )
    assert value_of(report, "accounts") == 1
    assert any("no departures" in note for note in report.notes)
    assert (
        report.headline()
        == "Q3 2026 began with 1 accounts; how many of them left is not known."
    )


def test_what_the_book_does_not_record_is_missing_and_not_zero(make_book):
    book = make_book(
        accounts=[account("a"), account("b")],
        interactions=[
            *covering("a"),
            event("a", "2026-08-01", "purchase"),
            event("a", "2026-08-02", "outreach"),
        ],
        departures=[departure("b", "2026-11-01")],
    )
    report = make_report(book, AS_OF)
    assert value_of(report, "purchases") == 0.5
    assert unknown(
        report,
        "spend",
        "visits",
        "referral_rate",
        "survey_answer_rate",
        "outreach_answer_rate",
    )
    assert unknown(
        report,
        "hours_to_answer",
        "days_to_resolution",
        "still_open",
        "minutes_on_hold",
        "churn",
    )


def test_what_the_book_records_is_zero_in_a_quarter_without_it(make_book):
    book = make_book(
        accounts=[account("a"), account("b")],
        interactions=[
            *covering("a"),
            event("a", "2026-05-01", "visit"),
            event("a", "2026-05-01", "referral"),
        ],
        departures=[departure("b", "2026-05-01")],
    )
    report = make_report(book, AS_OF)
    assert [
        value_of(report, name) for name in ("visits", "referral_rate", "churn")
    ] == [0, 0, 0]


def test_revenue_of_less_than_a_year_on_record_is_not_known(make_book):
    book = make_book(
        accounts=[account("a"), account("b")],
        interactions=[*covering("a"), event("b", "2025-08-01", "purchase", value=10.0)],
        departures=[departure("b", "2026-08-01")],
    )
    report = make_report(book, AS_OF)
    assert value_of(report, "churn") == 0.5
    assert unknown(report, "churn_by_revenue")
    assert report.headline() == "In Q3 2026 you lost 1 of 2 accounts (50.0%)."


def test_referrals_visits_and_answers_are_counted_per_account_and_per_question(
    make_book,
):
    book = make_book(
        accounts=[account(name) for name in "abcd"],
        interactions=[
            *covering("a"),
            *(event(name, "2026-06-01") for name in "abcd"),
            *(event("a", f"2026-08-0{day}", "referral") for day in (1, 2)),
            *(event("b", f"2026-08-0{day}", "visit") for day in (1, 2, 3)),
            *(event(name, "2026-08-05", "survey_sent") for name in "abcd"),
            *(event("c", f"2026-08-0{day}", "outreach") for day in (1, 2, 3, 4)),
            event("c", "2026-08-09", "reply"),
        ],
        surveys=[
            score("a", "2026-08-06T10:00:00", "product", 8),
            score("a", "2026-08-06T10:00:40", "people", 8),
            score("a", "2026-08-06T10:01:30", "recommend", 8),
            score("b", "2026-08-07", "people", 8, source="mystery_shopping"),
        ],
    )
    report = make_report(book, AS_OF)
    assert value_of(report, "referral_rate") == 0.25
    assert value_of(report, "visits") == 0.75
    assert (
        value_of(report, "survey_answer_rate"),
        value_of(report, "survey_answer_rate", column="n"),
    ) == (0.25, 4)
    assert value_of(report, "outreach_answer_rate") == 0.25


def test_more_answers_than_questions_on_record_give_no_rate(make_book):
    book = make_book(
        accounts=[account("a")],
        interactions=[*covering("a"), event("a", "2026-08-05", "survey_sent")],
        surveys=[
            score("a", "2026-08-06", "product", 8),
            score("a", "2026-08-09", "product", 8),
        ],
    )
    assert unknown(make_report(book, AS_OF), "survey_answer_rate")


def test_matters_belong_to_the_quarter_in_which_they_were_opened_and_open_ones_have_no_duration(
    make_book,
):
    book = make_book(
        accounts=[account("a")],
        interactions=[
            *covering("a"),
            event("a", "2026-07-01T00:00", "question", matter_id="once"),
            event("a", "2026-07-01T12:00", "resolution", matter_id="once"),
            event("a", "2026-09-30T00:00", "complaint", matter_id="twice"),
            event("a", "2026-10-01T12:00", "answer", matter_id="twice"),
            event("a", "2026-10-02T06:00", "answer", matter_id="twice"),
            event("a", "2026-10-02T12:00", "resolution", matter_id="twice"),
            event("a", "2026-08-01", "question", matter_id="open"),
            event("a", "2026-10-01", "question", matter_id="later"),
            event("a", "2026-08-01", "hold", minutes=4.0),
            event("a", "2026-08-02", "hold", minutes=8.0),
            event("a", "2026-08-03", "hold"),
        ],
    )
    report = make_report(book, date(2026, 10, 3))
    assert value_of(report, "hours_to_answer") == pytest.approx((12 + 36) / 2)
    assert value_of(report, "days_to_resolution") == pytest.approx((0.5 + 2.5) / 2)
    assert value_of(report, "days_to_resolution", column="n") == 2
    assert value_of(report, "first_contact_resolution") == 0.5
    assert (
        value_of(report, "still_open"),
        value_of(report, "still_open", column="n"),
    ) == (pytest.approx(1 / 3), 3)
    assert (
        value_of(report, "minutes_on_hold"),
        value_of(report, "minutes_on_hold", column="n"),
    ) == (6, 2)
    earlier = make_report(book, AS_OF)  # before the second was answered
    assert value_of(earlier, "days_to_resolution") == 0.5
    assert value_of(earlier, "still_open") == pytest.approx(2 / 3)


def test_reasons_are_the_six_of_the_seed_others_and_unknown(make_book):
    reasons = ["moved", "indifference", "indifference", "Moved", None]
    overt = [True, False, False, None, None]
    book = make_book(
        accounts=[account(name) for name in "abcdef"],
        interactions=covering("f"),
        departures=[
            departure(name, "2026-08-01", reason=reason, overt=said)
            for name, reason, said in zip("abcde", reasons, overt, strict=True)
        ],
    )
    report = make_report(book, AS_OF)
    shares = {
        reason: value_of(report, "reason", detail=reason)
        for reason in (*SEED_MIX, "other")
    }
    assert shares == {
        "died": 0,
        "moved": 0.25,
        "friend": 0,
        "better_product": 0,
        "dissatisfaction": 0,
        "indifference": 0.5,
        "other": 0.25,
    }
    assert value_of(report, "reason_unknown") == 0.2
    assert value_of(report, "silent_share") == pytest.approx(2 / 3)
    assert (
        value_of(report, "overt_share"),
        value_of(report, "overt_share", column="n"),
    ) == (pytest.approx(1 / 3), 3)


def test_the_seeds_mix_is_the_one_that_the_sample_company_knows():
    assert dict(SEED_MIX) == dict(SIMULATED_MIX)


@pytest.fixture
def moving(make_book):
    """Two exceptional at the start, of which one turns poor; one poor that leaves; one never surveyed; one new."""
    return make_book(
        accounts=[
            account(name, market="hills" if name in "ab" else None) for name in "abcd"
        ]
        + [account("e", "2026-08-01")],
        interactions=covering("a"),
        surveys=[
            *(
                score(name, "2026-05-01", item, 9)
                for name in "ab"
                for item in ("product", "people")
            ),
            *(score("c", "2026-05-01", item, 1) for item in ("product", "people")),
            *(
                score("b", day, item, 0)
                for day in Q3_MONTHS
                for item in ("product", "people")
            ),
            *(
                score("a", "2026-08-01", item, 0, known_at="2026-10-05")
                for item in ("product", "people")
            ),
            *(score("e", "2026-08-05", item, 9) for item in ("product", "people")),
        ],
        departures=[departure("c", "2026-08-01")],
    )


def test_the_mix_is_of_the_customers_at_the_quarters_end_as_it_was_known_then(moving):
    report = make_report(moving, date(2026, 11, 1))
    shares = {
        name: value_of(report, "quadrant", detail=name)
        for name in (
            "poor",
            "people_carried",
            "product_carried",
            "exceptional",
            "unknown",
        )
    }
    assert shares == {
        "poor": 0.25,  # b; the bad scores of a came late
        "people_carried": 0,
        "product_carried": 0,
        "exceptional": 0.5,  # a and e
        "unknown": 0.25,  # d
    }


def test_the_matrix_says_where_those_of_each_quadrant_went(moving):
    report = make_report(moving, date(2026, 11, 1))

    def moved(begun, to, figure="moves"):
        return value_of(report, figure, detail=begun, moved_to=to)

    assert (moved("exceptional", "exceptional"), moved("exceptional", "poor")) == (1, 1)
    assert (
        moved("exceptional", "poor", "move_share"),
        moved("poor", "departed", "move_share"),
    ) == (0.5, 1)
    assert moved("unknown", "unknown") == 1
    counted = report.figures[
        (report.figures["figure"] == "moves") & (report.figures["fact"] == "")
    ]
    assert (
        counted["value"].sum() == value_of(report, "accounts") == 4
    )  # the new one stands in no row


def test_without_surveys_there_are_no_quadrants_and_it_is_said(make_book):
    report = make_report(
        make_book(accounts=[account("a")], interactions=covering("a")), AS_OF
    )
    assert not {"quadrant", "moves", "move_share"} & set(report.figures["figure"])
    assert any("no surveys" in note for note in report.notes)


def test_segments_are_the_values_of_the_market_unless_another_fact_is_chosen(moving):
    by_market = make_report(moving, date(2026, 11, 1))
    assert value_of(by_market, "accounts", segment="hills") == 2
    assert value_of(by_market, "accounts", segment="unknown") == 2
    assert value_of(by_market, "churn", segment="unknown") == 0.5
    assert value_of(by_market, "churn", segment="hills") == 0
    assert by_market.fact == "market"


def test_segments_beyond_the_twelve_largest_are_pooled(make_book):
    names = [f"a{place:02}" for place in range(14)]
    book = make_book(
        accounts=[account(name, plan=f"plan {name}") for name in names]
        + [account("b", plan="plan a00")],
        interactions=[
            *covering("a00"),
            *(event(name, "2026-06-01") for name in [*names, "b"]),
        ],
    )
    report = make_report(book, AS_OF, "plan")
    segments = report.figures.loc[report.figures["fact"] == "plan", "segment"].unique()
    assert set(segments) == {*(f"plan {name}" for name in names[:12]), "other"}
    assert (
        value_of(report, "accounts", segment="plan a00"),
        value_of(report, "accounts", segment="other"),
    ) == (2, 2)


def test_a_fact_that_the_book_does_not_have_is_refused(moving):
    with pytest.raises(BookError, match="no fact region; expected one of market"):
        make_report(moving, AS_OF, "region")


def test_departures_that_may_still_become_known_are_spoken_of(make_book):
    book = make_book(
        accounts=[account("a"), account("b")],
        interactions=covering("a"),
        departures=[departure("b", "2026-08-01", known_at="2026-08-11")],
    )
    said = "Departures of Q3 2026 may still become known: one in a hundred is known 10 days late or more."
    assert said in make_report(book, AS_OF).notes
    assert said not in make_report(book, date(2026, 10, 11)).notes


def test_zones_are_tallied_where_the_dictionary_has_them(moving, monkeypatch):
    how = Formula(case(of.quadrant.known(), case(of.quadrant.equals(0), 0, 2)))
    zone = Feature("zone", "Zone.", "code", (), "zones", ("S23",), "either", how)
    for known in ("features", "entries"):
        monkeypatch.setitem(vars(OURS), known, {**FEATURES, "zone": zone})
    report = make_report(moving, date(2026, 11, 1))
    shares = {
        name: value_of(report, "zone", detail=name)
        for name in ("recovery", "expectations", "surprises", "unknown")
    }
    assert shares == {
        "recovery": 0.25,
        "expectations": 0,
        "surprises": 0.5,
        "unknown": 0.25,
    }
    assert "need of recovery" in page(report)


# What contracts bring


def term(name, starts, ends, value=None, **rest):
    told = {"account_id": name, "starts_at": starts, "ends_at": ends, "value": value}
    return told | rest


CONTRACTS = [
    term("grows", "2026-01-01", "2026-08-01", 100.0),
    term("grows", "2026-08-01", "2027-08-01", 150.0),
    term("shrinks", "2025-08-15", "2026-08-15", 200.0),
    term("shrinks", "2026-08-20", "2027-08-20", 120.0),  # within the grace
    term("leaves", "2025-08-20", "2026-08-20", 300.0),
    term("stays", "2025-01-01", None, 400.0),
    term("comes", "2026-09-01", "2027-09-01", 1000.0),
    term("goes on", "2025-08-10", "2026-08-10", 50.0, auto_renews=True),
]


@pytest.fixture
def contracted(make_book):
    names = list(dict.fromkeys(row["account_id"] for row in CONTRACTS))
    segments = {name: "north" if name in ("grows", "leaves") else "s" for name in names}
    book = make_book(
        accounts=[account(name, market=segments[name]) for name in names],
        interactions=[event for name in names for event in covering(name)],
        contracts=CONTRACTS,
    )
    return make_report(book, AS_OF)


def test_what_became_of_the_revenue_that_a_quarter_began_with(contracted):
    # At the start 100 + 200 + 300 + 400 + 50; at the end 150 + 120 + 0 + 400 + 50, without what came anew.
    assert value_of(contracted, "recurring_revenue") == 1050
    assert value_of(contracted, "recurring_revenue", column="n") == 5
    assert value_of(contracted, "net_revenue_retention") == pytest.approx(720 / 1050)
    assert value_of(contracted, "gross_revenue_retention") == pytest.approx(670 / 1050)
    assert value_of(contracted, "expansion") == pytest.approx(50 / 1050)
    assert value_of(contracted, "contraction") == pytest.approx(80 / 1050)
    assert value_of(contracted, "accounts_lost") == 1


def test_revenue_by_segment(contracted):
    of_north = {"segment": "north"}
    assert value_of(contracted, "recurring_revenue", **of_north) == 400
    assert value_of(contracted, "net_revenue_retention", **of_north) == 150 / 400
    assert value_of(contracted, "renewal_rate", **of_north) == 1 / 2


def test_the_renewal_rate_is_of_the_terms_that_ended(contracted):
    # Four ended: two were followed by another, one renewed itself, one by nothing.
    assert value_of(contracted, "renewal_rate") == 3 / 4
    assert value_of(contracted, "renewal_rate", column="n") == 4


def test_a_term_whose_grace_is_not_over_is_neither_renewed_nor_lost(make_book):
    ends = term("a", "2025-09-15", "2026-09-15", 10.0)
    book = make_book(
        accounts=[account("a")], interactions=covering("a"), contracts=[ends]
    )
    assert value_of(make_report(book, AS_OF), "renewal_rate", column="n") == 0
    later = make_report(book, date(2026, 10, 15))
    assert value_of(later, "renewal_rate") == 0


def test_without_contracts_their_figures_are_not_known(make_book):
    book = make_book(accounts=[account("a")], interactions=covering("a"))
    value = value_of(make_report(book, AS_OF), "recurring_revenue")
    assert value != value


def test_those_who_did_not_mean_to_leave_are_told_apart(make_book):
    names = ("a", "b", "c")
    book = make_book(
        accounts=[account(name) for name in names],
        interactions=[row for name in names for row in covering(name)],
        departures=[
            departure("a", "2026-08-01", reason="payment"),
            departure("b", "2026-08-01", reason="moved"),
        ],
    )
    report = make_report(book, AS_OF)
    assert value_of(report, "reason", detail="payment") == 1 / 2
    assert value_of(report, "reason", detail="other") == 0
