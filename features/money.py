"""Money: the one definition of net spending, for features, report, profit and lists (S9).

Net spending is the amounts of purchases less those of cancellations, each on its own date. A credit note, which many
systems book as a purchase below zero, is a cancellation of that amount from cleaning on (docs/adr/0015). An amount that
is not on record is left out; where purchases are on record and none of them with an amount, spending is not known.
"""

from collections.abc import Callable, Iterable

from features.engine import fixed
from features.history import Source
from features.theme import Measure, kind

PURCHASE, CANCELLATION = kind("purchase"), kind("cancellation")
_NET = f"case when {CANCELLATION} then -value else value end"


def net_spending(source: Source, where: str = "true") -> Measure:
    """Net spending over the interactions for which a condition holds; 0 where there were no purchases."""
    condition = f"({where}) and ({PURCHASE} or {CANCELLATION})"
    rows = f"sum(case when {condition} then 1 else 0 end)"
    amount = f"cast(sum(case when {condition} then {fixed(_NET)} end) as double) / 1e6"
    return Measure(source, f"case when {rows} = 0 then 0e0 else {amount} end", 0.0)


def of_spending(part: str, whole: str) -> str:
    """SQL for what one spending is of another; missing where the other is nothing or below."""
    return f"({part}) / case when ({whole}) > 0 then ({whole}) end"


def more_taken_back(ask: Callable[[str], Iterable[tuple[int | None, int | None]]]) -> list[str]:
    """A warning, as a sentence, where more purchases were taken back than made: their amounts may have a wrong sign.

    Args:
        ask: gives the rows of a query on the clean tables.
    """
    kinds = (f"sum(case when {kind_} then 1 else 0 end)" for kind_ in (PURCHASE, CANCELLATION))
    ((bought, taken_back),) = ask(f"select {', '.join(kinds)} from interactions")
    if (taken_back or 0) <= (bought or 0):
        return []
    return [
        f"{taken_back:,} cancellations and credit notes stand beside {bought:,} purchases: where the amounts of "
        "purchases are below zero, write them above it"
    ]
