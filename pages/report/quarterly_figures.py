"""The figures of the report: each a sum over accounts, or one such sum over another (S8, S9, S22)."""

from __future__ import annotations

from pages.report.figure import Figure
from pages.report.revenue_figures import REVENUE

_OF = {
    "at_start": "customers at the quarter's start",
    "served": "customers of the quarter",
    "spending_known": "customers of the quarter whose spending is known",
    "surveys_sent": "surveys sent",
    "outreaches": "outreaches",
    "departures": "departures",
    "told_apart": "departures known to be silent or overt",
    "first_answers": "matters answered",
    "settled": "matters settled",
    "matters": "matters opened",
    "holds": "waits on hold",
}
"""What a sum below counts."""


def _count(name: str, title: str, part: str, says: str) -> Figure:
    return Figure(
        name, title, "accounts", part, None, "at_start", _OF["at_start"], says
    )


def _ratio(
    name: str, title: str, unit: str, part: str, whole: str, says: str
) -> Figure:
    return Figure(name, title, unit, part, whole, whole, _OF[whole], says)


FIGURES: tuple[Figure, ...] = (
    _count("accounts", "Accounts", "at_start", "Customers at the quarter's start."),
    _count(
        "accounts_won",
        "Won",
        "won",
        "Customers at the quarter's end who were none at its start.",
    ),
    _count(
        "accounts_returned",
        "Came back",
        "returned",
        "Accounts won that had left before.",
    ),
    _count(
        "accounts_lost",
        "Lost",
        "lost",
        "Customers at the quarter's start who were none at its end.",
    ),
    _ratio(
        "churn",
        "Churn by count",
        "share",
        "lost",
        "at_start",
        "Lost accounts: 3 of 100 at the start is 3%.",
    ),
    Figure(
        name="churn_by_revenue",
        title="Churn by revenue",
        unit="share",
        part="spent_before_by_lost",
        whole="spent_before",
        n="at_start",
        of=_OF["at_start"],
        says="Net spending of the lost accounts in the year before the quarter, of that of all customers.",
    ),
    _ratio(
        "retention",
        "Retention",
        "share",
        "kept",
        "at_start",
        "Customers at the start who still were at the end.",
    ),
    *REVENUE,
    _ratio(
        "purchases",
        "Purchases per account",
        "purchases",
        "purchases",
        "served",
        "Purchases for each account.",
    ),
    _ratio(
        "visits",
        "Visits per account",
        "visits",
        "visits",
        "served",
        "Visits for each account.",
    ),
    _ratio(
        "spend",
        "Spend per account",
        "money",
        "spent",
        "spending_known",
        "Net spending for each account: purchases less cancellations and credit notes.",
    ),
    _ratio(
        "referral_rate",
        "Referral rate",
        "share",
        "referrers",
        "served",
        "Accounts that sent somebody to us.",
    ),
    _ratio(
        "survey_answer_rate",
        "Survey answer rate",
        "share",
        "surveys_answered",
        "surveys_sent",
        "Surveys answered of those sent; mystery shopping and focus groups do not count.",
    ),
    _ratio(
        "outreach_answer_rate",
        "Outreach answer rate",
        "share",
        "replies",
        "outreaches",
        "Replies of the times we reached out unasked.",
    ),
    _ratio(
        "silent_share",
        "Left silently",
        "share",
        "silent",
        "told_apart",
        "Departures without a word.",
    ),
    _ratio(
        "overt_share",
        "Left overtly",
        "share",
        "overt",
        "told_apart",
        "Departures with a word.",
    ),
    _ratio(
        "reason_unknown",
        "Reason unknown",
        "share",
        "unreasoned",
        "departures",
        "Departures without a reason on record.",
    ),
    _ratio(
        "hours_to_answer",
        "Hours to first answer",
        "hours",
        "hours_waited",
        "first_answers",
        "Mean wait for a first answer, of the quarter's matters that have one.",
    ),
    _ratio(
        "days_to_resolution",
        "Days to resolution",
        "days",
        "days_waited",
        "settled",
        "Mean time to settle the quarter's matters that are settled; it grows as the open ones follow.",
    ),
    _ratio(
        "first_contact_resolution",
        "First-contact resolution",
        "share",
        "first_contact",
        "settled",
        "Settled matters that took one answer and were not asked about again.",
    ),
    _ratio(
        "still_open",
        "Still open",
        "share",
        "open",
        "matters",
        "Matters opened in the quarter and not settled by the report's date; none counts as a duration.",
    ),
    _ratio(
        "minutes_on_hold",
        "Minutes on hold",
        "minutes",
        "hold_minutes",
        "holds",
        "Mean length of a wait on hold.",
    ),
)
"""Every figure that is a sum over accounts, in the order of the table."""
