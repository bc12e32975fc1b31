"""Contracts, worked out by hand: terms as they were known at the as-of date, whatever became of them later."""

import pytest
from histories import ago, known, measured_row, unknown

OPENED = {"account_id": "a", "opened_at": ago(2000)}
VISIT = {"account_id": "a", "occurred_at": ago(1500), "kind": "visit"}


def term(starts, ends, **rest):
    """A term of account a, from and to so many days before the as-of date; below 0 lies in the future."""
    ends_at = None if ends is None else ago(ends)
    return {"account_id": "a", "starts_at": ago(starts), "ends_at": ends_at, **rest}


@pytest.fixture
def measured(make_book):
    def measure(*contracts, uses=0):
        used = [
            {"account_id": "a", "occurred_at": ago(2 + n), "kind": "use"}
            for n in range(uses)
        ]
        tables = {"contracts": list(contracts)} if contracts else {}
        book = make_book(accounts=[OPENED], interactions=[VISIT, *used], **tables)
        return measured_row(book, "contract")

    return measure


def test_a_running_term(measured):
    found = measured(
        term(65, -300, value=1200.0, seats=10.0, plan="gold", auto_renews=True)
    )
    assert found["days_to_term_end"] == 300
    assert found["term_length"] == 365
    assert found["terms_begun"] == 1
    assert found["terms_to_come"] == 0
    assert found["days_since_first_term"] == 65
    assert found["contract_value"] == found["term_value"] == 1200
    assert found["seats_bought"] == 10
    assert found["renews_itself"] == 1
    assert found["notice_given"] == 0
    assert unknown(found, "renewal_value_ratio", "plan_changed")


def test_without_a_contract(measured):
    found = measured()
    assert unknown(found, "days_to_term_end", "term_length", "term_value")
    assert unknown(found, "days_since_first_term", "notice_given", "seats_bought")
    assert found["terms_begun"] == found["contract_value"] == 0
    assert found["upgrades_365d"] == found["downgrades_365d"] == 0


def test_a_renewal_beside_the_term_before(measured):
    found = measured(
        term(400, 35, value=1000.0, seats=10.0, plan="silver"),
        term(35, -330, value=1500.0, seats=8.0, plan="gold"),
    )
    assert found["days_to_term_end"] == 330
    assert found["terms_begun"] == 2
    assert found["contract_value"] == 1500
    assert found["value_before_renewal"] == 1000
    assert found["renewal_value_ratio"] == 1.5
    assert found["renewal_seats_ratio"] == 0.8
    assert found["plan_changed"] == 1
    assert found["upgrades_365d"] == 1
    assert found["downgrades_365d"] == 0


def test_fewer_seats_for_the_same_value_are_a_downgrade(measured):
    found = measured(
        term(400, 35, value=1000.0, seats=10.0), term(35, -330, value=1000.0, seats=8.0)
    )
    assert (found["upgrades_365d"], found["downgrades_365d"]) == (0, 1)


def test_a_renewal_of_long_ago_is_no_upgrade_of_the_year(measured):
    found = measured(term(800, 435, value=1.0), term(435, -300, value=2.0))
    assert found["renewal_value_ratio"] == 2
    assert found["upgrades_365d"] == 0


def test_a_signed_renewal_is_known_and_changes_nothing_yet(measured):
    signed = term(-30, -395, value=2000.0, known_at=ago(10))
    found = measured(term(335, -30, value=1000.0), signed)
    assert found["days_to_term_end"] == 30
    assert found["terms_to_come"] == 1
    assert found["contract_value"] == 1000
    assert found["terms_begun"] == 1


def test_a_renewal_that_is_not_known_yet_is_not_seen(measured):
    running = term(335, -30, value=1000.0)
    later = term(-30, -395, value=2000.0, known_at=ago(-1))
    assert known(measured(running, later)) == known(measured(running))


def test_what_is_known_at_the_moment_itself_counts(measured):
    found = measured(term(-30, -395, known_at=ago(0)))
    assert found["terms_to_come"] == 1
    assert found["terms_begun"] == 0


def test_a_term_without_known_at_is_known_when_it_starts(measured):
    assert measured(term(-1, -366))["terms_to_come"] == 0


def test_the_version_known_last_counts(measured):
    first = term(65, -300, contract_id="c", value=1000.0)
    corrected = term(65, -300, contract_id="c", value=900.0, known_at=ago(20))
    late = term(65, -300, contract_id="c", value=1.0, known_at=ago(-1))
    found = measured(late, corrected, first)
    assert found["terms_begun"] == 1
    assert found["contract_value"] == 900
    assert (found["upgrades_365d"], found["downgrades_365d"]) == (0, 1)


def test_notice_is_an_end_brought_forward(measured):
    found = measured(
        term(65, -300, contract_id="c"),
        term(65, -30, contract_id="c", known_at=ago(5)),
    )
    assert found["days_to_term_end"] == 30
    assert found["notice_given"] == 1
    assert found["terms_begun"] == 1


def test_notice_is_a_renewal_that_was_called_off(measured):
    found = measured(
        term(65, -300, contract_id="c", auto_renews=True),
        term(65, -300, contract_id="c", auto_renews=False, known_at=ago(5)),
    )
    assert found["notice_given"] == 1
    assert found["renews_itself"] == 0


def test_a_term_that_never_was_to_renew_gives_no_notice(measured):
    assert measured(term(65, -300, auto_renews=False))["notice_given"] == 0


def test_notice_that_was_taken_back_is_none(measured):
    found = measured(
        term(65, -300, contract_id="c"),
        term(65, -30, contract_id="c", known_at=ago(9)),
        term(65, -300, contract_id="c", known_at=ago(5)),
    )
    assert found["notice_given"] == 0
    assert found["days_to_term_end"] == 300


def test_a_change_with_a_start_of_its_own_changes_the_term_that_it_overlaps(measured):
    """An amendment dated within the term: when it ends, the term that it changed does not run again."""
    found = measured(
        term(200, -165, contract_id="c", value=1000.0),
        term(100, 40, contract_id="c", value=700.0),
    )
    assert found["terms_begun"] == 1
    assert found["days_to_term_end"] == -40
    assert found["contract_value"] == 0


def test_the_next_term_of_the_same_contract_is_no_change(measured):
    found = measured(
        term(400, 35, contract_id="c", value=1000.0),
        term(35, -330, contract_id="c", value=1100.0),
    )
    assert found["terms_begun"] == 2
    assert found["renewal_value_ratio"] == pytest.approx(1.1)


def test_a_correction_of_a_term_long_over_makes_no_other_term(measured):
    found = measured(
        term(800, 435, contract_id="c", value=100.0),
        term(435, 70, contract_id="c", value=200.0),
        term(70, -295, contract_id="c", value=300.0),
        term(800, 435, contract_id="c", value=150.0, known_at=ago(10)),
    )
    assert found["terms_begun"] == 3
    assert found["renewal_value_ratio"] == 1.5
    assert found["upgrades_365d"] == 2


def test_a_gap_between_terms(measured):
    before, after = term(500, 200), term(-20, -385, known_at=ago(3))
    in_gap = measured(before, after)
    assert in_gap["days_to_term_end"] == -200
    assert in_gap["terms_to_come"] == 1
    assert in_gap["contract_value"] == 0


def test_terms_beside_each_other_add_up_and_the_last_begun_tells_the_rest(measured):
    found = measured(
        term(200, -165, contract_id="one", value=1000.0, seats=5.0),
        term(100, -265, contract_id="two", value=300.0, seats=7.0),
    )
    assert found["contract_value"] == 1300
    assert found["term_value"] == 300
    assert found["days_to_term_end"] == 265
    assert found["seats_bought"] == 7


def test_a_term_without_an_end_runs_on(measured):
    found = measured(term(900, None, value=50.0))
    assert found["contract_value"] == 50
    assert unknown(found, "days_to_term_end", "term_length")


def test_a_term_that_renews_itself_runs_on_by_its_own_length(measured):
    found = measured(term(830, 465, value=50.0, auto_renews=True))
    assert found["days_to_term_end"] == 265  # 465 days over, in the second more year
    assert found["contract_value"] == 50


def test_on_its_last_day_a_term_runs(measured):
    found = measured(term(365, 0, value=50.0))
    assert found["days_to_term_end"] == 0
    assert found["contract_value"] == 50


def test_on_the_day_of_a_renewal_the_new_term_alone_counts(measured):
    found = measured(term(365, 0, value=50.0), term(0, -365, value=70.0))
    assert found["contract_value"] == 70
    assert found["days_to_term_end"] == 365


def test_a_term_that_ends_as_it_begins_was_annulled(measured):
    found = measured(
        term(65, -300, contract_id="c", value=1000.0),
        term(65, 65, contract_id="c", value=1000.0, known_at=ago(50)),
    )
    assert found["terms_begun"] == 0
    assert found["contract_value"] == 0


def test_the_same_row_twice_is_one_term(measured):
    once = term(65, -300, value=1000.0)
    assert measured(once, dict(once))["contract_value"] == 1000


def test_a_value_that_is_not_said_is_not_nothing(measured):
    assert unknown(measured(term(65, -300)), "contract_value", "term_value")


def test_uses_a_seat(measured):
    assert measured(term(65, -300, seats=4.0), uses=6)["uses_per_seat"] == 1.5
    assert unknown(measured(term(65, -300, seats=0.0), uses=6), "uses_per_seat")


def test_an_end_before_the_start_is_refused(make_book):
    wrong, right = term(10, 20), term(10, -10)
    book = make_book(accounts=[OPENED], interactions=[VISIT], contracts=[wrong, right])
    (bad,) = book.quarantine.to_dict("records")
    assert (bad["table"], bad["row"], bad["field"]) == ("contracts", 1, "ends_at")
    assert bad["expected"] == "a time that is not before starts_at"


def test_a_term_of_nobody_and_a_value_below_zero(make_book):
    contracts = [term(10, -10, value=-5.0), {**term(10, -10), "account_id": "nobody"}]
    book = make_book(accounts=[OPENED], interactions=[VISIT], contracts=contracts)
    (bad,) = book.quarantine.to_dict("records")
    assert (bad["row"], bad["field"]) == (2, "account_id")
    (blank,) = book.blanks
    assert (blank.column, blank.rows) == ("value", 1)


def test_ends_in_the_future_do_not_move_the_end_of_the_data(make_book):
    tables = {"accounts": [OPENED], "interactions": [VISIT]}
    without = make_book(**tables).recorded
    book = make_book(**tables, contracts=[term(65, -3000, known_at=ago(-10))])
    assert book.recorded == without
    assert book.doubts == []
