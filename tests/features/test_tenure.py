"""Tenure, worked out by hand: how what an account shows weighs with its age (S12)."""

import pytest
from histories import ago, measured_row


@pytest.fixture
def measured(make_book):
    def measure(opened, product=None):
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": ago(opened)}],
            interactions=[
                {
                    "account_id": "a",
                    "occurred_at": ago(min(opened, 40)),
                    "kind": "visit",
                }
            ],
            surveys=[
                {
                    "account_id": "a",
                    "occurred_at": ago(1),
                    "item": "product",
                    "score": product or 5.0,
                }
            ],
        )
        return measured_row(book, "tenure")

    return measure


@pytest.mark.parametrize(
    ("opened", "youth"), [(0, 1.0), (73, 0.8), (365, 0.0), (2000, 0.0)]
)
def test_youth_fades_over_a_year(measured, opened, youth):
    found = measured(opened)
    assert found["days_since_opened"] == opened
    assert found["youth"] == pytest.approx(youth)


def test_what_a_new_account_says_weighs_by_its_youth(measured):
    assert measured(73, product=7.5)["youth_product"] == pytest.approx(0.8 * 2.5)
    assert measured(800, product=7.5)["youth_product"] == 0.0


def test_the_activity_of_a_new_account_weighs_by_its_youth(measured):
    found = measured(73)
    assert found["youth_activity"] == pytest.approx(
        0.8 * found["activity_surprise_30d"]
    )
