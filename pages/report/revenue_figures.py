"""Figures of what contracts bring: how much of it stays, grows and is renewed (S9)."""

from __future__ import annotations

from pages.report.figure import Figure

_CUSTOMERS = "customers under contract at the quarter's start"


def _of_recurring(name: str, title: str, unit: str, part: str, says: str) -> Figure:
    n, whole = "under_contract", "recurring"
    return Figure(name, title, unit, part, whole, n, _CUSTOMERS, says)


REVENUE: tuple[Figure, ...] = (
    Figure(
        name="recurring_revenue",
        title="Recurring revenue",
        unit="money",
        part="recurring",
        whole=None,
        n="under_contract",
        of=_CUSTOMERS,
        says="Yearly value of the terms that ran at the quarter's start.",
    ),
    _of_recurring(
        "net_revenue_retention",
        "Net revenue retention",
        "ratio",
        "recurring_after",
        "What the customers under contract at the start bring at the end, of what they brought at the start.",
    ),
    _of_recurring(
        "gross_revenue_retention",
        "Gross revenue retention",
        "share",
        "recurring_kept",
        "The same without what grew: of each customer no more than it brought at the start.",
    ),
    _of_recurring(
        "expansion",
        "Expansion",
        "ratio",
        "expansion",
        "What customers bring more at the end than at the start, of what all brought at the start.",
    ),
    _of_recurring(
        "contraction",
        "Contraction",
        "share",
        "contraction",
        "What customers bring less who still bring something, of what all brought at the start.",
    ),
    Figure(
        name="renewal_rate",
        title="Renewal rate",
        unit="share",
        part="renewed",
        whole="due",
        n="due",
        of="terms that ended in the quarter",
        says="Terms that another one followed within the grace, or that renewed themselves, of those that ended.",
    ),
)
"""Of the value of terms a year, see `pages.report.revenue_sums`."""
